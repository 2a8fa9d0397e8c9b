"""How pages show on a middling phone on a 4G connection.

The same measures that Lighthouse takes, from the browser itself: cumulative layout shift and largest contentful paint,
of which the median of some visits counts. How much slower a phone is than this machine, and than what else it does
now, is found as Chrome's developer tools calibrate theirs: by Lighthouse's BenchmarkIndex, of which a middling phone (a
Pixel 5) has 1,000.
"""

import shutil
from collections.abc import AsyncIterator
from statistics import median
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.conftest import launched
from tests.browser.town import Town
from tests.photos import phone_photo

pytestmark = [pytest.mark.browser, pytest.mark.alone, pytest.mark.asyncio(loop_scope="session")]

LCP_MS, CLS = 2_500, 0.1
PHONE_INDEX, LEAST_SLOWER, VISITS = 1_000, 1.0, 3
# Chromium's own "Fast 4G".
NETWORK = {"offline": False, "latency": 165, "downloadThroughput": 8.1e6 / 8, "uploadThroughput": 1.35e6 / 8}
PHONE: Any = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
# Strings that grow and lists that are copied, in hundreds a second: after Lighthouse's page-functions.js.
BENCHMARK = """() => {
  const rate = (once) => {
    const began = performance.now();
    let times = 0;
    for (; performance.now() - began < 500; times += 1) once();
    return times / 10 / ((performance.now() - began) / 1000);
  };
  const grown = rate(() => {
    let text = "";
    for (let at = 0; at < 10_000; at += 1) text += "a";
    if (text.length === 1) throw new Error("is not left out");
  });
  const [from, to] = [Array.from({ length: 100_000 }, (_, at) => at), new Array(100_000).fill(0)];
  const copied = rate(() => {
    for (let at = 0; at < from.length; at += 1) to[at] = from[at];
  });
  return (grown + copied) / 2;
}"""
WATCH = """
  globalThis.measured = { lcp: 0, cls: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) measured.lcp = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) measured.cls += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    """The whole browser, with all that it does besides, as people have it."""
    async with launched(shutil.which("chromium") or chromium_path) as found:
        yield found


async def measure(page: Page, address: str) -> tuple[float, float]:
    """LCP in milliseconds and CLS of one cold visit."""
    await page.goto(address)
    await page.wait_for_function("() => measured.lcp > 0")
    await page.wait_for_load_state("networkidle")
    await page.wait_for_timeout(500)
    found: Any = await page.evaluate("measured")
    return float(found["lcp"]), float(found["cls"])


async def slowness(page: Page) -> float:
    """How many times faster this machine is, just now, than a middling phone."""
    await page.goto("about:blank")
    await page.evaluate(BENCHMARK)  # the first time is not compiled yet
    index: float = await page.evaluate(BENCHMARK)
    return max(LEAST_SLOWER, index / PHONE_INDEX)


async def slowed(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", NETWORK)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": await slowness(page)})
    await page.add_init_script(WATCH)


@pytest.mark.timeout(420)
async def test_pages_show_soon_and_stand_still(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ben.follow(ana)
    posts = [await ana.post(f"Photo {n} #sea", phone_photo(width=1600, height=1200)) for n in range(6)]
    await ben.ask("POST", f"/posts/{posts[-1]['post_id']}/comments", {"text": "Where is that?"})
    await town.settled()
    out = await town.visitor(**PHONE)
    signed_in = await ben.page("/settings", **PHONE)
    for page in (out, signed_in):
        await slowed(page)
    visits = [
        (signed_in, "/"),
        (signed_in, f"/@{ana.username}"),
        (signed_in, f"/posts/{posts[-1]['post_id']}"),
        (signed_in, "/explore"),
        (signed_in, "/new"),
        (signed_in, "/settings"),
        (out, "/login"),
    ]
    slow: dict[str, float] = {}
    moved: dict[str, float] = {}
    for page, address in visits:
        found = [await measure(page, address) for _ in range(VISITS)]
        lcp, shift = median(one for one, _ in found), max(other for _, other in found)
        print(f"{address}: LCP {lcp:.0f} ms (at most {LCP_MS}), CLS {shift:.3f}")  # noqa: T201
        slow |= {address: lcp} if lcp > LCP_MS else {}
        moved |= {address: shift} if shift > CLS else {}
    assert (slow, moved) == ({}, {})
