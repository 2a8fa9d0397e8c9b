"""Locked dependencies: hashed, without the address of any registry, and whole for every platform."""

import json
import re
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, texts

LOCK = ROOT / "web" / "package-lock.json"
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_requirements_are_hashed_and_name_no_address(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in block for block in blocks if PIN.match(block))


def test_all_requirements_agree() -> None:
    pins = [PIN.findall(path.read_text()) for path in REQUIREMENTS]  # a name may have two pins, for different Pythons
    for name in {name for file in pins for name, _ in file}:
        versions = [{version for other, version in file if other == name} for file in pins]
        assert len({frozenset(each) for each in versions if each}) == 1, name


def test_the_clients_lock_names_no_address() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    assert not [name for name, entry in packages.items() if "://" in entry.get("resolved", "")]


def test_every_optional_dependency_stands_in_the_clients_lock() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    present = {path.rpartition("node_modules/")[2] for path in packages}
    wanted = {name for entry in packages.values() for name in entry.get("optionalDependencies", {})}
    assert wanted <= present


def test_no_file_configures_a_registry() -> None:
    names = {"index-url", "extra-index-url", "find-links", "registry="}
    settings = {".npmrc", "pip.conf", "pip.ini", "uv.toml", ".yarnrc"}
    found = [
        str(path) for path, text in texts().items() if path.name in settings and any(name in text for name in names)
    ]
    assert not found
