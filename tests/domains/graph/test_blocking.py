"""Blocks and mutes: their rows, their facts, what they do to follows, also at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.domains.seen import account, counts, published
from tintype.domains.graph import actions, reads, rules
from tintype.platform import db, paging
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import NotFound

Act = Callable[[Tx, Actor, int], Awaitable[object]]


async def do(act: Act, who: Actor, whom: Actor) -> None:
    async with db.act(who) as tx:
        await act(tx, who, whom.id)


async def test_a_block_ends_both_follows_once(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await do(actions.follow, ana, ben)
    await do(actions.follow, ben, ana)
    for _ in range(2):
        await do(actions.block, ana, ben)
    async with db.act(db.SYSTEM) as tx:
        assert not await reads.is_following(tx, ana.id, ben.id)
        assert not await reads.is_following(tx, ben.id, ana.id)
        assert len(await published(tx, "BlockChanged")) == 1
        ended = {one["follower_id"] for one in await published(tx, "FollowChanged") if one["state"] == "NONE"}
        assert ended == {ana.id, ben.id}
        await actions.count(tx, [(ana.id, ben.id), (ben.id, ana.id)])
    assert (await counts(ana.id), await counts(ben.id)) == ((0, 0, 0), (0, 0, 0))
    for who, whom in ((ana, ben), (ben, ana)):
        with pytest.raises(NotFound):
            await do(actions.follow, who, whom)


async def test_each_block_is_ones_own(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await do(actions.block, ana, ben)
    await do(actions.block, ben, ana)
    await do(actions.unblock, ana, ben)
    await do(actions.unblock, ana, ben)
    async with db.read() as r:
        assert await reads.is_blocked(r, ana.id, ben.id)
        assert (await reads.relations(r, ben.id, [ana.id]))[ana.id].blocking
        assert not (await reads.relations(r, ana.id, [ben.id]))[ben.id].blocking
    await do(actions.unblock, ben, ana)
    async with db.read() as r:
        assert not await reads.is_blocked(r, ana.id, ben.id)
        facts = [(one["blocker_id"], one["blocking"]) for one in await published(r, "BlockChanged")]
    assert facts == [(ana.id, True), (ben.id, True), (ana.id, False), (ben.id, False)]


async def test_oneself_can_be_neither_blocked_nor_muted(database: str) -> None:
    ana = await account("ana")
    with pytest.raises(rules.SelfBlock):
        await do(actions.block, ana, ana)
    with pytest.raises(rules.SelfMute):
        await do(actions.mute, ana, ana)


async def is_marked(follower: Actor, followee: Actor) -> bool:
    async with db.read() as r:
        found: bool = await r.value(
            "-- tests: mark\nselect muted from follows where follower_id = $1 and followee_id = $2",
            follower.id,
            followee.id,
        )
        return found


async def test_a_mute_marks_the_follow_whichever_came_first(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    await do(actions.follow, ana, ben)
    for _ in range(2):
        await do(actions.mute, ana, ben)
        await do(actions.mute, ana, eve)
    await do(actions.follow, ana, eve)
    assert [await is_marked(ana, one) for one in (ben, eve)] == [True, True]
    async with db.read() as r:
        assert not await reads.feeds(r, ana.id, ben.id)
        assert await reads.followers_between(r, ben.id, 0, None) == []
        assert (await reads.relations(r, ana.id, [ben.id]))[ben.id].muting
        assert await reads.is_following(r, ana.id, ben.id), "nobody sees that one is muted"
    await do(actions.unfollow, ana, eve)
    for _ in range(2):
        await do(actions.unmute, ana, ben)
        await do(actions.unmute, ana, eve)
    await do(actions.follow, ana, eve)
    assert [await is_marked(ana, one) for one in (ben, eve)] == [False, False]
    async with db.read() as r:
        assert await reads.feeds(r, ana.id, ben.id)
        assert not await reads.feeds(r, ben.id, ana.id)
        assert await reads.followers_between(r, ben.id, 0, None) == [ana.id]
        facts = [(one["muted_id"], one["muting"]) for one in await published(r, "MuteChanged")]
    assert facts == [(ben.id, True), (eve.id, True), (ben.id, False), (eve.id, False)]


async def test_absent_followers_are_not_pushed_to(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    await do(actions.follow, ben, ana)
    await do(actions.follow, eve, ana)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: away\nupdate follows set away = true where follower_id = $1", ben.id)
        assert await reads.followers_between(tx, ana.id, 0, None) == [eve.id]
        assert await reads.feeds(tx, ben.id, ana.id), "absent, and yet a reader"


async def at_once(first: Act, second: Act, one: Actor, other: Actor) -> None:
    """`second` begins while `first` is about to commit."""
    acted, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with db.act(one) as tx:
            await first(tx, one, other.id)
            acted.set()
            await go_on.wait()

    async def quick() -> None:
        await acted.wait()
        async with db.act(other) as tx:
            await second(tx, other, one.id)

    tasks = [asyncio.create_task(slow()), asyncio.create_task(quick())]
    await acted.wait()
    await asyncio.sleep(0.1)
    go_on.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(result is None or isinstance(result, NotFound) for result in results), results


@pytest.mark.parametrize("order", [(actions.block, actions.follow), (actions.follow, actions.block)])
async def test_a_follow_at_the_moment_of_a_block_does_not_outlive_it(database: str, order: tuple[Act, Act]) -> None:
    ana, ben = await account("ana"), await account("ben")
    await at_once(*order, ana, ben)
    async with db.read() as r:
        assert await reads.is_blocked(r, ana.id, ben.id)
        assert await reads.follows_between_blocked(r, (0, 0), 5) == []


@pytest.mark.parametrize("act", [actions.mute, actions.unmute])
async def test_a_follow_at_the_moment_of_a_mute_is_marked_as_it_is(database: str, act: Act) -> None:
    ana, ben = await account("ana"), await account("ben")
    if act is actions.unmute:
        await do(actions.mute, ana, ben)

    async def same_person(tx: Tx, _: Actor, __: int) -> None:
        await act(tx, ana, ben.id)

    async def follows(tx: Tx, _: Actor, __: int) -> None:
        await actions.follow(tx, ana, ben.id)

    await at_once(follows, same_person, ana, ben)
    assert await is_marked(ana, ben) == (act is actions.mute)
    async with db.read() as r:
        assert await reads.mutes_unlike_follows(r, (0, 0), 5) == []


async def test_lists_of_blocks_and_mutes(database: str) -> None:
    ana = await account("ana")
    paging.use_key(b"k" * 32)
    others = [await account(f"other{n}") for n in range(3)]
    for one in others:
        await do(actions.block, ana, one)
        await do(actions.mute, ana, one)
    async with db.read() as r:
        first = await reads.blocks(r, ana.id, paging.place("q", ana.id, None, 2))
        assert first.items == [others[2].id, others[1].id]
        rest = await reads.blocks(r, ana.id, paging.place("q", ana.id, first.next_cursor, 2))
        assert (rest.items, rest.next_cursor) == ([others[0].id], None)
        assert (await reads.mutes(r, ana.id, paging.place("q", ana.id, None, 5))).items == [], "blocked besides"
    for one in others:
        await do(actions.unblock, ana, one)
    async with db.read() as r:
        assert (await reads.mutes(r, ana.id, paging.place("q", ana.id, None, 5))).items == [
            one.id for one in reversed(others)
        ]


async def test_the_circle_is_one_statement_over_indexes(database: str) -> None:
    ana = await account("ana")
    followed, muted, blocking, blocked, pending = [await account(f"other{n}") for n in range(5)]
    for one in (followed, muted, blocking):
        await do(actions.follow, ana, one)
    await do(actions.mute, ana, muted)
    await do(actions.block, ana, blocked)
    await do(actions.block, blocked, ana)
    await do(actions.block, blocking, ana)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: private\nupdate accounts set is_private = true where id = $1", pending.id)
    await do(actions.follow, ana, pending)
    async with db.read() as r:
        circle = await reads.circle(r, ana.id)
        assert sorted(circle.follows) == sorted([followed.id, muted.id])
        assert circle.muted == [muted.id]
        assert sorted(circle.blocked) == sorted([blocking.id, blocked.id])
        assert await reads.circle(r, 404) == reads.Circle([], [], [])
        assert await reads.among_blocked(r, ana.id, [blocking.id, muted.id, 404]) == {blocking.id}
        assert await reads.among_blocked(r, 0, [blocking.id]) == set()
