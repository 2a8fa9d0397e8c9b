"""One product and one Chromium for all browser tests; a town of people for each."""

import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests import data
from tests.browser.town import Town
from tests.conftest import FAILED
from tests.engines.product import Product, installed
from tintype.entry import client

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@asynccontextmanager
async def launched(path: str, arguments: Sequence[str] = ARGUMENTS) -> AsyncIterator[Browser]:
    """This Chromium, until the block ends."""
    expect.set_options(timeout=30_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Chromium without windows where that is installed, as it takes half the work."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    data.path("photos")
    if not client.is_built():
        pytest.skip("needs the built web client: make client")
    return found


@pytest.fixture(scope="session")
def product(chromium_path: str) -> Iterator[Product]:
    """`tintype serve`, ready, with a database and a folder of its own."""
    with installed(VIDEO_NICENESS="0") as found:
        found.start()
        yield found


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    async with launched(chromium_path) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def town(request: pytest.FixtureRequest, product: Product, chromium: Browser) -> AsyncIterator[Town]:
    found = Town(product, chromium)
    yield found
    if request.node.stash.get(FAILED, False):
        request.node.add_report_section("teardown", "pages", await found.shown())
    await found.leave()
