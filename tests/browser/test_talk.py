"""Talk in a browser: reactions by every way of choosing them, who reacted, comments edited, restored and completed."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import axe
from tests.browser.town import PHONE, Person, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KINDS = ["Like", "Love", "Haha", "Wow", "Sad", "Angry"]


async def pair(town: Town) -> tuple[Person, Person, dict[str, Any]]:
    """Ben, who follows ana, and a photo by her."""
    ana, ben = await town.person("ana"), await town.person("ben")
    await ben.follow(ana)
    post = await ana.photo("low tide")
    await town.settled()
    return ana, ben, post


def heart(page: Page, name: str = "Like") -> Locator:
    return page.get_by_role("article").get_by_role("button", name=name, exact=True)


async def test_a_reaction_is_chosen_by_keyboard(town: Town) -> None:
    _, ben, post = await pair(town)
    page = await ben.page()
    await heart(page).focus()
    await page.keyboard.press("ArrowUp")
    menu = page.get_by_role("menu", name="Choose a reaction")
    for name in KINDS[:4]:
        await expect(menu.get_by_role("menuitemradio", name=name)).to_be_focused()
        await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await expect(menu).to_be_hidden()
    await expect(heart(page, "Take back: Wow")).to_be_focused()
    await expect(page.get_by_role("button", name="1 like")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(menu.get_by_role("menuitemradio", name="Wow")).to_be_focused()
    await expect(menu.get_by_role("menuitemradio", name="Wow")).to_be_checked()
    assert await axe.violations(page) == []
    await page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(heart(page, "Take back: Wow")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("End")
    async with page.expect_response("**/like"):
        await page.keyboard.press("Enter")
    seen = await ben.ask("GET", f"/posts/{post['post_id']}")
    assert (seen["viewer"]["reaction"], seen["reaction_counts"]) == ("ANGRY", {"ANGRY": 1})
    async with page.expect_response("**/like"):
        await heart(page, "Take back: Angry").click()
    await expect(heart(page)).to_be_visible()
    await expect(page.get_by_role("button", name="1 like")).to_be_hidden()


async def test_a_resting_pointer_offers_reactions_and_a_click_still_likes(town: Town) -> None:
    _, ben, post = await pair(town)
    page = await ben.page()
    await heart(page).click()
    await expect(heart(page, "Unlike")).to_be_visible()
    await page.mouse.move(5, 5)
    await heart(page, "Unlike").hover()
    menu = page.get_by_role("menu")
    await menu.get_by_role("menuitemradio", name="Haha").click()
    await expect(heart(page, "Take back: Haha")).to_be_visible()
    await page.mouse.move(5, 5)
    await expect(menu).to_be_hidden()
    await town.settled()
    seen = await ben.ask("GET", f"/posts/{post['post_id']}")
    assert (seen["like_count"], seen["reaction_counts"]) == (1, {"HAHA": 1})


async def test_a_long_press_offers_reactions_and_a_tap_likes(town: Town) -> None:
    _, ben, _ = await pair(town)
    page = await ben.page(viewport=PHONE, has_touch=True, is_mobile=True)
    box = await heart(page).bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    menu = page.get_by_role("menu")
    await expect(menu).to_be_visible()
    await devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await expect(menu).to_be_visible()
    for button in await menu.get_by_role("menuitemradio").all():
        size = await button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 40
        assert size["x"] >= 0
        assert size["x"] + size["width"] <= PHONE["width"]
    await menu.get_by_role("menuitemradio", name="Love").tap()
    await expect(heart(page, "Take back: Love")).to_be_visible()
    await heart(page, "Take back: Love").tap()
    await heart(page).tap()
    await expect(heart(page, "Unlike")).to_be_visible()


async def test_who_reacted_by_kind_and_follow_from_there(town: Town) -> None:
    ana, ben, post = await pair(town)
    eve, dan = await town.person("eve"), await town.person("dan")
    for who, kind in ((eve, "LOVE"), (dan, "WOW"), (ana, "LOVE")):
        await who.ask("POST", f"/posts/{post['post_id']}/like", {"reaction": kind})
    await town.settled()
    page = await ben.page(f"/posts/{post['post_id']}")
    await page.get_by_role("button", name="3 likes").first.click()
    dialog = page.get_by_role("dialog", name="Likes")
    await expect(dialog.get_by_role("listitem")).to_have_count(3)
    assert await axe.violations(page) == []
    await dialog.get_by_role("tab", name="All").focus()
    await page.keyboard.press("ArrowRight")
    await expect(dialog.get_by_role("tab", name="2 × Love")).to_be_focused()
    await expect(dialog.get_by_role("listitem")).to_have_count(2)
    await dialog.get_by_role("tab", name="1 × Wow").click()
    row = dialog.get_by_role("listitem")
    await expect(row).to_contain_text(dan.username)
    async with page.expect_response("**/follow"):
        await row.get_by_role("button", name=f"Follow {dan.username}").click()
    await expect(row.get_by_role("button", name=f"Following {dan.username}")).to_be_visible()
    assert (await ben.ask("GET", f"/users/{dan.id}"))["viewer"]["following"] == "ACCEPTED"


async def test_a_comment_is_edited_in_its_place(town: Town) -> None:
    _, ben, post = await pair(town)
    await ben.ask("POST", f"/posts/{post['post_id']}/comments", {"text": "very nyce"})
    page = await ben.page(f"/posts/{post['post_id']}")
    comments = page.get_by_role("region", name="Comments")
    await comments.get_by_role("button", name="Edit").click()
    box = page.get_by_role("textbox", name="Edit comment")
    await expect(box).to_be_focused()
    assert await axe.violations(page) == []
    await box.fill("gone again")
    await page.keyboard.press("Escape")
    await expect(comments).to_contain_text("very nyce")
    await comments.get_by_role("button", name="Edit").click()
    await box.fill("very nice")
    await page.keyboard.press("Enter")
    await expect(box).to_be_hidden()
    await expect(comments).to_contain_text("very nice")
    await expect(comments).to_contain_text("edited")
    await page.reload()
    await expect(comments).to_contain_text("very nice")
    await expect(comments).to_contain_text("edited")


async def test_what_an_edit_may_not_say_is_said_beside_it(town: Town) -> None:
    _, ben, post = await pair(town)
    await ben.ask("POST", f"/posts/{post['post_id']}/comments", {"text": "nice"})
    page = await ben.page(f"/posts/{post['post_id']}")
    town.foresee("422")
    words = town.product.folder / "data" / "policy" / "words.txt"
    before = words.read_text()
    words.write_text("unspeakable\n")
    try:
        await page.wait_for_timeout(5_100)
        await page.get_by_role("button", name="Edit").click()
        box = page.get_by_role("textbox", name="Edit comment")
        await box.fill("unspeakable")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        await expect(box).to_have_value("unspeakable")
        await expect(box).to_have_attribute("aria-invalid", "true")
    finally:
        words.write_text(before)


async def test_the_owner_deletes_a_comment_and_takes_it_back(town: Town) -> None:
    ana, ben, post = await pair(town)
    top = await ben.ask("POST", f"/posts/{post['post_id']}/comments", {"text": "first word"})
    body = {"text": "an answer", "parent_id": top["comment_id"]}
    await ana.ask("POST", f"/posts/{post['post_id']}/comments", body)
    await ben.ask("POST", f"/posts/{post['post_id']}/comments", {"text": "last word"})
    await town.settled()
    page = await ana.page(f"/posts/{post['post_id']}")
    comments = page.get_by_role("region", name="Comments")
    await expect(comments.get_by_role("button", name="Edit")).to_have_count(0)
    await comments.get_by_role("button", name="Delete").first.click()
    await expect(comments).not_to_contain_text("first word")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Comment is back.")).to_be_visible()
    await expect(comments.locator("li").first).to_contain_text("first word")
    await page.reload()
    await expect(comments.locator("li").first).to_contain_text("first word")
    await expect(comments.get_by_role("button", name="View 1 reply")).to_be_visible()


async def test_comments_take_reactions_and_name_people(town: Town) -> None:
    ana, ben, post = await pair(town)
    text = f"ask @{ana.username} or @nobody.at.all about #tides"
    await ben.ask("POST", f"/posts/{post['post_id']}/comments", {"text": text})
    page = await ana.page(f"/posts/{post['post_id']}")
    comments = page.get_by_role("region", name="Comments")
    await expect(comments.get_by_role("link", name=f"@{ana.username}")).to_be_visible()
    await expect(comments.get_by_role("link", name="@nobody.at.all")).to_have_count(0)
    await comments.get_by_role("button", name="Like comment").focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("menuitemradio", name="Like")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(comments.get_by_role("button", name="Take back: Love")).to_be_focused()
    await expect(comments).to_contain_text("1 like")
    await comments.get_by_role("link", name="#tides").click()
    await expect(page).to_have_url(re.compile("/hashtags/tides$"))
    await expect(page.get_by_role("heading", name="#tides", exact=True)).to_be_visible()


async def test_people_and_hashtags_are_offered_while_writing(town: Town) -> None:
    ana, ben, post = await pair(town)
    await ana.post("#seaglass is #sea")
    await town.settled()
    page = await ben.page(f"/posts/{post['post_id']}")
    box = page.get_by_role("textbox", name="Comment", exact=True)
    await box.press_sequentially(f"so @{ana.username}")
    offers = page.get_by_role("listbox")
    await expect(offers.get_by_role("option").first).to_contain_text(ana.username)
    assert await axe.violations(page) == []
    await page.keyboard.press("Enter")
    await expect(box).to_have_value(f"so @{ana.username} ")
    await box.press_sequentially("#seag")
    await expect(offers.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(box).to_have_value(f"so @{ana.username} #seaglass ")
    await box.press_sequentially("#sea")
    await expect(offers.get_by_role("option").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(offers).to_be_hidden()
    await page.keyboard.press("Enter")
    comments = page.get_by_role("region", name="Comments")
    await expect(comments.get_by_role("link", name="#seaglass")).to_be_visible()
