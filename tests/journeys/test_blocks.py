"""A block: between the two nothing is left and nothing can be seen, in either direction, on any route."""

from typing import Any

import msgspec
import pytest
from litestar.routes import HTTPRoute

from tests.world import Person, Refused, World
from tintype.entry import api
from tintype.platform import db

# What stays idempotent between blocked accounts, so that a block can be lifted, and a follow or one's own list ended.
STAYS = {
    "POST /api/v1/users/{user_id}/block",
    "DELETE /api/v1/users/{user_id}/block",
    "POST /api/v1/users/{user_id}/mute",
    "DELETE /api/v1/users/{user_id}/mute",
    "DELETE /api/v1/users/{user_id}/follow",
    "DELETE /api/v1/users/{user_id}/unfollow",
    "DELETE /api/v1/posts/{post_id}/save",
}
# What asks for no account: a file by its unguessable address, a form by its signature, what is one's own, hashtags,
# and the pages without script and avatars, which are the same for everybody.
APART = {
    "GET /m/{media_id}/{key}/{name}",
    "POST /api/v1/media/upload/{media_id}",
    "PUT /api/v1/media/upload/{media_id}/parts/{number}",
    "DELETE /api/v1/users/me/sessions/{session_id}",
    "PUT /api/v1/users/me/second-factors/passkeys/{passkey_id}",
    "POST /api/v1/users/me/second-factors/passkeys/{passkey_id}/remove",
    "POST /api/v1/users/me/identities/{provider}/start",
    "DELETE /api/v1/users/me/identities/{provider}",
    "GET /api/v1/auth/oidc/{provider}/start",
    "GET /api/v1/auth/oidc/{provider}/callback",
    "GET /api/v1/hashtags/{name}",
    "GET /api/v1/hashtags/{name}/posts",
    "GET /p/{post_id}",
    "GET /posts/{post_id}",
    "GET /{handle}",
    "GET /avatars/{user_id}/{size}",
}
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n"
BODIES: dict[str, Any] = {
    "POST /api/v1/posts/{post_id}/comments": {"text": "hello"},
    "PUT /api/v1/comments/{comment_id}": {"text": "hello"},
    "PATCH /api/v1/comments/{comment_id}": {"text": "hello"},
    "PUT /api/v1/posts/{post_id}": {"caption": "hello"},
    "PATCH /api/v1/posts/{post_id}": {"caption": "hello"},
    "PUT /api/v1/media/{media_id}/captions": {"language": "en", "text": CAPTIONS},
    "PATCH /api/v1/media/{media_id}/captions": {"language": "en", "text": CAPTIONS},
}


class Pair(msgspec.Struct):
    """Two who have a block between them, somebody else, and what each of them has."""

    ana: Person
    ben: Person
    eve: Person
    things: dict[str, dict[str, str]]


@pytest.fixture
async def pair(world: World) -> Pair:
    """Ana has blocked Ben. They had followed each other; all three post, and comment and like below Eve's post."""
    ana, ben, eve = await world.people("ana", "ben", "eve")
    posts = {one.id: await one.post("mine", pictures=1) for one in (ana, ben, eve)}
    await world.settle()
    await ana.follow(ben)
    await ben.follow(ana)
    things = {}
    for one in (ana, ben, eve):
        await one.follow(eve) if one is not eve else await eve.follow(ana)
        await one.like(posts[eve.id])
        comment = await one.comment(posts[eve.id], f"by {one.name}")
        seen = await one.see(posts[one.id])
        things[one.id] = {
            "user_id": one.id,
            "post_id": seen["post_id"],
            "comment_id": comment["comment_id"],
            "media_id": seen["media"][0]["media_id"],
            "size": "thumb",
            "language": "en",
        }
    await world.settle()
    await ana.ask("POST", f"/users/{ben.id}/block")
    return Pair(ana, ben, eve, things)


def routes(world: World) -> dict[str, set[str]]:
    """Every route of ours that names something, with the names of its parameters."""
    found: dict[str, set[str]] = {}
    for route in api.litestar().routes:
        names = {one.name for one in getattr(route, "path_components", ()) if not isinstance(one, str)}
        if isinstance(route, HTTPRoute) and names and not route.path.startswith("/schema/"):
            for handler in route.route_handlers:
                found |= {f"{method} {route.path_format}": names for method in handler.http_methods - {"OPTIONS"}}
    return found


async def status(who: Person, route: str, things: dict[str, str]) -> int:
    method, _, path = route.partition(" ")
    more: dict[str, Any] = {} if method in {"GET", "DELETE"} else {"json": BODIES.get(route, {})}
    return (await who.http.request(method, path.format(**things), **more)).status_code


async def test_every_route_is_404_in_both_directions(world: World, pair: Pair) -> None:
    """The list is the application's own, so that a new route is checked from its first day."""
    wrong = {}
    for route, names in routes(world).items():
        if route in APART:
            continue
        assert names <= set(pair.things[pair.ana.id]), f"what does {route} speak of? Give it a thing, or set it apart"
        expected = 200 if route in STAYS else 404
        for who, other in ((pair.ben, pair.ana), (pair.ana, pair.ben)):
            things = pair.things[other.id]
            for ref in [other.id, f"@{other.name}"] if names == {"user_id"} else [other.id]:
                if (found := await status(who, route, {**things, "user_id": ref})) != expected:
                    wrong[f"{who.name}: {route}"] = found
            if route.endswith("/block"):
                await pair.ana.ask("POST", f"/users/{pair.ben.id}/block")
    assert wrong == {}


async def test_nobody_else_is_concerned(world: World, pair: Pair) -> None:
    """The same routes answer to who has nothing to do with it, so that a 404 says something."""
    owned = ("/media/", "/feed/impressions")
    for route in routes(world):
        if not route.startswith("GET ") or route in APART or any(part in route for part in owned):
            continue
        assert await status(pair.eve, route, pair.things[pair.ana.id]) in {200, 302}, route


async def test_lists_leave_the_other_out(pair: Pair) -> None:
    ana, ben, eve = pair.ana, pair.ben, pair.eve
    post = pair.things[eve.id]["post_id"]
    for who, other in ((ana, ben), (ben, ana)):
        for path in (f"/posts/{post}/likes", f"/users/{eve.id}/followers"):
            names = {one["username"] for one in await who.pages(path, limit=1)}
            assert (who.name in names, other.name in names) == (True, False), path
        names = {one["author"]["username"] for one in await who.pages(f"/posts/{post}/comments", limit=1)}
        assert (who.name in names, other.name in names) == (True, False)
        assert await who.ask("GET", f"/users/lookup?q={other.name}") == []
        assert pair.things[other.id]["post_id"] not in await who.home()
    assert {one["username"] for one in await eve.pages(f"/users/{eve.id}/followers")} == {"ana", "ben"}
    assert await ben.pages(f"/users/{eve.id}/following") == []
    assert [one["username"] for one in await ana.pages("/users/me/blocks")] == ["ben"]
    assert await ben.pages("/users/me/blocks") == []


async def test_replies_and_threads(pair: Pair) -> None:
    """Replies by the other are left out, and there is no answering below what cannot be seen."""
    ana, ben, eve = pair.ana, pair.ben, pair.eve
    post = {"post_id": pair.things[eve.id]["post_id"]}
    top = {"comment_id": pair.things[eve.id]["comment_id"]}
    reply = await ben.comment(post, "from ben", top)
    await ana.comment(post, "from ana", top)
    below = await eve.comment(post, "below ben", {"comment_id": pair.things[ben.id]["comment_id"]})
    replies = await ana.pages(f"/comments/{top['comment_id']}/replies", limit=1)
    assert [one["text"] for one in replies] == ["from ana"]
    for parent in (reply, below, {"comment_id": pair.things[ben.id]["comment_id"]}):
        with pytest.raises(Refused, match="PARENT_NOT_FOUND"):
            await ana.comment(post, "to ben", parent)


async def test_a_block_ends_both_follows_and_everything_pending(world: World, pair: Pair) -> None:
    ana, ben, eve = pair.ana, pair.ben, pair.eve
    await world.settle()
    for who in (ana, ben):
        me = await who.ask("GET", "/users/me")
        assert (me["follower_count"], me["following_count"]) == ((1, 1) if who is ana else (0, 1))
    await ben.ask("PUT", "/users/me", json={"is_private": True})
    assert await eve.follow(ben) == "PENDING"
    await ben.ask("POST", f"/users/{eve.id}/block")
    assert await ben.pages("/users/me/follow-requests") == []
    await ben.ask("DELETE", f"/users/{eve.id}/block")
    assert (await eve.ask("GET", f"/users/{ben.id}"))["viewer"]["following"] == "NONE"


async def test_lifting_a_block_brings_back_sight_and_no_follow(world: World, pair: Pair) -> None:
    ana, ben = pair.ana, pair.ben
    await ana.ask("DELETE", f"/users/{ben.id}/block")
    viewer = (await ben.ask("GET", f"/users/{ana.id}"))["viewer"]
    assert viewer == {"following": "NONE", "followed_by": False, "blocking": False, "muting": False}
    await world.settle()
    assert pair.things[ana.id]["post_id"] not in await ben.home()
    assert await ben.follow(ana) == "ACCEPTED"


async def test_who_is_blocked_cannot_be_named(world: World, pair: Pair) -> None:
    ana, ben, eve = pair.ana, pair.ben, pair.eve
    tags = [{"user_id": one.id, "x": 0.5, "y": 0.5} for one in (ana, eve)]
    post = await ben.post("with @ana and @eve", tagged=tags)
    assert [one["username"] for one in post["mentions"]] == ["eve"]
    assert [one["user"]["username"] for one in post["tagged"]] == ["eve"]
    async with db.read() as r:
        mentioned = await r.rows("-- tests: mentions\nselect account_id from post_mentions order by account_id")
    assert [row["account_id"] for row in mentioned] == [int(eve.id)]
