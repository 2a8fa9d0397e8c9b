"""What the first page of the built client costs in script: everything it names or imports before anything is lazy."""

import gzip
import re
from pathlib import Path

import pytest

from tests.repository.tree import ROOT
from tintype.entry import client

BUDGET = 150_000
NAMED = re.compile(r'(?:src|href)="/(assets/[^"]+\.js)"')
IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([^"]+\.js)"')


@pytest.fixture(scope="module")
def built() -> Path:
    if not client.is_built():
        pytest.skip("needs the built web client: make client")
    return client.folder()


def first_scripts(built: Path) -> set[str]:
    """The scripts that `index.html` names, what they import without being asked, and the words of one language."""
    found: set[str] = set()
    waiting: list[str] = NAMED.findall((built / "index.html").read_text(encoding="utf-8"))
    words: dict[str, list[str]] = {
        language: [f"assets/{path.name}" for path in (built / "assets").glob(f"words-{language}-*.js")]
        for language in ("en", "de")
    }
    assert all(len(files) == 1 for files in words.values()), words
    waiting.append(max((files[0] for files in words.values()), key=lambda name: (built / name).stat().st_size))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [f"assets/{other}" for other in IMPORTED.findall((built / name).read_text(encoding="utf-8"))]
    return found


def test_the_first_page_keeps_to_its_budget(built: Path) -> None:
    sizes = {name: len(gzip.compress((built / name).read_bytes(), 9)) for name in first_scripts(built)}
    total = sum(sizes.values())
    assert total <= BUDGET, f"{total} bytes: {sorted(sizes.items(), key=lambda one: -one[1])}"


def test_every_page_is_a_script_of_its_own() -> None:
    """Home aside, which is the first page of most visits."""
    routes = (ROOT / "web" / "src" / "app" / "Root.tsx").read_text(encoding="utf-8")
    eager = re.findall(r'^import .*features/\w+/pages/(\w+)"', routes, re.MULTILINE)
    assert eager == ["Home"]
