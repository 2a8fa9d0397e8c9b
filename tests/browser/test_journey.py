"""The product's main job in real browsers: one photo, from its author to a follower's feed and away again."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import composing
from tests.browser.town import PASSWORD, Person, Town
from tests.photos import phone_photo

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SERVED = re.compile(r"/m/\d+/")
UNDER_WAY = """
() => [...document.querySelectorAll('[role=progressbar]')]
  .some((bar) => bar.ariaValueNow > 0 && bar.ariaValueNow < 100)
"""


async def test_one_photo_from_a_browser_to_a_followers_feed(town: Town) -> None:
    ben = await town.person("ben")
    author = await town.visitor()
    name = await register(author, town.new_name("ana"))
    picture = phone_photo()

    box = await composing.open_compose(author)
    async with slow_upload(author):
        await composing.give(box.get_by_text("Drop photos here"), picture, "drop")
        await author.wait_for_function(UNDER_WAY)
    await composing.sent(author)
    caption = box.get_by_label("Caption")
    await caption.press_sequentially(f"Low tide #sea, with @{ben.username[:-1]}")
    await box.get_by_role("option", name=ben.username).click()
    await expect(caption).to_have_value(f"Low tide #sea, with @{ben.username} ")
    await composing.share(author)

    mine = top(author)
    await expect(mine.get_by_text("Low tide")).to_be_visible()
    await expect(mine.get_by_role("link", name=f"@{ben.username}")).to_be_visible()
    await expect(mine.locator("picture img")).to_have_attribute("src", SERVED)

    follower = await ben.page("/people")
    await follower.get_by_role("searchbox", name="Search people").fill(name)
    await follower.get_by_role("link", name=name).click()
    await follower.get_by_role("button", name="Follow", exact=True).click()
    await expect(follower.get_by_role("button", name="Following")).to_be_visible()
    await town.settled()
    await follower.get_by_role("link", name="Home", exact=True).click()
    theirs = top(follower)
    await expect(theirs).to_have_accessible_name(f"Post by {name}")
    address = await finished(theirs)
    await theirs.get_by_role("button", name="Like", exact=True).click()
    await expect(theirs.get_by_role("button", name="1 like")).to_be_visible()
    await theirs.get_by_role("link", name="Comments").click()
    await follower.get_by_role("textbox", name="Comment").fill("What a morning!")
    await follower.get_by_role("textbox", name="Comment").press("Enter")
    await expect(follower.get_by_role("region", name="Comments").get_by_text("What a morning!")).to_be_visible()

    await town.settled()
    await author.get_by_role("link", name="Home", exact=True).click()
    await expect(mine.get_by_role("button", name="1 like")).to_be_visible()
    await mine.get_by_role("link", name="View the comment").click()
    await expect(author.get_by_role("region", name="Comments").get_by_text("What a morning!")).to_be_visible()

    await delete(author)
    await follower.goto("/")
    await expect(follower.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    assert (await follower.context.request.get(address)).status == 404, "the origin serves its files no longer"
    assert (await author.context.request.get(address)).status == 404


async def test_a_post_stands_at_once_and_turns_into_the_finished_photo(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await composing.open_compose(page)
    async with held(town, "worker"):
        await composing.choose(page, composing.jpeg("tide.jpg", phone_photo()))
        await composing.sent(page)
        await composing.share(page)
        await page.evaluate("window.neverLeft = true")
        card = await top(page).element_handle()
        await expect(top(page).get_by_role("img", name="Photo without a description")).to_have_attribute(
            "src", re.compile("^blob:")
        )
        await expect(top(page).get_by_text("Finishing your post…")).to_be_visible()

    await finished(top(page))
    await expect(top(page).locator("canvas")).to_have_count(1)
    await expect(top(page).get_by_text("Finishing your post…")).to_be_hidden()
    assert await page.evaluate("window.neverLeft"), "nothing was loaded anew"
    assert await top(page).evaluate("(now, before) => now === before", card), "it is the same element"


@pytest.mark.parametrize("by", ["drop", "paste"])
async def test_pictures_are_taken_from_the_hand_and_from_the_clipboard(
    town: Town, by: Literal["drop", "paste"]
) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    box = await composing.open_compose(page)
    await composing.give(box.get_by_label("Caption"), phone_photo(width=800, height=600), by)
    await composing.sent(page)
    await composing.share(page)
    await finished(top(page))


async def test_a_picture_dropped_anywhere_on_a_page_begins_a_post(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    await composing.give(page.get_by_role("main"), phone_photo(width=800, height=600), "drop")
    await composing.sent(page)
    await composing.share(page)
    await finished(top(page))


async def test_a_deleted_post_comes_back_by_undo(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ben.follow(ana)
    post = await ana.photo("here, gone, here")
    await town.settled()
    author, follower = await ana.page(), await ben.page()
    address = await finished(top(follower))

    await delete(author)
    await expect(author.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    assert (await author.context.request.get(address)).status == 404
    await author.get_by_role("button", name="Undo").click()
    await expect(author.get_by_text("Post restored.")).to_be_visible()
    assert await finished(top(author)) == address

    await town.settled()
    await follower.reload()
    assert await finished(top(follower)) == address
    assert (await ben.ask("GET", f"/posts/{post['post_id']}"))["status"] == "published"


async def test_a_visitor_who_logs_in_is_taken_where_they_wanted(town: Town) -> None:
    ana = await town.person("ana")
    page = await town.visitor()
    await page.goto("/people")
    await log_in(page, ana)
    await expect(page.get_by_role("heading", name="Find people")).to_be_visible()


async def register(page: Page, name: str) -> str:
    """Fill in the form of a new user; they stand before their empty feed."""
    await page.goto("/register")
    await page.get_by_label("Username").fill(name)
    await page.get_by_label("E-mail").fill(f"{name}@example.org")
    await page.get_by_label("Full name").fill("Ana Example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    return name


async def log_in(page: Page, person: Person) -> None:
    await page.get_by_label("Username or e-mail").fill(person.username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()


def top(page: Page) -> Locator:
    """The first post of the feed."""
    return page.get_by_role("article").first


async def finished(card: Locator) -> str:
    """Wait until the card shows the finished photo; its address."""
    photo = card.locator("picture img")
    await expect(photo).to_have_attribute("src", SERVED)
    await expect(photo).to_have_js_property("complete", True)
    assert await photo.evaluate("(photo) => photo.naturalWidth") > 0
    return str(await photo.get_attribute("src"))


async def delete(page: Page) -> None:
    await top(page).get_by_role("button", name="More about this post").click()
    await page.get_by_role("button", name="Delete post").click()
    await expect(page.get_by_text("Post deleted.")).to_be_visible()


@asynccontextmanager
async def slow_upload(page: Page, bytes_a_second: int = 2_000_000) -> AsyncIterator[None]:
    """A line on which progress can be seen."""
    line = await page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1}
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", {**limits, "uploadThroughput": bytes_a_second})
    yield
    await line.send("Network.emulateNetworkConditions", {**limits, "uploadThroughput": -1})
    await line.detach()


@asynccontextmanager
async def held(town: Town, part: str) -> AsyncIterator[None]:
    """A part of the product that does nothing for the while."""
    pid = await asyncio.to_thread(town.product.pid_of, part)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
