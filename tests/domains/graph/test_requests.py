"""Requests: accepted, declined, withdrawn, all accepted when an account becomes public; and removal of followers."""

import pytest

from tests.domains.seen import account, counts, published
from tintype.domains.accounts.events import AccountPrivacyChanged
from tintype.domains.graph import actions, consumers, reads, rules
from tintype.domains.graph.actions import following
from tintype.platform import db, paging
from tintype.platform.db import Actor


async def set_private(who: Actor, is_private: bool = True) -> None:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: switch\nupdate accounts set is_private = $2 where id = $1", who.id, is_private)


async def follow(who: Actor, whom: Actor) -> rules.FollowState:
    async with db.act(who) as tx:
        return await actions.follow(tx, who, whom.id)


async def state(follower: Actor, followee: Actor) -> str:
    async with db.read() as r:
        return (await reads.relations(r, follower.id, [followee.id]))[followee.id].following


async def test_accepting_is_a_fact_once(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await set_private(ana)
    await follow(ben, ana)
    for _ in range(2):
        async with db.act(ana) as tx:
            await actions.accept(tx, ana, ben.id)
    async with db.act(db.SYSTEM) as tx:
        assert [one["state"] for one in await published(tx, "FollowChanged")] == ["PENDING", "ACCEPTED"]
        await actions.count(tx, [(ben.id, ana.id)])
    assert (await counts(ana.id), await counts(ben.id)) == ((0, 1, 0), (0, 0, 1))


async def test_there_is_nothing_to_accept_but_requests(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await set_private(ana)
    async with db.act(ana) as tx:
        with pytest.raises(rules.RequestNotFound):
            await actions.accept(tx, ana, ben.id)
    await follow(ben, ana)
    async with db.act(ben) as tx:
        with pytest.raises(rules.RequestNotFound):
            await actions.accept(tx, ben, ana.id)
        await actions.unfollow(tx, ben, ana.id)
    async with db.act(ana) as tx:
        with pytest.raises(rules.RequestNotFound):
            await actions.accept(tx, ana, ben.id)


async def test_declining_ends_requests_and_removing_ends_follows(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    await follow(eve, ana)
    await set_private(ana)
    await follow(ben, ana)
    async with db.act(ana) as tx:
        await actions.decline(tx, ana, eve.id)
        await actions.remove_follower(tx, ana, ben.id)
    assert (await state(ben, ana), await state(eve, ana)) == ("PENDING", "ACCEPTED")
    for _ in range(2):
        async with db.act(ana) as tx:
            await actions.decline(tx, ana, ben.id)
            await actions.remove_follower(tx, ana, eve.id)
    assert (await state(ben, ana), await state(eve, ana)) == ("NONE", "NONE")
    async with db.read() as r:
        facts = [(one["follower_id"], one["state"]) for one in await published(r, "FollowChanged")]
    assert facts == [(eve.id, "ACCEPTED"), (ben.id, "PENDING"), (ben.id, "NONE"), (eve.id, "NONE")]


async def test_becoming_public_accepts_everybody_in_batches(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (actions, following):
        monkeypatch.setattr(module, "PENDING_BATCH", 2)
    ana, gone = await account("ana"), await account("gone")
    others = [await account(f"other{n}") for n in range(5)]
    await set_private(ana)
    for one in (*others, gone):
        await follow(one, ana)
    async with db.act(gone) as tx:
        await actions.unfollow(tx, gone, ana.id)
    event = AccountPrivacyChanged(account_id=ana.id, is_private=False)
    await consumers.accept_requests([event])
    assert {await state(one, ana) for one in others} == {"PENDING"}, "it is private still, or again"
    await set_private(ana, False)
    await consumers.accept_requests([AccountPrivacyChanged(account_id=ana.id, is_private=True)])
    assert {await state(one, ana) for one in others} == {"PENDING"}, "that was the switch before"
    await consumers.accept_requests([event, event])
    assert {await state(one, ana) for one in others} == {"ACCEPTED"}
    assert await state(gone, ana) == "NONE"
    async with db.read() as r:
        accepted = [one for one in await published(r, "FollowChanged") if one["state"] == "ACCEPTED"]
    assert sorted(one["follower_id"] for one in accepted) == sorted(one.id for one in others)


async def test_the_list_of_requests(database: str) -> None:
    ana = await account("ana")
    others = [await account(f"other{n}") for n in range(3)]
    await set_private(ana)
    for one in others:
        await follow(one, ana)
    async with db.act(db.SYSTEM) as tx:
        first = await reads.requests(tx, ana.id, paging.Place("q", ana.id, None, 2))
        assert first.items == [others[2].id, others[1].id]
        await tx.run("-- tests: gone\nupdate accounts set status = 'suspended' where id = $1", others[2].id)
        assert (await reads.requests(tx, ana.id, paging.Place("q", ana.id, None, 5))).items == [
            others[1].id,
            others[0].id,
        ]


async def test_a_request_becomes_a_follow_when_asked_again_in_public(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await set_private(ana)
    assert await follow(ben, ana) == "PENDING"
    assert await follow(ben, ana) == "PENDING"
    await set_private(ana, False)
    assert await follow(ben, ana) == "ACCEPTED"
    await set_private(ana)
    assert await follow(ben, ana) == "ACCEPTED", "who follows stays"
