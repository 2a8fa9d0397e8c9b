"""One's own picture: chosen, cut, shown, and taken away."""

import pytest
import pyvips
from playwright.async_api import Page, expect

from tests.browser.town import PHONE, Person, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def halves() -> bytes:
    """Black to the left, white to the right."""
    white = pyvips.Image.black(800, 400).draw_rect([255], 400, 0, 400, 400, fill=True)
    return bytes(white.jpegsave_buffer(Q=92))


async def wear(page: Page, body: bytes, name: str = "me.jpg") -> None:
    chooser = page.get_by_label("picture", exact=False).and_(page.locator("input[type=file]"))
    await chooser.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": body})


async def shown(person: Person) -> pyvips.Image:
    address = (await person.ask("GET", "/users/me"))["avatar_url"]
    answer = await person.http.get(address.replace("150.jpg", "640.jpg"))
    assert answer.status_code == 200
    return pyvips.Image.new_from_buffer(answer.content, "")


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE}], ids=["wide", "phone"])
async def test_a_picture_is_cut_and_shown_everywhere(town: Town, look: dict[str, object]) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ana.photo("sea")
    page = await ana.page("/settings/profile", **look)
    await wear(page, halves())
    cutting = page.get_by_role("dialog", name="Your picture")
    window = cutting.get_by_label("Crop: move the photo with the arrow keys")
    await expect(window).to_be_visible()
    box = await window.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 200, box["y"] + 100)
    await page.mouse.down()
    await page.mouse.move(box["x"] - 300, box["y"] + 100, steps=10)
    await page.mouse.up()
    await page.wait_for_timeout(300)
    await cutting.get_by_role("button", name="Use picture").click()
    await expect(page.get_by_text("This is your picture now.")).to_be_visible()
    await expect(cutting).to_be_hidden()
    picture = await shown(ana)
    assert (picture.width, picture.height) == (400, 400)
    assert picture.avg() > 240
    address = (await ana.ask("GET", "/users/me"))["avatar_url"]
    await expect(page.locator(f'main img[src="{address}"]')).to_be_visible()
    theirs = await ben.page(f"/@{ana.username}")
    await expect(theirs.locator(f'img[src="{address}"]').first).to_be_attached()


async def test_it_is_replaced_and_removed(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page("/settings/profile")
    for _ in range(2):
        await wear(page, halves())
        cutting = page.get_by_role("dialog", name="Your picture")
        await expect(cutting.get_by_label("Crop: move the photo with the arrow keys")).to_be_visible()
        await cutting.get_by_role("button", name="Use picture").click()
        await expect(cutting).to_be_hidden()
    await page.get_by_role("button", name="Remove picture").click()
    await expect(page.get_by_text("Your picture is removed.")).to_be_visible()
    await expect(page.get_by_role("button", name="Remove picture")).to_be_hidden()
    assert (await ana.ask("GET", "/users/me"))["avatar_url"] is None


async def test_what_cannot_be_used_is_said(town: Town) -> None:
    town.foresee("422")
    ana = await town.person("ana")
    page = await ana.page("/settings/profile")
    await wear(page, b"words", "me.txt.jpg")
    cutting = page.get_by_role("dialog", name="Your picture")
    await expect(cutting.get_by_text("This browser cannot show this picture.")).to_be_visible()
    await cutting.get_by_role("button", name="Use picture").click()
    await expect(cutting.get_by_role("alert")).to_be_visible()
    assert (await ana.ask("GET", "/users/me"))["avatar_url"] is None
