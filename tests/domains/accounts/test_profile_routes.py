"""Profiles as clients meet them: what they show to whom, how they are changed, how they are found."""

from typing import Any

from tests.domains.accounts.clients import refused
from tests.world import Person, World


async def test_a_profile_shows_nothing_private(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ana.ask("PUT", "/users/me", json={"phone": "+49 30 123456", "bio": "hello"})
    for ref in (ana.id, "@ana", "@ANA"):
        for visitor in (ben, world.visitor, ana):
            found = await visitor.ask("GET", f"/users/{ref}")
            assert set(found) == PROFILE
            assert "example.org" not in str(found)
            assert "123456" not in str(found)
    assert (await world.visitor.ask("GET", f"/users/{ana.id}"))["viewer"] is None
    assert (await ana.ask("GET", "/users/me"))["phone"] == "+49 30 123456"
    assert (await refused(world.visitor, "GET", "/users/me")).code == "NOT_SIGNED_IN"
    for nobody in ("1", "@nobody", "nobody", "9" * 40):
        assert (await refused(ben, "GET", f"/users/{nobody}")).status == 404


PROFILE = {
    *("user_id", "username", "full_name", "avatar_url", "is_verified", "is_private", "bio", "website", "post_count"),
    *("follower_count", "following_count", "created_at", "viewer"),
}


async def test_the_viewers_relation_is_fresh(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    assert (await ben.ask("GET", "/users/@ana"))["viewer"]["following"] == "ACCEPTED"
    assert (await ana.ask("GET", "/users/@ben"))["viewer"]["followed_by"] is True
    await world.settle()
    assert (await ana.ask("GET", "/users/me"))["follower_count"] == 1
    assert (await ana.ask("GET", "/users/@ben"))["following_count"] == 1


async def test_changing_ones_profile(world: World) -> None:
    people = await world.people("a1", "a2", "a3", "a4", "a5", "a6")
    ways = [
        ("PUT", "me"),
        ("PATCH", "me"),
        ("PUT", people[2].id),
        ("PATCH", people[3].id),
        ("PUT", "@a5"),
        ("PATCH", "@a6"),
    ]
    for ana, (method, ref) in zip(people, ways, strict=True):
        await change_profile(ana, method, f"/users/{ref}")


async def change_profile(ana: Person, method: str, path: str) -> None:
    body = {"full_name": "Ana", "bio": "hello", "website": "https://ana.example", "is_private": True, "unknown": 1}
    found = await ana.ask(method, path, json=body)
    assert {name: found[name] for name in ("full_name", "bio", "website", "is_private")} == {
        name: body[name] for name in ("full_name", "bio", "website", "is_private")
    }
    found = await ana.ask(method, path, json={"preferences": {"theme": "dark", "feed_order": "ranked", "x": "y"}})
    assert found["preferences"] == {"theme": "dark", "language": None, "feed_order": "ranked", "impressions": True}
    assert found["bio"] == "hello"


async def test_others_profiles_cannot_be_changed(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    assert (await refused(ben, "PUT", f"/users/{ana.id}", json={"bio": "x"})).status == 403
    assert (await refused(ben, "PUT", "/users/1", json={"bio": "x"})).status == 404
    assert (await refused(world.visitor, "PUT", f"/users/{ana.id}", json={"bio": "x"})).status == 401


async def test_what_is_wrong_is_named(world: World) -> None:
    (ana,) = await world.people("ana")
    wrong: list[tuple[dict[str, Any], set[str]]] = [
        ({"is_verified": True}, {"is_verified"}),
        ({"role": "admin"}, {"role"}),
        ({"website": "javascript:alert(1)", "bio": "x" * 151}, {"website", "bio"}),
        ({"full_name": "a\0b"}, {"full_name"}),
        ({"username": "admin"}, {"username"}),
        ({"email": "nobody"}, {"email"}),
        ({"preferences": {"language": "🇩🇪"}}, {"preferences.language"}),
    ]
    for body, fields in wrong:
        found = await refused(ana, "PUT", "/users/me", json=body)
        assert found.status == 422
        assert set(found.details["fields"]) == fields


async def test_wrong_types_are_refused(world: World) -> None:
    (ana,) = await world.people("ana")
    bodies: list[dict[str, Any]] = [
        {"preferences": {"theme": "pink"}},
        {"preferences": "dark"},
        {"bio": 5},
        {"is_private": "yes"},
        {"username": None},
        {"preferences": {"feed_order": ["latest"]}},
    ]
    for body in bodies:
        assert (await refused(ana, "PUT", "/users/me", json=body)).status == 422


async def test_finding_people(world: World) -> None:
    ana, *_ = await world.people("ana", "anatol", "ben")
    assert [one["username"] for one in await ana.ask("GET", "/users/lookup?q=an")] == ["ana", "anatol"]
    answer = await ana.answer("GET", "/users/lookup?q=an&limit=1")
    assert len(answer["data"]) == 1
    card = {"user_id", "username", "full_name", "avatar_url", "is_verified", "is_private"}
    assert set(answer["data"][0]) == card | {"viewer"}
    assert answer["pagination"] == {"next_cursor": None, "has_more": False}
    for limit in ("0", "101", "x"):
        assert (await refused(ana, "GET", f"/users/lookup?q=an&limit={limit}")).status == 422
    assert (await refused(ana, "GET", "/users/lookup")).status == 422
    assert await ana.ask("GET", "/users/lookup?q=") == []
    assert (await refused(world.visitor, "GET", "/users/lookup?q=an")).status == 401


async def test_a_role_shows_in_me(world: World) -> None:
    mia: Person = await world.person("mia", role="moderator")
    assert (await mia.ask("GET", "/users/me"))["role"] == "moderator"
