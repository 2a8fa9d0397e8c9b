"""axe-core over a page: what it finds against WCAG 2.2, levels A and AA, and the practices it counts as best."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

SCRIPT = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """
(only) => axe.run(document, { runOnly: only, resultTypes: ["violations"] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replaceAll("\\n", " ")}`)))
"""
STILL = """
() => document.getAnimations().every((one) => one.playState !== "running" || one.effect.target.closest(".clock"))
"""


@cache
def script() -> str:
    if not SCRIPT.exists():
        pytest.skip("needs axe-core of the web client's packages: make client")
    return SCRIPT.read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """Each violation with the element it is about, once nothing moves any more; of colours in the dark as well."""
    await page.evaluate(script())
    found = await _violations(page, ALL)
    await page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {one}" for one in await _violations(page, OF_COLOURS)]
    await page.emulate_media(color_scheme="light")
    return found


async def _violations(page: Page, only: dict[str, Any]) -> list[str]:
    await page.wait_for_function(STILL)
    found: list[str] = await page.evaluate(RUN, only)
    return found
