"""Every check in order, one line a section; all of them run, the tests last, and any failure fails the whole.

`lint` stops before the tests; `bench` runs the benches instead.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import prepare

ROOT = prepare.ROOT
BIN = prepare.VENV / "bin"
NO_BENCHES = {"__init__", "api_with_constant", "harness", "open_loop", "server", "town"}  # what benches measure with
FAILED: list[str] = []


def section(title: str, command: Sequence[str | Path], cwd: Path = ROOT) -> bool:
    """Run one check with its output in view."""
    print(f"\n=== {title}", flush=True)
    began = time.monotonic()
    code = subprocess.call([str(part) for part in command], cwd=cwd, stdin=subprocess.DEVNULL)
    if code == 0:
        print(f"--- {title}: fine, {time.monotonic() - began:.1f} s", flush=True)
    else:
        FAILED.append(title)
        print(f"--- {title}: FAILED ({code}), {time.monotonic() - began:.1f} s", flush=True)
    return code == 0


def lint() -> None:
    """Style, types, imports and the client's own checks."""
    section("ruff check", [BIN / "ruff", "check", "--no-cache", "."])
    section("ruff format --check", [BIN / "ruff", "format", "--no-cache", "--check", "."])
    section("mypy", [BIN / "mypy"])
    section("lint-imports", [BIN / "lint-imports", "--no-cache"])
    npm = prepare.npm(prepare.web_packages())
    section("web: npm run check", [npm, "run", "--silent", "check"], prepare.WEB)
    section("web: npm test", [npm, "run", "--silent", "test"], prepare.WEB)


def tests() -> int:
    """The Python tests: on two cores at once, then those that want the machine alone; coverage ends the output."""
    if FAILED:
        print(f"\nFAILED so far: {', '.join(FAILED)}. The tests run all the same; the whole fails.", flush=True)
    usual = [BIN / "pytest", "--cov", "--cov-config=pyproject.toml"]
    unsaid = ["-m", "not alone", "--cov-report=", "--cov-fail-under=0"]
    together = "pytest, two at a time"
    if not section(together, [*usual, *unsaid, "-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]):
        # Two at a time share two cores, and what its neighbour starved is not wrong: it gets them to itself, once.
        again = ["--last-failed", "--last-failed-no-failures", "none", "--cov-append"]
        if section("pytest, what failed, once more and alone", [*usual, *unsaid, *again]):
            FAILED.remove(together)
    section("pytest, one at a time", [*usual, "-m", "alone", "--cov-append", "--cov-report=term"])
    return closing("all fine")


def benches() -> int:
    """Every bench, one after the other; the ones below their figure are named at the end."""
    for name in sorted({path.stem for path in (ROOT / "benches").glob("*.py")} - NO_BENCHES):
        section(f"bench {name}", [BIN / "python", "-m", f"benches.{name}"])
    return closing("all benches within their figures")


def closing(fine: str) -> int:
    """The last line of the output, and the exit code."""
    print(f"\nFAILED: {', '.join(FAILED)}" if FAILED else f"\n{fine}", flush=True)
    return 1 if FAILED else 0


def main(wanted: str) -> int:
    os.chdir(ROOT)
    if wanted == "bench":
        return benches()
    lint()
    if wanted == "lint":
        return closing("all fine")
    return tests()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
