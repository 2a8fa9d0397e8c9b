"""Everyone can use it: axe-core finds nothing on any page or dialog, and every flow goes by keyboard alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import FileChooser, Locator, Page, ViewportSize, expect

from tests.browser import axe, composing
from tests.browser.town import DESKTOP, PASSWORD, PHONE, Person, Town
from tests.photos import phone_photo
from tests.world import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
FOCUSED = "(element) => element === document.activeElement"
KEPT = "() => !document.activeElement.closest('main, header, nav') || !!document.activeElement.closest('dialog')"
FARTHEST = 150


@SIZES
async def test_no_page_has_a_barrier(town: Town, size: ViewportSize) -> None:
    town.foresee("404")
    found: dict[str, list[str]] = {}
    out = await town.visitor(viewport=size)
    for address, heading in (("/login", "Log in"), ("/register", "Join Tintype"), ("/reset", "New password")):
        await out.goto(address)
        await expect(out.get_by_role("heading", name=heading)).to_be_visible()
        found[address] = await axe.violations(out)

    ana, ben = await town.person("ana"), await town.person("ben")
    page = await ana.page(viewport=size)
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    found["empty home"] = await axe.violations(page)
    photo = await furnish(ana, ben, town)
    dan = await neighbours(ana, town)
    async for what in pages(page, ana, ben, photo["post_id"]):
        found[what] = await axe.violations(page)
    await page.goto(f"/@{dan.username}")
    await expect(page.get_by_role("button", name="Unblock")).to_be_visible()
    found["a profile that is blocked"] = await axe.violations(page)
    await out.goto(f"/@{ana.username}")
    await expect(out.get_by_role("heading", name="This account is private")).to_be_visible()
    found["a private profile"] = await axe.violations(out)
    await out.goto(f"/@{ben.username}")
    await expect(out.get_by_role("heading", name="Posts")).to_be_attached()
    found["a profile to a visitor"] = await axe.violations(out)
    await out.goto(f"/posts/{photo['post_id']}")
    await expect(out.get_by_text("to like or comment.")).to_be_visible()
    found["a post to a visitor"] = await axe.violations(out)
    assert {what: some for what, some in found.items() if some} == {}


@SIZES
async def test_no_dialog_has_a_barrier(town: Town, size: ViewportSize) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await furnish(ana, ben, town)
    page = await ana.page(viewport=size)
    card = page.get_by_role("article").filter(has=page.locator("picture")).first
    found: dict[str, list[str]] = {}

    await card.get_by_role("button", name="1 like").click()
    await expect(page.get_by_role("dialog", name="Likes").get_by_role("link", name=ben.username)).to_be_visible()
    found["likes"] = await axe.violations(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    found["shortcuts"] = await axe.violations(page)
    await page.keyboard.press("Escape")
    await card.get_by_role("button", name="More about this post").click()
    await expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    found["menu"] = await axe.violations(page)
    await page.get_by_role("button", name="Why this post?").click()
    await expect(page.get_by_role("dialog", name="Why this post?").get_by_role("listitem").first).to_be_visible()
    found["why"] = await axe.violations(page)
    await page.keyboard.press("Escape")
    await ben.post("Something new")
    await town.settled()
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect(page.locator("[data-new-posts]")).to_be_visible()
    found["new posts"] = await axe.violations(page)

    box = await composing.open_compose(page)
    found["compose, empty"] = await axe.violations(page)
    files = [composing.jpeg("a.jpg", drawn(1, 800, 600)), composing.jpeg("b.txt", b"no picture")]
    await composing.choose(page, *files)
    await expect(box.get_by_role("progressbar")).to_have_count(0)
    await box.get_by_role("button", name=re.compile("^Photo 2: b.txt, failed")).click()
    await expect(box.get_by_role("alert")).to_be_visible()
    found["compose, with a picture and a problem"] = await axe.violations(page)
    await box.get_by_role("button", name="Remove photo").click()
    await box.get_by_label("Caption").press_sequentially(f"With #sea and @{ben.username[:-1]}")
    await expect(box.get_by_role("option", name=ben.username)).to_be_visible()
    found["compose, with people offered"] = await axe.violations(page)
    assert {what: some for what, some in found.items() if some} == {}


async def test_every_flow_goes_by_keyboard_alone(town: Town) -> None:
    ben = await town.person("ben")
    await ben.post("Who is out there?")
    name = town.new_name("kim")
    page = await town.visitor()
    await page.goto("/register")
    for label, text in (("Username", name), ("E-mail", f"{name}@example.org"), ("Password", PASSWORD)):
        await reach(page, page.get_by_label(label))
        await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()

    await reach(page, page.get_by_role("button", name="New post", exact=True))
    await page.keyboard.press("Enter")
    box = composing.dialog(page)
    await reach(page, box.get_by_label("Caption"))
    await page.keyboard.type("Written without a mouse")
    await reach(page, box.get_by_role("button", name="Share"), backwards=True)
    await page.keyboard.press("Enter")
    card = page.get_by_role("article", name=f"Post by {name}")
    await expect(card.get_by_text("Written without a mouse")).to_be_visible()

    await reach(page, card.get_by_role("button", name="Like", exact=True))
    await page.keyboard.press("Space")
    await expect(card.get_by_role("button", name="1 like")).to_be_visible()
    await reach(page, card.get_by_role("link", name="Comments"))
    await page.keyboard.press("Enter")
    await reach(page, page.get_by_role("textbox", name="Comment"))
    await page.keyboard.type("And answered so")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="Comments").get_by_text("And answered so")).to_be_visible()

    await reach(page, page.get_by_role("link", name="People", exact=True), backwards=True)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("searchbox", name="Search people")).to_be_focused()
    await page.keyboard.type(ben.username)
    await expect(page.get_by_role("link", name=ben.username)).to_be_visible()
    await reach(page, page.get_by_role("link", name=ben.username))
    await page.keyboard.press("Enter")
    await reach(page, page.get_by_role("button", name="Follow", exact=True))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Following")).to_be_visible()

    await reach(page, page.get_by_role("link", name="Settings", exact=True))
    await page.keyboard.press("Enter")
    await reach(page, page.get_by_role("button", name="Log out"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()


async def test_a_picture_is_shared_by_keyboard_alone(town: Town) -> None:
    town.foresee("404")  # whoever is slow still waits for the post while it is deleted
    ana = await town.person("ana")
    page = await ana.page()
    chooser: asyncio.Future[FileChooser] = asyncio.get_running_loop().create_future()
    page.once("filechooser", lambda found: chooser.set_result(found))
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    await page.keyboard.press("n")
    box = composing.dialog(page)
    await reach(page, box.get_by_label("Choose photos"))
    await page.keyboard.press("Enter")
    await (await chooser).set_files([composing.jpeg("tide.jpg", phone_photo(width=1200, height=900))])
    await reach(page, box.get_by_label("Alt text"))
    await page.keyboard.type("Rocks at low tide")
    await expect(box.get_by_text("Ready to share.")).to_be_visible()
    await reach(page, box.get_by_role("button", name="Share"), backwards=True)
    await page.keyboard.press("Enter")
    await expect(box).to_be_hidden()
    card = page.get_by_role("article").first
    await expect(card.get_by_role("img", name="Rocks at low tide")).to_be_visible()
    await page.keyboard.press("j")
    await expect(card).to_be_focused()
    await page.keyboard.press("l")
    await expect(card.get_by_role("button", name="Unlike")).to_be_visible()
    await reach(page, card.get_by_role("button", name="More about this post"), backwards=True)
    await page.keyboard.press("Enter")
    await reach(page, page.get_by_role("button", name="Delete post"))
    await page.keyboard.press("Enter")
    await reach(page, page.get_by_role("button", name="Undo"))
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("img", name="Rocks at low tide")).to_be_visible()


async def test_a_dialog_keeps_the_focus_and_gives_it_back(town: Town) -> None:
    ana = await town.person("ana")
    await ana.post("A note")
    await ana.ask("POST", f"/posts/{(await ana.ask('GET', '/feed/home'))[0]['post_id']}/like", {})
    page = await ana.page()
    opener = page.get_by_role("button", name="1 like")
    await reach(page, opener)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Likes")).to_be_visible()
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await page.evaluate(KEPT)
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()


async def neighbours(ana: Person, town: Town) -> Person:
    """Somebody whom ana has blocked, one whom she has muted, and one who waits to follow her private account."""
    dan, eve, fay = [await town.person(name) for name in ("dan", "eve", "fay")]
    await ana.ask("PUT", "/users/me", {"is_private": True})
    await ana.ask("POST", f"/users/{dan.id}/block")
    await ana.ask("POST", f"/users/{eve.id}/mute")
    await fay.follow(ana)
    return dan


async def furnish(ana: Person, ben: Person, town: Town) -> dict[str, Any]:
    """Posts of every look, people who follow one another, likes and talk; the post that has them all."""
    await ana.follow(ben)
    await ben.follow(ana)
    await ben.post("Only words today, for @nobody in particular. #rain")
    await ana.post("Two at once", drawn(1, 800, 600), drawn(2, 600, 800))
    photo = await ben.post("Low tide #sea", phone_photo(width=1600, height=1200), alt_text="Rocks at low tide")
    base = f"/posts/{photo['post_id']}"
    await ben.ask("POST", f"{base}/like", {})
    comment = await ana.ask("POST", f"{base}/comments", {"text": "Where is that?"})
    await ben.ask("POST", f"{base}/comments", {"text": "By the pier", "parent_id": comment["comment_id"]})
    await town.settled()
    return photo


async def pages(page: Page, ana: Person, ben: Person, post_id: str) -> AsyncIterator[str]:
    """Every page of somebody signed in, one after the other, loaded."""
    places: list[tuple[str, Locator]] = [
        ("/", page.get_by_role("article").nth(2)),
        (f"/posts/{post_id}", page.get_by_role("button", name="View 1 reply")),
        (f"/@{ana.username}", page.get_by_role("link", name="Edit profile")),
        (f"/@{ben.username}", page.get_by_role("button", name="Following", exact=True)),
        (f"/@{ben.username}/followers", page.get_by_role("link", name=ana.username)),
        (f"/@{ben.username}/following", page.get_by_role("link", name=ana.username)),
        ("/people", page.get_by_role("heading", name="Find people")),
        ("/settings", page.get_by_role("button", name="Log out")),
        ("/settings/profile", page.get_by_label("Full name")),
        ("/settings/privacy", page.get_by_role("checkbox", name="Private account")),
        ("/settings/blocked", page.get_by_role("button", name="Unblock")),
        ("/settings/muted", page.get_by_role("button", name="Unmute")),
        ("/requests", page.get_by_role("button", name="Accept")),
        (f"/@{ana.username}/followers", page.get_by_role("button", name="Remove")),
        ("/settings/sessions", page.get_by_text("this device")),
        ("/settings/appearance", page.get_by_role("combobox", name="Language")),
        ("/explore", page.get_by_role("heading", name="Explore")),
        ("/hashtags/sea", page.get_by_role("heading", name="#sea", exact=True)),
        ("/saved", page.get_by_role("heading").first),
        ("/archive", page.get_by_role("heading").first),
        *(
            (f"/settings/{one}", page.locator("#section"))
            for one in ("account", "security", "connected", "storage", "leaving")
        ),
        ("/nowhere/at/all", page.get_by_role("heading", name="This page is not here")),
        ("/@nobody.at.all", page.get_by_role("heading", name="This person is not here")),
    ]
    for address, sign in places:
        await page.goto(address)
        await expect(sign.first).to_be_visible()
        yield address
    await page.goto("/people")
    await page.get_by_role("searchbox").fill(ben.username)
    await expect(page.get_by_role("link", name=ben.username)).to_be_visible()
    yield "people found"


async def reach(page: Page, wanted: Locator, *, backwards: bool = False) -> None:
    """Press Tab until this has the focus, and see that one can see so."""
    await expect(wanted.first).to_be_attached()
    for _ in range(FARTHEST):
        if await wanted.first.evaluate(FOCUSED):
            return
        await page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"{wanted} cannot be reached by Tab")
