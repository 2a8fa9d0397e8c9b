"""Finding things in a browser: exploring, hashtags, suggestions, and following from lists."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import axe
from tests.browser.town import DESKTOP, PHONE, Town
from tests.world import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = [(200, 300), (300, 200), (240, 240), (320, 180), (180, 320), (300, 300)]


async def test_exploring_shows_posts_of_strangers_and_keeps_its_place(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ana.ask("PUT", "/users/me", {"is_private": False})
    for n in range(9):
        width, height = SIZES[n % len(SIZES)]
        await ana.post(f"tile {n}", drawn(n, width * 2, height * 2), alt_text=f"Tile {n}")
    words = await ana.post("only words")
    await ben.ask("POST", f"/posts/{words['post_id']}/comments", {"text": "true"})
    await town.settled()
    page = await ben.page("/", viewport={"width": 900, "height": 700})
    await page.get_by_role("link", name="Explore").click()
    await expect(page.get_by_role("heading", name="Explore")).to_be_visible()
    tiles = page.get_by_role("main").get_by_role("link")
    await expect(tiles.nth(5)).to_be_visible()
    assert await axe.violations(page) == []
    await page.mouse.wheel(0, 500)
    await page.wait_for_function("() => scrollY > 200")
    before = await page.evaluate("scrollY")
    await tiles.last.click()
    await expect(page.get_by_role("article")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Explore")).to_be_attached()
    await page.wait_for_function(f"() => Math.abs(scrollY - {before}) < 150")


async def test_visitors_explore_too(town: Town) -> None:
    ana = await town.person("ana")
    await ana.photo("for everybody")
    await town.settled()
    page = await town.visitor(viewport=PHONE)
    town.foresee("401")
    await page.goto("/explore")
    await page.get_by_role("main").get_by_role("link", name=re.compile(" by ")).first.click()
    await expect(page.get_by_role("article")).to_be_visible()


async def test_a_hashtag_has_a_page(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    tag = f"tide{ana.id[-6:]}"
    await ana.post(f"low #{tag.title()}")
    await ben.photo(f"high #{tag}")
    await town.settled()
    post = (await ben.ask("GET", f"/users/{ben.id}/posts"))[0]
    page = await ana.page(f"/posts/{post['post_id']}")
    await page.get_by_role("link", name=f"#{tag}").click()
    await expect(page).to_have_url(re.compile(f"/hashtags/{tag}$"))
    await expect(page.get_by_text("2 public posts")).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile(f"low .*by {ana.username}"))).to_be_visible()
    assert await axe.violations(page) == []
    await page.goto(f"/hashtags/none{ana.id}x")
    await expect(page.get_by_role("heading", name=f"No posts with #none{ana.id}x")).to_be_visible()


async def test_suggestions_say_why_and_are_followed_or_put_away(town: Town) -> None:
    ana, ben, eve, dan = [await town.person(name) for name in ("ana", "ben", "eve", "dan")]
    await ben.follow(ana)
    await ana.follow(eve)
    await ana.follow(dan)
    await town.settled()
    page = await ben.page("/", viewport={"width": 1440, "height": 900})
    aside = page.get_by_role("complementary")
    await expect(aside.get_by_text(f"Followed by {ana.username}")).to_have_count(2)
    assert await axe.violations(page) == []
    await aside.get_by_role("button", name=f"Do not suggest {dan.username}").click()
    await expect(aside.get_by_role("link", name=re.compile(dan.username))).to_be_hidden()
    async with page.expect_response("**/follow"):
        await aside.get_by_role("button", name=f"Follow {eve.username}").click()
    await expect(aside.get_by_role("button", name=f"Following {eve.username}")).to_be_visible()
    assert (await ben.ask("GET", f"/users/{eve.id}"))["viewer"]["following"] == "ACCEPTED"
    await page.goto("/people")
    await expect(page.get_by_role("heading", name="Suggested for you")).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile(f"{dan.username}|{eve.username}"))).to_have_count(0)
    assert await axe.violations(page) == []


async def test_who_follows_nobody_sees_popular_people_in_the_empty_feed(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ana.follow(ben)
    await town.settled()
    page = await (await town.person("new")).page("/", viewport=PHONE)
    await expect(page.get_by_role("heading", name="Suggested for you")).to_be_visible()
    await expect(page.get_by_text("Popular here").first).to_be_visible()
    assert await axe.violations(page) == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_people_are_followed_from_lists(town: Town, viewport: dict[str, int]) -> None:
    ana, ben, eve = [await town.person(name) for name in ("ana", "ben", "eve")]
    await ben.follow(ana)
    await eve.follow(ana)
    page = await ben.page(f"/@{ana.username}/followers", viewport=viewport)
    await page.get_by_role("button", name=f"Follow {eve.username}").click()
    await expect(page.get_by_role("button", name=f"Following {eve.username}")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile(ben.username))).to_have_count(0)
    await searched(page, eve.username)
    await expect(page.get_by_role("button", name=f"Following {eve.username}")).to_be_visible()
    async with page.expect_response("**/follow"):
        await page.get_by_role("button", name=f"Following {eve.username}").click()
    await expect(page.get_by_role("button", name=f"Follow {eve.username}")).to_be_visible()
    assert (await ben.ask("GET", f"/users/{eve.id}"))["viewer"]["following"] == "NONE"


async def searched(page: Page, name: str) -> None:
    await page.goto("/people")
    await page.get_by_role("searchbox", name="Search people").fill(name)
