"""README's map of the folders is the tree as it is."""

import re

import pytest

from tests.repository.tree import ROOT, files


def map_lines() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.partition("```text\n")[2].partition("\n```")[0].splitlines()


def mapped() -> dict[str, set[str]]:
    """Each folder of the map, as a path from the root, with the names of ours that its line and its children give."""
    found: dict[str, set[str]] = {}
    stack: list[tuple[int, str]] = []
    for line in map_lines():
        name, _, about = line.strip().partition(" ")
        indent = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        path = (stack[-1][1] if stack else "") + name
        stack.append((indent, path))
        found[path] = set(re.findall(r"[\w./-]+", about))
    return found


def folders_in(path: str) -> set[str]:
    """Folders directly below a path that hold a file of ours."""
    base = ROOT / path
    below = [file.relative_to(base).parts for file in files() if file.is_relative_to(base)]
    return {parts[0] for parts in below if len(parts) > 1}


def test_every_top_folder_is_on_the_map_and_no_other() -> None:
    top = {path.split("/")[0] for path in mapped()}
    assert top == {name for name in folders_in("") if name != ".ci"} | {".ci"}


def test_every_folder_on_the_map_is_there() -> None:
    missing = [path for path in mapped() if not (ROOT / path).is_dir()]
    assert not missing


def test_the_floors_of_the_house_are_on_the_map() -> None:
    floors = {path.removeprefix("src/tintype/").rstrip("/") for path in mapped() if path.startswith("src/tintype/")}
    assert {floor for floor in floors if floor} == folders_in("src/tintype") - {"web"}


LISTED = ("deploy/", "docs/", "migrations/", "tests/", "web/", "src/tintype/domains/", "src/tintype/platform/")


@pytest.mark.parametrize("folder", LISTED)
def test_what_a_line_lists_before_its_semicolon_is_what_the_folder_holds(folder: str) -> None:
    line = next(line for line in map_lines() if line.strip().partition(" ")[0] == folder.removeprefix("src/tintype/"))
    listed = line.strip().partition(" ")[2].partition(";")[0].split()
    assert sorted(listed) == sorted(folders_in(folder))


def test_every_file_that_the_map_names_is_there() -> None:
    missing = [
        f"{folder}{name}"
        for folder, words in mapped().items()
        for name in words
        if name.endswith(".py") and not (ROOT / folder / name).is_file()
    ]
    assert not missing
