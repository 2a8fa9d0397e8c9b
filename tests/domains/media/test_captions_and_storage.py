"""Captions of videos, uploads in parts over the API, and the storage that an account takes."""

import base64
import hashlib
import os
from typing import Any

import pytest

from tests import clips
from tests.world import Person, Refused, World, drawn
from tintype.domains.media import actions, rules
from tintype.entry import verify
from tintype.platform import db
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import PART_BYTES, Room, files_prefix, upload_key
from tintype.platform.video import captions

VTT = """\ufeffWEBVTT - a title

STYLE
::cue { color: red }

NOTE a note

one
00:01.000 --> 00:02.500 align:start line:10% onclick:evil
<b>Hello</b> <script>alert(1)</script> <v Ana>Tom & Jerry</v> &lt;

00:00:00.000 --> 00:01.000
first
"""
WRITTEN = """WEBVTT

00:00:00.000 --> 00:00:01.000
first

00:00:01.000 --> 00:00:02.500 align:start line:10%
<b>Hello</b> alert(1) <v Ana>Tom &amp; Jerry</v> &lt;
"""


def test_captions_are_written_anew_from_what_was_understood() -> None:
    assert captions.written(captions.parse(VTT)) == WRITTEN
    assert captions.written(captions.parse(WRITTEN)) == WRITTEN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must begin with WEBVTT"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\na", "must begin with WEBVTT"),
        ("WEBVTT\n\nwords", "holds no cue"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\na", "line 3: ends before it begins"),
        ("WEBVTT\n\n0:99 --> soon\na", "line 3: not a time"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "a" * 1_001, "line 3: a cue is at most"),
        ("WEBVTT\n" + "\n00:01.000 --> 00:02.000\na\n" * 3_001, "at most 3000 cues"),
        ("WEBVTT" + "a" * 200_000, "is longer than 200000 characters"),
    ],
)
def test_what_is_no_captions(text: str, said: str) -> None:
    with pytest.raises(captions.NotCaptions, match=said):
        captions.parse(text)


async def test_captions_come_with_the_video_and_go(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    media_id = await clips.upload(ana, clips.clip())
    post = await ana.ask("POST", "/posts", json={"type": "VIDEO", "media": [{"media_id": media_id}]})
    await world.settle()
    assert (await ben.see(post))["media"][0].get("captions", []) == []
    path = f"/media/{media_id}/captions"
    await ana.ask("PUT", path, json={"language": "de", "text": VTT, "label": "Deutsch"})
    set_ = await ana.ask("PATCH", path, json={"language": "en", "text": VTT})
    assert [(one["language"], one["label"]) for one in set_["captions"]] == [("de", "Deutsch"), ("en", "en")]
    await world.settle()
    (track, _) = (await ben.see(post))["media"][0]["captions"]
    answer = await world.visitor.http.get(track["url"])
    assert (answer.text, answer.headers["content-type"]) == (WRITTEN, "text/vtt; charset=utf-8")
    assert answer.headers["x-content-type-options"] == "nosniff"
    await ana.ask("PUT", path, json={"language": "de", "text": "WEBVTT\n\n00:00.000 --> 00:01.000\nneu"})
    assert (await world.visitor.http.get(track["url"])).status_code == 404, "under its address nothing else is found"
    left = await ana.ask("DELETE", f"{path}/de")
    assert [one["language"] for one in left["captions"]] == ["en"]
    await ana.ask("DELETE", f"{path}/de")
    there = await objects.store().sizes(files_prefix(int(media_id)))
    assert sum(name.endswith(".vtt") for name in there) == 1
    for body, field in [({"language": "e n", "text": VTT}, "language"), ({"language": "en", "text": "x"}, "text")]:
        with pytest.raises(Refused) as refused:
            await ana.ask("PUT", path, json=body)
        assert set(refused.value.details["fields"]) == {field}
    with pytest.raises(Refused) as refused:
        await ben.ask("PUT", path, json={"language": "en", "text": VTT})
    assert refused.value.status == 404
    picture = await ana.upload(drawn())
    with pytest.raises(Refused) as refused:
        await ana.ask("PUT", f"/media/{picture}/captions", json={"language": "en", "text": VTT})
    assert refused.value.code == "MEDIA_NOT_A_VIDEO"


async def test_a_video_has_so_many_captions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (ana,) = await world.people("ana")
    monkeypatch.setattr(rules, "CAPTION_TRACKS", 1)
    path = f"/media/{await clips.upload(ana, clips.clip())}/captions"
    await ana.ask("PUT", path, json={"language": "en", "text": VTT})
    await ana.ask("PUT", path, json={"language": "en", "text": VTT, "label": "English"})
    with pytest.raises(Refused) as refused:
        await ana.ask("PUT", path, json={"language": "fr", "text": VTT})
    assert set(refused.value.details["fields"]) == {"language"}


def padded(size: int) -> bytes:
    """A clip with so many bytes that mean nothing behind it."""
    clip = clips.clip()
    rest = size - len(clip)
    return clip + rest.to_bytes(4, "big") + b"free" + os.urandom(rest - 8)


async def test_what_is_large_is_sent_in_parts_and_gone_on_with(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    body = padded(rules.WHOLE_BYTES + 100)
    ticket = await clips.ticket(ana, body)
    way, media_id = ticket["upload"], ticket["media_id"]
    assert (way["method"], way["part_size"]) == ("MULTIPART", PART_BYTES)
    assert [one["number"] for one in way["parts"]] == [1, 2, 3]
    for number in (1, 3):
        piece = body[(number - 1) * PART_BYTES : number * PART_BYTES]
        digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
        url = way["parts"][number - 1]["url"]
        wrong = await ana.http.put(url, content=piece, headers={"Content-Digest": f"sha-256=:{digest[::-1]}:"})
        assert wrong.status_code == 422
        sent = await world.visitor.http.put(url, content=piece, headers={"Content-Digest": f"sha-256=:{digest}:"})
        assert sent.json()["data"]["sha256"] == hashlib.sha256(piece).hexdigest()
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", f"/media/{media_id}/complete")
    assert (refused.value.status, refused.value.code) == (409, "UPLOAD_MISSING")
    state = await ana.ask("GET", f"/media/{media_id}/parts")
    assert [one["arrived"] for one in state["parts"]] == [True, False, True]
    assert state["parts"][2]["size"] == 100
    with pytest.raises(Refused) as refused:
        await ben.ask("GET", f"/media/{media_id}/parts")
    assert refused.value.status == 404
    missing = next(one for one in state["parts"] if not one["arrived"])
    assert (await ana.http.put(missing["url"], content=body[PART_BYTES : 2 * PART_BYTES])).is_success
    await ana.ask("POST", f"/media/{media_id}/complete")
    for method, path in [("GET", f"/api/v1/media/{media_id}/parts"), ("PUT", missing["url"])]:
        closed = await ana.http.request(method, path, content=b"x" if method == "PUT" else None)
        assert closed.json()["error"]["code"] == "UPLOAD_CLOSED"
    await world.settle()
    assert (await ana.ask("GET", f"/media/{media_id}"))["status"] == "ready"
    stored = b"".join([chunk async for chunk in objects.store().iter_range(upload_key(int(media_id)))])
    assert stored == body


async def test_parts_of_an_upload_that_ran_out_are_swept(world: World) -> None:
    (ana,) = await world.people("ana")
    ticket = await clips.ticket(ana, bytes(rules.WHOLE_BYTES + 1))
    media_id = int(ticket["media_id"])
    await ana.http.put(ticket["upload"]["parts"][2]["url"], content=b"\0")
    async with db.act(db.SYSTEM) as tx:
        upload_id = await tx.value("select upload_id from media where id = $1", media_id)
        await tx.run("update media set expires_at = expires_at - interval '1 day' where id = $1", media_id)
    assert len(await objects.store().parts(upload_id)) == 1
    async with db.act(db.SYSTEM) as tx:
        await actions.sweep(tx)
    await world.settle()
    assert await objects.store().parts(upload_id) == []
    assert (await ana.ask("GET", f"/media/{media_id}"))["rejection"]["code"] == "UPLOAD_EXPIRED"


async def test_what_is_not_in_parts_has_none(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload(drawn())
    with pytest.raises(Refused) as refused:
        await ana.ask("GET", f"/media/{media_id}/parts")
    assert refused.value.code == "UPLOAD_NOT_IN_PARTS"


async def used(person: Person) -> int:
    found: dict[str, Any] = await person.ask("GET", "/users/me/storage")
    return int(found["used"])


async def on_disk(person: Person) -> int:
    async with db.read() as r:
        media = [row["id"] for row in await r.rows("select id from media where owner_id = $1", int(person.id))]
    total = 0
    for one in media:
        upload = await objects.store().stat(upload_key(one))
        total += (upload.size if upload else 0) + sum((await objects.store().sizes(files_prefix(one))).values())
    return total


async def test_use_is_what_the_store_holds_and_verify_says_so(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    assert await ana.ask("GET", "/users/me/storage") == {"used": 0, "quota": 10 * 1024**3}
    picture = await ana.upload(drawn())
    film = await clips.upload(ana, clips.clip())
    await world.settle()
    await ana.ask("PUT", f"/media/{film}/captions", json={"language": "en", "text": VTT})
    await ana.ask("PUT", f"/media/{picture}/edit", json={"brightness": 20})
    await world.settle()
    async with db.act(db.SYSTEM) as tx:  # what the edit took the place of goes half a minute later
        await tx.run("update pgqueuer set execute_after = now() where entrypoint = 'media.discard'")
    await world.settle()
    assert await used(ana) == await on_disk(ana) > 0
    assert await used(ben) == 0
    assert await verify.run(what="storage") == []
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update media set stream_size = 1, size = 1 where id = $1", int(film))
    assert [one.kind for one in await verify.run(what="storage", repair=True)] == ["storage.media"]
    assert await verify.run(what="storage") == []
    assert await used(ana) == await on_disk(ana)


async def test_uploads_beyond_the_quota_are_refused_before_they_are_sent(world: World) -> None:
    (ana,) = await world.people("ana")
    wish = {"kind": "IMAGE", "content_type": "image/jpeg", "size": 600}
    actions.use(1_000, 0)
    try:
        await ana.ask("POST", "/media/upload-url", json=wish)
        with pytest.raises(Refused) as refused:
            await ana.ask("POST", "/media/upload-url", json=wish)
        assert (refused.value.status, refused.value.code) == (507, "QUOTA_FULL")
        await ana.ask("POST", "/media/upload-url", json=wish | {"size": 400})
        actions.use(0, 0)
        await ana.ask("POST", "/media/upload-url", json=wish)
        assert await ana.ask("GET", "/users/me/storage") == {"used": 0, "quota": None}
    finally:
        actions.use(world.settings.quota, world.settings.storage_reserve)


async def test_uploads_that_the_disk_has_no_room_for_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (ana,) = await world.people("ana")

    async def room() -> Room:
        return Room(free=100_000, total=1_000_000)

    monkeypatch.setattr(objects.store(), "room", room)
    wish = {"kind": "IMAGE", "content_type": "image/jpeg", "size": 50_000}
    await ana.ask("POST", "/media/upload-url", json=wish)
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", "/media/upload-url", json=wish | {"size": 50_001})
    assert (refused.value.status, refused.value.code) == (507, "STORAGE_FULL")


def test_what_uploads_leave_free() -> None:
    assert rules.reserve(1_000, 1_000_000) == 1_000
    assert rules.reserve(1_000, 10_000) == 500
