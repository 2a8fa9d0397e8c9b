"""Recorded impressions as examples to learn from: features, and whether the reader engaged within a day."""

from datetime import datetime, timedelta

import asyncpg
import numpy as np

from tintype.domains.feed.rules.ranking import FEATURES, FEATURES_VERSION
from tintype.domains.feed.rules.training import Examples
from tintype.platform import clock
from tintype.platform.db import Reader

LATER = timedelta(hours=24)
MOST = 1_000_000
A_STRETCH = 20_000


async def examples(r: Reader, dwell_ms: int, since: datetime | None = None, most: int = MOST) -> Examples:
    """Impressions that are a day old, so that it is known what came of them; by time, the last `most` of them."""
    stretches: list[Examples] = []
    until, user_id, post_id = clock.now() - LATER, 0, 0
    wanted = most
    while wanted > 0:
        limit = min(A_STRETCH, wanted)
        rows = await r.rows(EXAMPLES, until, user_id, post_id, since, FEATURES_VERSION, dwell_ms, LATER, limit)
        stretches.append(_columns(rows))
        wanted -= len(rows)
        if len(rows) < limit:
            break
        until, user_id, post_id = rows[-1]["at"], rows[-1]["user_id"], rows[-1]["post_id"]
    return _joined(stretches)


def _columns(rows: list[asyncpg.Record]) -> Examples:
    return Examples(
        np.array([int(row["at"].timestamp() * 1000) for row in rows], dtype=np.int64),
        np.array([row["user_id"] for row in rows], dtype=np.int64),
        np.array([row["features"] for row in rows], dtype=np.float64).reshape(len(rows), len(FEATURES)),
        np.array([row["engaged"] for row in rows], dtype=bool),
    )


def _joined(stretches: list[Examples]) -> Examples:
    """Stretches that come newest first, as one in order of time."""
    return Examples(
        np.concatenate([one.at for one in stretches])[::-1],
        np.concatenate([one.user_ids for one in stretches])[::-1],
        np.concatenate([one.features for one in stretches])[::-1],
        np.concatenate([one.engaged for one in stretches])[::-1],
    )


# What looks said twice leaves partitions out: impressions by `at`, comments by id with a day's leeway for clocks.
EXAMPLES = """
-- feed: impressions with what came of them, newest first
select i.at, i.user_id, i.post_id, i.features,
  i.dwell_ms >= $6
  or exists (
    select from reactions r where r.user_id = i.user_id and r.post_id = i.post_id and r.reaction is not null
      and id_time(r.reaction_id) between i.at and i.at + $7)
  or exists (
    select from comments c where c.post_id = i.post_id and c.author_id = i.user_id and c.deleted_at is null
      and c.created_at between i.at and i.at + $7
      and c.id between id_at(i.at - interval '1 day') and id_at(i.at + $7 + interval '1 day')) as engaged
from impressions i
where (i.at, i.user_id, i.post_id) < ($1, $2, $3) and i.at <= $1 and i.at > coalesce($4::timestamptz, '-infinity')
  and i.features_version = $5
order by i.at desc, i.user_id desc, i.post_id desc limit $8
"""
