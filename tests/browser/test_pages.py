"""How pages behave when lists are long, lines are bad, the server is busy, and sessions end elsewhere."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser import composing
from tests.browser.town import Town
from tests.photos import phone_photo
from tests.world import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BUSY = {
    "status": "error",
    "error": {"code": "UNAVAILABLE", "message": "Too busy.", "details": {}},
    "meta": {"timestamp": "2026-01-01T00:00:00.000000Z", "request_id": "0"},
}
IN_VIEW = "(card) => { const { top, bottom } = card.getBoundingClientRect(); return bottom > 0 && top < innerHeight }"


async def test_a_long_feed_goes_on_and_returns_to_its_place(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    for number in range(45):
        await ana.ask("POST", "/posts", {"type": "TEXT", "caption": f"Note {number} of a long winter"})
    await ben.follow(ana)
    await town.settled()
    page = await ben.page()
    card = page.get_by_role("article").filter(has_text="Note 3 of")
    await scroll_to(page, card)
    await expect(page.get_by_role("article")).to_have_count(45)
    place = await page.evaluate("scrollY")

    await card.get_by_role("link", name="Comments").click()
    await expect(page.get_by_role("textbox", name="Comment")).to_be_visible()
    assert await page.evaluate("scrollY") == 0, "a new page starts at its top"
    await page.go_back()

    await expect(card).to_be_visible()
    assert await card.evaluate(IN_VIEW)
    assert abs(await page.evaluate("scrollY") - place) <= 2
    await page.get_by_role("link", name="Profile").click()
    await expect(page.get_by_role("link", name="Edit profile")).to_be_visible()
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(card).to_be_visible()
    assert abs(await page.evaluate("scrollY") - place) <= 2, "home keeps its place however one comes back"


async def test_several_pictures_are_ordered_described_and_shown_in_that_order(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    box = await composing.open_compose(page)
    files = [composing.jpeg(f"{name}.jpg", drawn(n, 800, 600)) for n, name in enumerate(("one", "two", "three"))]
    await composing.choose(page, *files)
    await composing.sent(page, 3)
    await box.get_by_role("button", name="Photo 3: three.jpg").click()
    await box.get_by_label("Alt text").fill("The third")
    await box.get_by_role("button", name="Move earlier").click()
    await box.get_by_role("button", name="Move earlier").click()
    await expect(box.get_by_role("button", name=re.compile(r"^Photo 1"))).to_have_accessible_name("Photo 1: three.jpg")
    await box.get_by_role("button", name="Photo 2: one.jpg").drag_to(box.get_by_role("button", name="Photo 3: two.jpg"))
    await expect(box.get_by_role("button", name=re.compile(r"^Photo 3"))).to_have_accessible_name("Photo 3: one.jpg")
    await composing.share(page)

    card = page.get_by_role("article").first
    await expect(card.get_by_role("region", name="3 pictures")).to_be_visible()
    await expect(card.get_by_role("img", name="The third")).to_have_count(1)
    await card.hover()
    await card.get_by_role("button", name="Next picture").click()
    await expect(card.get_by_text("2/3")).to_be_visible()
    (post,) = await ana.ask("GET", "/feed/home")
    assert [one["alt_text"] for one in post["media"]] == ["The third", "", ""]


@pytest.mark.parametrize("step", [r"/media/upload-url$", r"/media/upload/\d+", r"/media/\d+/complete$"])
async def test_a_failed_upload_says_so_and_goes_through_on_retry(town: Town, step: str) -> None:
    town.foresee("ERR_CONNECTION_RESET")
    ana = await town.person("ana")
    page = await ana.page()
    box = await composing.open_compose(page)
    await page.route(re.compile(step), lambda route: route.abort("connectionreset"), times=1)
    await composing.choose(page, composing.jpeg("tide.jpg", phone_photo(width=1200, height=900)))

    await expect(box.get_by_role("alert")).to_contain_text("tide.jpg: No connection.")
    await expect(box.get_by_text("Retry or remove the pictures that did not go through.")).to_be_visible()
    await box.get_by_role("button", name="Retry").click()
    await expect(box.get_by_role("alert")).to_be_hidden()
    await composing.share(page)
    await expect(page.get_by_role("article").first.locator("picture img")).to_have_attribute("src", re.compile("/m/"))


async def test_a_draft_outlives_its_dialog(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    box = await composing.open_compose(page)
    await box.get_by_label("Caption").fill("Half a thought")
    await page.keyboard.press("Escape")
    await expect(box).to_be_hidden()
    await composing.open_compose(page)
    await expect(box.get_by_label("Caption")).to_have_value("Half a thought")
    await composing.share(page)
    await expect(page.get_by_role("article").first.get_by_text("Half a thought")).to_be_visible()


async def test_a_like_shows_at_once_and_goes_back_when_the_server_is_busy(town: Town) -> None:
    town.foresee("503")
    ana = await town.person("ana")
    await ana.post("A quiet note")
    page = await ana.page()
    answer = asyncio.Event()

    async def busy(route: Route) -> None:
        await answer.wait()
        await route.fulfill(status=503, json=BUSY, headers={"Retry-After": "2"})

    await page.route("**/like", busy)
    card = page.get_by_role("article").first
    await card.get_by_role("button", name="Like", exact=True).click()
    await expect(card.get_by_role("button", name="Unlike")).to_be_visible()
    await expect(card.get_by_role("button", name="1 like")).to_be_visible()
    answer.set()
    await expect(card.get_by_role("button", name="Like", exact=True)).to_be_visible()
    await expect(card.get_by_role("button", name="1 like")).to_be_hidden()
    await expect(page.get_by_role("status").get_by_text("Tintype is very busy.")).to_be_visible()


async def test_a_blocked_post_tells_its_author_why_and_goes_when_asked(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ben.follow(ana)
    page = await ana.page()
    box = await composing.open_compose(page)
    await box.get_by_label("Caption").fill(" ".join(f"https://example.org/{n}" for n in range(9)))
    await composing.share(page)

    problem = page.get_by_role("article").first.get_by_role("alert")
    await expect(problem).to_contain_text("This post is not shown to others")
    await town.settled()
    others = await ben.page()
    await expect(others.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    await problem.get_by_role("button", name="Delete it").click()
    await expect(page.get_by_role("article")).to_have_count(0)


async def test_a_picture_that_cannot_be_read_says_so_before_it_is_shared(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page()
    box = await composing.open_compose(page)
    await composing.choose(page, composing.jpeg("broken.jpg", phone_photo(width=1200, height=900)[:3000] + b"x" * 9000))
    await expect(box.get_by_role("alert")).to_contain_text("broken.jpg")
    await box.get_by_role("button", name="Remove photo").click()
    await expect(box.get_by_text("Drop photos here")).to_be_visible()


async def test_a_session_that_is_ended_elsewhere_is_out_within_a_second(town: Town) -> None:
    town.foresee("401")
    ana = await town.person("ana")
    await ana.post("Still here")
    here, there = await ana.page("/settings/sessions"), await ana.page()
    await expect(there.get_by_role("article")).to_have_count(1)
    await here.reload()
    (elsewhere,) = [one for one in await sessions(here) if not one["current"] and "Chrom" in one["user_agent"]]
    rows = here.get_by_role("listitem").filter(has=here.get_by_role("button", name="End session on Chrome"))
    await expect(rows).to_have_count(1)
    async with here.expect_response(f"**/sessions/{elsewhere['session_id']}"):
        await rows.get_by_role("button").click()
    await there.get_by_role("link", name="Home", exact=True).click()
    await expect(there).to_have_url(re.compile("/login$"), timeout=1000)
    await expect(there.get_by_text("Your session has ended. Log in to go on.")).to_be_visible()
    await expect(here.get_by_text("was signed out.")).to_be_visible()


async def test_logging_out_leaves_nothing_on_the_screen(town: Town) -> None:
    ana = await town.person("ana")
    await ana.post("Only while I am here")
    page = await ana.page("/settings")
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    await page.goto("/")
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    names = {cookie.get("name", "") for cookie in await page.context.cookies()}
    assert not {name for name in names if "access" in name or "refresh" in name}


async def test_no_page_asks_anyone_else_for_anything(town: Town) -> None:
    ana = await town.person("ana")
    post = await ana.photo("At home")
    page = await ana.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in ("/", f"/posts/{post['post_id']}", f"/@{ana.username}", "/people", "/settings/appearance"):
        answer = await page.goto(address)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
        await expect(page.get_by_role("main")).to_be_visible()
    assert asked
    assert [url for url in asked if not url.startswith((town.product.url, "blob:", "data:"))] == []


async def sessions(page: Page) -> list[dict[str, str]]:
    answer = await page.context.request.get("/api/v1/users/me/sessions")
    found: list[dict[str, str]] = (await answer.json())["data"]
    return found


async def scroll_to(page: Page, wanted: Locator) -> None:
    """Go down page by page, as far as the list goes on, until this is in view."""
    for _ in range(20):
        if await wanted.count():
            break
        cards = page.get_by_role("article")
        before = await cards.count()
        await cards.last.scroll_into_view_if_needed()
        await expect(cards.nth(before)).to_be_attached()
    await wanted.scroll_into_view_if_needed()
