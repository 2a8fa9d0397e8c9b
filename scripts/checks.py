"""Every check in order, one line a section; all of them run, the tests last, and any failure fails the whole.

`lint` stops before the tests; `conformance` runs the suites over real engines alone; `bench` the benches instead.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import prepare

ROOT = prepare.ROOT
BIN = prepare.VENV / "bin"
NO_BENCHES = {"__init__", "api_with_constant", "harness", "open_loop", "server", "town"}  # what benches measure with
PYTEST = [BIN / "pytest", "--cov", "--cov-config=pyproject.toml"]
SHARED = ["--dist", "loadscope", "--no-loadscope-reorder"]
FAILED: list[str] = []


def section(title: str, command: Sequence[str | Path], cwd: Path = ROOT) -> bool:
    """Run one check with its output in view."""
    print(f"\n=== {title}", flush=True)
    began = time.monotonic()
    return told(title, subprocess.call([str(part) for part in command], cwd=cwd, stdin=subprocess.DEVNULL), began)


def told(title: str, code: int, began: float) -> bool:
    """Say what became of a check."""
    if code == 0:
        print(f"--- {title}: fine, {time.monotonic() - began:.1f} s", flush=True)
    else:
        FAILED.append(title)
        print(f"--- {title}: FAILED ({code}), {time.monotonic() - began:.1f} s", flush=True)
    return code == 0


def begun(title: str, command: Sequence[str | Path]) -> Callable[[], bool]:
    """Start a check beside the next ones; what this returns waits for it and prints what it said."""
    began = time.monotonic()
    running = subprocess.Popen(
        ["nice", *(str(part) for part in command)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    def ready() -> bool:
        print(f"\n=== {title}", flush=True)
        print(running.communicate()[0], end="", flush=True)
        return told(title, running.returncode, began)

    return ready


def engines() -> Callable[[], bool]:
    """Begin to fetch and build what real engines are made of."""
    return begun("engines", [BIN / "python", "-m", "tests.engines.cache"])


def lint() -> None:
    """Style, types, imports and the client's own checks."""
    types = begun("mypy", [BIN / "mypy"])
    section("ruff check", [BIN / "ruff", "check", "--no-cache", "."])
    section("ruff format --check", [BIN / "ruff", "format", "--no-cache", "--check", "."])
    section("lint-imports", [BIN / "lint-imports", "--no-cache"])
    npm = prepare.npm(prepare.web_packages())
    section("web: npm run check", [npm, "run", "--silent", "check"], prepare.WEB)
    section("web: npm test", [npm, "run", "--silent", "test"], prepare.WEB)
    types()


def tests() -> int:
    """The Python tests: three at a time, one of which mostly waits for engines; two at a time those that mostly wait;
    then those that want the machine alone. Coverage ends the output.
    """
    if FAILED:
        print(f"\nFAILED so far: {', '.join(FAILED)}. The tests run all the same; the whole fails.", flush=True)
    some("pytest, three at a time", "not alone and not paired", "-n", "3", *SHARED)
    some("pytest, two at a time", "paired", "-n", "2", *SHARED, "--cov-append")
    some("pytest, one at a time", "alone", "--cov-append")
    section("coverage", [BIN / "coverage", "report", "--rcfile=pyproject.toml"])
    return closing("all fine")


def some(title: str, wanted: str, *how: str) -> None:
    """Some of the tests: what the machine starved or cut off is not wrong, and gets it to itself, once."""
    unsaid = [*PYTEST, "--cov-report=", "--cov-fail-under=0", "-m", wanted]
    if not section(title, [*unsaid, *how]):
        again = ["--last-failed", "--last-failed-no-failures", "none", "--cov-append"]
        if section(f"{title}, what failed once more and alone", [*unsaid, *again]):
            FAILED.remove(title)


def conformance() -> int:
    """Every adapter against its real engine: the lines at the end say how each engine fared."""
    engines()()
    section("conformance", [BIN / "pytest", "-q", "tests/conformance", "-n", "2", *SHARED])
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
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # images often set it, and tests start hundreds of processes
    if wanted == "bench":
        return benches()
    if wanted == "conformance":
        return conformance()
    ready = engines() if wanted == "test" else None
    lint()
    if ready is None:
        return closing("all fine")
    ready()
    return tests()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
