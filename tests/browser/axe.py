"""axe-core over a page: what it finds against WCAG 2.2, levels A and AA, and the practices it counts as best."""

from functools import cache
from pathlib import Path

import pytest
from playwright.async_api import Page

SCRIPT = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
(tags) => axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })
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
    """Each violation with the element it is about, once nothing moves any more."""
    await page.wait_for_function(STILL)
    await page.evaluate(script())
    found: list[str] = await page.evaluate(RUN, TAGS)
    return found
