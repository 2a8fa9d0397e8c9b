"""Avatars: made from one's own unused pictures, shown everywhere, for everybody, and gone without a trace."""

import re
from typing import Any

import pytest
import pyvips

from tests.world import Person, World, drawn
from tintype.domains.media import consumers
from tintype.entry import verify
from tintype.platform import db
from tintype.platform.imaging.messages import AVATARS
from tintype.platform.imaging.pool import PictureRefused, Pool
from tintype.platform.objects import port as objects

ADDRESS = re.compile(r"/m/\d+/[0-9a-f]{32}/150\.jpg")


async def wear(world: World, person: Person, body: bytes | None = None, **more: Any) -> str:
    media_id = await person.upload(body)
    await person.ask("POST", "/users/me/avatar", json={"media_id": media_id, **more})
    await world.settle()
    return media_id


async def shown(person: Person) -> str | None:
    found: str | None = (await person.ask("GET", "/users/me"))["avatar_url"]
    return found


async def media_of(person: Person) -> list[Any]:
    async with db.read() as r:
        return list(await r.rows("select * from media where owner_id = $1 order by id", int(person.id)))


async def test_an_avatar_is_shown_wherever_its_owner_is(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("sea", pictures=1)
    comment = await ana.comment(post, "hello")
    await world.settle()
    assert (await ben.see(post))["author"]["avatar_url"] is None
    await wear(world, ana, drawn(3, 1000, 800))
    address = await shown(ana)
    assert address is not None
    assert ADDRESS.fullmatch(address)
    assert (await ben.see(post))["author"]["avatar_url"] == address
    assert (await ben.ask("GET", f"/users/{ana.id}"))["avatar_url"] == address
    (seen,) = await ben.ask("GET", f"/posts/{post['post_id']}/comments")
    assert (seen["comment_id"], seen["author"]["avatar_url"]) == (comment["comment_id"], address)
    for size, side in AVATARS.items():
        for extension in ("jpg", "webp"):
            answer = await world.visitor.http.get(address.replace("150.jpg", f"{size}.{extension}"))
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            served = pyvips.Image.new_from_buffer(answer.content, "")
            assert (served.width, served.height) == (side, side)


async def test_cards_that_were_kept_show_the_new_picture(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    await ana.post("sea", pictures=1)
    await world.settle()
    (before,) = await ben.ask("GET", "/feed/home")
    assert before["author"]["avatar_url"] is None
    await wear(world, ana)
    (after,) = await ben.ask("GET", "/feed/home")
    assert after["author"]["avatar_url"] == await shown(ana)
    await ana.ask("DELETE", "/users/me/avatar")
    await world.settle()
    (bare,) = await ben.ask("GET", "/feed/home")
    assert bare["author"]["avatar_url"] is None


async def test_the_crop_is_followed_and_made_square(world: World) -> None:
    (ana,) = await world.people("ana")
    body = bytes(
        pyvips.Image.black(400, 200).draw_rect([255], 200, 0, 200, 200, fill=True).jpegsave_buffer()
    )  # black to the left, white to the right
    await wear(world, ana, body, crop={"x": 0.6, "y": 0, "width": 0.4, "height": 1})
    address = await shown(ana)
    assert address is not None
    served = pyvips.Image.new_from_buffer((await ana.http.get(address)).content, "")
    assert served.avg() > 250
    row = (await media_of(ana))[0]
    assert (row["width"], row["height"]) == (160, 160)
    await wear(world, ana, body)
    address = await shown(ana)
    assert address is not None
    served = pyvips.Image.new_from_buffer((await ana.http.get(address)).content, "")
    assert 100 < served.avg() < 155


async def test_the_redirect_goes_by_what_the_client_takes(world: World) -> None:
    (ana,) = await world.people("ana")
    missing = await world.visitor.http.get(f"/avatars/{ana.id}/150")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "AVATAR_NOT_FOUND")
    await wear(world, ana)
    address = str(await shown(ana)).removesuffix("150.jpg")

    async def leads(path: str, accept: str = "*/*") -> str:
        answer = await world.visitor.http.get(f"/avatars/{path}", headers={"Accept": accept})
        assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-cache", "Accept")
        return str(answer.headers["location"]).removeprefix(address)

    assert await leads(f"{ana.id}/150") == "150.jpg"
    assert await leads(f"{ana.id}/320", "image/avif,image/webp,*/*") == "320.webp"
    assert await leads(f"@{ana.name}/640.webp") == "640.webp"
    assert await leads(f"{ana.id}/640.jpg", "image/webp") == "640.jpg"
    for path in ("150.png", "100", "large"):
        assert (await world.visitor.http.get(f"/avatars/{ana.id}/{path}")).status_code == 404


async def test_a_picture_is_for_a_post_or_for_an_avatar(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("sea", pictures=1)
    in_post = post["media"][0]["media_id"]
    answer = await ana.http.post("/api/v1/users/me/avatar", json={"media_id": in_post})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "MEDIA_IN_USE")
    worn = await wear(world, ana)
    body = {"type": "IMAGE", "media": [{"media_id": worn}]}
    answer = await ana.http.post("/api/v1/posts", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "MEDIA_IN_USE")
    answer = await ana.http.put(f"/api/v1/media/{worn}/edit", json={"warmth": 1})
    assert answer.json()["error"]["code"] == "MEDIA_IN_USE"
    answer = await ben.http.post("/api/v1/users/me/avatar", json={"media_id": worn})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "MEDIA_NOT_FOUND")


async def test_another_avatar_takes_the_place_of_the_first(world: World) -> None:
    (ana,) = await world.people("ana")
    first = await wear(world, ana)
    before = str(await shown(ana))
    second = await wear(world, ana, drawn(2))
    assert str(await shown(ana)) != before
    assert (await ana.http.get(before)).status_code == 404
    await consumers.purge({})
    assert [str(row["id"]) for row in await media_of(ana)] == [second]
    assert await objects.store().stat(objects.upload_key(int(first))) is None


async def test_of_two_asked_for_at_once_the_last_stays(world: World) -> None:
    (ana,) = await world.people("ana")
    first, second = await ana.upload(), await ana.upload(drawn(2))
    for media_id in (first, second):
        await ana.ask("POST", "/users/me/avatar", json={"media_id": media_id})
    await world.settle()
    assert second in str(await shown(ana))


async def test_the_same_picture_is_cut_anew(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await wear(world, ana, drawn(1, 400, 300))
    before = str(await shown(ana))
    crop = {"x": 0, "y": 0, "width": 0.5, "height": 0.5}
    await ana.ask("POST", "/users/me/avatar", json={"media_id": media_id, "crop": crop})
    assert await shown(ana) == before
    assert (await ana.http.get(before)).status_code == 200
    await world.settle()
    after = str(await shown(ana))
    assert after != before
    assert media_id in after
    assert (await ana.http.get(after)).status_code == 200
    assert (await ana.http.get(before)).status_code == 404


async def test_without_an_avatar_nothing_of_it_is_left(world: World) -> None:
    (ana,) = await world.people("ana")
    await wear(world, ana)
    address = str(await shown(ana))
    waiting = await ana.upload(drawn(2))
    await ana.ask("POST", "/users/me/avatar", json={"media_id": waiting})
    await ana.ask("DELETE", "/users/me/avatar")
    await ana.ask("DELETE", "/users/me/avatar")
    await world.settle()
    assert await shown(ana) is None
    assert (await world.visitor.http.get(address)).status_code == 404
    await consumers.purge({})
    assert await media_of(ana) == []


async def test_that_of_a_private_account_is_for_everybody(world: World) -> None:
    (ana,) = await world.people("ana")
    await wear(world, ana)
    address = str(await shown(ana))
    await ana.ask("PUT", "/users/me", json={"is_private": True})
    await world.settle()
    assert await shown(ana) == address
    assert (await world.visitor.http.get(address)).status_code == 200


async def test_what_is_no_picture_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (ana,) = await world.people("ana")
    await wear(world, ana)
    before = await shown(ana)

    async def refuses(*_: object) -> None:
        raise PictureRefused("DAMAGED")

    monkeypatch.setattr(Pool, "decode", refuses)
    broken = await wear(world, ana)
    assert (await ana.ask("GET", f"/media/{broken}"))["status"] == "rejected"
    assert await shown(ana) == before
    answer = await ana.http.post("/api/v1/users/me/avatar", json={"media_id": broken})
    assert answer.json()["error"]["code"] == "MEDIA_REJECTED"


async def test_field_errors(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload()
    crop = {"x": 0.9, "y": 0, "width": 0.5, "height": 1}
    answer = await ana.http.post("/api/v1/users/me/avatar", json={"media_id": media_id, "crop": crop})
    assert answer.json()["error"]["details"]["fields"] == {"crop": "must lie within the picture"}
    answer = await ana.http.post("/api/v1/users/me/avatar", json={"media_id": "x"})
    assert answer.status_code in (404, 422)


async def test_verify_finds_and_mends_what_an_account_is_shown_with(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await wear(world, ana)
    await wear(world, ben)
    address = await shown(ana)
    assert await verify.run(what="orphans") == []
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update accounts set avatar_key = 'other' where id = $1", int(ana.id))
        await tx.run("delete from media where owner_id = $1", int(ben.id))
    found = await verify.run(what="orphans", repair=True)
    assert {(one.kind, one.subject, one.repaired) for one in found} == {
        ("accounts.avatar", f"account {person.id}", True) for person in (ana, ben)
    }
    assert await shown(ana) == address
    assert await shown(ben) is None
    assert await verify.run(what="orphans") == []
