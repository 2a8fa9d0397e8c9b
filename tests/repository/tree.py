"""The files of the checkout: what git keeps, and what is new and not ignored."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> list[Path]:
    """Every file that is or would be committed."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


@cache
def texts() -> dict[Path, str]:
    """The text files, by their path from the root."""
    found: dict[Path, str] = {}
    for path in files():
        try:
            found[path.relative_to(ROOT)] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def table(page: str, heading: str) -> list[list[str]]:
    """The rows of the first Markdown table below a heading; backticks are dropped, `\\|` is a bar."""
    after = (ROOT / page).read_text(encoding="utf-8").partition(f"\n{heading}\n")[2]
    assert after, f"{page} has no heading {heading!r}"
    rows: list[list[str]] = []
    for line in after.splitlines():
        if line.startswith("|"):
            cells = line.strip().strip("|").replace("\\|", "\0").split("|")
            rows.append([cell.replace("\0", "|").replace("`", "").strip() for cell in cells])
        elif rows:
            break
    return rows[2:]
