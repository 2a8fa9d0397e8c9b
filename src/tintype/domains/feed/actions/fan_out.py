"""The fan-out: planned in chunks in the log's transaction, delivered to timelines, and taken back at the purge."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from tintype.domains.feed.actions import locks
from tintype.domains.feed.actions.timelines import trim
from tintype.domains.feed.events import FanOutPlanned, PostDeliveredLate
from tintype.domains.feed.reads import connections
from tintype.domains.feed.rules import delivery
from tintype.domains.graph import reads as graph
from tintype.domains.posts import actions as posts
from tintype.domains.posts import reads
from tintype.platform import clock, db, ids
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish
from tintype.platform.telemetry import FAN_OUT_LAG
from tintype.platform.timelines.port import Entry, Repeated, timelines

CLOSEST = 500
LATE_SECONDS = 2.0
KEYS_APART = 4  # the hash of keys changes its parity every four, and with it the lane of the next chunk


async def plan(tx: Tx, post_ids: Sequence[int], chunk: int | None = None) -> None:
    """Decide how posts reach followers, and plan the chunks of those that are pushed.

    A post that is pulled costs the same whatever the number of followers. Chunks cover every id, so that who follows
    meanwhile is in one of them; their status does not matter, as hidden posts are hidden on reading.
    """
    due = await reads.to_deliver(tx, post_ids)
    size = chunk or timelines().at_once
    modes = {one.author_id: delivery.mode(one.mode, one.followers, delivery.limits()) for one in due}
    for mode in ("push", "pull"):
        fresh = [one for one in due if one.delivery is None and modes[one.author_id] == mode]
        if fresh:
            changed = [one.author_id for one in fresh if mode == "pull" or one.mode != mode]
            await posts.set_delivery(tx, [one.post_id for one in fresh], changed, mode)
    pushed = [one for one in due if (one.delivery or modes[one.author_id]) == "push"]
    for one in pushed:
        for planned in await _chunks(tx, one, size):
            await publish(tx, planned)


async def _chunks(tx: Tx, post: reads.Undelivered, size: int) -> list[FanOutPlanned]:
    """The post's chunks: of many followers, first those who have most to do with the author."""
    whole = FanOutPlanned(
        chunk=post.post_id,
        post_id=post.post_id,
        feed_id=post.feed_id,
        author_id=post.author_id,
        low=0,
        high=None,
        followers=min(post.followers, size),
    )
    if post.followers <= size:
        return [whole]
    starts = await graph.chunk_starts(tx, post.author_id, size)
    closest = tuple(await connections.closest(tx, post.author_id, CLOSEST))
    chunks = [
        msgspec.structs.replace(whole, low=low, high=high, but=_within(closest, low, high))
        for low, high in zip(starts, [*starts[1:], None], strict=True)
    ]
    if closest:
        bounds = {"low": closest[0], "high": closest[-1] + 1}
        chunks.insert(0, msgspec.structs.replace(whole, **bounds, only=closest, followers=len(closest)))
    return [msgspec.structs.replace(one, chunk=one.chunk ^ n * KEYS_APART) for n, one in enumerate(chunks)]


def _within(closest: tuple[int, ...], low: int, high: int | None) -> tuple[int, ...]:
    return tuple(one for one in closest if low <= one and (high is None or one < high))


async def deliver(chunks: Iterable[FanOutPlanned]) -> None:
    """Put posts into the timelines of their chunks of followers; small chunks together, so that they cost little."""
    sampled: set[int] = set()
    for together in _merged(chunks):
        try:
            sampled |= await _deliver(together)
        except Repeated:
            sampled |= await _deliver(together, again=True)
    if sampled:
        await trim(sampled)


def _merged(chunks: Iterable[FanOutPlanned]) -> Iterator[list[FanOutPlanned]]:
    together: list[FanOutPlanned] = []
    most = timelines().at_once
    for one in chunks:
        if together and sum(each.followers + 1 for each in [*together, one]) > most:
            yield together
            together = []
        together.append(one)
    if together:
        yield together


async def _deliver(chunks: list[FanOutPlanned], *, again: bool = False) -> set[int]:
    """One transaction; returns whose timelines are to be looked at afterwards: a sample of the recipients."""
    async with db.act(db.SYSTEM) as tx:
        await locks.share_authors(tx, (one.author_id for one in chunks))
        found: Mapping[int, list[int]] = {
            row["n"] - 1: _chosen(chunks[row["n"] - 1], row["readers"])
            for row in await tx.rows(
                RECIPIENTS,
                [one.post_id for one in chunks],
                [one.author_id for one in chunks],
                [one.low for one in chunks],
                [ids.LARGEST if one.high is None else one.high for one in chunks],
                reads.final_before(),
            )
        }
        entries = [Entry(one.feed_id, one.post_id, one.author_id) for one in chunks]
        if await timelines().deliver(tx, [(users, entries[n]) for n, users in found.items()], again=again):
            for late in (one for one in entries if _age(one) > LATE_SECONDS):
                await publish(tx, PostDeliveredLate(**msgspec.structs.asdict(late)))
    for one in entries:
        FAN_OUT_LAG.observe(_age(one))
    limits = delivery.limits()
    return {one for n, users in found.items() for one in delivery.sampled(users, entries[n].feed_id, limits)}


def _chosen(chunk: FanOutPlanned, readers: list[int]) -> list[int]:
    if chunk.only:
        return sorted(set(readers).intersection(chunk.only))
    return sorted(set(readers).difference(chunk.but)) if chunk.but else readers


def _age(one: Entry) -> float:
    return (clock.now() - ids.made_at(one.feed_id)).total_seconds()


async def forget(post_id: int) -> None:
    """Take a post that is to be purged out of the timelines of all who follow its author.

    It was deleted so long ago that nothing puts it into a timeline any more.
    """
    async with db.read() as r:
        found = await reads.to_deliver(r, [post_id])
        if not found or found[0].delivery != "push":
            return
        starts = await graph.chunk_starts(r, found[0].author_id, timelines().at_once)
    for low, high in pairwise([*starts, None]):
        assert low is not None
        async with db.act(db.SYSTEM) as tx:
            readers = await graph.followers_between(tx, found[0].author_id, low, high)
            await timelines().remove_post(tx, readers, found[0].feed_id)


RECIPIENTS = """
-- feed: whom each chunk goes to, if its post is still there
select c.n, array_agg(f.follower_id order by f.follower_id) as readers
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
  with ordinality as c (post_id, author_id, low, high, n)
join posts p on p.id = c.post_id and (p.deleted_at is null or p.deleted_at > $5)
join follows f on f.followee_id = c.author_id and f.state = 'ACCEPTED' and not f.muted and not f.away
  and f.follower_id >= c.low and f.follower_id < c.high
group by c.n order by c.n
"""
