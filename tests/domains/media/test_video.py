"""Videos over the API: from the upload to playlists and segments, poster first, and to nobody who may not see them."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import clips, data
from tests.world import Person, Refused, Visitor, World, drawn
from tintype.domains.media import actions, consumers
from tintype.platform import db
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import file_key, files_prefix
from tintype.platform.video import encoder

URI = re.compile(r'^(?!#)(.+)$|URI="([^"]+)"', re.MULTILINE)


async def ready(world: World, person: Person, body: bytes, content_type: str = "video/mp4") -> dict[str, Any]:
    media_id = await clips.upload(person, body, content_type)
    await world.settle()
    found: dict[str, Any] = await person.ask("GET", f"/media/{media_id}")
    return found


async def addresses(visitor: Visitor, master: str) -> dict[str, int]:
    """Every address that a playlist leads to, and what the origin answers."""
    found: dict[str, int] = {}
    waiting = [master]
    while waiting:
        address = waiting.pop()
        answer = await visitor.http.get(address)
        found[address] = answer.status_code
        if answer.is_success and answer.headers["content-type"] == "application/vnd.apple.mpegurl":
            base = address.rpartition("/")[0]
            names = [name or uri for name, uri in URI.findall(answer.text)]
            waiting += [f"{base}/{name}" for name in names if f"{base}/{name}" not in found]
    return found


async def posted(person: Person, medium: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "VIDEO", "caption": "low tide", "media": [{"media_id": medium["media_id"]}]}
    found: dict[str, Any] = await person.ask("POST", "/posts", json=body)
    return found


async def test_a_video_becomes_a_stream_with_a_poster(world: World) -> None:
    (ana,) = await world.people("ana")
    found = await ready(world, ana, clips.clip(size="640x366", seconds=5, rate=10))
    assert (found["status"], found["kind"], found["width"], found["height"]) == ("ready", "VIDEO", 640, 366)
    assert found["duration"] == pytest.approx(5, abs=0.2)
    assert found["blurhash"]
    assert set(found["urls"]) == {"thumb", "small", "medium", "large", "poster", "hls"}
    assert "progress" not in found
    answer = await ana.http.get(found["urls"]["hls"])
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert re.findall(r"RESOLUTION=(\d+x\d+)", answer.text) == ["630x360", "420x240"]
    assert re.findall(r'CODECS="(avc1\.64\w{4}),mp4a\.40\.2"', answer.text)
    files = await addresses(ana, found["urls"]["hls"])
    assert set(files.values()) == {200}
    assert len(files) == 1 + 3 + 3 + 3 * 3, "master, playlists, heads, three segments each"
    playlist = next(one for one in files if one.endswith("-360.m3u8"))
    text = (await ana.http.get(playlist)).text
    assert text.endswith("#EXT-X-ENDLIST\n")
    assert sum(float(one) for one in re.findall(r"#EXTINF:([\d.]+),", text)) == pytest.approx(5, abs=0.1)
    segment = next(one for one in files if one.endswith("-360-0.m4s"))
    answer = await ana.http.get(segment)
    assert (answer.headers["content-type"], answer.content[4:8]) == ("video/mp4", b"moof")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_a_post_of_a_video_is_published_when_it_is_ready(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    media_id = await clips.upload(ana, clips.clip())
    post = await posted(ana, {"media_id": media_id})
    assert (post["type"], post["status"]) == ("VIDEO", "processing")
    await world.settle()
    seen = await ben.see(post)
    assert (seen["status"], seen["media"][0]["kind"]) == ("published", "VIDEO")
    assert seen["media"][0]["duration"] == pytest.approx(2, abs=0.2)
    assert set((await addresses(world.visitor, seen["media"][0]["urls"]["hls"])).values()) == {200}
    answer = await world.visitor.http.get(seen["media"][0]["urls"]["hls"])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_posts_hold_pictures_or_one_video(world: World) -> None:
    (ana,) = await world.people("ana")
    video, picture = await clips.upload(ana, clips.clip()), await ana.upload(drawn())
    for kind, media in [("IMAGE", [video]), ("VIDEO", [picture]), ("VIDEO", []), ("VIDEO", [video, picture])]:
        with pytest.raises(Refused) as refused:
            await ana.ask("POST", "/posts", json={"type": kind, "media": [{"media_id": one} for one in media]})
        assert (refused.value.status, set(refused.value.details["fields"])) == (422, {"media"})


@pytest.mark.parametrize("name", ["uuid540.mp4", "with-gps.mov", "with-gps.mp4"])
@pytest.mark.timeout(240)
async def test_shared_clips_become_ready_without_their_metadata(world: World, name: str) -> None:
    path = data.path(f"videos/{name}")
    (ana,) = await world.people("ana")
    found = await ready(world, ana, path.read_bytes(), "video/quicktime" if name.endswith(".mov") else "video/mp4")
    assert found["status"] == "ready", found["rejection"]
    if name.startswith("with-gps"):
        assert set(found["exif"]) >= {"lat", "lng", "taken_at"}, "its owner is told"
    for address in await addresses(ana, found["urls"]["hls"]):
        body = (await ana.http.get(address)).content
        for trace in (b"51.4169", b"32.0929", b"com.apple", b"com.android", b"Apple", b"loci", b"xyz"):
            assert trace not in body


async def test_avi_and_what_is_no_video_are_rejected_with_a_code(world: World) -> None:
    (ana,) = await world.people("ana")
    whole = clips.clip(seconds=2)
    silent = clips.made(["-f", "lavfi", "-i", "sine=f=440:d=1", "-c:a", "aac"])
    for body, code in [
        (data.path("videos/100_0306.avi").read_bytes(), "UNSUPPORTED_VIDEO"),
        (b"this is no video" * 100, "NOT_A_VIDEO"),
        (silent, "NOT_A_VIDEO"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 500, "DAMAGED_VIDEO"),
        (whole[: len(whole) // 20], "DAMAGED_VIDEO"),
    ]:
        found = await ready(world, ana, body, "video/x-msvideo")
        assert (found["status"], found["rejection"]["code"]) == ("rejected", code)
        assert found["urls"] == {}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"content_type": "video/x-matroska"}, 415),
        ({"content_type": "image/jpeg"}, 415),
        ({"size": 251 * 1024 * 1024}, 413),
        ({"filter": "moon"}, 422),
    ],
)
async def test_what_may_not_be_asked_for(world: World, changes: dict[str, Any], status: int) -> None:
    (ana,) = await world.people("ana")
    with pytest.raises(Refused) as refused:
        await ana.ask(
            "POST", "/media/upload-url", json={"kind": "VIDEO", "content_type": "video/mp4", "size": 9} | changes
        )
    assert refused.value.status == status


class Held:
    """An encoder that stops after its first segments, until it is let go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paused, self.go = asyncio.Event(), asyncio.Event()
        original = encoder.encode

        async def encode(upload: int, video: Any, stream: Any, store: Any, progress: Any, timeout: int) -> None:
            async def hold() -> None:
                await progress()
                if stream.playable and not self.go.is_set():
                    await progress()  # what became playable since the last time
                    self.paused.set()
                    await self.go.wait()

            await original(upload, video, stream, store, hold, timeout)

        monkeypatch.setattr(encoder, "encode", encode)
        monkeypatch.setattr(consumers, "PROGRESS_SECONDS", 0.0)


async def test_its_author_alone_sees_it_while_it_is_encoded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, ben = await world.people("ana", "ben")
    held = Held(monkeypatch)
    media_id = await clips.upload(ana, clips.clip(seconds=6))
    post = await posted(ana, {"media_id": media_id})
    working = asyncio.create_task(consumers.film({"media_id": media_id}))
    await asyncio.wait_for(held.paused.wait(), 60)

    found = (await ana.see(post))["media"][0]
    assert found["status"] == "processing"
    assert {"poster", "hls", "thumb"} <= set(found["urls"])
    assert (await ana.http.get(found["urls"]["poster"])).status_code == 200
    shown = await ana.ask("GET", f"/media/{media_id}")
    assert 0 < shown["progress"] <= 1
    files = await addresses(ana, found["urls"]["hls"])
    assert set(files.values()) == {200}
    playlist = next(one for one in files if one.endswith("-240.m3u8"))
    answer = await ana.http.get(playlist)
    assert ("#EXT-X-ENDLIST" in answer.text, answer.headers["cache-control"]) == (False, "no-store")
    for other in (ben, world.visitor):
        assert [(await other.http.get(one)).status_code for one in files] == [404] * len(files)
        assert (await other.http.get(found["urls"]["poster"])).status_code == 404

    held.go.set()
    await working
    await world.settle()
    assert set((await addresses(world.visitor, found["urls"]["hls"])).values()) == {200}


async def test_an_encoder_that_is_killed_costs_one_try_and_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana,) = await world.people("ana")
    held = Held(monkeypatch)
    started: list[asyncio.subprocess.Process] = []
    create = asyncio.create_subprocess_exec

    async def noted(*arguments: Any, **more: Any) -> asyncio.subprocess.Process:
        started.append(await create(*arguments, **more))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    noisy = clips.clip("-vf", "noise=alls=60", "-c:v", "libx264", "-preset", "ultrafast", size="640x480", seconds=8)
    media_id = await clips.upload(ana, noisy)
    working = asyncio.create_task(consumers.film({"media_id": media_id}))
    await asyncio.wait_for(held.paused.wait(), 60)
    first = await ana.ask("GET", f"/media/{media_id}")
    started[-1].kill()
    held.go.set()
    outcome = (await asyncio.gather(working, return_exceptions=True))[0]
    assert "signal 9" in str(outcome), "more waits in its pipes than they hold, so that it cannot have been done"
    assert (await ana.ask("GET", f"/media/{media_id}"))["status"] == "uploaded"
    await world.settle()
    found = await ana.ask("GET", f"/media/{media_id}")
    assert found["status"] == "ready"
    files = {one.rpartition("/")[2] for one in await addresses(ana, found["urls"]["hls"]) if not one.endswith("m3u8")}
    there = set(await objects.store().sizes(files_prefix(int(media_id))))
    assert {one for one in there if one.endswith((".m4s", ".mp4"))} == files
    assert first["urls"]["hls"] == found["urls"]["hls"]


async def test_a_video_that_nobody_wants_any_more_stops_the_encoder(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana,) = await world.people("ana")
    held = Held(monkeypatch)
    media_id = await clips.upload(ana, clips.clip(seconds=6))
    working = asyncio.create_task(consumers.film({"media_id": media_id}))
    await asyncio.wait_for(held.paused.wait(), 60)
    async with db.act(db.SYSTEM) as tx:
        await actions.mark_purge(tx, [int(media_id)])
    await consumers.purge({})
    held.go.set()
    await working
    assert await objects.store().sizes(files_prefix(int(media_id))) == {}
    with pytest.raises(Refused):
        await ana.ask("GET", f"/media/{media_id}")


async def test_a_worker_that_stops_gives_the_try_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (ana,) = await world.people("ana")
    held = Held(monkeypatch)
    media_id = await clips.upload(ana, clips.clip(seconds=6))
    working = asyncio.create_task(consumers.film({"media_id": media_id}))
    await asyncio.wait_for(held.paused.wait(), 60)
    consumers.stop_filming()
    with pytest.raises(consumers.Stopped):
        await working
    async with db.read() as r:
        row = await r.row("select status, tries from media where id = $1", int(media_id))
    assert row is not None
    assert (row["status"], row["tries"]) == ("uploaded", 0)


async def test_the_sweep_leaves_alone_what_waits_for_its_turn(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = int(await clips.upload(ana, clips.clip()))
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update media set uploaded_at = uploaded_at - interval '1 hour' where id = $1", media_id)
        assert await actions.sweep(tx) == 0
        await tx.run("update pgqueuer set status = 'failed' where entrypoint = 'media.video'")
        assert await actions.sweep(tx) == 1
        assert await actions.sweep(tx) == 0
        assert (
            await tx.value("select count(*) from pgqueuer where entrypoint = 'media.video' and status = 'queued'") == 1
        )


async def changed(world: World, change: Callable[[], Any]) -> None:
    await change()
    await world.settle()


async def test_playlists_of_private_accounts_carry_signatures_that_work_without_a_session(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    found = await ready(world, ana, clips.clip())
    post = await posted(ana, found)
    await world.settle()
    public = await addresses(world.visitor, (await ben.see(post))["media"][0]["urls"]["hls"])
    assert set(public.values()) == {200}

    await changed(world, lambda: ana.ask("PUT", "/users/me", json={"is_private": True}))
    assert {(await world.visitor.http.get(one)).status_code for one in public} == {404}, "old addresses are gone"
    master = (await ben.see(post))["media"][0]["urls"]["hls"]
    assert "?e=" in master
    signed = await addresses(world.visitor, master)
    assert set(signed.values()) == {200}
    assert all("?e=" in one and "&s=" in one for one in signed)
    bare = {one.partition("?")[0] for one in signed}
    assert {(await world.visitor.http.get(one)).status_code for one in bare} == {404}
    forged = master[:-1] + ("A" if master[-1] != "A" else "B")
    assert (await world.visitor.http.get(forged)).status_code == 404
    assert {(await ana.http.get(one)).status_code for one in bare} == {200}, "its owner needs no signature"

    await ana.delete(post)
    assert {(await world.visitor.http.get(one)).status_code for one in signed} == {404}
    assert {(await ana.http.get(one)).status_code for one in bare} == {404}


async def test_names_that_are_not_of_the_stream_are_not_served(world: World) -> None:
    (ana,) = await world.people("ana")
    found = await ready(world, ana, clips.clip())
    base, _, _ = found["urls"]["hls"].rpartition("/")
    segment = next(one for one in await addresses(ana, found["urls"]["hls"]) if one.endswith("-240-0.m4s"))
    token = segment.rpartition("/")[2].partition("-")[0]
    ends = ["240-00.m4s", "240-1.m4s", "360-0.m4s", "240.m4s", "240-0.mp4", "audio-99.m4s"]
    names = [f"{token}-{one}" for one in ends]
    for name in [*names, "00000000-240-0.m4s", "master.m3u", "..%2fmaster.m3u8"]:
        assert (await ana.http.get(f"{base}/{name}")).status_code == 404, name
    await objects.store().delete(file_key(int(found["media_id"]), segment.rpartition("/")[2]))
    assert (await ana.http.get(segment)).status_code == 404


def test_every_refusal_of_a_video_has_a_message() -> None:
    from tintype.domains.media import rules
    from tintype.platform import video

    sources = "".join(file.read_text() for file in Path(video.__path__[0]).glob("*.py"))
    codes = set(re.findall(r'(?:Unusable|Refused|PictureRefused)\((?:[^"()]*)"([A-Z_]+)"', sources))
    assert {"UNSUPPORTED_VIDEO", "DAMAGED_VIDEO", "VIDEO_TOO_COMPLEX", "VIDEO_TOO_LARGE"} <= codes
    assert codes <= set(rules.REJECTIONS)
