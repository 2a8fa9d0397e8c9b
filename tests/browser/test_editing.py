"""Cropping and filters in compose: what is seen there is what is shared; a draft outlives what happens to it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pyvips
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests import data
from tests.browser.axe import violations
from tests.browser.composing import choose, dialog, jpeg, open_compose, sent, share
from tests.browser.town import PHONE, Person, Town
from tests.world import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NARROW: ViewportSize = {"width": 360, "height": 740}
SEEN = """
(canvas) => {
  const copy = document.createElement("canvas");
  Object.assign(copy, { width: canvas.width, height: canvas.height });
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
  const sums = [0, 0, 0];
  for (let at = 0; at < pixels.length; at++) if (at % 4 < 3) sums[at % 4] += pixels[at];
  return [copy.width, copy.height, ...sums.map((sum) => sum / (pixels.length / 4))];
}
"""


def photo(width: int = 1200, height: int = 900) -> bytes:
    """Orange above, blue below."""
    above = pyvips.Image.black(width, height // 2, bands=3).linear(1, [230, 140, 40])
    below = pyvips.Image.black(width, height - height // 2, bands=3).linear(1, [40, 90, 200])
    whole = above.join(below, "vertical").cast("uchar").copy(interpretation="srgb")
    return bytes(whole.jpegsave_buffer(Q=92))


def editor(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Crop and filter")


def drawing(page: Page) -> Locator:
    return editor(page).get_by_role("img", name="The photo as it will be")


async def open_editor(page: Page) -> Locator:
    await dialog(page).get_by_role("button", name="Crop and filter").click()
    await expect(drawing(page)).to_be_visible()
    return editor(page)


async def step(page: Page, name: str) -> None:
    await editor(page).get_by_role("tab", name=name).click()


async def slide(page: Page, name: str, value: float) -> None:
    await editor(page).get_by_role("slider", name=name).fill(str(value))


async def preview(page: Page) -> tuple[int, int, list[float]]:
    """Size and mean colour of the preview, once it has come to rest."""
    canvas = drawing(page)
    await expect(canvas).to_have_attribute("data-drawn", re.compile(r"\d"))
    before, found = None, await canvas.evaluate(SEEN)
    while found != before:
        await page.wait_for_timeout(150)
        before, found = found, await canvas.evaluate(SEEN)
    return found[0], found[1], found[2:]


@asynccontextmanager
async def redrawn(page: Page) -> AsyncIterator[None]:
    """What is done in this block changes the preview: at its end it has been drawn anew."""
    canvas = drawing(page)
    before = await canvas.get_attribute("data-drawn")
    assert before is not None
    yield
    await expect(canvas).not_to_have_attribute("data-drawn", before)


async def done(page: Page) -> None:
    await editor(page).get_by_role("button", name="Done").click()
    await expect(editor(page)).to_be_hidden()


async def newest(person: Person) -> dict[str, Any]:
    posts = await person.ask("GET", f"/users/{person.id}/posts")
    found: dict[str, Any] = posts[0]
    return found


async def served(person: Person, media: dict[str, Any], size: str = "large") -> pyvips.Image:
    answer = await person.http.get(media["urls"][size])
    assert answer.status_code == 200
    return pyvips.Image.new_from_buffer(answer.content, "")


def means(picture: pyvips.Image) -> list[float]:
    return [picture.extract_band(band).avg() for band in range(3)]


async def test_what_is_seen_while_editing_is_what_is_shared(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await open_compose(page)
    await choose(page, jpeg("beach.jpg", photo()))
    await sent(page)
    await open_editor(page)
    await editor(page).get_by_text("Juno", exact=True).click()
    await expect(editor(page).get_by_role("radio", name="Juno")).to_be_checked()
    await slide(page, "Strength", 80)
    await step(page, "Adjust")
    await slide(page, "Brightness", -25)
    await slide(page, "Warmth", 30)
    await step(page, "Crop")
    await editor(page).get_by_text("1:1", exact=True).click()
    await expect(editor(page).get_by_label("Crop: move the photo with the arrow keys")).to_be_visible()
    await editor(page).get_by_role("button", name="Turn right").click()
    await expect(editor(page).get_by_label("Crop: move the photo with the arrow keys")).to_be_visible()
    await slide(page, "Straighten", 6)
    await step(page, "Filter")
    width, height, colours = await preview(page)
    assert width == pytest.approx(height, abs=2)
    await done(page)
    await share(page)
    await town.settled()
    (media,) = (await newest(ana))["media"]
    assert media["width"] == pytest.approx(media["height"], abs=2)
    assert media["width"] == pytest.approx(900, abs=4)
    assert means(await served(ana, media)) == pytest.approx(colours, abs=4)
    whole = await ana.ask("GET", f"/media/{media['media_id']}")
    assert whole["edit"] | {"crop": None} == {
        "filter": "juno", "strength": 80, "crop": None, "rotate": 90, "straighten": 6.0,
        "brightness": -25, "contrast": 0, "saturation": 0, "warmth": 30,
    }  # fmt: skip


async def test_undo_reset_and_leaving_change_nothing(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await open_compose(page)
    await choose(page, jpeg("beach.jpg", photo()))
    await open_editor(page)
    plain = (await preview(page))[2]
    async with redrawn(page):
        await editor(page).get_by_text("Inkwell", exact=True).click()
    grey = (await preview(page))[2]
    assert max(grey) - min(grey) < 3
    compare = editor(page).get_by_role("button", name="Hold to see the original")
    await compare.focus()
    await page.keyboard.down("Enter")
    held = editor(page).get_by_role("img", name="The photo without filter and adjustments")
    await expect(held).to_be_visible()
    await page.keyboard.up("Enter")
    async with redrawn(page):
        await editor(page).get_by_role("button", name="Undo").click()
    assert (await preview(page))[2] == pytest.approx(plain, abs=1)
    await step(page, "Adjust")
    await slide(page, "Contrast", 40)
    await slide(page, "Saturation", 40)
    await editor(page).get_by_role("button", name="Reset Contrast").click()
    await expect(editor(page).get_by_role("slider", name="Contrast")).to_have_value("0")
    await editor(page).get_by_role("button", name="Reset all").click()
    await expect(editor(page).get_by_role("slider", name="Saturation")).to_have_value("0")
    await slide(page, "Warmth", 90)
    await editor(page).get_by_role("button", name="Close").click()
    await expect(editor(page)).to_be_hidden()
    await share(page)
    await town.settled()
    (media,) = (await newest(ana))["media"]
    assert "edit" not in await ana.ask("GET", f"/media/{media['media_id']}")


async def test_a_look_for_all_keeps_each_crop(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page(viewport=NARROW)
    await open_compose(page)
    await choose(page, jpeg("a.jpg", photo()), jpeg("b.jpg", photo(900, 1200)))
    await sent(page, 2)
    await open_editor(page)
    await step(page, "Crop")
    await editor(page).get_by_text("1:1", exact=True).click()
    await expect(editor(page).get_by_label("Crop: move the photo with the arrow keys")).to_be_visible()
    await page.wait_for_timeout(300)
    await step(page, "Filter")
    await editor(page).get_by_text("Moon", exact=True).click()
    await editor(page).get_by_role("button", name="Apply look to all").click()
    await expect(editor(page)).to_be_hidden()
    await share(page)
    await town.settled()
    first, second = (await newest(ana))["media"]
    wholes = [await ana.ask("GET", f"/media/{one['media_id']}") for one in (first, second)]
    assert all("edit" in one for one in wholes), wholes
    edits = [one["edit"] for one in wholes]
    assert [one["filter"] for one in edits] == ["moon", "moon"]
    assert first["width"] == pytest.approx(first["height"], abs=2)
    assert (second["width"], second["height"]) == (900, 1200)


async def test_by_keyboard_alone(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await open_compose(page)
    await choose(page, jpeg("beach.jpg", photo()))
    await sent(page)
    await dialog(page).get_by_role("button", name="Crop and filter").focus()
    await page.keyboard.press("Enter")
    await expect(drawing(page)).to_be_visible()
    await editor(page).get_by_role("radio", name="Normal").focus()
    await page.keyboard.press("ArrowRight")
    await expect(editor(page).get_by_role("radio", name="Clarendon")).to_be_checked()
    await editor(page).get_by_role("tab", name="Filter").focus()
    await page.keyboard.press("ArrowRight")
    await expect(editor(page).get_by_role("tab", name="Crop")).to_be_focused()
    await editor(page).get_by_text("1:1", exact=True).click()
    window = editor(page).get_by_label("Crop: move the photo with the arrow keys")
    await expect(window).to_be_visible()
    await slide(page, "Zoom", 2)
    await window.focus()
    for _ in range(12):
        await page.keyboard.press("ArrowRight")
        await page.wait_for_timeout(40)
    await page.wait_for_timeout(300)
    await editor(page).get_by_role("button", name="Done").focus()
    await page.keyboard.press("Enter")
    await share(page)
    await town.settled()
    (media,) = (await newest(ana))["media"]
    crop = (await ana.ask("GET", f"/media/{media['media_id']}"))["edit"]["crop"]
    assert crop["height"] == pytest.approx(0.5, abs=0.02)
    assert crop["x"] + crop["width"] / 2 < 0.49


async def test_many_pictures_become_several_posts(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await open_compose(page)
    await choose(page, *(jpeg(f"{n}.jpg", drawn(n, 320, 240)) for n in range(12)))
    await expect(dialog(page).get_by_text("12 pictures → 2 posts")).to_be_visible()
    await sent(page, 12)
    await dialog(page).get_by_label("Caption").fill("the whole walk")
    await dialog(page).get_by_role("button", name="Share 2 posts").click()
    await expect(dialog(page)).to_be_hidden()
    await town.settled()
    posts = await ana.ask("GET", f"/users/{ana.id}/posts")
    assert sorted(len(one["media"]) for one in posts) == [2, 10]
    assert {one["caption"] for one in posts} == {"the whole walk"}


async def test_only_the_first_ten(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await open_compose(page)
    await choose(page, *(jpeg(f"{n}.jpg", drawn(n, 160, 120)) for n in range(11)))
    await dialog(page).get_by_role("button", name="Keep only the first 10").click()
    await sent(page, 10)
    await expect(dialog(page).get_by_role("button", name="Share", exact=True)).to_be_visible()


async def test_a_draft_outlives_a_reload(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await open_compose(page)
    await choose(page, jpeg("a.jpg", photo()), jpeg("b.jpg", drawn(2, 640, 480)))
    await sent(page, 2)
    await dialog(page).get_by_label("Caption").fill("still here")
    await dialog(page).get_by_label("Alt text").fill("a beach")
    await open_editor(page)
    await editor(page).get_by_text("Moon", exact=True).click()
    await done(page)
    await expect(dialog(page).get_by_text("Ready to share.")).to_be_visible()
    await page.wait_for_timeout(600)
    await page.reload()
    await expect(dialog(page)).to_be_visible()
    await expect(dialog(page).get_by_text("Your draft is back.")).to_be_visible()
    await expect(dialog(page).get_by_label("Caption")).to_have_value("still here")
    await expect(dialog(page).get_by_label("Alt text")).to_have_value("a beach")
    await sent(page, 2)
    await share(page)
    await town.settled()
    found = await newest(ana)
    assert found["caption"] == "still here"
    assert [one["alt_text"] for one in found["media"]] == ["a beach", ""]
    assert (await ana.ask("GET", f"/media/{found['media'][0]['media_id']}"))["edit"]["filter"] == "moon"
    await open_compose(page)
    await expect(dialog(page).get_by_label("Caption")).to_have_value("")


async def test_an_edit_that_does_not_arrive_can_be_tried_again(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    town.foresee("503")
    town.foresee("ERR_")
    await open_compose(page)
    await choose(page, jpeg("a.jpg", photo()))
    await sent(page)
    await page.route("**/api/v1/media/*/edit", lambda route: route.fulfill(status=503, body="{}"))
    await open_editor(page)
    await editor(page).get_by_text("Lark", exact=True).click()
    await done(page)
    await expect(dialog(page).get_by_role("alert")).to_contain_text("a.jpg")
    await page.unroute("**/api/v1/media/*/edit")
    await dialog(page).get_by_role("button", name="Retry").click()
    await share(page)
    await town.settled()
    (media,) = (await newest(ana))["media"]
    assert (await ana.ask("GET", f"/media/{media['media_id']}"))["edit"]["filter"] == "lark"


async def test_the_order_is_changed_by_dragging(town: Town) -> None:
    ana = await town.person("ana")
    looks: list[dict[str, Any]] = [{}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}]
    for look in looks:
        page = await ana.page(**look)
        await open_compose(page)
        await choose(page, *(jpeg(f"{name}.jpg", drawn(n, 160, 120)) for n, name in enumerate("abc")))
        await sent(page, 3)
        pictures = dialog(page).get_by_role("button", name=re.compile(r"^Photo \d"))
        await pictures.first.scroll_into_view_if_needed()
        boxes = [await pictures.nth(n).bounding_box() for n in range(3)]
        (x0, y), (x2, _) = ((box["x"] + 32, box["y"] + 32) for box in (boxes[0], boxes[2]) if box)
        if look:
            cdp = await page.context.new_cdp_session(page)
            points = [("touchStart", x0), *(("touchMove", x0 + (x2 - x0) * n / 8) for n in range(1, 9))]
            for kind, x in points:
                await cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
                await page.wait_for_timeout(450 if kind == "touchStart" else 40)
            await cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        else:
            await page.mouse.move(x0, y)
            await page.mouse.down()
            await page.mouse.move(x2, y, steps=12)
            await page.mouse.up()
        await expect(pictures.nth(2)).to_have_attribute("aria-label", "Photo 3: a.jpg")
        await expect(pictures.nth(0)).to_have_attribute("aria-label", "Photo 1: b.jpg")
        await page.context.close()


async def test_what_the_browser_cannot_show_is_edited_as_the_server_shows_it(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await open_compose(page)
    name = "heic__mobile__HMD_Nokia_8.3_5G.heif"
    body = (data.path("heic") / name).read_bytes()
    await choose(page, {"name": "phone.heic", "mimeType": "image/heic", "buffer": body})
    await sent(page)
    await expect(dialog(page).get_by_role("button", name="Crop and filter")).to_be_visible(timeout=60_000)
    await open_editor(page)
    await editor(page).get_by_text("Inkwell", exact=True).click()
    await done(page)
    await share(page)
    await town.settled()
    (media,) = (await newest(ana))["media"]
    red, green, blue = means(await served(ana, media))
    assert max(red, green, blue) - min(red, green, blue) < 3


async def test_a_picture_that_is_out_is_edited_anew(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    post = await ana.post("beach", photo())
    page = await ana.page(f"/p/{post['post_id']}")
    await page.get_by_role("button", name="More about this post").first.click()
    await page.get_by_role("button", name="Edit post", exact=True).click()
    await page.get_by_role("button", name="Crop and filter picture 1").click()
    await expect(drawing(page)).to_be_visible()
    await editor(page).get_by_text("Inkwell", exact=True).click()
    await done(page)
    await expect(page.get_by_text("Your edit is shown as soon as it is ready.")).to_be_visible()
    before = post["media"][0]
    for _ in range(60):
        (media,) = (await ben.ask("GET", f"/posts/{post['post_id']}"))["media"]
        if media["urls"] != before["urls"]:
            break
        await page.wait_for_timeout(250)
    red, green, blue = means(await served(ben, media))
    assert max(red, green, blue) - min(red, green, blue) < 3
    await expect(page.locator(f"img[src='{media['urls']['large']}']").first).to_be_attached()


@pytest.mark.parametrize("view", [NARROW, {"width": 1280, "height": 900}], ids=["narrow", "wide"])
async def test_the_editor_is_for_everybody(town: Town, view: ViewportSize) -> None:
    ana = await town.person("ana")
    page = await ana.page(viewport=view)
    await open_compose(page)
    await choose(page, *(jpeg(f"{n}.jpg", drawn(n, 160, 120)) for n in range(11)))
    await sent(page, 11)
    assert await violations(page) == []
    await open_editor(page)
    await editor(page).get_by_text("Juno", exact=True).click()
    for name in ("Filter", "Adjust", "Crop"):
        await step(page, name)
        if name == "Crop":
            await expect(editor(page).get_by_label("Crop: move the photo with the arrow keys")).to_be_visible()
        assert await violations(page) == []
