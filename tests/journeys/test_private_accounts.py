"""Private accounts: who asks, who is let in, who is shown out, and what the switch does."""

import pytest

from tests.domains.seen import published
from tests.world import Person, Refused, World
from tintype.platform import db


async def make(who: Person, is_private: bool) -> None:
    await who.ask("PUT", "/users/me", json={"is_private": is_private})


async def requests(who: Person) -> list[str]:
    return [one["username"] for one in await who.pages("/users/me/follow-requests", limit=1)]


async def addresses_at_home(who: Person) -> list[str]:
    return [one["media"][0]["urls"]["large"] for one in await who.pages("/feed/home")]


async def test_a_request_from_asking_to_being_shown_out(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await make(ana, True)
    post = await ana.post("for followers")
    await world.settle()
    assert [await ben.follow(ana), await eve.follow(ana)] == ["PENDING", "PENDING"]
    assert await requests(ana) == ["eve", "ben"], "newest first"
    assert (await ben.ask("GET", f"/users/{ana.id}"))["viewer"]["following"] == "PENDING"

    for _ in range(2):
        assert await ana.ask("POST", f"/users/me/follow-requests/{ben.id}/accept") == {"followed_by": True}
    assert await ana.ask("POST", "/users/me/follow-requests/@eve/decline") == {"followed_by": False}
    assert await requests(ana) == []
    assert (await ben.see(post))["caption"] == "for followers"
    with pytest.raises(Refused, match="ACCOUNT_PRIVATE"):
        await eve.see(post)
    await world.settle()
    assert (await ben.home(), await eve.home()) == ([post["post_id"]], [])
    assert (await ana.ask("GET", "/users/me"))["follower_count"] == 1

    for _ in range(2):
        assert await ana.ask("DELETE", f"/users/me/followers/{ben.id}") == {"followed_by": False}
    assert await ben.home() == [], "at once"
    with pytest.raises(Refused, match="ACCOUNT_PRIVATE"):
        await ben.see(post)
    await world.settle()
    assert (await ana.ask("GET", "/users/me"))["follower_count"] == 0
    assert await ben.follow(ana) == "PENDING", "one may ask again"


async def test_a_request_that_was_taken_back_cannot_be_accepted(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await make(ana, True)
    await ben.follow(ana)
    await ben.unfollow(ana)
    assert await requests(ana) == []
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", f"/users/me/follow-requests/{ben.id}/accept")
    assert (refused.value.status, refused.value.code) == (404, "REQUEST_NOT_FOUND")
    assert await ana.ask("POST", f"/users/me/follow-requests/{ben.id}/decline") == {"followed_by": False}


async def test_declining_and_removing_leave_each_other_alone(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    assert await ana.ask("POST", f"/users/me/follow-requests/{ben.id}/decline") == {"followed_by": True}
    await make(ana, True)
    await ben.unfollow(ana)
    await ben.follow(ana)
    await ana.ask("DELETE", f"/users/me/followers/{ben.id}")
    assert await requests(ana) == ["ben"], "who asks is no follower yet"


async def test_the_switch_there_and_back(world: World) -> None:
    ana, ben, eve, dan = await world.people("ana", "ben", "eve", "dan")
    photo = await ana.post("mine", pictures=1)
    await ben.follow(ana)
    await world.settle()
    await eve.see(photo)
    before = (await ben.see(photo))["media"][0]["urls"]["large"]
    assert await addresses_at_home(ben) == [before]

    await make(ana, True)
    for who in (eve, world.visitor):
        for path in (f"/posts/{photo['post_id']}", f"/users/{ana.id}/posts", f"/users/{ana.id}/followers"):
            with pytest.raises(Refused, match="ACCOUNT_PRIVATE"):
                await who.ask("GET", path)
        assert (await who.ask("GET", f"/users/{ana.id}"))["is_private"], "the account itself is no secret"
        assert (await who.http.get(f"/p/{photo['post_id']}/thumb")).status_code == 404
    assert (await ben.http.get(f"/p/{photo['post_id']}/thumb")).status_code == 302
    assert await ben.home() == [photo["post_id"]], "followers stay"
    await world.settle()
    after = (await ben.see(photo))["media"][0]["urls"]["large"]
    assert await addresses_at_home(ben) == [after], "also where cards are kept"
    assert (await world.visitor.http.get(before)).status_code == 404
    assert (await world.visitor.http.get(after)).status_code == 200, "signed"
    assert [await eve.follow(ana), await dan.follow(ana)] == ["PENDING", "PENDING"]
    async with db.read() as r:
        (moved,) = await published(r, "MediaMoved")
    assert moved["post_id"] == int(photo["post_id"])

    await make(ana, False)
    await eve.see(photo)
    await world.settle()
    assert await requests(ana) == []
    names = [one["username"] for one in await dan.pages(f"/users/{ana.id}/followers")]
    assert (set(names[:2]), names[2:]) == ({"dan", "eve"}, ["ben"]), "newly accepted is newest"
    assert photo["post_id"] in await eve.home()
    assert (await ana.ask("GET", "/users/me"))["follower_count"] == 3
    assert (await world.visitor.http.get((await ben.see(photo))["media"][0]["urls"]["large"])).status_code == 200
    async with db.read() as r:
        assert len(await published(r, "MediaMoved")) == 2


async def test_private_again_before_anybody_was_let_in(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await make(ana, True)
    await ben.follow(ana)
    await make(ana, False)
    await make(ana, True)
    await world.settle()
    assert await requests(ana) == ["ben"]


async def test_asking_again_once_it_is_public_is_following(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await make(ana, True)
    await ben.follow(ana)
    await make(ana, False)
    assert await ben.follow(ana) == "ACCEPTED"
    await world.settle()
    assert (await ana.ask("GET", "/users/me"))["follower_count"] == 1


async def test_mute_is_quiet_and_reversible(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    post = await ana.post("loud")
    await world.settle()
    for _ in range(2):
        assert await ben.ask("POST", f"/users/{ana.id}/mute") == {"muting": True}
    assert await ben.home() == [], "at once"
    await world.settle()
    assert await ben.home() == []
    viewer = (await ben.ask("GET", f"/users/{ana.id}"))["viewer"]
    assert viewer == {"following": "ACCEPTED", "followed_by": False, "blocking": False, "muting": True}
    assert (await ben.see(post))["caption"] == "loud"
    assert [one["username"] for one in await ben.pages("/users/me/mutes")] == ["ana"]
    for _ in range(2):
        assert await ben.ask("DELETE", f"/users/{ana.id}/mute") == {"muting": False}
    await world.settle()
    assert await ben.home() == [post["post_id"]]
    assert await ben.pages("/users/me/mutes") == []


async def test_nobody_blocks_or_mutes_oneself(world: World) -> None:
    (ana,) = await world.people("ana")
    for act, code in (("block", "CANNOT_BLOCK_SELF"), ("mute", "CANNOT_MUTE_SELF"), ("follow", "CANNOT_FOLLOW_SELF")):
        with pytest.raises(Refused) as refused:
            await ana.ask("POST", f"/users/{ana.id}/{act}")
        assert (refused.value.status, refused.value.code) == (422, code)
    with pytest.raises(Refused, match="404"):
        await ana.ask("POST", "/users/404/block")
