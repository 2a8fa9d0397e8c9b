"""Take every page of the client at three widths, light and dark, from a small world of real photos: to be looked at.

`.venv/bin/python -m scripts.screenshots FOLDER [name…]` starts a product of its own, fills it and writes the pictures
there; names choose among the pages. Real photos are read from the shared test data.
"""

import asyncio
import re
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import pyvips
from playwright.async_api import Browser, Page, async_playwright, expect
from tests import data
from tests.browser import composing
from tests.browser.conftest import ARGUMENTS
from tests.browser.test_avatars import wear
from tests.browser.test_editing import open_editor
from tests.browser.test_posts import editing
from tests.browser.test_video import film, published
from tests.browser.town import Person, Town
from tests.engines.product import installed
from tests.platform.pictures import plain

SIZES = {"360": (360, 740), "768": (768, 1024), "1440": (1440, 900)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LONG_NAME = "a_name.of_exactly.thirty_chars"
LONG_CAPTION = (
    "The ferry was late, so there was time to count the lamps along the quay. Twenty-six, and one of them out of "
    "order since the spring; nobody minds. " * 3
)
RTL = "غروب الشمس فوق الجبال، لحظة هادئة لا تُنسى #غروب"
Act = Callable[[Page], Awaitable[None]]


def photo(name: str, width: int = 1600, height: int | None = None) -> bytes:
    """A real photo, smaller."""
    source = pyvips.Image.new_from_file(str(data.path(f"photos/{name}"))).autorot()
    image = source.thumbnail_image(width, height=height or 4000, crop="centre" if height else "none")
    body: bytes = image.flatten().jpegsave_buffer(Q=90) if image.hasalpha() else image.jpegsave_buffer(Q=90)
    return body


class World:
    """Who is in the pictures, and what they are taken of."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.ana: Person
        self.long: Person
        self.nobody: Person
        self.posts: dict[str, dict[str, Any]] = {}

    async def fill(self) -> None:
        self.ana = await self.person("ana.sousa", "Ana Sousa", "Tides, terraces, too much coffee. Lisbon.")
        ben = await self.person("ben_okafor", "Ben Okafor", "Street corners and blue hours. 35 mm, mostly.")
        layla = await self.person("layla", "ليلى حداد", "مصوّرة من بيروت")
        self.long = await self.person(
            LONG_NAME, "Wolfeschlegelsteinhausenbergerdorff-Fernández de la Torre y Alvarado", "words " * 25
        )
        self.nobody = await self.person("new.here", "", "")
        friends = [ben, layla, self.long]
        for one in friends:
            await self.ana.follow(one)
            await one.follow(self.ana)
        one_pixel = plain(1, 1, [180, 80, 40]).jpegsave_buffer()
        bridge = "lomiri-wallpapers-16.04__Bridge_by_Sander_Klootwijk.jpg"
        await self.post("pixel", ben, "The smallest picture there is.", one_pixel)
        await self.post("panorama", self.long, LONG_CAPTION, photo(bridge, 4000, 700))
        await self.post("text", ben, "Some days only need words. #rain")
        await self.post("tall", layla, RTL, photo("lomiri-wallpapers-16.04__friends_by_Aitzol_Berasategi.jpg", 1200))
        await self.post("blocked", self.ana, " ".join(f"https://example.org/{n}" for n in range(9)))
        await self.post(
            "several",
            self.ana,
            "Two from Sunday, with @ben_okafor. #walking",
            photo("mate-backgrounds__YellowFlower.jpg"),
            photo("plasma-workspace-wallpapers__FallenLeaf_2560x1600.jpg"),
        )
        await self.post(
            "photo",
            ben,
            "Low tide, and the whole bay to ourselves. #sea #morning",
            photo("lomiri-wallpapers-16.04__aitzgorri_by_Aitzol_Berasategi.jpg"),
        )
        talked_of = f"/posts/{self.posts['photo']['post_id']}"
        for one in (self.ana, layla, self.long):
            await one.ask("POST", f"{talked_of}/like", {})
        for one, text in ((self.ana, "Where is that?"), (layla, "جميل جدًا"), (self.long, LONG_CAPTION[:200])):
            comment = await one.ask("POST", f"{talked_of}/comments", {"text": text})
        await ben.ask("POST", f"{talked_of}/comments", {"text": "Thank you!", "parent_id": comment["comment_id"]})
        await self.ana.ask("POST", f"{talked_of}/save")
        await self.ana.ask("POST", f"/posts/{self.posts['tall']['post_id']}/save")
        await self.post("archived", self.ana, "Last winter.", photo(bridge, 1200))
        await self.ana.ask("POST", f"/posts/{self.posts['archived']['post_id']}/archive")
        self.posts["film"] = await published(ben, await film(ben, data.path("videos/bottle-detection.mp4")))
        await self.town.settled()

    async def person(self, username: str, full_name: str, bio: str) -> Person:
        made = await self.town.person("someone")
        changes = {"username": username, "full_name": full_name, "bio": bio.strip()[:150]}
        await made.ask("PUT", "/users/me", changes)
        made.username = username
        return made

    async def post(self, name: str, author: Person, caption: str, *pictures: bytes) -> None:
        self.posts[name] = await author.post(caption, *pictures, alt_text=caption[:60])


async def pick_pictures(page: Page) -> None:
    box = composing.dialog(page)
    wrong = box.get_by_role("button", name="notes.txt, failed")
    await page.wait_for_timeout(500)  # the draft of the last time may come back
    if not await wrong.is_visible():
        flower = photo("mate-backgrounds__YellowFlower.jpg", 900)
        await composing.choose(page, composing.jpeg("flower.jpg", flower), composing.jpeg("notes.txt", b"no picture"))
    await expect(wrong).to_be_visible()
    await box.get_by_label("Caption").fill("The garden, as the bees see it. #garden")


async def edit_picture(page: Page) -> None:
    await pick_pictures(page)
    await open_editor(page)
    await page.wait_for_timeout(1_000)  # the filters are drawn one after the other


async def crop_picture(page: Page) -> None:
    await edit_picture(page)
    await page.get_by_role("tab", name="Crop").click()


async def cut_avatar(page: Page) -> None:
    await wear(page, photo("mate-backgrounds__YellowFlower.jpg", 900))
    await expect(page.get_by_role("dialog", name="Your picture")).to_be_visible()


async def edit_post(page: Page) -> None:
    await editing(page)


async def pick_reaction(page: Page) -> None:
    await page.get_by_role("button", name="Like", exact=True).first.focus()
    await page.keyboard.press("ArrowUp")


async def press_question(page: Page) -> None:
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def show_likes(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("^3 ")).first.click()
    await expect(page.get_by_role("dialog").get_by_role("link").first).to_be_visible()


async def open_menu(page: Page) -> None:
    await page.get_by_role("button", name="More about").first.click()


async def ask_why(page: Page) -> None:
    await open_menu(page)
    await page.get_by_role("button", name="Why this post?").click()
    await expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()


async def ask_block(page: Page) -> None:
    await open_menu(page)
    await page.get_by_role("button", name="Block", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def undo_note(page: Page) -> None:
    await open_menu(page)
    await page.get_by_role("button", name="Copy link").click()
    await expect(page.get_by_role("status", name="Notes")).not_to_be_empty()


async def in_german(page: Page) -> None:
    await page.evaluate("localStorage.setItem('tintype.language', 'de')")
    await page.reload(wait_until="networkidle")
    await page.evaluate("localStorage.removeItem('tintype.language')")


async def look_up(page: Page) -> None:
    await page.get_by_role("searchbox").fill("a")
    await expect(page.get_by_role("link", name="ana.sousa")).to_be_visible()


async def log_in_wrongly(page: Page) -> None:
    await page.get_by_label("Username or e-mail").fill("nobody")
    await page.get_by_label("Password").fill("wrong password")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_be_visible()


async def see_all(page: Page) -> None:
    """Bring every picture into view once, as they come only then."""
    for card in await page.get_by_role("article").all():
        await card.scroll_into_view_if_needed()
        if await card.locator("picture img").count():
            await expect(card.locator("picture img").first).to_have_js_property("complete", True)
    await page.evaluate("scrollTo(0, 0)")


async def nothing(_page: Page) -> None:
    """The page as it comes."""


def sections() -> list[str]:
    """The sections of the settings, as the client names them."""
    source = (Path(__file__).resolve().parents[1] / "web/src/features/settings/pages/Settings.tsx").read_text("utf-8")
    found: list[str] = re.findall(r"^  (\w+): \{ icon", source, re.MULTILINE)
    assert found
    return found


def shots(world: World) -> list[tuple[str, Person | None, str, Act]]:
    """Name, who looks, address, and what is done first."""
    ana, new = world.ana, world.nobody

    def post(name: str) -> str:
        return f"/posts/{world.posts[name]['post_id']}"

    return [
        ("login", None, "/login", nothing),
        ("login-wrong", None, "/login", log_in_wrongly),
        ("register", None, "/register", nothing),
        ("forgot", None, "/forgot", nothing),
        ("reset", None, "/reset?token=none", nothing),
        ("visitor-profile", None, "/@ben_okafor", nothing),
        ("visitor-explore", None, "/explore", nothing),
        ("visitor-post", None, post("photo"), nothing),
        ("home-empty", new, "/", nothing),
        ("home", ana, "/", nothing),
        ("home-german", ana, "/", in_german),
        ("explore", ana, "/explore", nothing),
        ("hashtag", ana, "/hashtags/sea", nothing),
        ("saved", ana, "/saved", nothing),
        ("archive", ana, "/archive", nothing),
        ("requests", ana, "/requests", nothing),
        ("menu", ana, post("photo"), open_menu),
        ("why", ana, post("photo"), ask_why),
        ("block", ana, "/@ben_okafor", ask_block),
        ("note", ana, post("photo"), undo_note),
        ("compose-empty", new, "/new", nothing),
        ("compose", new, "/new", pick_pictures),
        ("studio", new, "/new", edit_picture),
        ("studio-crop", new, "/new", crop_picture),
        ("avatar", ana, "/settings/profile", cut_avatar),
        ("edit", ana, post("several"), edit_post),
        ("reactions", ana, post("tall"), pick_reaction),
        ("film", ana, post("film"), nothing),
        ("post", ana, post("photo"), nothing),
        ("post-several", ana, post("several"), nothing),
        ("post-tall-rtl", ana, post("tall"), nothing),
        ("post-panorama", ana, post("panorama"), nothing),
        ("post-pixel", ana, post("pixel"), nothing),
        ("post-text", ana, post("text"), nothing),
        ("post-blocked", ana, post("blocked"), nothing),
        ("profile", ana, "/@ana.sousa", nothing),
        ("profile-long", ana, f"/@{LONG_NAME}", nothing),
        ("profile-rtl", ana, "/@layla", nothing),
        ("profile-new", new, "/@new.here", nothing),
        ("followers", ana, "/@ana.sousa/followers", nothing),
        ("people", ana, "/people", nothing),
        ("people-found", ana, "/people", look_up),
        ("settings", ana, "/settings", nothing),
        *((f"settings-{one}", ana, f"/settings/{one}", nothing) for one in sections()),
        ("shortcuts", ana, "/", press_question),
        ("likes", ana, post("photo"), show_likes),
        ("not-found", ana, "/nowhere/at/all", nothing),
    ]


async def take(world: World, folder: Path, chosen: set[str]) -> None:
    """Every chosen page at every width in both themes; home and profiles at their full length too."""
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            look: dict[str, Any] = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
            pages: dict[Person | None, Page] = {None: await world.town.visitor(**look)}
            for who in (world.ana, world.nobody):
                pages[who] = await who.page(**look)
            for name, viewer, address, act in shots(world):
                if chosen and name not in chosen:
                    continue
                page = pages[viewer]
                await page.goto(address, wait_until="networkidle")
                await act(page)
                await page.wait_for_load_state("networkidle")
                if name == "home":
                    await see_all(page)
                await page.screenshot(path=folder / f"{name}-{size}-{theme}.png", full_page=name in {"home", "profile"})
            for page in pages.values():
                await page.context.close()
            print(f"{size} {theme}", flush=True)


async def main(folder: Path, chosen: set[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    with installed(VIDEO_NICENESS="0") as product:
        await asyncio.to_thread(product.start)
        async with async_playwright() as playwright:
            browser: Browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=ARGUMENTS
            )
            town = Town(product, browser)
            town.foresee("")
            world = World(town)
            await world.fill()
            await take(world, folder, chosen)
            await town.leave()
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), set(sys.argv[2:])))
