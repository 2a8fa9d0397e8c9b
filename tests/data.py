"""Where the real photos and clips for tests and benches are: `shared/data` beside the checkout, never inside it."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def path(name: str) -> Path:
    """A file of the shared data; the test is skipped where it is absent."""
    found = FOLDER / name
    if not found.exists():
        pytest.skip(f"needs {name} of the shared test data, which is not beside this checkout")
    return found


def pictures() -> list[Path]:
    """Every photo there is: cameras, all orientations, HEIC and AVIF; empty where the data are absent."""
    return sorted(file for folder in ("photos", "orientation", "heic") for file in (FOLDER / folder).glob("*"))
