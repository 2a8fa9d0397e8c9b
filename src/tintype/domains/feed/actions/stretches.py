"""Stretches below the floor: built ahead of a reader who scrolls there, in the background, and gone after a day."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from tintype.domains.feed.actions import locks
from tintype.domains.feed.actions.timelines import come_back
from tintype.domains.feed.reads import entries
from tintype.domains.feed.reads.entries import Stretch
from tintype.platform import clock, db, ids
from tintype.platform.telemetry import log

PER_AUTHOR, MOST = 60, 600
KEPT_FOR = timedelta(days=1)
SETTLED = timedelta(minutes=1)  # a post that is being published now may still get an id of this age
AT_ONCE = 4

_tending: dict[int, asyncio.Task[None]] = {}


async def build(user_id: int, before: int) -> None:
    """Read what stands below this feed_id and below the floor, and keep it as, or with, the reader's stretch.

    Under the lock of the reader's state: a follow that this does not see yet drops the stretch again.
    """
    async with db.act(db.SYSTEM) as tx:
        floor = await locks.hold_reader(tx, user_id)
        if floor in (0, ids.LARGEST):
            return
        before = min(before, floor, ids.at(clock.now() - SETTLED))
        found, low = await entries.below(tx, user_id, before, PER_AUTHOR, MOST)
        columns = [[one.feed_id for one in found], [one.post_id for one in found], [one.author_id for one in found]]
        if not await tx.run(EXTEND, user_id, before, low, *columns, MOST):
            await tx.run(REPLACE, user_id, before, low, *columns)


async def expire() -> None:
    """Chore: a stretch lives for a day."""
    async with db.act(db.SYSTEM) as tx:
        await tx.run(EXPIRE, clock.now() - KEPT_FOR)


def tend(user_id: int, stretch: Stretch) -> None:
    """Do in the background what this read wants done for the next: one task a reader, few at a time, or none."""
    if user_id in _tending or len(_tending) >= AT_ONCE:
        return
    if stretch.returning:
        _begin(user_id, come_back(user_id))
    elif stretch.build_below is not None:
        _begin(user_id, build(user_id, stretch.build_below))


async def tended() -> None:
    """Wait for what is under way in the background."""
    while _tending:
        await asyncio.wait(_tending.values())


def _begin(user_id: int, work: Coroutine[Any, Any, None]) -> None:
    _tending[user_id] = asyncio.create_task(_done(user_id, work))


async def _done(user_id: int, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:
        log.warning("feed.not_tended", error=repr(error))
    finally:
        del _tending[user_id]


# What is far above the reader's place by now is left behind, so that a stretch stays small however far one scrolls.
EXTEND = """
-- feed: a stretch goes on downwards
update timeline_backfills set low_id = $3, built_at = clock_timestamp(),
  high_id = coalesce(feed_ids[cardinality(feed_ids) - $7], high_id),
  feed_ids = feed_ids[greatest(cardinality(feed_ids) - $7 + 1, 1):] || $4::bigint[],
  post_ids = post_ids[greatest(cardinality(post_ids) - $7 + 1, 1):] || $5::bigint[],
  author_ids = author_ids[greatest(cardinality(author_ids) - $7 + 1, 1):] || $6::bigint[]
where user_id = $1 and low_id = $2
"""

REPLACE = """
-- feed: a new stretch
insert into timeline_backfills (user_id, high_id, low_id, feed_ids, post_ids, author_ids)
values ($1, $2, $3, $4, $5, $6)
on conflict (user_id) do update set high_id = excluded.high_id, low_id = excluded.low_id, feed_ids = excluded.feed_ids,
  post_ids = excluded.post_ids, author_ids = excluded.author_ids, built_at = clock_timestamp()
"""

EXPIRE = """
-- feed: stretches that are old
delete from timeline_backfills where built_at < $1
"""
