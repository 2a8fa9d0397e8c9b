"""The contract of the API: fields, lists, cursors, limits, privacy, idempotency, aliases, redirects, statuses."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests import world as worlds
from tests.world import Person, Refused, Visitor, World, drawn
from tintype.platform import db, idempotency, ratelimit

ACCOUNT = {"user_id", "username", "full_name", "avatar_url", "is_verified", "is_private"}
PROFILE = ACCOUNT | {"bio", "website", "post_count", "follower_count", "following_count", "created_at", "viewer"}
ME = PROFILE | {"email", "email_verified", "phone", "role", "preferences"}
MEDIA = {"media_id", "kind", "status", "width", "height", "duration", "blurhash", "alt_text", "urls", "sources"}
MEDIA |= {"rejection"}
POST = {
    "post_id",
    "feed_id",
    "author",
    "type",
    "status",
    "problem",
    "caption",
    "media",
    "hashtags",
    "mentions",
    "tagged",
}
POST |= {"location", "comments_enabled", "download_allowed", "like_count", "reaction_counts", "comment_count"}
POST |= {"share_count", "created_at", "edited_at", "viewer", "hide_like_counts", "comments_from", "show_taken_at"}
COMMENT = {"comment_id", "post_id", "parent_id", "author", "text", "like_count", "reaction_counts", "reply_count"}
COMMENT |= {"created_at", "edited_at", "viewer", "mentions"}
SIZES = {"thumb", "small", "medium", "large"}


async def refused(visitor: Visitor, method: str, path: str, **more: Any) -> Refused:
    with pytest.raises(Refused) as found:
        await visitor.ask(method, path, **more)
    return found.value


async def test_objects_have_their_fields_and_no_others(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("hello @ben #sea", pictures=1, tagged=[{"user_id": ben.id, "x": 0.5, "y": 0.5}])
    await world.settle()
    comment = await ben.comment(post, "beautiful")
    await ben.like(post)
    seen = await ben.see(post)
    assert set(seen) == POST
    assert set(seen["author"]) == set(seen["mentions"][0]) == set(seen["tagged"][0]["user"]) == ACCOUNT
    assert set(seen["tagged"][0]) == {"user", "x", "y", "n"}
    assert seen["viewer"] == {"reaction": "LIKE", "saved": False}
    assert seen["hashtags"] == ["sea"]
    (medium,) = seen["media"]
    assert set(medium) == MEDIA
    assert set(medium["urls"]) == SIZES
    assert {kind: set(sizes) for kind, sizes in medium["sources"].items()} == {"webp": SIZES}
    assert set(await ana.ask("GET", f"/media/{medium['media_id']}")) == MEDIA
    assert set(comment) == COMMENT
    assert comment["viewer"] == {"reaction": None, "can_delete": True}
    profile = await ben.ask("GET", f"/users/{ana.id}")
    assert set(profile) == PROFILE
    assert profile["viewer"] == {"following": "NONE", "followed_by": False, "blocking": False, "muting": False}
    assert set(await ana.ask("GET", "/users/me")) == ME
    for path in (f"/users/{ana.id}", f"/posts/{post['post_id']}"):
        assert (await world.visitor.ask("GET", path))["viewer"] is None
    sessions = await ana.ask("GET", "/users/me/sessions")
    place = {"user_agent", "browser", "system", "ip", "country"}
    assert set(sessions[0]) == {"session_id", "created_at", "last_used_at", "current"} | place


OF_PEOPLE = ["/users/{user}/followers", "/users/{user}/following", "/users/lookup?q=a"]
OF_COMMENTS = ["/posts/{post}/comments", "/comments/{comment}/replies"]
OF_POSTS = ["/users/{user}/posts", "/users/@ana/posts", "/feed/user/{user}", "/feed/home", "/feed"]
OF_ME = ["/users/me/followers", "/users/me/following", "/users/me/posts", "/feed/user/me", "/users/me/sessions"]
LISTS = [*OF_PEOPLE, "/posts/{post}/likes", *OF_COMMENTS, *OF_POSTS, *OF_ME]
PAGED = ["/users/{user}/followers", "/users/{user}/posts", "/posts/{post}/likes", *OF_COMMENTS, "/feed/home"]


@pytest.fixture
async def filled(world: World) -> dict[str, Any]:
    """Ana with a post that three people like, comment on and reply to, and who follow her."""
    ana, *others = await world.people("ana", "ben", "cleo", "dan")
    posts = [await ana.post(f"number {n}") for n in range(3)]
    await world.settle()
    post = posts[0]
    first = await others[0].comment(post, "first")
    for one in others:
        await one.follow(ana)
        await one.like(post)
        await one.comment(post, f"from {one.name}")
        await one.comment(post, f"reply from {one.name}", first)
    await ana.follow(others[0])
    await world.settle()
    return {"user": ana.id, "post": post["post_id"], "comment": first["comment_id"], "ana": ana, "others": others}


async def test_every_list_has_pagination(filled: dict[str, Any]) -> None:
    ana: Person = filled["ana"]
    for path in LISTS:
        page = await ana.answer("GET", path.format(**filled))
        assert set(page) == {"status", "data", "meta", "pagination"}, path
        assert set(page["pagination"]) == {"next_cursor", "has_more"}
        assert isinstance(page["data"], list)
        assert page["data"], path


async def test_cursors_go_through_a_list_and_belong_to_it(filled: dict[str, Any]) -> None:
    ana, (ben, *_) = filled["ana"], filled["others"]
    cursors = {}
    for path in (one.format(**filled) for one in PAGED):
        whole = await ana.pages(path)
        assert await ana.pages(path, limit=1) == whole, path
        assert len(whole) == len({str(one) for one in whole}) >= 3
        cursors[path] = (await ana.answer("GET", path, params={"limit": "1"}))["pagination"]["next_cursor"]
    for path, cursor in cursors.items():
        others = [one for other, one in cursors.items() if other != path]
        altered = [
            cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB"),
            ("B" if cursor[0] != "B" else "C") + cursor[1:],
            cursor[:20],
            "",
            "~",
            "9" * 5000,
        ]
        for wrong in (*others, *altered):
            found = await refused(ana, "GET", path, params={"cursor": wrong})
            assert (found.status, found.code) == (422, "CURSOR_INVALID"), (path, wrong)
        for somebody in (ben, ana.world.visitor):
            found = await refused(somebody, "GET", path, params={"cursor": cursor})
            assert (found.status, found.code) in {(422, "CURSOR_INVALID"), (401, "NOT_SIGNED_IN")}


async def test_limits_are_told_and_kept(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    headers = {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}
    for path in ("/users/me", "/users/nobody", "/nothing", "/feed/home?limit=0", "/openapi.json"):
        assert headers <= set((await ana.http.get(f"/api/v1{path}")).headers), path
    assert headers <= set((await world.visitor.http.get("/api/v1/feed/home")).headers)
    few = {"rate_limits": True, "limit_user_per_minute": 5, "limit_posts_per_hour": 2, "limit_logins_per_minute": 2}
    ratelimit.use(world.settings.model_copy(update=few))
    left = []
    for _ in range(5):
        answer = await ana.http.get("/api/v1/users/me")
        left.append(int(answer.headers["ratelimit-remaining"]))
    assert left == [4, 3, 2, 1, 0]
    for answer in (await ana.http.get("/api/v1/users/me"), await ana.http.get("/api/v1/nothing/at/all")):
        if answer.status_code != 404:
            assert (answer.status_code, answer.json()["error"]["code"]) == (429, "RATE_LIMITED")
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            assert answer.headers["ratelimit-remaining"] == "0"
    posts = [await ben.http.post("/api/v1/posts", json={"type": "TEXT", "caption": f"post {n}"}) for n in range(3)]
    assert [one.status_code for one in posts] == [201, 201, 429]
    assert int(posts[2].headers["retry-after"]) <= 3600
    assert [one.headers["ratelimit-limit"] for one in posts] == ["2", "2", "2"]
    wrong = {"login": "ana", "password": "not the password"}
    logins = [await world.visitor.http.post("/api/v1/users/login", json=wrong) for _ in range(3)]
    assert [one.status_code for one in logins] == [401, 401, 429]
    assert len(logins[2].headers.get_list("ratelimit-limit")) == 1
    few_addresses = {"rate_limits": True, "limit_ip_per_minute": 2}
    ratelimit.use(world.settings.model_copy(update=few_addresses))
    statuses = [(await world.visitor.http.get("/api/v1/nothing")).status_code for _ in range(3)]
    assert statuses == [404, 404, 429]
    assert (await world.visitor.http.get("/")).status_code == 200


async def test_members_only(database: str, tmp_path: Path) -> None:
    async with worlds.opened(database, tmp_path / "data", members_only=True) as world:
        (ana,) = await world.people("ana")
        post = await ana.post(pictures=1)
        await world.settle()
        picture = (await ana.see(post))["media"][0]["urls"]["thumb"]
        post_id = post["post_id"]
        for path in (f"/users/{ana.id}", f"/posts/{post_id}", f"/users/{ana.id}/posts", f"/posts/{post_id}/comments"):
            assert (await ana.http.get(f"/api/v1{path}")).status_code == 200
            found = await refused(world.visitor, "GET", path)
            assert (found.status, found.code) == (401, "NOT_SIGNED_IN")
            assert found.answer.headers["x-robots-tag"] == "noindex"
        for path in (picture, f"/p/{post_id}/thumb"):
            assert (await world.visitor.http.get(path)).status_code == 401
        kept = (await ana.http.get(picture)).headers["cache-control"]
        assert kept.startswith("private"), "no cache between may hand it on"
        page = await world.visitor.http.get("/")
        assert (page.status_code, page.headers["x-robots-tag"]) == (200, "noindex")


async def test_private_is_403_and_hidden_is_404(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await ben.follow(ana)
    post = await ana.post("for friends")
    await world.settle()
    await ana.ask("PUT", "/users/me", json={"is_private": True})
    await world.settle()
    for path in (
        f"/users/{ana.id}/followers",
        f"/users/{ana.id}/following",
        f"/users/{ana.id}/posts",
        f"/posts/{post['post_id']}",
    ):
        await ben.ask("GET", path)
        for somebody in (eve, world.visitor):
            found = await refused(somebody, "GET", path)
            assert (found.status, found.code) == (403, "ACCOUNT_PRIVATE"), path
    assert (await eve.ask("GET", f"/users/{ana.id}"))["is_private"] is True
    assert (await refused(eve, "POST", f"/posts/{post['post_id']}/like", json={})).status in {403, 404}
    for path in (f"/posts/{ana.id}", "/users/@nobody", "/posts/1", "/users/12345/posts"):
        assert (await refused(ben, "GET", path)).status == 404
    await ana.delete(post)
    assert (await refused(ben, "GET", f"/posts/{post['post_id']}")).code == "POST_NOT_FOUND"


async def test_a_key_makes_creating_safe_to_repeat(world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post("hello")
    picture = {"kind": "IMAGE", "content_type": "image/jpeg", "size": 1000}
    creating: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        ("/posts", "post_id", {"type": "TEXT", "caption": "once"}, {"type": "TEXT", "caption": "another"}),
        (f"/posts/{post['post_id']}/comments", "comment_id", {"text": "once"}, {"text": "another"}),
        ("/media/upload-url", "media_id", picture, picture | {"size": 2000}),
    ]
    for path, name, body, other in creating:
        headers = {"Idempotency-Key": "the same"}
        first, again = [await ana.ask("POST", path, json=body, headers=headers) for _ in range(2)]
        assert first[name] == again[name]
        found = await refused(ana, "POST", path, json=other, headers=headers)
        assert (found.status, found.code) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert (await ana.ask("POST", path, json=body, headers={"Idempotency-Key": "new"}))[name] != first[name]
        for wrong in ("", "x" * 256):
            assert (await refused(ana, "POST", path, json=body, headers={"Idempotency-Key": wrong})).status == 422
    (ben,) = await world.people("ben")
    await ben.ask("POST", "/posts", json=creating[0][3], headers={"Idempotency-Key": "the same"})


async def test_a_twin_at_the_same_time_is_asked_to_wait(world: World) -> None:
    (ana,) = await world.people("ana")
    headers, body = {"Idempotency-Key": "twin"}, {"type": "TEXT", "caption": "once"}
    async with db.act(db.Actor(int(ana.id))) as tx:
        assert await idempotency.begin(tx, "createPost", "twin", b"") is None
        found = await refused(ana, "POST", "/posts", json=body, headers=headers)
        assert (found.status, found.code) == (409, "IDEMPOTENCY_IN_PROGRESS")
        assert found.answer.headers["retry-after"] == "1"
    answers = await asyncio.gather(
        *(ana.http.post("/api/v1/posts", json=body, headers=headers) for _ in range(5)),
    )
    assert {one.status_code for one in answers} <= {201, 409}
    assert len({one.json()["data"]["post_id"] for one in answers if one.is_success}) == 1
    assert len(await ana.home()) == 1


async def test_aliases(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("hello")
    await world.settle()
    for path, bio in ((f"/users/{ana.id}", "by id"), ("/users/@ana", "by name"), ("/users/me", "by me")):
        for method in ("PUT", "PATCH"):
            me = await ana.ask(method, path, json={"bio": f"{bio} {method}"})
            assert (me["bio"], me["username"]) == (f"{bio} {method}", "ana")
        if path != "/users/me":
            found = await refused(ben, "PUT", path, json={"bio": "not mine"})
            assert (found.status, found.code) == (403, "FORBIDDEN")
    for field in ("is_verified", "role"):
        assert (await refused(ana, "PATCH", "/users/me", json={field: True})).code == "FIELD_PROTECTED"
    home = await ana.ask("GET", "/feed/home")
    assert [one["post_id"] for one in home] == [post["post_id"]]
    for alias in ("/feed", "/feed/user/me", f"/feed/user/{ana.id}", "/users/me/posts", "/users/@ana/posts"):
        assert await ana.ask("GET", alias) == home, alias
    assert await ben.follow(ana) == "ACCEPTED"
    assert await ben.follow(ana) == "ACCEPTED"
    assert (await ben.ask("DELETE", "/users/@ana/unfollow")) == {"following": "NONE"}
    assert (await ben.ask("DELETE", f"/users/{ana.id}/follow")) == {"following": "NONE"}
    assert (await refused(ana, "POST", f"/users/{ana.id}/follow")).code == "CANNOT_FOLLOW_SELF"


async def test_pictures_of_posts_by_address(world: World) -> None:
    ana, eve = await world.people("ana", "eve")
    post = await ana.post(pictures=2)
    await world.settle()
    first, second = [one["sources"] | {"jpg": one["urls"]} for one in (await ana.see(post))["media"]]
    base = f"/p/{post['post_id']}"
    first.setdefault("avif", first["webp"])  # small pictures have none
    for size in ("thumb", "medium", "large"):
        for accept, kind in (
            ("image/avif,image/webp,*/*", "avif"),
            ("image/webp,*/*", "webp"),
            ("*/*", "jpg"),
            ("", "jpg"),
        ):
            answer = await eve.http.get(f"{base}/{size}", headers={"Accept": accept})
            assert (answer.status_code, answer.headers["location"]) == (302, first[kind][size]), accept
            assert answer.headers["cache-control"] == "no-cache"
            assert answer.headers["vary"].lower() == "accept"
        for extension in ("jpg", "webp"):
            answer = await world.visitor.http.get(f"{base}/{size}.{extension}?n=2", headers={"Accept": "image/avif"})
            assert answer.headers["location"] == second[extension][size]
            assert (await eve.http.get(answer.headers["location"])).is_success
    for wrong in (
        "/thumb?n=3",
        "/thumb?n=0",
        "/thumb?n=x",
        "/thumb?n=%C2%B2",
        "/thumb?n=" + "9" * 5000,
        "/thumb.gif",
        "/huge",
        "/original",
    ):
        assert (await eve.http.get(base + wrong)).status_code == 404, wrong


async def test_statuses(world: World) -> None:
    (ana,) = await world.people("ana")
    form = {"username": "ben", "email": "ben@example.org", "password": "a long password", "session": "token"}
    statuses: dict[str, int] = {}

    async def send(name: str, method: str, path: str, **more: Any) -> Any:
        answer = await ana.http.request(method, f"/api/v1{path}", **more)
        statuses[name] = answer.status_code
        assert answer.json()["status"] == "success", answer.text
        return answer.json()["data"]

    await send("register", "POST", "/users/register", json=form)
    signed_in = await send(
        "login", "POST", "/users/login", json={"login": "ben", **{k: form[k] for k in ("password", "session")}}
    )
    await send("refresh", "POST", "/users/token/refresh", json={"refresh_token": signed_in["refresh_token"]})
    body = drawn()
    ticket = await send(
        "upload-url",
        "POST",
        "/media/upload-url",
        json={"kind": "IMAGE", "content_type": "image/jpeg", "size": len(body)},
    )
    sent = await ana.http.post(
        ticket["upload"]["url"], data=ticket["upload"]["fields"], files={"file": ("a.jpg", body)}
    )
    assert sent.status_code == 200
    await send("complete", "POST", f"/media/{ticket['media_id']}/complete")
    post = await send("post", "POST", "/posts", json={"type": "IMAGE", "media": [{"media_id": ticket["media_id"]}]})
    await world.settle()
    comment = await send("comment", "POST", f"/posts/{post['post_id']}/comments", json={"text": "hello"})
    for name, method in (("like", "POST"), ("like again", "POST"), ("unlike", "DELETE"), ("unlike again", "DELETE")):
        await send(name, method, f"/posts/{post['post_id']}/like")
    await send("like comment", "POST", f"/comments/{comment['comment_id']}/like")
    assert await send("delete comment", "DELETE", f"/comments/{comment['comment_id']}") == {}
    assert await send("delete", "DELETE", f"/posts/{post['post_id']}") == {}
    await send("restore", "POST", f"/posts/{post['post_id']}/restore")
    await send("wait", "GET", f"/posts/{post['post_id']}/wait?seconds=nan")
    assert await send("logout", "POST", "/users/logout") == {}
    created = {"register": 201, "upload-url": 201, "post": 201, "comment": 201, "complete": 202}
    assert statuses == {name: created.get(name, 200) for name in statuses}
