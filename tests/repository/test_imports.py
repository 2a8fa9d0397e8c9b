"""No domain imports another's tables or rules; cards may use the reads and rules of every domain."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.tree import ROOT

DOMAINS = ROOT / "src" / "tintype" / "domains"
CARDS = ROOT / "src" / "tintype" / "cards"
PRIVATE = {"tables", "rules"}
OF_CARDS = {"reads", "rules", "events"}


def imported(source: str, package: str) -> Iterator[str]:
    """Every module or name that a file imports, absolute and dotted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def rooms(names: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Domain and room of what is imported from domains."""
    for name in names:
        parts = name.split(".")
        if parts[:2] == ["tintype", "domains"] and len(parts) > 3:
            yield parts[2], parts[3]


def trespasses(source: str, package: str, own: str) -> list[str]:
    return [
        f"{domain}.{room}" for domain, room in rooms(imported(source, package)) if domain != own and room in PRIVATE
    ]


def package_of(path: Path) -> str:
    return ".".join(path.parent.relative_to(ROOT / "src").parts)


def test_no_domain_imports_anothers_tables_or_rules() -> None:
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in DOMAINS.rglob("*.py")
        if (wrong := trespasses(path.read_text(), package_of(path), path.relative_to(DOMAINS).parts[0]))
    }
    assert not found


def test_cards_use_reads_and_rules_only() -> None:
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in CARDS.rglob("*.py")
        if (wrong := [use for use in rooms(imported(path.read_text(), package_of(path))) if use[1] not in OF_CARDS])
    }
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "from tintype.domains.posts import rules",
        "from tintype.domains.posts.rules import may_see",
        "import tintype.domains.posts.tables as t",
        "from ..posts import tables",
        "from ...domains.posts.rules import x",
        "def f():\n    from tintype.domains.posts import rules",
    ],
)
def test_every_way_of_trespassing_is_seen(source: str) -> None:
    assert trespasses(source, "tintype.domains.feed", "feed")
    assert not trespasses(source.replace("posts", "feed"), "tintype.domains.feed", "feed")
