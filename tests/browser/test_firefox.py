"""The core journeys in Firefox ESR: signing up, following, the feed, liking, commenting, posting a photo."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.browser.bidi import Firefox
from tests.browser.town import PASSWORD, Town
from tests.world import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def firefox(tmp_path: Path) -> AsyncIterator[Firefox]:
    program = shutil.which("firefox-esr")
    if program is None:
        pytest.skip("needs Firefox ESR: apt-get install firefox-esr")
    browser = Firefox(program, tmp_path)
    try:
        await browser.start()
        yield browser
    finally:
        await browser.stop()


@pytest.mark.timeout(300)
async def test_the_core_journeys_go_in_firefox(town: Town, firefox: Firefox, tmp_path: Path) -> None:
    ana = await town.person("ana")
    shared = await ana.post("Low tide", drawn(1, 800, 600), alt_text="Mud and boats")
    name = town.new_name("fox")
    url = town.product.url

    await firefox.goto(f"{url}/register")
    await firefox.write("textbox", "Username", name)
    await firefox.write("textbox", "E-mail", f"{name}@example.org")
    await firefox.write_css("input[name=password]", PASSWORD)
    await firefox.click("button", "Create account")
    await firefox.find("heading", "Your feed starts here")

    await firefox.goto(f"{url}/@{ana.username}")
    await firefox.click("button", "Follow")
    await firefox.find("button", "Following")
    await town.settled()
    await firefox.goto(f"{url}/")
    await firefox.find_css("img[alt='Mud and boats']")
    await firefox.until("[...document.querySelectorAll('picture img')].some((one) => one.naturalWidth > 0)")

    await firefox.click("button", "Like")
    await firefox.find("button", "Unlike")
    await firefox.click("link", "Comments")
    await firefox.write("textbox", "Comment", "I know this place")
    await firefox.click("button", "Post comment")
    await firefox.find_css("section[aria-label='Comments'] li")
    seen = await ana.ask("GET", f"/posts/{shared['post_id']}")
    assert seen["like_count"] == 1
    (said,) = await ana.ask("GET", f"/posts/{shared['post_id']}/comments")
    assert (said["text"], said["author"]["username"]) == ("I know this place", name)

    photo = tmp_path / "photo.jpg"
    photo.write_bytes(drawn(2, 900, 700))
    await firefox.goto(f"{url}/new")
    await firefox.choose_files("dialog input[type=file]", photo)
    await firefox.write("textbox", "Caption", "From the fox")
    await firefox.until_text("Ready to share.")
    await firefox.click("button", "Share")
    await firefox.until("!document.querySelector('dialog[open]')")
    await firefox.until_text("From the fox")
    async with asyncio.timeout(60):  # until its picture is ready
        while not (posts := await ana.ask("GET", f"/users/@{name}/posts")):
            await asyncio.sleep(0.2)
    assert [post["caption"] for post in posts] == ["From the fox"]
    assert firefox.complaints == []
