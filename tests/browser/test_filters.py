"""Filters look the same in the browser as on the server: its own worker, by WebGL and by loops, beside libvips.

Both sides get the same picture, already scaled, so that no resampling is measured. `TINTYPE_FILTERS=all` takes all
photos of the shared data at 1080 pixels; otherwise it is some that differ much, the first of them at 1080.
"""

import base64
import logging
import os
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest
import pytest_asyncio
import pyvips
from numpy.typing import NDArray
from playwright.async_api import Browser, Page

from tests import data
from tests.browser.conftest import ARGUMENTS, launched
from tests.engines.product import Product
from tintype.entry import client
from tintype.platform.imaging.edits import Crop, Edit
from tintype.platform.imaging.recipes import filters, recipe
from tintype.platform.imaging.shaping import shape, shaped
from tintype.platform.imaging.toning import toned

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
log = logging.getLogger(__name__)

MEAN_MOST, RARE_MOST = 1.5, 8
WITH_SOFTWARE_GL = [one for one in ARGUMENTS if one != "--disable-gpu"] + [
    "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
]  # fmt: skip
SOME = ["friends_by", "YellowFlower", "jpg__Sony_DSC-P12", "EveningGlow"]
EDITS = [
    *(Edit(filter=name) for name in ["none", *filters()]),
    Edit(filter="xpro2", strength=55, warmth=-40),
    Edit(filter="moon", contrast=60, brightness=-30),
    Edit(brightness=70, contrast=-60, saturation=-50, warmth=35),
    Edit(brightness=-45, contrast=80, saturation=100, warmth=-100),
    Edit(saturation=-100),
]
OPEN = """
(address) => {
  const worker = new Worker(address, { type: "module" });
  let count = 0;
  window.ask = (wish) => new Promise((resolve, reject) => {
    const number = ++count;
    const heard = ({ data }) => {
      if (data.number !== number) return;
      worker.removeEventListener("message", heard);
      data.problem ? reject(new Error(data.problem)) : resolve(data.drawn);
    };
    worker.addEventListener("message", heard);
    worker.postMessage({ number, wish });
  });
}
"""
SHOW = """
async () => {
  const source = await (await fetch("/filters-test.png")).blob();
  await window.ask({ kind: "close", id: 1 });
  return await window.ask({ kind: "open", id: 1, source });
}
"""
DRAW = """
async ([edit, path]) => {
  const drawn = await window.ask({ kind: "draw", id: 1, edit, side: 4096, as: "pixels", path });
  const bytes = new Uint8Array(drawn.pixels);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [drawn.path, drawn.width, drawn.height, btoa(text)];
}
"""
TIME = """
async ([edit, side, path, times]) => {
  const took = [];
  for (let n = 0; n < times; n++) {
    const began = performance.now();
    const wish = { kind: "draw", id: 1, edit: { ...edit, brightness: n }, side, as: "bitmap", path };
    const { bitmap } = await window.ask(wish);
    bitmap.close();
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)];
}
"""
Pixels = NDArray[np.int16]


def photos() -> list[str]:
    names = sorted(path.name for path in data.path("photos").iterdir() if "ImageTestSuite" not in path.name)
    if os.environ.get("TINTYPE_FILTERS") == "all":
        return names
    return [name for name in names if any(part in name for part in SOME)]


@cache
def scaled(name: str, side: int = 480) -> pyvips.Image:
    side = 1080 if os.environ.get("TINTYPE_FILTERS") == "all" else side
    found = pyvips.Image.thumbnail(str(data.path("photos") / name), side, height=side, size="down").colourspace("srgb")
    found = found.flatten(background=255) if found.hasalpha() else found
    body = found.cast("uchar").write_to_memory()  # without a profile, which the browser would follow
    return pyvips.Image.new_from_memory(body, found.width, found.height, 3, "uchar").copy(interpretation="srgb")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with launched(chromium_path, WITH_SOFTWARE_GL) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def page(browser: Browser, product: Product) -> Page:
    """A page of the product that holds the worker as it was built."""
    (worker,) = client.folder().glob("assets/renderer.worker-*.js")
    found = await browser.new_page(base_url=product.url)
    await found.goto("/login")
    await found.evaluate(OPEN, f"/assets/{worker.name}")
    return found


async def show(page: Page, picture: pyvips.Image) -> None:
    """Open the picture in the worker. The content policy allows no data: addresses, so it comes as an answer."""
    body = picture.pngsave_buffer(compression=1)
    await page.route("**/filters-test.png", lambda route: route.fulfill(body=body, content_type="image/png"))
    await page.evaluate(SHOW)
    await page.unroute("**/filters-test.png")


async def drawn(page: Page, edit: Edit, path: str) -> Pixels:
    used, width, height, text = await page.evaluate(DRAW, [msgspec.to_builtins(edit), path])
    assert used == path
    found = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)
    return found[..., :3].astype(np.int16)


@pytest.mark.parametrize("path", ["webgl", "plain"])
@pytest.mark.parametrize("name", photos())
async def test_the_browser_shows_what_the_server_makes(page: Page, name: str, path: str) -> None:
    picture = scaled(name, 1080 if name == photos()[0] else 480)
    await show(page, picture)
    worst = (0.0, 0.0, "")
    for edit in EDITS:
        server = toned(picture, recipe(edit)).numpy().astype(np.int16)
        difference = np.abs(await drawn(page, edit, path) - server)
        found = (float(difference.mean()), float(np.percentile(difference, 99.9)), f"{edit}")
        assert found[0] <= MEAN_MOST, found
        assert found[1] <= RARE_MOST, found
        worst = max(worst, found)
    log.info("%s %s: at worst mean %.3f, 99.9th percentile %.0f (%s)", name, path, *worst)


@pytest.mark.alone
@pytest.mark.parametrize("path", ["webgl", "plain"])
async def test_a_preview_takes_less_than_50_ms(page: Page, path: str) -> None:
    await show(page, scaled(photos()[0], 1080))
    took: Any = await page.evaluate(TIME, [msgspec.to_builtins(Edit(filter="xpro2", contrast=20)), 640, path, 15])
    log.info("preview of 640 pixels by %s: %.1f ms", path, took)
    assert took < 50


@pytest.mark.parametrize("edit", [Edit(rotate=90), Edit(straighten=12), Edit(rotate=270, straighten=-30)])
async def test_turning_and_cutting_agree(page: Page, edit: Edit) -> None:
    """Resampling differs, so a picture without detail is compared: where things are, not how sharp they are."""
    edit = msgspec.structs.replace(edit, crop=Crop(0.2, 0.1, 0.5, 0.6))
    across = pyvips.Image.xyz(600, 400)
    ramp = across[0] * (255 / 600)
    picture = (
        ramp.bandjoin([across[1] * (255 / 400), ramp * 0 + 90]).cast("uchar").copy(interpretation="srgb").copy_memory()
    )
    await show(page, picture)
    server = shaped(picture, shape(600, 400, edit), 4096).numpy().astype(np.int16)
    found = await drawn(page, edit, "plain")
    assert found.shape == server.shape
    assert np.abs(found - server)[3:-3, 3:-3].mean() < 1.0
