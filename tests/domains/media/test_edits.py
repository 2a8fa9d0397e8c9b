"""Edits: what may be asked, when the files follow, and what becomes of the files before."""

import json
from typing import Any

import httpx2
import pytest
import pyvips

from tests.world import Person, World, drawn
from tintype.domains.media import actions, consumers, rules
from tintype.platform import clock, db
from tintype.platform.errors import Invalid
from tintype.platform.imaging.edits import NO_EDIT, Crop, Edit
from tintype.platform.imaging.pool import PictureRefused, Pool
from tintype.platform.objects import port as objects

HALF = {"x": 0.25, "y": 0, "width": 0.5, "height": 1}


async def row_of(media_id: str) -> Any:
    async with db.read() as r:
        return await r.row("select * from media where id = $1", int(media_id))


async def ready(world: World, person: Person, body: bytes | None = None) -> str:
    media_id = await person.upload(body)
    await world.settle()
    return media_id


async def picture(person: Person, address: str) -> pyvips.Image:
    answer = await person.http.get(address)
    assert answer.status_code == 200, answer.text
    return pyvips.Image.new_from_buffer(answer.content, "")


def test_a_change_keeps_what_it_does_not_name() -> None:
    before = Edit(filter="moon", crop=Crop(0.1, 0.1, 0.5, 0.5), warmth=7)
    assert rules.edited(before, rules.EditChange(rotate=90)) == Edit("moon", 100, before.crop, 90, warmth=7)
    assert rules.edited(before, rules.EditChange(crop=None, straighten=1.23456)).straighten == 1.23
    assert rules.edited(before, rules.EditChange(crop=Crop(0, 0, 1, 1))).crop is None
    assert rules.edited(NO_EDIT, rules.EditChange(crop=Crop(0.5, 0, 0.50004, 1))).crop == Crop(0.5, 0, 0.5, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (rules.EditChange(filter="sepia"), "filter"),
        (rules.EditChange(crop=Crop(0.6, 0, 0.5, 1)), "crop"),
        (rules.EditChange(crop=Crop(0, 0, 0.04, 1)), "crop"),
    ],
)
def test_what_cannot_be_is_told_by_field(change: rules.EditChange, field: str) -> None:
    with pytest.raises(Invalid) as found:
        rules.edited(NO_EDIT, change)
    assert list(found.value.details["fields"]) == [field]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rotate": 45}, "rotate"),
        ({"straighten": 46}, "straighten"),
        ({"brightness": 101}, "brightness"),
        ({"strength": -1}, "strength"),
        ({"crop": {"x": 2, "y": 0, "width": 1, "height": 1}}, "crop.x"),
        ({"filter": "nothing of ours"}, "filter"),
    ],
)
async def test_the_api_names_the_field(world: World, body: dict[str, Any], field: str) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload()
    answer = await ana.http.put(f"/api/v1/media/{media_id}/edit", json=body)
    assert answer.status_code == 422
    assert field in answer.json()["error"]["details"]["fields"]


async def test_a_filter_named_with_the_upload_is_in_its_first_files(world: World) -> None:
    (ana,) = await world.people("ana")
    body = drawn()
    ask = {"kind": "IMAGE", "content_type": "image/jpeg", "size": len(body), "filter": "inkwell"}
    ticket = await ana.ask("POST", "/media/upload-url", json=ask)
    form = ticket["upload"]
    await ana.http.post(form["url"], data=form["fields"], files={"file": ("a.jpg", body, "image/jpeg")})
    await ana.ask("POST", f"/media/{ticket['media_id']}/complete")
    await world.settle()
    found = await ana.ask("GET", f"/media/{ticket['media_id']}")
    assert found["edit"]["filter"] == "inkwell"
    served = await picture(ana, found["urls"]["large"])
    bands = [served.extract_band(n) for n in range(3)]
    assert (bands[0] - bands[2]).abs().max() < 24  # what JPEG leaves of grey
    wrong = await ana.http.post("/api/v1/media/upload-url", json=ask | {"filter": "sepia"})
    assert wrong.json()["error"]["details"]["fields"] == {"filter": "is none of the filters"}


async def test_an_unused_picture_is_made_anew_with_its_crop(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ready(world, ana)
    before = await ana.ask("GET", f"/media/{media_id}")
    assert "edit" not in before
    edited = await ana.ask("PUT", f"/media/{media_id}/edit", json={"crop": HALF, "filter": "moon"})
    assert edited["status"] == "uploaded"
    await world.settle()
    after = await ana.ask("GET", f"/media/{media_id}")
    assert (after["status"], after["width"], after["height"]) == ("ready", 120, 160)
    assert after["edit"] == {
        "filter": "moon", "strength": 100, "crop": HALF, "rotate": 0, "straighten": 0.0,
        "brightness": 0, "contrast": 0, "saturation": 0, "warmth": 0,
    }  # fmt: skip
    assert after["blurhash"] != before["blurhash"]
    served = await picture(ana, after["urls"]["large"])
    assert (served.width, served.height) == (120, 160)
    assert (await ana.http.get(before["urls"]["large"])).status_code == 404
    row = await row_of(media_id)
    assert (row["source_width"], row["source_height"], row["render"]) == (240, 160, 1)
    untouched = await ana.http.get(f"/api/v1/media/{media_id}/original")
    assert pyvips.Image.new_from_buffer(untouched.content, "").width == 240
    turned = await ana.ask("PATCH", f"/media/{media_id}/edit", json={"rotate": 90, "crop": None})
    assert turned["edit"]["filter"] == "moon"
    await world.settle()
    again = await ana.ask("GET", f"/media/{media_id}")
    assert (again["width"], again["height"]) == (160, 240)


async def test_the_same_edit_again_changes_nothing(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ready(world, ana)
    for _ in range(2):
        await ana.ask("PUT", f"/media/{media_id}/edit", json={"warmth": 10})
        await world.settle()
    assert (await row_of(media_id))["edit_version"] == 1


async def test_a_post_shows_the_old_picture_until_the_new_is_there(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("sea", pictures=1)
    await world.settle()
    (before,) = (await ben.see(post))["media"]
    media_id = before["media_id"]
    edited = await ana.ask("PUT", f"/media/{media_id}/edit", json={"filter": "lofi", "crop": HALF})
    assert edited["status"] == "ready"
    assert (await ben.see(post))["media"] == [before]
    assert (await ben.http.get(before["urls"]["large"])).status_code == 200
    await world.settle()
    (after,) = (await ben.see(post))["media"]
    assert (after["width"], after["height"]) == (120, 160)
    assert after["urls"]["large"] != before["urls"]["large"]
    assert "edit" not in after
    assert (await ben.http.get(after["urls"]["large"])).status_code == 200
    assert (await ben.http.get(before["urls"]["large"])).status_code == 404
    plain = await ana.ask("PUT", f"/media/{media_id}/edit", json={"filter": "none", "crop": None})
    assert "edit" not in plain
    await world.settle()
    (restored,) = (await ben.see(post))["media"]
    assert (restored["width"], restored["blurhash"]) == (before["width"], before["blurhash"])


async def test_files_that_were_replaced_go(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ready(world, ana)
    store = objects.store()
    old = objects.file_key(int(media_id), "large.jpg")
    assert await store.stat(old) is not None
    await ana.ask("PUT", f"/media/{media_id}/edit", json={"warmth": 5})
    await world.settle()
    async with db.read() as r:
        job = await r.row("select payload from pgqueuer where entrypoint = 'media.discard' order by id desc")
    assert job is not None
    names = {one.rpartition("/")[2] for one in json.loads(job["payload"])["places"]}
    assert {"large.jpg", "thumb.webp"} <= names
    await consumers.discard(json.loads(job["payload"]))
    assert await store.stat(old) is None
    assert await store.stat(objects.file_key(int(media_id), "large.jpg", 1)) is not None


async def test_an_edit_while_the_picture_is_made_is_in_what_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload()
    decode = Pool.decode
    asked: list[Any] = []

    async def meanwhile(self: Pool, *given: Any) -> Any:
        if not asked:
            asked.append(await ana.ask("PUT", f"/media/{media_id}/edit", json={"crop": HALF}))
        return await decode(self, *given)

    monkeypatch.setattr(Pool, "decode", meanwhile)
    await consumers.process({"media_id": media_id})
    assert (await row_of(media_id))["status"] == "uploaded"
    assert await objects.store().stat(objects.file_key(int(media_id), "large.jpg")) is None
    await world.settle()
    row = await row_of(media_id)
    assert (row["status"], row["width"]) == ("ready", 120)


async def test_a_render_that_was_overtaken_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post("sea", pictures=1)
    await world.settle()
    media_id = (await ana.see(post))["media"][0]["media_id"]
    await ana.ask("PUT", f"/media/{media_id}/edit", json={"warmth": 10})
    decode = Pool.decode
    asked: list[Any] = []

    async def meanwhile(self: Pool, *given: Any) -> Any:
        if not asked:
            asked.append(await ana.ask("PUT", f"/media/{media_id}/edit", json={"warmth": 20}))
        return await decode(self, *given)

    monkeypatch.setattr(Pool, "decode", meanwhile)
    await consumers.render({"media_id": media_id})
    assert await objects.store().stat(objects.file_key(int(media_id), "large.jpg", 1)) is None
    await world.settle()
    row = await row_of(media_id)
    assert (row["render"], row["rendered"]["warmth"]) == (2, 20)
    await consumers.render({"media_id": media_id})  # there is nothing to do any more


async def test_an_edit_that_cannot_be_made_is_taken_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post("sea", pictures=1)
    await world.settle()
    shown = (await ana.see(post))["media"][0]
    await ana.ask("PUT", f"/media/{shown['media_id']}/edit", json={"straighten": 5})

    async def refuses(*_: object) -> None:
        raise PictureRefused("TOO_COMPLEX")

    monkeypatch.setattr(Pool, "decode", refuses)
    await consumers.render({"media_id": shown["media_id"]})
    row = await row_of(shown["media_id"])
    assert (row["edits"], row["render"]) == (None, row["edit_version"])
    assert (await ana.see(post))["media"][0]["urls"] == shown["urls"]


async def test_a_lost_render_is_found_by_the_sweep(world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post("sea", pictures=1)
    await world.settle()
    media_id = (await ana.see(post))["media"][0]["media_id"]
    await ana.ask("PUT", f"/media/{media_id}/edit", json={"warmth": 10})
    async with db.act(db.SYSTEM) as tx:
        await tx.run("delete from pgqueuer where entrypoint = 'media.render'")
        await tx.run("update media set edited_at = $1", clock.now() - 2 * rules.STUCK_AFTER)
        await actions.sweep(tx)
    await world.settle()
    assert (await row_of(media_id))["render"] == 1


async def test_only_the_owner_edits_and_only_pictures(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    media_id = await ready(world, ana)
    answer: httpx2.Response = await ben.http.put(f"/api/v1/media/{media_id}/edit", json={"warmth": 1})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "MEDIA_NOT_FOUND")
    broken = await ready(world, ana, b"\xff\xd8\xffno picture")
    answer = await ana.http.put(f"/api/v1/media/{broken}/edit", json={"warmth": 1})
    assert answer.json()["error"]["code"] == "MEDIA_REJECTED"
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update media set kind = 'VIDEO' where id = $1", int(media_id))
    answer = await ana.http.put(f"/api/v1/media/{media_id}/edit", json={"warmth": 1})
    assert answer.json()["error"]["code"] == "MEDIA_NOT_EDITABLE"
