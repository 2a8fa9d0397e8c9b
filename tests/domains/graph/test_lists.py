"""Follower lists: first pages are kept and forgotten in time; what is hidden is hidden from each viewer, fresh."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.domains.seen import account
from tintype.domains.graph import actions, reads
from tintype.domains.graph.events import BlockChanged, FollowChanged
from tintype.domains.graph.reads import lists, pages
from tintype.platform import clock, db, paging
from tintype.platform.cache import port as cache
from tintype.platform.cache.memory import MemoryCache
from tintype.platform.db import Actor


@pytest.fixture
async def kept(database: str) -> AsyncIterator[MemoryCache]:
    adapter = MemoryCache()
    cache.use(adapter)
    paging.use_key(b"k" * 32)
    yield adapter
    await asyncio.sleep(0)


async def follow(who: Actor, whom: Actor) -> None:
    async with db.act(who) as tx:
        await actions.follow(tx, who, whom.id)


async def followers(of: Actor, viewer: int = 0, cursor: str | None = None, limit: int = 20) -> paging.Page[int]:
    async with db.read() as r:
        return await reads.followers(r, of.id, paging.place("q", viewer, cursor, limit))


async def following(of: Actor) -> list[int]:
    async with db.read() as r:
        return (await reads.following(r, of.id, paging.place("q", 0, None, 20))).items


def changed(follower: Actor, followee: Actor, state: str = "ACCEPTED") -> FollowChanged:
    return FollowChanged(follower_id=follower.id, followee_id=followee.id, state=state)


async def test_first_pages_are_kept_until_the_log_says_otherwise(kept: MemoryCache) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    await follow(ben, ana)
    assert ((await followers(ana)).items, await following(ben), await following(eve)) == ([ben.id], [ana.id], [])
    await follow(eve, ana)
    assert ((await followers(ana)).items, await following(eve)) == ([ben.id], []), "no event was heard"
    assert (await followers(ana, limit=19)).items == [eve.id, ben.id], "only first pages of the usual size are kept"
    reads.forget_lists(changed(eve, ana, "PENDING"))
    reads.forget_lists(BlockChanged(blocker_id=eve.id, blocked_id=ana.id, blocking=True))
    assert (await followers(ana)).items == [ben.id]
    reads.forget_lists(changed(eve, ana))
    assert ((await followers(ana)).items, await following(eve)) == ([eve.id, ben.id], [ana.id])


async def test_an_hour_is_the_longest(kept: MemoryCache, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, ben = await account("ana"), await account("ben")
    assert (await followers(ana)).items == []
    await follow(ben, ana)
    now = clock.monotonic()
    for seconds, found in ((3500, []), (3700, [ben.id])):
        monkeypatch.setattr(clock, "monotonic", lambda seconds=seconds: now + seconds)
        assert (await followers(ana)).items == found


async def test_pages_behind_the_kept_one(kept: MemoryCache) -> None:
    ana = await account("ana")
    others = [await account(f"other{n}") for n in range(23)]
    for one in others:
        await follow(one, ana)
    newest = (await followers(ana, limit=100)).items
    assert sorted(newest) == sorted(one.id for one in others)
    for _ in range(2):
        first = await followers(ana)
        assert first.items == newest[:20]
        rest = await followers(ana, cursor=first.next_cursor)
        assert (rest.items, rest.next_cursor) == (newest[20:], None)


async def test_what_is_hidden_is_fresh_and_pages_stay_full(kept: MemoryCache) -> None:
    ana, ben = await account("ana"), await account("ben")
    others = [await account(f"other{n}") for n in range(22)]
    for one in others:
        await follow(one, ana)
    newest = (await followers(ana, limit=100)).items
    assert sorted(newest) == sorted(one.id for one in others)
    assert (await followers(ana, viewer=ben.id)).items == newest[:20]
    async with db.act(ben) as tx:
        await actions.block(tx, ben, newest[0])
    async with db.act(Actor(newest[1])) as tx:
        await actions.block(tx, tx.actor, ben.id)
    assert (await followers(ana, viewer=ben.id)).items == newest[2:]
    assert (await followers(ana)).items == newest[:20], "nobody else is concerned"
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: gone\nupdate accounts set status = 'suspended' where id = $1", newest[3])
    assert (await followers(ana)).items == [*newest[:3], *newest[4:21]]


async def test_a_page_that_was_read_while_it_changed_is_not_kept(kept: MemoryCache) -> None:
    ana, ben = await account("ana"), await account("ben")
    key = pages.followers_key(ana.id)

    async def read() -> pages.Ids:
        await follow(ben, ana)
        reads.forget_lists(changed(ben, ana))
        return []

    assert await pages.first(key, read) == []
    assert await kept.get(key) is None
    assert (await followers(ana)).items == [ben.id]


async def test_a_page_that_changes_while_it_is_being_kept_goes_again() -> None:
    class Slow(MemoryCache):
        async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
            pages.forget_lists(FollowChanged(follower_id=2, followee_id=1, state="NONE"))
            await asyncio.sleep(0)
            await super().set(key, value, ttl)

    slow = Slow()
    cache.use(slow)

    async def read() -> pages.Ids:
        return [(2, 5)]

    assert await pages.first(pages.followers_key(1), read) == [(2, 5)]
    assert await slow.get(pages.followers_key(1)) is None


async def test_what_is_being_forgotten_is_not_found_any_more() -> None:
    """A cache that is far away takes its time to delete."""

    class Far(MemoryCache):
        async def delete(self, *keys: str) -> None:
            await asyncio.sleep(0.05)
            await super().delete(*keys)

    cache.use(Far())
    found = [[(2, 5)], [(3, 6)], [(4, 7)]]

    async def read() -> pages.Ids:
        return found.pop(0)

    key = pages.followers_key(1)
    assert [await pages.first(key, read) for _ in range(2)] == [[(2, 5)], [(2, 5)]]
    event = FollowChanged(follower_id=3, followee_id=1, state="ACCEPTED")
    pages.forget_lists(event)
    pages.forget_lists(event)
    assert await pages.first(key, read) == [(3, 6)]
    await asyncio.sleep(0.15)
    assert await pages.first(key, read) == [(4, 7)], "kept before the deletion was done, so gone with it"
    assert lists.FIRST == 20
