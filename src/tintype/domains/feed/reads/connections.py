"""Selects about top connections: the authors a reader has most to do with, decayed to this moment."""

from datetime import timedelta

import numpy as np

from tintype.domains.feed.rules.ranking import Affinities
from tintype.platform import clock
from tintype.platform.config import Settings
from tintype.platform.db import Reader

_half_life = timedelta(days=30)


def use(settings: Settings) -> None:
    """How fast an act loses its weight."""
    global _half_life
    _half_life = timedelta(days=settings.ranking_affinity_half_life_days)


def half_life() -> timedelta:
    """After so long an act weighs half."""
    return _half_life


async def affinities(r: Reader, user_id: int) -> Affinities:
    """A reader's affinities by author, as of now."""
    rows = await r.rows(AFFINITIES, user_id, clock.now(), _half_life)
    columns = np.array([row["author_id"] for row in rows], dtype=np.int64)
    values = np.array([tuple(row)[1:] for row in rows], dtype=np.float32).reshape(len(rows), 4)
    return Affinities(columns, values)


async def top(r: Reader, user_id: int, limit: int = 500) -> list[int]:
    """The authors a reader has most to do with, closest first."""
    return [row["author_id"] for row in await r.rows(TOP, user_id, clock.now(), _half_life, limit)]


async def closest(r: Reader, author_id: int, limit: int) -> list[int]:
    """The readers who have most to do with an author, by their ids."""
    rows = await r.rows(CLOSEST, author_id, clock.now(), _half_life, limit)
    return sorted(row["user_id"] for row in rows)


AFFINITIES = """
-- feed: a reader's affinities, decayed to now
select author_id, decayed(likes, as_of, $2, $3), decayed(comments, as_of, $2, $3), decayed(visits, as_of, $2, $3),
  decayed(dwell, as_of, $2, $3)
from affinities where user_id = $1 order by author_id
"""

CLOSEST = """
-- feed: the readers who have most to do with an author
select user_id from affinities where author_id = $1
order by decayed(likes + 2 * comments + visits + dwell, as_of, $2, $3) desc, user_id limit $4
"""

TOP = """
-- feed: a reader's top connections
select author_id from affinities where user_id = $1
order by decayed(likes + 2 * comments + visits + dwell, as_of, $2, $3) desc, author_id limit $4
"""
