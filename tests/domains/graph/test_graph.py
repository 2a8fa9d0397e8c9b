"""Following, unfollowing, counting, and the reads of both sides."""

import asyncio

import pytest

from tests.domains.seen import account, counts, published
from tintype.domains.graph import actions, consumers, reads, rules
from tintype.domains.graph.events import FollowChanged
from tintype.platform import db, paging
from tintype.platform.errors import NotFound


async def test_following_twice_is_once(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    async with db.act(ben) as tx:
        assert await actions.follow(tx, ben, ana.id) == "ACCEPTED"
        assert await actions.follow(tx, ben, ana.id) == "ACCEPTED"
        assert await reads.is_following(tx, ben.id, ana.id)
        assert not await reads.is_following(tx, ana.id, ben.id)
    async with db.read() as r:
        assert [one["state"] for one in await published(r, "FollowChanged")] == ["ACCEPTED"]


async def test_a_private_account_is_asked(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    async with db.act(ben) as tx:
        await tx.run("-- tests: private\nupdate accounts set is_private = true where id = $1", ana.id)
        assert await actions.follow(tx, ben, ana.id) == "PENDING"
        assert not await reads.is_following(tx, ben.id, ana.id)
        assert (await reads.relations(tx, ben.id, [ana.id]))[ana.id].following == "PENDING"
        assert await actions.unfollow(tx, ben, ana.id) == "NONE"
    assert rules.wanted(True) == "PENDING"


@pytest.mark.parametrize("change", ["deleted_at = now()", "status = 'suspended'", "status = 'pending'"])
async def test_who_is_not_there_cannot_be_followed(database: str, change: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    async with db.act(ben) as tx:
        await tx.run(f"-- tests: gone\nupdate accounts set {change} where id = $1", ana.id)
        with pytest.raises(NotFound):
            await actions.follow(tx, ben, ana.id)
        with pytest.raises(NotFound):
            await actions.follow(tx, ben, 404)
        with pytest.raises(rules.SelfFollow):
            await actions.follow(tx, ben, ben.id)


async def test_counts_follow_the_rows_and_twice_is_once(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    event = FollowChanged(follower_id=ben.id, followee_id=ana.id, state="ACCEPTED")
    async with db.act(ben) as tx:
        await actions.follow(tx, ben, ana.id)
        await consumers.count_follows(tx, [event, event])
        await consumers.count_follows(tx, [event])
    assert (await counts(ana.id), await counts(ben.id)) == ((0, 1, 0), (0, 0, 1))
    async with db.act(ben) as tx:
        assert await actions.unfollow(tx, ben, ana.id) == "NONE"
        assert await actions.unfollow(tx, ben, ana.id) == "NONE"
        assert await tx.value("-- tests: tombstone\nselect count(*) from follows") == 1
        await consumers.count_follows(tx, [event])
        assert await tx.value("-- tests: tombstone\nselect count(*) from follows") == 0
    assert (await counts(ana.id), await counts(ben.id)) == ((0, 0, 0), (0, 0, 0))


async def test_following_again_before_it_was_uncounted_keeps_the_count(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    async with db.act(ben) as tx:
        await actions.follow(tx, ben, ana.id)
        await actions.count(tx, [(ben.id, ana.id)])
        before = (await reads.followers(tx, ana.id, paging.Place("q", 0, None, 5))).items
        await actions.unfollow(tx, ben, ana.id)
        assert await actions.follow(tx, ben, ana.id) == "ACCEPTED"
        await actions.count(tx, [(ben.id, ana.id)])
        assert (await reads.followers(tx, ana.id, paging.Place("q", 0, None, 5))).items == before
    assert await counts(ana.id) == (0, 1, 0)


async def test_recounting_sets_what_the_rows_say(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    async with db.act(ben) as tx:
        await actions.follow(tx, ben, ana.id)
        assert await reads.uncounted(tx, (0, 0), 5) == [(ben.id, ana.id)]
        await actions.count(tx, [(ben.id, ana.id)])
        await tx.run("-- tests: damage\nupdate account_counts set followers = 9, following = 9")
        assert not any(one.right for one in await reads.follow_counts(tx, [ana.id, ben.id]))
        for each in (ana.id, ben.id):
            await actions.recount(tx, each)
        assert all(one.right for one in await reads.follow_counts(tx, [ana.id, ben.id]))


async def test_a_count_that_comes_while_recounting_is_added(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    for each in (ben, eve):
        async with db.act(each) as tx:
            await actions.follow(tx, each, ana.id)
    async with db.act(db.SYSTEM) as tx:
        await actions.count(tx, [(ben.id, ana.id)])
    began, go_on = asyncio.Event(), asyncio.Event()

    async def recounting() -> None:
        async with db.act(db.SYSTEM) as tx:
            await actions.recount(tx, ana.id)
            began.set()
            await go_on.wait()

    async def counting() -> None:
        async with db.act(db.SYSTEM) as tx:
            await actions.count(tx, [(eve.id, ana.id)])

    first = asyncio.create_task(recounting())
    await began.wait()
    second = asyncio.create_task(counting())
    await asyncio.sleep(0.1)
    go_on.set()
    await asyncio.gather(first, second)
    assert await counts(ana.id) == (0, 2, 0)


async def test_lists_of_both_sides_in_pages(database: str) -> None:
    ana = await account("ana")
    paging.use_key(b"k" * 32)
    others = [await account(f"other{n}") for n in range(5)]
    for one in others:
        async with db.act(one) as tx:
            await actions.follow(tx, one, ana.id)
        async with db.act(ana) as tx:
            await actions.follow(tx, ana, one.id)
    async with db.read() as r:
        for read in (reads.followers, reads.following):
            first = await read(r, ana.id, paging.place("q", 1, None, 3))
            assert first.items == [one.id for one in others[:1:-1]]
            rest = await read(r, ana.id, paging.place("q", 1, first.next_cursor, 3))
            assert (rest.items, rest.next_cursor) == ([others[1].id, others[0].id], None)


async def test_relations_and_chunks(database: str) -> None:
    ana = await account("ana")
    others = sorted([await account(f"other{n}") for n in range(5)], key=lambda one: one.id)
    for one in others:
        async with db.act(one) as tx:
            await actions.follow(tx, one, ana.id)
    async with db.read() as r:
        found = await reads.relations(r, ana.id, [others[0].id, 404])
        assert (found[others[0].id].followed_by, found[404]) == (True, reads.Relation())
        assert await reads.relations(r, ana.id, []) == {}
        starts = await reads.chunk_starts(r, ana.id, 2)
        assert starts == [0, others[2].id, others[4].id]
        assert await reads.followers_between(r, ana.id, 0, starts[1]) == [others[0].id, others[1].id]
        assert await reads.followers_between(r, ana.id, starts[2], None) == [others[4].id]
        assert await reads.chunk_starts(r, others[0].id, 2) == [0]
