"""Videos in the client: every shared clip plays, an upload goes on after a reload, and nothing moves unasked."""

import asyncio
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests import data
from tests.browser.composing import dialog, open_compose, share
from tests.browser.town import Person, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

CLIPS = [
    "bottle-detection.mp4",
    "one-by-one-person-detection.mp4",
    "sample-5s.mp4",
    "uuid540.mp4",
    "with-gps.mov",
    "with-gps.mp4",
]
STILL = "video => video.paused"
TIME = "video => video.currentTime"
ABOUT = "v => [v.error?.message, v.paused, v.readyState, v.networkState, v.duration, v.buffered.length, v.currentSrc]"
VTT = "WEBVTT\n\n00:00.000 --> 00:05.000\nA <b>quiet</b> harbour\n"


async def film(person: Person, path: Path) -> dict[str, Any]:
    """A post of this clip, which may still be in the making."""
    body = path.read_bytes()
    kind = "video/quicktime" if path.suffix == ".mov" else "video/mp4"
    media_id = await person.send({"kind": "VIDEO", "content_type": kind}, body)
    post = {"type": "VIDEO", "caption": path.name, "media": [{"media_id": media_id, "alt_text": "A clip"}]}
    found: dict[str, Any] = await person.ask("POST", "/posts", post)
    return found


async def published(person: Person, post: dict[str, Any]) -> dict[str, Any]:
    for _ in range(10):
        found: dict[str, Any] = await person.ask("GET", f"/posts/{post['post_id']}/wait?seconds=30")
        if found["status"] != "processing":
            assert found["status"] == "published", found["problem"]
            return found
    raise AssertionError("the video is not converted")


async def plays(page: Page, name: str = "") -> None:
    """The clip goes on; a very short one begins again and again."""
    video = page.locator("video")
    await expect(video).to_have_count(1)
    seen: set[float] = set()
    for _ in range(200):
        seen.add(await video.evaluate(TIME))
        if len(seen) > 3:
            return
        await asyncio.sleep(0.1)
    about = await video.evaluate(ABOUT)
    raise AssertionError(f"{name} stands still at {seen}: {about}")


async def until(video: Locator, condition: str) -> None:
    """Wait until this holds for the video; the page's own rules forbid the usual way."""
    for _ in range(200):
        if await video.evaluate(condition):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{condition}: never")


async def test_every_shared_clip_plays(town: Town) -> None:
    paths = [data.path(f"videos/{name}") for name in CLIPS]
    ana, page = await town.person("ana"), await town.visitor(reduced_motion="no-preference")
    posts = [await film(ana, path) for path in paths]
    for path, post in zip(paths, posts, strict=True):
        await published(ana, post)
        await page.goto(f"/posts/{post['post_id']}")
        await plays(page, path.name)
        assert await page.locator("video").evaluate("video => video.muted"), path


async def test_a_large_video_goes_on_after_a_reload_and_is_shown_to_its_author_meanwhile(
    town: Town, tmp_path: Path
) -> None:
    me = await town.person("ben")
    page = await me.page(reduced_motion="no-preference")
    clip, size = data.path("videos/sample-5s.mp4").read_bytes(), 20 * 1024 * 1024
    filling = os.urandom(size - len(clip) - 8)
    large = tmp_path / "harbour.mp4"
    large.write_bytes(clip + (len(filling) + 8).to_bytes(4, "big") + b"free" + filling)
    town.foresee(r"/parts/|ERR_FAILED|ERR_INTERNET_DISCONNECTED")
    puts: list[str] = []
    page.on("request", lambda asked: puts.append(asked.url) if "/parts/" in asked.url else None)

    async def lost(route: Route) -> None:
        await route.abort()

    await page.route(re.compile(r"/parts/2\?"), lost)
    await page.goto("/")
    box = await open_compose(page)
    await box.get_by_label("Choose photos").set_input_files(large)
    for _ in range(300):
        if any("/parts/2?" in one for one in puts):
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.6)  # the draft is kept a moment after it changed
    await page.unroute(re.compile(r"/parts/2\?"))
    before = len(puts)
    await page.reload()
    await expect(dialog(page)).to_be_visible()
    await share(page)
    again = [one for one in puts[before:] if "/parts/1?" in one]
    assert again == [], "what had arrived is not sent again"
    post = (await me.ask("GET", "/feed/home"))[0]
    assert (post["type"], len(post["media"])) == ("VIDEO", 1)
    await published(me, post)


async def test_sound_captions_keys_and_calm(town: Town) -> None:
    ana = await town.person("ana")
    post = await published(ana, await film(ana, data.path("videos/sample-5s.mp4")))
    media_id = post["media"][0]["media_id"]
    captions = {"language": "en", "label": "English", "text": VTT}
    await ana.ask("PUT", f"/media/{media_id}/captions", captions)
    page = await town.visitor()  # with reduced motion
    await page.goto(f"/posts/{post['post_id']}")
    player, video = page.get_by_role("region", name="Video"), page.locator("video")
    await expect(player).to_be_visible()
    await asyncio.sleep(1)
    assert await video.evaluate(STILL), "with reduced motion nothing plays by itself"
    await player.focus()
    await page.keyboard.press("Space")
    await plays(page)
    await page.keyboard.press("m")
    assert not await video.evaluate("video => video.muted")
    await page.get_by_role("button", name="Captions").click()
    await until(video, "video => video.textTracks[0].activeCues?.length === 1")
    cue = await video.evaluate("video => video.textTracks[0].activeCues[0].text")
    assert cue == "A <b>quiet</b> harbour"
    await page.get_by_role("button", name="Pause").click()
    assert await video.evaluate(STILL)


async def test_one_plays_at_a_time_and_none_out_of_view(town: Town) -> None:
    ana = await town.person("ana")
    for name in ("sample-5s.mp4", "bottle-detection.mp4"):
        await published(ana, await film(ana, data.path(f"videos/{name}")))
    ben = await town.person("ben")
    await ben.follow(ana)
    await town.settled()
    page = await ben.page(reduced_motion="no-preference", viewport={"width": 1280, "height": 480})
    videos = page.locator("video")
    await expect(videos).to_have_count(2)
    await until(videos.nth(0), "video => !video.paused")
    assert await videos.nth(1).evaluate(STILL)
    await videos.nth(1).evaluate("video => video.scrollIntoView({ block: 'center' })")
    await until(videos.nth(1), "video => !video.paused")
    await until(videos.nth(0), STILL)


async def test_one_that_is_left_while_it_still_loads_does_not_start_afterwards(town: Town) -> None:
    ana = await town.person("ana")
    await published(ana, await film(ana, data.path("videos/sample-5s.mp4")))
    first = await published(ana, await film(ana, data.path("videos/bottle-detection.mp4")))
    ben = await town.person("ben")
    await ben.follow(ana)
    await town.settled()
    page = await town.visitor(reduced_motion="no-preference", viewport={"width": 1280, "height": 480})
    on = asyncio.Event()

    async def held(route: Route) -> None:
        await on.wait()
        await route.continue_()

    stream = first["media"][0]["urls"]["hls"]
    await page.route(re.compile(re.escape(stream.rpartition("/")[0])), held)
    await ben.enter(page)
    videos = page.locator("video")
    await expect(videos).to_have_count(2)
    await until(videos.nth(0), "video => !video.paused")
    await videos.nth(1).evaluate("video => video.scrollIntoView({ block: 'center' })")
    await until(videos.nth(1), "video => video.currentTime > 0")
    on.set()
    await until(videos.nth(0), "video => video.readyState > 2")
    assert await videos.nth(0).evaluate(STILL)
    assert not await videos.nth(1).evaluate(STILL)


async def test_storage_in_use_is_shown(town: Town) -> None:
    me = await town.person("ana")
    await me.photo("low tide")
    page = await me.page()
    await page.goto("/settings/storage")
    await expect(page.get_by_role("meter", name="Storage")).to_be_visible()
    await expect(page.get_by_text(re.compile(r"kB of 10 GB"))).to_be_visible()
