"""The home feed in a browser: its two orders, what is new, going through it by keyboard, and keeping one's place."""

import asyncio
import json
from typing import Any, Literal

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.town import PHONE, Person, Town, written
from tests.world import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ORDERS = pytest.mark.parametrize("order", ["ranked", "latest"])
SHIFTS = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.moved += value;
}).observe({ type: "layout-shift", buffered: true });
"""
LARGEST_SHIFT = 0.02
BLURRED = "() => [...document.querySelectorAll('main canvas')].some((one) => one.width > 1 && one.height > 1)"


async def test_the_order_is_switched_and_kept_with_the_account(town: Town) -> None:
    _, ben = await reader_of_many(town, 3)
    page = await ben.page()
    await choose(page, "Latest")
    assert await captions(page) == ["Note 2", "Note 1", "Note 0"]
    for name, order in (("For you", "ranked"), ("Latest", "latest")):
        async with page.expect_response(written("/users/me")):
            await choose(page, name)
        await expect(page.get_by_role("article")).to_have_count(3)
        assert (await preferences(page))["feed_order"] == order
    await expect(page.get_by_role("radio", name="Latest")).to_be_checked()
    assert await captions(page) == ["Note 2", "Note 1", "Note 0"]


async def test_who_never_chose_has_the_feed_ranked(town: Town) -> None:
    _, ben = await reader_of_many(town, 2)
    page = await ben.page("/settings")

    async def without_a_choice(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        if answer.ok:
            del told["data"]["preferences"]["feed_order"]
        await route.fulfill(response=answer, json=told)

    await page.route("**/api/v1/users/me", without_a_choice)
    await page.goto("/")
    await expect(page.get_by_role("radio", name="For you")).to_be_checked()
    await expect(page.get_by_role("article")).to_have_count(2)


@ORDERS
async def test_what_is_new_shows_as_a_pill_and_stands_first_when_asked_for(
    town: Town, order: Literal["ranked", "latest"]
) -> None:
    ana, ben = await reader_of_many(town, 20)
    await ben.ask("PUT", "/users/me", {"preferences": {"feed_order": order}})
    page = await ben.page()
    await page.add_init_script(SHIFTS)
    await page.reload()
    cards = page.get_by_role("article")
    await cards.nth(6).scroll_into_view_if_needed()
    place = await page.evaluate("scrollY")
    pill = page.get_by_role("status").get_by_role("button", name="new post")
    await look(page)
    await expect(pill).to_have_count(0)

    await ana.post("Fresh from the sea")
    await ana.post("And one more")
    await town.settled()
    await look(page)
    await expect(pill).to_have_text("2 new posts")
    assert await page.evaluate("scrollY") == place, "nothing moves for it"
    assert await page.evaluate("moved") <= LARGEST_SHIFT
    await page.keyboard.press(".")

    await expect(cards.first).to_contain_text("And one more")
    await expect(cards.nth(1)).to_contain_text("Fresh from the sea")
    await expect(cards.first).to_be_focused()
    await expect(pill).to_have_count(0)
    assert await page.evaluate("scrollY") == 0


async def test_ones_own_new_post_is_no_news(town: Town) -> None:
    _, ben = await reader_of_many(town, 1)
    page = await ben.page()
    await expect(page.get_by_role("article")).to_have_count(1)
    await page.get_by_role("button", name="New post", exact=True).click()
    await page.get_by_label("Caption").fill("My own words")
    await page.get_by_role("dialog").get_by_role("button", name="Share").click()
    await expect(page.get_by_role("article").first).to_contain_text("My own words")
    await town.settled()
    await look(page)
    await expect(page.locator("[data-new-posts]")).to_have_count(0)


async def test_posts_are_gone_through_liked_and_opened_by_keyboard(town: Town) -> None:
    _, ben = await reader_of_many(town, 15)
    page = await ben.page()
    await choose(page, "For you")
    await choose(page, "Latest")
    cards = page.get_by_role("article")
    await expect(cards.first).to_contain_text("Note 14")
    for at in (0, 1, 2):
        await page.keyboard.press("j")
        await expect(cards.nth(at)).to_be_focused()
    await page.keyboard.press("k")
    await expect(cards.nth(1)).to_be_focused()
    await page.keyboard.press("l")
    await expect(cards.nth(1).get_by_role("button", name="Unlike")).to_be_visible()
    await expect(cards.nth(1).get_by_role("button", name="1 like")).to_be_visible()
    for at in range(2, 15):
        await expect(cards.nth(at)).to_be_attached()
        await page.keyboard.press("j")
    await expect(cards.nth(14)).to_be_focused()
    top = await cards.nth(14).evaluate("(card) => card.getBoundingClientRect().top")
    await page.keyboard.press("o")
    await expect(page.get_by_role("textbox", name="Comment")).to_be_visible()
    await page.go_back()
    await expect(cards.nth(14)).to_be_in_viewport()
    assert abs(await cards.nth(14).evaluate("(card) => card.getBoundingClientRect().top") - top) <= 2
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Show new posts")


@ORDERS
async def test_back_returns_to_ones_place_whatever_grew_above_it(
    town: Town, order: Literal["ranked", "latest"]
) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    for number in range(30):
        await ana.ask("POST", "/posts", {"type": "TEXT", "caption": f"Note {number}. " + "Long words follow. " * 60})
    await ben.follow(ana)
    await ben.ask("PUT", "/users/me", {"preferences": {"feed_order": order}})
    await town.settled()
    page = await ben.page(viewport=PHONE)
    cards = page.get_by_role("article")
    for at in (0, 1, 2):
        await cards.nth(at).get_by_role("button", name="more", exact=True).click()
    card = cards.nth(9)
    for _ in range(2):  # what comes near is drawn with the next frame, and takes its own room then
        await card.evaluate("(one) => one.scrollIntoView({ block: 'start' })")
        await page.wait_for_timeout(100)
    name = await card.get_attribute("data-post-id")
    before = await place_of(card)
    await card.get_by_role("link", name=ana.username, exact=True).click()
    await expect(page.get_by_role("button", name="Following")).to_be_visible()
    await page.go_back()
    same = page.locator(f"[data-post-id='{name}']")
    await expect(same).to_be_in_viewport()
    assert abs(await place_of(same) - before) <= 2


async def test_who_follows_somebody_keeps_their_place_and_learns_that_there_is_more(town: Town) -> None:
    _, ben = await reader_of_many(town, 20)
    cleo = await town.person("cleo")
    await cleo.post("Cleo was here before")
    page = await ben.page()
    await choose(page, "Latest")
    card = page.get_by_role("article").filter(has_text="Note 12")
    await card.scroll_into_view_if_needed()
    before = await place_of(card)
    await page.get_by_role("link", name="People", exact=True).click()
    await page.get_by_role("searchbox").fill(cleo.username)
    await page.get_by_role("link", name=cleo.username).click()
    await page.get_by_role("button", name="Follow", exact=True).click()
    await expect(page.get_by_role("button", name="Following")).to_be_visible()
    await town.settled()
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(card).to_be_in_viewport()
    assert abs(await place_of(card) - before) <= 2
    await page.locator("[data-new-posts]").click()
    await expect(page.get_by_role("article").first).to_contain_text("Cleo was here before")


async def test_nothing_moves_while_pictures_come_and_their_blurhash_is_there_first(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ben.follow(ana)
    for width, height in ((800, 300), (400, 700), (640, 640)):
        photo = await ana.post(f"{width} by {height}", drawn(width, width, height))
    await town.settled()
    page = await ben.page("/settings")
    await page.add_init_script(SHIFTS)
    let_go = asyncio.Event()

    async def held(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    await page.route("**/m/*/**", held)
    addresses = ("/", f"/@{ana.username}", f"/posts/{photo['post_id']}")
    for address in addresses:
        let_go.clear()
        await page.goto(address, wait_until="domcontentloaded")
        picture = page.locator("main picture img").first
        await expect(picture).to_be_attached()
        await page.wait_for_function(BLURRED)
        assert await picture.evaluate("(one) => getComputedStyle(one).opacity") == "0"
        let_go.set()
        await expect(picture).to_have_css("opacity", "1")
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await page.wait_for_load_state("networkidle")
        assert await page.evaluate("moved") <= LARGEST_SHIFT, address


async def test_what_was_seen_is_told_when_the_page_goes_and_never_against_ones_will(town: Town) -> None:
    _, ben = await reader_of_many(town, 3)
    page = await ben.page()
    seen = page.get_by_role("article").first
    await expect(seen).to_be_visible()
    await page.wait_for_timeout(600)
    async with page.expect_request("**/feed/impressions") as asked:
        await page.get_by_role("link", name="People", exact=True).click()
    request = await asked.value
    assert request.headers["x-csrf-token"]
    items = json.loads(request.post_data or "")["items"]
    assert {"post_id", "dwell_ms", "at"} == set(items[0])
    assert all(300 <= one["dwell_ms"] < 60_000 for one in items)

    # The browser tells nobody of requests that outlive their page: the product's log does.
    before = await taken(ben, 1)
    await page.goto("/")
    await expect(seen).to_be_visible()
    await page.wait_for_timeout(600)
    await page.goto("about:blank")
    assert await taken(ben, before + 1) == before + 1

    await page.goto("/settings/privacy")
    async with page.expect_response(written("/users/me")):
        await page.get_by_role("checkbox", name="Record what I look at").uncheck()
    assert not (await preferences(page))["impressions"]
    await page.goto("/")
    await expect(seen).to_be_visible()
    await page.wait_for_timeout(600)
    await page.goto("about:blank")
    await page.wait_for_timeout(500)
    assert await taken(ben, 0) == before + 1


async def test_a_post_says_why_it_stands_there(town: Town) -> None:
    _, ben = await reader_of_many(town, 1)
    page = await ben.page()
    await page.get_by_role("button", name="More about this post").click()
    await page.get_by_role("button", name="Why this post?").click()
    box = page.get_by_role("dialog", name="Why this post?")
    await expect(box.get_by_role("listitem").first).to_have_text("It is new.")
    await page.keyboard.press("Escape")
    await expect(box).to_be_hidden()


async def test_an_archived_post_is_gone_for_others_and_comes_back_by_undo(town: Town) -> None:
    ana, ben = await reader_of_many(town, 3)
    page = await ana.page()
    await choose(page, "Latest")
    card = page.get_by_role("article").nth(1)
    await card.get_by_role("button", name="More about this post").click()
    await page.get_by_role("button", name="Archive").click()
    await expect(page.get_by_role("article")).to_have_count(2)
    await expect(page.get_by_text("Post archived.")).to_be_visible()
    assert [one["caption"] for one in await ben.ask("GET", "/feed/home")] == ["Note 2", "Note 0"]
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Post is back.")).to_be_visible()
    assert await captions(page) == ["Note 2", "Note 1", "Note 0"]
    assert len(await ben.ask("GET", "/feed/home")) == 3


async def reader_of_many(town: Town, number: int) -> tuple[Person, Person]:
    """Somebody with so many notes, and who follows them."""
    ana, ben = await town.person("ana"), await town.person("ben")
    await ben.follow(ana)
    for one in range(number):
        await ana.ask("POST", "/posts", {"type": "TEXT", "caption": f"Note {one}"})
    await town.settled()
    return ana, ben


async def choose(page: Page, order: str) -> None:
    await page.get_by_role("radio", name=order).check()
    await expect(page.get_by_role("radio", name=order)).to_be_checked()


async def preferences(page: Page) -> dict[str, Any]:
    """Those of whom it belongs to, asked in the page's own session, which sees at once what it wrote."""
    me = await (await page.request.get("/api/v1/users/me")).json()
    found: dict[str, Any] = me["data"]["preferences"]
    return found


async def captions(page: Page) -> list[str]:
    await expect(page.get_by_role("article").first).to_be_visible()
    return await page.get_by_role("article").locator("p[dir=auto]").all_text_contents()


async def look(page: Page) -> None:
    """What the browser tells a page that somebody has come back to."""
    async with page.expect_response("**/feed/home/new-count*"):
        await page.evaluate("window.dispatchEvent(new Event('focus'))")


async def place_of(card: Locator) -> float:
    top: float = await card.evaluate("(one) => one.getBoundingClientRect().top")
    return top


async def taken(person: Person, wanted: int) -> int:
    """How many batches of somebody's impressions the product has taken, once it is so many."""
    number = 0
    for _ in range(50):
        said = person.town.product.said().splitlines()
        lines = [line for line in said if "/api/v1/feed/impressions" in line and person.id in line]
        number = sum('"status": 202' in line for line in lines)
        assert len(lines) == number, lines
        if number >= wanted:
            break
        await asyncio.sleep(0.1)
    return number
