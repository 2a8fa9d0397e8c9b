"""Whom one might follow: friends of friends with the reason, popular accounts, and who is never suggested."""

from typing import Any

import pytest

from tests.world import Person, Refused, World
from tintype.domains.graph import reads
from tintype.platform import db


async def names(who: Person, *, anew: bool = True) -> list[str]:
    if anew:
        await reads.forget_suggestions(int(who.id))
    return [one["user"]["username"] for one in await found(who)]


async def found(who: Person) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = await who.ask("GET", "/users/suggestions")
    return answer


async def follow(who: Person, *others: Person) -> None:
    for other in others:
        await who.follow(other)


async def test_friends_of_friends_with_the_reason(world: World) -> None:
    me, ana, ben, eve, dan, zoe = await world.people("max", "ana", "ben", "eve", "dan", "zoe")
    await follow(me, ana, ben)
    await follow(ana, dan, eve, me)
    await follow(ben, dan)
    await world.settle()
    first, second = await found(me)
    assert (first["user"]["username"], second["user"]["username"]) == ("dan", "eve")
    assert first["user"]["viewer"] == {"following": "NONE", "followed_by": False}
    assert (first["reason"]["kind"], first["reason"]["count"]) == ("FOLLOWED_BY", 2)
    assert [one["username"] for one in first["reason"]["people"]] == ["ben", "ana"], "who follows fewest says most"
    assert [one["username"] for one in second["reason"]["people"]] == ["ana"]
    assert "viewer" not in second["reason"]["people"][0]
    for one in (strangers := await found(zoe)):
        assert one["reason"] == {"kind": "POPULAR", "people": [], "count": 0}
    assert strangers[0]["user"]["username"] == "dan", "who has most followers"
    assert {one["user"]["username"] for one in strangers} == {"dan", "eve", "max", "ana", "ben"}
    assert len(await me.ask("GET", "/users/suggestions?limit=1")) == 1
    for limit in (0, 51):
        with pytest.raises(Refused) as refused:
            await me.ask("GET", f"/users/suggestions?limit={limit}")
        assert refused.value.status == 422


async def test_never_whom_one_follows_has_asked_blocked_muted_by_or_dismissed(world: World) -> None:
    me, ana, *others = await world.people("max", "ana", "a", "b", "c", "d", "e", "f")
    await follow(me, ana)
    await follow(ana, *others)
    await world.settle()
    a, b, c, d, e, f = others
    assert set(await names(me)) == {"a", "b", "c", "d", "e", "f"}
    await a.ask("PUT", "/users/me", json={"is_private": True})
    await follow(me, a, b)
    await me.ask("POST", f"/users/{c.id}/block")
    await d.ask("POST", f"/users/{me.id}/block")
    for _ in range(2):
        await me.ask("DELETE", f"/users/suggestions/{e.id}")
    await me.ask("DELETE", f"/users/suggestions/{me.id}")
    for anew in (False, True):
        assert await names(me, anew=anew) == ["f"], "hidden by fresh rows, whatever is kept"
        await world.settle()
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: suspended\nupdate accounts set status = 'suspended' where id = $1", int(f.id))
    assert await names(me, anew=False) == await names(me) == []
    with pytest.raises(Refused) as refused:
        await me.ask("DELETE", "/users/suggestions/x")
    assert refused.value.status == 404


async def test_a_reason_names_only_those_one_still_follows(world: World) -> None:
    me, ana, ben, eve = await world.people("max", "ana", "ben", "eve")
    await eve.ask("PUT", "/users/me", json={"is_private": True})
    await follow(me, ana, ben)
    await follow(ana, eve)
    await follow(ben, eve)
    assert await names(me) == [], "a request is no follow"
    for who in (ana, ben):
        await eve.ask("POST", f"/users/me/follow-requests/{who.id}/accept")
    assert await names(me) == ["eve"]
    await ana.ask("DELETE", f"/users/me/followers/{me.id}")
    (one,) = await found(me)
    assert [each["username"] for each in one["reason"]["people"]] == ["ben"]
    await me.unfollow(ben)
    assert "eve" not in [each["user"]["username"] for each in await found(me)]
    await me.follow(ben)
    await me.ask("POST", f"/users/{ben.id}/mute")
    assert "eve" not in await names(me), "not through whom one has muted"


async def test_popular_accounts_are_public(world: World) -> None:
    me, ana, ben, eve = await world.people("max", "ana", "ben", "eve")
    await follow(ben, ana, eve)
    await follow(eve, ana)
    await ana.post("words")
    await world.settle()
    assert await names(me) == ["ana", "eve"], "by followers; who has neither followers nor posts is not popular"
    await ana.ask("PUT", "/users/me", json={"is_private": True})
    assert "eve" in await names(me)
    await me.follow(eve)
    assert "eve" not in await names(me)
