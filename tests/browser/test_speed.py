"""How pages show on a middling phone: a processor four times slower than this one, on a 4G connection.

The same measures that Lighthouse takes, from the browser itself: cumulative layout shift, which is bounded, and largest
contentful paint, which depends on what else this machine does and is printed (`pytest -s`) beside its goal.
"""

from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.town import Town
from tests.photos import phone_photo

pytestmark = [pytest.mark.browser, pytest.mark.alone, pytest.mark.asyncio(loop_scope="session")]

LCP_MS, CLS = 2_500, 0.1
# Chromium's own "Fast 4G", and Lighthouse's factor for a middling phone.
NETWORK = {"offline": False, "latency": 165, "downloadThroughput": 8.1e6 / 8, "uploadThroughput": 1.35e6 / 8}
SLOWER = 4
PHONE: Any = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
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
async def test_pages_stand_still(town: Town) -> None:
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
    shifts: dict[str, float] = {}
    for page, address in visits:
        lcp, shifts[address] = await measure(page, address)
        print(f"{address}: LCP {lcp:.0f} ms (goal {LCP_MS}), CLS {shifts[address]:.3f}")  # noqa: T201
    assert {address: shift for address, shift in shifts.items() if shift > CLS} == {}
