"""Tests of other modules, to be run once more where they stand on other fixtures."""

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

Test = Callable[..., Any]


def once_more(chosen: Mapping[ModuleType, Sequence[str]]) -> dict[str, Test]:
    """Test functions by name: of each module those whose names begin so, without any all of them."""
    found: dict[str, Test] = {}
    for module, beginnings in chosen.items():
        tests = {name: one for name, one in vars(module).items() if name.startswith("test_") and callable(one)}
        for beginning in beginnings or ["test_"]:
            some = {name: one for name, one in tests.items() if name.startswith(beginning)}
            assert some, f"{module.__name__} has no {beginning}"
            assert not some.keys() & found.keys(), f"{beginning}: twice"
            found |= some
    return found
