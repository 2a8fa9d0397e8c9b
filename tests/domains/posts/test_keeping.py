"""Posts saved for later, pinned, put away, handed on, and kept as files."""

from typing import Any

import pytest

from tests.domains.posts.test_editing import in_home, two
from tests.photos import taken
from tests.world import Person, Refused, World
from tintype.domains.feed.reads import viewers
from tintype.entry import verify
from tintype.platform import db


async def saved(person: Person) -> list[str]:
    return [one["post_id"] for one in await person.pages("/users/me/saved", limit=2)]


async def test_saved_posts_are_a_private_list_the_last_one_first(world: World) -> None:
    ana, ben, first = await two(world)
    second, third = await ana.post("second"), await ana.post("third")
    await world.settle()
    await in_home(ben, first)
    for post in (second, first, third, second):
        assert await ben.ask("POST", f"/posts/{post['post_id']}/save") == {"saved": True}
        assert (await in_home(ben, post))["viewer"] == {"reaction": None, "saved": True}
    assert await saved(ben) == [third["post_id"], first["post_id"], second["post_id"]]
    assert await saved(ana) == []
    assert (await ben.see(first))["viewer"]["saved"]
    assert not (await ana.see(first))["viewer"]["saved"]
    await ben.like(first)
    assert (await in_home(ben, first))["viewer"] == {"reaction": "LIKE", "saved": True}
    assert await ben.ask("DELETE", f"/posts/{first['post_id']}/save") == {"saved": False}
    await ben.ask("DELETE", f"/posts/{first['post_id']}/save")
    assert (await in_home(ben, first))["viewer"] == {"reaction": "LIKE", "saved": False}
    await ana.delete(second)
    await ana.ask("POST", f"/posts/{third['post_id']}/archive")
    assert await saved(ben) == []
    with pytest.raises(Refused) as refused:
        await ben.ask("POST", f"/posts/{third['post_id']}/save")
    assert refused.value.status == 404
    await ben.ask("DELETE", f"/posts/{third['post_id']}/save")
    with pytest.raises(Refused):
        await world.visitor.ask("GET", "/users/me/saved")


async def test_what_is_below_the_head_knows_what_was_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewers, "HEAD", 2)
    ana, ben, first = await two(world)
    for n in range(4):
        await ana.post(f"post {n}")
    await ben.ask("POST", f"/posts/{first['post_id']}/save")
    await world.settle()
    viewers.clear()
    cards = await ben.pages("/feed/home")
    assert [one["viewer"]["saved"] for one in cards] == [False] * 4 + [True]
    await ana.ask("PUT", f"/posts/{first['post_id']}", json={"caption": "changed", "hide_like_counts": True})
    await ben.like(first)
    assert [one["like_count"] for one in await ben.pages("/feed/home")][-1] is None
    last = (await ana.pages("/feed/home"))[-1]
    assert (last["caption"], last["viewer"]["saved"]) == ("changed", False)


async def test_an_archive_is_its_owners(world: World) -> None:
    ana, ben, post = await two(world)
    await ana.ask("POST", f"/posts/{post['post_id']}/archive")
    assert [one["status"] for one in await ana.pages("/users/me/archived")] == ["archived"]
    assert await ben.pages("/users/me/archived") == []
    await ana.ask("POST", f"/posts/{post['post_id']}/unarchive")
    assert await ana.pages("/users/me/archived") == []


async def listed(person: Person, of: Person, limit: int = 2) -> list[tuple[str, bool]]:
    return [(one["caption"], one.get("pinned", False)) for one in await person.pages(f"/users/{of.id}/posts", limit)]


@pytest.mark.parametrize("limit", [1, 2, 3, 20])
async def test_pinned_posts_stand_first_and_once(world: World, limit: int) -> None:
    ana, ben = await world.people("ana", "ben")
    posts = [await ana.post(f"post {n}") for n in range(5)]
    await world.settle()
    for n in (0, 2, 0):
        assert (await ana.ask("POST", f"/posts/{posts[n]['post_id']}/pin"))["pinned"] is True
    expected = [("post 2", True), ("post 0", True), ("post 4", False), ("post 3", False), ("post 1", False)]
    assert await listed(ben, ana, limit) == expected
    assert "pinned" not in await ben.see(posts[0])


async def test_pages_hold_nothing_twice_when_pins_change_between_them(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    posts = [await ana.post(f"post {n}") for n in range(4)]
    await world.settle()
    await ana.ask("POST", f"/posts/{posts[0]['post_id']}/pin")
    page = await ben.answer("GET", f"/users/{ana.id}/posts", params={"limit": 2})
    await ana.ask("DELETE", f"/posts/{posts[0]['post_id']}/pin")
    await ana.ask("POST", f"/posts/{posts[1]['post_id']}/pin")
    rest = await ben.answer(
        "GET", f"/users/{ana.id}/posts", params={"cursor": page["pagination"]["next_cursor"], "limit": 5}
    )
    assert [one["caption"] for one in page["data"] + rest["data"]] == ["post 0", "post 3", "post 2", "post 1"]
    with pytest.raises(Refused) as refused:
        await ben.ask("GET", "/users/me/saved", params={"cursor": page["pagination"]["next_cursor"]})
    assert refused.value.code == "CURSOR_INVALID"


async def test_three_posts_may_be_pinned(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    posts = [await ana.post(f"post {n}") for n in range(4)]
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", f"/posts/{posts[0]['post_id']}/pin")
    assert (refused.value.status, refused.value.code) == (409, "NOT_PUBLISHED")
    await world.settle()
    for post in posts[:3]:
        await ana.ask("POST", f"/posts/{post['post_id']}/pin")
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", f"/posts/{posts[3]['post_id']}/pin")
    assert (refused.value.status, refused.value.code) == (409, "PINS_FULL")
    with pytest.raises(Refused) as refused:
        await ben.ask("POST", f"/posts/{posts[0]['post_id']}/pin")
    assert refused.value.status == 403
    await ana.ask("POST", f"/posts/{posts[0]['post_id']}/archive")
    await ana.ask("POST", f"/posts/{posts[3]['post_id']}/pin")
    await ana.ask("DELETE", f"/posts/{posts[3]['post_id']}/pin")
    await ana.ask("DELETE", f"/posts/{posts[3]['post_id']}/pin")
    assert [one for one, pinned in await listed(ben, ana) if pinned] == ["post 2", "post 1"]


async def test_an_account_counts_once_a_shared_post(world: World) -> None:
    ana, ben, post = await two(world)
    address = f"http://127.0.0.1:8000/p/{post['post_id']}"
    told = [await one.ask("POST", f"/posts/{post['post_id']}/share") for one in (ben, ben, ana)]
    assert told == [{"share_count": 1, "url": address}] * 3
    await world.settle()
    assert (await in_home(ben, post))["share_count"] == 2
    assert (await ben.ask("POST", f"/posts/{post['post_id']}/share"))["share_count"] == 2
    assert await verify.run(what="counts") == []
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: a count that is wrong\nupdate post_counts set shares = 7")
        await tx.run("-- tests: not counted\nupdate shares set counted = false where user_id = $1", int(ana.id))
    assert {one.kind for one in await verify.run(what="counts", repair=True)} == {"count.post", "uncounted.share"}
    assert await verify.run(what="counts") == []
    assert (await ben.see(post))["share_count"] == 2


async def fetched(person: Any, path: str, **headers: str) -> Any:
    return await person.http.get(f"/api/v1{path}", headers=headers)


async def test_ones_own_upload_comes_back_untouched_also_in_parts(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    body = taken()
    media_id = await ana.upload(body)
    await world.settle()
    whole = await fetched(ana, f"/media/{media_id}/original")
    assert (whole.status_code, whole.content, whole.headers["accept-ranges"]) == (200, body, "bytes")
    assert whole.headers["content-disposition"].startswith('attachment; filename="')
    for asked, start, end in (
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, len(body)),
        ("bytes=-5", len(body) - 5, len(body)),
    ):
        part = await fetched(ana, f"/media/{media_id}/original", Range=asked)
        assert (part.status_code, part.content) == (206, body[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{len(body)}"
    for odd in ("bytes=5-2", "bytes=-", "lines=1-2", "bytes=0-1,4-5"):
        assert (await fetched(ana, f"/media/{media_id}/original", Range=odd)).status_code == 200
    beyond = await fetched(ana, f"/media/{media_id}/original", Range=f"bytes={len(body)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(body)}")
    assert (await fetched(ben, f"/media/{media_id}/original")).status_code == 404


async def test_others_keep_a_picture_where_its_author_allows_it(world: World) -> None:
    ana, ben, post = await two(world, pictures=1)
    (medium,) = post["media"]
    path = f"/media/{medium['media_id']}/download"
    refused = await fetched(ben, path)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "DOWNLOAD_NOT_ALLOWED")
    assert (await fetched(ana, path)).status_code == 200
    await ana.ask("PUT", f"/posts/{post['post_id']}", json={"download_allowed": True})
    given = await fetched(ben, path)
    assert (given.status_code, given.headers["content-type"]) == (200, "image/jpeg")
    assert given.content.startswith(b"\xff\xd8")
    assert (await fetched(world.visitor, path)).status_code == 200
    await ana.ask("PUT", f"/media/{medium['media_id']}/edit", json={"filter": "juno"})
    await world.settle()
    edited = await fetched(ben, path)
    assert edited.status_code == 200
    assert edited.content != given.content
    await ana.ask("POST", f"/users/{ben.id}/block")
    assert (await fetched(ben, path)).status_code == 404
    assert (await fetched(ben, "/media/1/download")).status_code == 404


async def test_what_exif_tells_is_for_its_owner_until_they_say_so(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    media_id = await ana.upload(taken())
    post = await ana.ask("POST", "/posts", json={"type": "IMAGE", "media": [{"media_id": media_id}]})
    await world.settle()
    exif = (await ana.ask("GET", f"/media/{media_id}"))["exif"]
    assert set(exif) == {"taken_at", "camera", "lat", "lng"}
    assert "exif" not in (await ana.see(post))["media"][0]
    assert "taken_at" not in (await ben.see(post))["media"][0]
    await ana.ask("PUT", f"/posts/{post['post_id']}", json={"show_taken_at": True})
    seen = (await ben.see(post))["media"][0]
    assert seen["taken_at"] == exif["taken_at"]
    assert "exif" not in seen
