"""The page about the conformance suites: for each port every property, and the tests that it names are there."""

import ast
import re

import pytest

from tests.repository.tree import ROOT, table

FOLDER = ROOT / "tests" / "conformance"
PAGE = "tests/conformance/README.md"
PROPERTIES = ["order", "atomicity", "idempotence", "time to live", "paging", "limits", "unicode keys", "large values",
              "concurrent use", "time-outs"]  # fmt: skip
SECTIONS = re.findall(r"^## (.+)$", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE)


def present_in(section: str) -> set[str]:
    """The tests in the files that a section names first."""
    text = (ROOT / PAGE).read_text(encoding="utf-8").partition(f"\n## {section}\n\n")[2]
    files = re.findall(r"test_\w+\.py", text.partition("\n")[0].partition(";")[0])
    assert files
    trees = [ast.parse((FOLDER / file).read_text(encoding="utf-8")) for file in files]
    return {
        node.name for tree in trees for node in tree.body if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
    }


@pytest.mark.parametrize("section", SECTIONS)
def test_every_property_is_shown_or_said_to_be_none(section: str) -> None:
    rows = table(PAGE, f"## {section}")
    assert [name for name, _ in rows] == PROPERTIES
    assert all(about for _, about in rows)
    assert {test for _, about in rows for test in re.findall(r"test_\w+", about)} <= present_in(section)


def test_every_file_that_the_page_names_is_there() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert set(re.findall(r"test_\w+\.py", page)) <= {one.name for one in FOLDER.glob("test_*.py")}
