"""How fast pages show on a middling phone: a processor four times slower than this one, on a 4G connection.

The same measures that Lighthouse takes, from the browser itself: largest contentful paint, cumulative layout shift.
"""

from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.town import Town
from tests.photos import phone_photo

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LCP_MS, CLS = 2_500, 0.1
# Chromium's own "Fast 4G", and Lighthouse's factor for a middling phone.
NETWORK = {"offline": False, "latency": 165, "downloadThroughput": 8.1e6 / 8, "uploadThroughput": 1.35e6 / 8}
SLOWER = 4
PHONE: Any = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
TRIES = 3
WATCH = """
  globalThis.measured = { lcp: 0, cls: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) measured.lcp = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) measured.cls += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""


async def measure(page: Page, address: str) -> tuple[float, float]:
    """LCP in milliseconds and CLS of one cold visit."""
    await page.goto(address)
    await page.wait_for_function("() => measured.lcp > 0")
    await page.wait_for_load_state("networkidle")
    await page.wait_for_timeout(500)
    found: Any = await page.evaluate("measured")
    return float(found["lcp"]), float(found["cls"])


async def slowed(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", NETWORK)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
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
    slow: dict[str, tuple[float, float]] = {}
    for page, address in visits:
        # The best of a few: other work on this machine makes a page slower, never faster.
        lcp, cls = await measure(page, address)
        for _ in range(TRIES - 1):
            if lcp <= LCP_MS:
                break
            again, shift = await measure(page, address)
            lcp, cls = min(lcp, again), max(cls, shift)
        if lcp > LCP_MS or cls > CLS:
            slow[address] = (round(lcp), round(cls, 3))
    assert slow == {}
