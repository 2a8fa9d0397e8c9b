"""Timelines beside the fan-out: as the graph changes, as they grow too long, and as their readers go and come back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import asyncpg

from tintype.domains.feed.actions import locks
from tintype.domains.feed.events import TimelineRebuilt
from tintype.domains.feed.reads import entries
from tintype.domains.feed.rules import delivery
from tintype.domains.graph import reads as graph
from tintype.domains.graph.actions import absence
from tintype.domains.posts import reads as posts
from tintype.platform import clock, db
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish
from tintype.platform.ids import LARGEST
from tintype.platform.timelines.port import Entry, timelines
from tintype.platform.write_behind import Buffer

AUTHORS_AT_ONCE = 100
READERS_AT_ONCE = 1_000
NOTICED_SECONDS, MOST_NOTICED = 3_600.0, 200_000


async def follow_up(pairs: Iterable[tuple[int, int]]) -> None:
    """Bring timelines in line with follows (reader, author) as they are now: an author's posts come, or go.

    A follow commits before this reads posts, and a chunk reads followers after its post committed: one of the two
    always sees the other.
    """
    for reader, found in groupby(sorted(set(pairs)), key=lambda pair: pair[0]):
        authors = [author for _, author in found]
        for n in range(0, len(authors), AUTHORS_AT_ONCE):
            await _follow_up(reader, authors[n : n + AUTHORS_AT_ONCE])


async def _follow_up(reader: int, authors: list[int]) -> None:
    """Who is found to feed no more only under the locks has a fact of its own on the way."""
    async with db.act(db.SYSTEM) as tx:
        gone = set(authors) - await graph.feeding(tx, reader, authors)
        if gone:
            await locks.hold_authors(tx, gone)
        floor = await locks.hold_reader(tx, reader)
        feeding = await graph.feeding(tx, reader, authors)
        if gone - feeding:
            await timelines().remove_authors(tx, reader, sorted(gone - feeding))
        if feeding:
            await _bring(tx, reader, sorted(feeding), floor)
        await tx.run(DROP_STRETCH, reader)
        await publish(tx, TimelineRebuilt(user_id=reader))


async def _bring(tx: Tx, reader: int, authors: Sequence[int], floor: int) -> None:
    """Put in what was pushed of these authors above the floor; the floor rises above what would be too much."""
    limits = delivery.limits()
    rows = await tx.rows(PUSHED, list(authors), floor, limits.keep + 1, posts.final_before())
    found = [Entry(row["feed_id"], row["post_id"], row["author_id"]) for row in rows]
    await timelines().add(tx, reader, found[: limits.keep])
    if len(found) > limits.keep:
        await _raise_floors(tx, {reader: found[limits.keep - 1].feed_id})
    await _raise_floors(tx, await timelines().overfull(tx, [reader], limits.full, limits.keep))


async def trim(user_ids: Iterable[int]) -> None:
    """Cut those of these timelines that are too long; their heads stay as they are.

    A floor may rise at any moment, so nothing has to be locked before. Where a purge is taking the same rows out in
    another order, this gives way: there will be a next time.
    """
    limits = delivery.limits()
    try:
        async with db.act(db.SYSTEM) as tx:
            await _raise_floors(tx, await timelines().overfull(tx, sorted(user_ids), limits.full, limits.keep))
    except asyncpg.DeadlockDetectedError:
        return


async def _raise_floors(tx: Tx, floors: Mapping[int, int]) -> None:
    if floors:
        users = sorted(floors)
        await tx.run(RAISE_FLOORS, users, [floors[one] for one in users])
        await timelines().cut(tx, floors)


async def seen(user_ids: Iterable[int]) -> None:
    """These readers looked at their feeds just now: they are pushed to for another while."""
    async with db.act(db.SYSTEM) as tx:
        await tx.run(SEEN, sorted(set(user_ids)), clock.now())


def notice(user_id: int) -> None:
    """Somebody looks at the home feed: written down at most once an hour, a moment later."""
    now = clock.monotonic()
    if now < _noticed.get(user_id, 0.0):
        return
    if len(_noticed) >= MOST_NOTICED:
        _noticed.clear()
    _noticed[user_id] = now + NOTICED_SECONDS
    looking.put([user_id])


_noticed: dict[int, float] = {}
looking: Buffer[int] = Buffer("readers_seen", seen)


async def leave() -> None:
    """Chore: who was not seen for long is not pushed to any more, and has no timeline until the return."""
    before = clock.now() - delivery.limits().away
    while True:
        async with db.act(db.SYSTEM) as tx:
            await tx.run(NEVER_SEEN, before, READERS_AT_ONCE)
            leaving = [row["user_id"] for row in await tx.rows(LEAVING, before, READERS_AT_ONCE)]
        for user_id in leaving:
            await _leave(user_id, before)
        if len(leaving) < READERS_AT_ONCE:
            return


async def _leave(user_id: int, before: datetime) -> None:
    async with db.act(db.SYSTEM) as tx:
        if await tx.run(LEAVE, user_id, before, LARGEST):
            await absence.set_away(tx, user_id, away=True)
            await timelines().cut(tx, {user_id: LARGEST})
            await tx.run(DROP_STRETCH, user_id)


async def come_back(user_id: int) -> None:
    """Fill the timeline of a reader who was away, or whose return was interrupted.

    Pushing begins again first. Posts are read after that has committed, so that each was either pushed by then or is
    read here; until the floor is set, reads go to the posts themselves.
    """
    async with db.act(db.SYSTEM) as tx:
        if await tx.run(RETURN, user_id, clock.now()):
            await timelines().cut(tx, {user_id: LARGEST})
            await absence.set_away(tx, user_id, away=False)
    async with db.act(db.SYSTEM) as tx:
        if await locks.hold_reader(tx, user_id) == LARGEST:
            await _refill(tx, user_id)


async def _refill(tx: Tx, user_id: int) -> None:
    """The newest posts of whom the reader follows, and the floor below them. What is pulled is not put in."""
    keep = delivery.limits().keep
    found, low = await entries.below(tx, user_id, LARGEST, max(keep // 8, 1), keep)
    if low and len(found) < keep:  # a few authors wrote most of it
        found, low = await entries.below(tx, user_id, LARGEST, keep, keep)
    pushed = {row["id"] for row in await tx.rows(PUSHED_AMONG, [one.post_id for one in found], posts.final_before())}
    await timelines().add(tx, user_id, [one for one in found if one.post_id in pushed])
    await tx.run(SET_FLOOR, user_id, low)
    await publish(tx, TimelineRebuilt(user_id=user_id))


PUSHED = """
-- feed: what was pushed of some authors above a floor, newest first
select p.* from unnest($1::bigint[]) as one (author_id) cross join lateral (
  select feed_id, id as post_id, author_id from posts
  where author_id = one.author_id and feed_id >= $2 and delivery = 'push' and (deleted_at is null or deleted_at > $4)
  order by feed_id desc limit $3
) p order by p.feed_id desc limit $3
"""

PUSHED_AMONG = """
-- feed: which of these posts were pushed
select id from posts where id = any($1::bigint[]) and delivery = 'push' and (deleted_at is null or deleted_at > $2)
"""

DROP_STRETCH = """
-- feed: forget the stretch below the floor
delete from timeline_backfills where user_id = $1
"""

RAISE_FLOORS = """
-- feed: timelines are complete from here on
insert into timeline_state as s (user_id, floor_id) select * from unnest($1::bigint[], $2::bigint[])
on conflict (user_id) do update set floor_id = greatest(s.floor_id, excluded.floor_id)
"""

SET_FLOOR = """
-- feed: a timeline is complete from here on
update timeline_state set floor_id = $2 where user_id = $1
"""

SEEN = """
-- feed: readers were seen
insert into timeline_state as s (user_id, seen_at) select one, $2 from unnest($1::bigint[]) as one order by one
on conflict (user_id) do update set seen_at = greatest(s.seen_at, excluded.seen_at)
"""

NEVER_SEEN = """
-- feed: accounts that were never seen, as if they were last when they were made
insert into timeline_state (user_id, seen_at) select id, created_at from accounts a
where created_at < $1 and not exists (select from timeline_state where user_id = a.id) limit $2
on conflict do nothing
"""

LEAVING = """
-- feed: who was not seen for long
select user_id from timeline_state where not away and seen_at < $1 order by seen_at limit $2
"""

LEAVE = """
-- feed: a reader is away
update timeline_state set away = true, floor_id = $3 where user_id = $1 and not away and seen_at < $2
"""

RETURN = """
-- feed: a reader is back
update timeline_state set away = false, seen_at = greatest(seen_at, $2) where user_id = $1 and away
"""
