"""The client as an app on a device: it can be installed, opens without a connection, and forgets with the session."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.town import PASSWORD, Person, Town
from tests.world import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ACTIVE = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
KEPT = """
async () => {
  const found = [];
  for (const name of await caches.keys()) {
    if (name.includes("precache")) continue;
    for (const { url } of await (await caches.open(name)).keys()) found.push(`${name} ${new URL(url).pathname}`);
  }
  return found.sort();
}
"""


async def app(person: Person, address: str = "/", **look: Any) -> Page:
    """The person's browser, once its service worker is at work."""
    page = await person.page(address, service_workers="allow", **look)
    await page.wait_for_function(ACTIVE)
    return page


async def offline(page: Page, on: bool) -> None:
    """A context's `set_offline` leaves service workers connected: for them the whole network is switched."""
    await page.context.set_offline(on)


async def kept(page: Page) -> list[str]:
    found: list[str] = await page.evaluate(KEPT)
    return found


async def test_it_can_be_installed(town: Town) -> None:
    ana = await town.person("ana")
    page = await app(ana)
    session = await page.context.new_cdp_session(page)
    problems = await session.send("Page.getInstallabilityErrors")
    # A browser of tests runs in a private window, where nothing can be installed; nothing else is wrong.
    assert [one["errorId"] for one in problems["installabilityErrors"]] in ([], ["in-incognito"])
    found = await session.send("Page.getAppManifest")
    assert found["errors"] == []
    manifest = json.loads(found["data"])
    for icon in manifest["icons"]:
        answer = await page.context.request.get(icon["src"])
        assert answer.ok
        assert answer.headers["content-type"] == "image/png"
    assert manifest["share_target"]["method"] == "POST"
    await page.evaluate("localStorage.setItem('tintype.language', 'de')")
    await page.reload()
    await expect(page.get_by_role("link", name="Start", exact=True)).to_be_visible()
    german = json.loads((await session.send("Page.getAppManifest"))["data"])
    assert german["lang"] == "de"


async def test_the_last_feed_is_there_without_a_connection(town: Town) -> None:
    town.foresee("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch")
    ana, ben = await town.person("ana"), await town.person("ben")
    await ana.post("By the sea", drawn(1, 800, 600))
    await ben.follow(ana)
    await town.settled()
    page = await app(ben)
    await page.reload()
    picture = page.get_by_role("article").filter(has_text="By the sea").locator("picture img")
    await expect(picture).to_have_js_property("complete", True)

    await offline(page, True)
    await page.reload()

    await expect(page.get_by_role("article").filter(has_text="By the sea")).to_be_visible()
    await expect(picture).not_to_have_js_property("naturalWidth", 0)
    await expect(page.get_by_text("You are offline.")).to_be_visible()
    await page.goto("/settings/appearance")
    await expect(page.get_by_role("group", name="Theme")).to_be_visible()
    await offline(page, False)
    await expect(page.get_by_text("You are offline.")).to_have_count(0)


async def test_what_was_kept_goes_with_the_session(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ana.post("Only for ana", drawn(2, 800, 600))
    page = await app(ana)
    await page.reload()
    await expect(page.get_by_role("article").locator("picture img")).to_have_js_property("complete", True)
    assert {line.split("/")[0] for line in await kept(page)} == {"last-seen ", "pictures "}

    await page.goto("/settings")
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert await kept(page) == []

    await log_in(page, ben)
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    await offline(page, True)
    town.foresee("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch")
    await page.reload()
    await expect(page.get_by_role("link", name="Profile")).to_have_attribute("href", f"/@{ben.username}")
    await expect(page.get_by_text("Only for ana")).to_have_count(0)


async def test_another_account_by_other_means_gets_nothing_of_the_first(town: Town) -> None:
    """The cookies change without the page: by another log-in in a window whose worker is not asked."""
    ana, ben = await town.person("ana"), await town.person("ben")
    await ana.post("Only for ana")
    page = await app(ana)
    await page.reload()
    await expect(page.get_by_text("Only for ana")).to_be_visible()
    await swap(page.context, ben)
    await page.reload()
    await expect(page.get_by_role("link", name="Profile")).to_have_attribute("href", f"/@{ben.username}")
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    town.foresee("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch")
    await offline(page, True)
    await page.reload()
    await expect(page.get_by_role("link", name="Profile")).to_have_attribute("href", f"/@{ben.username}")
    await expect(page.get_by_text("Only for ana")).to_have_count(0)


async def test_a_shared_picture_opens_a_new_post(town: Town) -> None:
    ana = await town.person("ana")
    page = await app(ana)
    await page.evaluate(
        """async (bytes) => {
          const form = document.createElement("form");
          Object.assign(form, { action: "/share", method: "POST", enctype: "multipart/form-data" });
          const files = Object.assign(document.createElement("input"), { type: "file", name: "files" });
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "from elsewhere.jpg", { type: "image/jpeg" }));
          files.files = data.files;
          const text = Object.assign(document.createElement("input"), { name: "text", value: "Look at this" });
          form.append(files, text);
          document.body.append(form);
          form.submit();
        }""",
        list(drawn(3, 640, 480)),
    )
    box = page.get_by_role("dialog", name="New post")
    await expect(box.get_by_role("button", name="Photo 1: from elsewhere.jpg")).to_be_visible()
    await expect(box.get_by_label("Caption")).to_have_value("Look at this")
    await expect(page).to_have_url(f"{town.product.url}/new")
    assert [line for line in await kept(page) if line.startswith("shared")] == []


async def test_a_new_version_is_offered_and_taken(town: Town) -> None:
    ana = await town.person("ana")
    page = await app(ana)
    # Another address is another worker for the browser, as another content is.
    await page.evaluate("navigator.serviceWorker.register('/sw.js?newer').then(() => undefined)")
    note = page.get_by_role("status", name="Notes")
    await expect(note.get_by_text("There is a new version of Tintype.")).to_be_visible()
    async with page.expect_navigation():
        await note.get_by_role("button", name="Reload").click()
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()


async def log_in(page: Page, person: Person) -> None:
    await page.get_by_label("Username or e-mail").fill(person.username)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()


async def swap(context: BrowserContext, person: Person) -> None:
    await context.clear_cookies()
    answer = await context.request.post("/api/v1/users/login", data={"login": person.username, "password": PASSWORD})
    assert answer.ok


async def test_acts_without_a_connection_wait_over_a_reload_and_are_sent(town: Town) -> None:
    town.foresee("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch")
    ana, ben = await town.person("ana"), await town.person("ben")
    made = await ana.post("Far from any mast")
    await ben.follow(ana)
    await town.settled()
    page = await app(ben)
    await page.reload()
    card = page.get_by_role("article").filter(has_text="Far from any mast")
    await expect(card).to_be_visible()
    await card.get_by_role("link", name="Comments").click()
    await expect(page.get_by_role("textbox", name="Comment")).to_be_visible()

    await offline(page, True)
    await page.get_by_role("textbox", name="Comment").fill("Said in the wild")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Waits for a connection")).to_be_visible()
    await page.get_by_role("link", name="Home", exact=True).click()
    await card.get_by_role("button", name="Like", exact=True).click()
    await expect(page.get_by_text("2 changes are sent")).to_be_visible()
    await page.goto("/")
    await expect(card.get_by_role("button", name="Unlike", exact=True)).to_be_visible()
    await expect(page.get_by_text("2 changes are sent")).to_be_visible()

    await offline(page, False)
    await expect(page.get_by_text(re.compile("changes? (is|are) sent"))).to_have_count(0)
    found = await ben.ask("GET", f"/posts/{made['post_id']}")
    assert found["viewer"]["reaction"] == "LIKE"
    (said,) = await ben.ask("GET", f"/posts/{made['post_id']}/comments")
    assert said["text"] == "Said in the wild"
