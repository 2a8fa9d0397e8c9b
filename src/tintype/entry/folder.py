"""Who holds the data folder: one supervisor or one command at a time, and the children of the present supervisor.

Locks are flocks: they end with their process, however it ends, so that nothing stale is ever in the way.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = "tintype.lock"
CHILDREN = "children.lock"


class Held(RuntimeError):
    """Another process holds the data folder: `pid` and `who` say which."""

    def __init__(self, folder: Path, pid: int, who: str) -> None:
        self.pid, self.who = pid, who
        super().__init__(
            f"The data folder {folder} is in use by `tintype {who}`, process {pid if pid > 0 else 'unknown'}."
        )


class ChildrenLeft(RuntimeError):
    """Processes of an earlier supervisor do not end."""


@contextmanager
def held(folder: Path, who: str) -> Iterator[None]:
    """Hold the data folder until the block ends, making it where it is missing. Raises Held."""
    folder.mkdir(mode=0o755 if os.getuid() == 0 else 0o700, parents=True, exist_ok=True)
    path = folder / LOCK
    descriptor = _locked(folder, path)
    try:
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()} {who}\n".encode())
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def holder(folder: Path) -> int:
    """The process that holds the data folder; 0 when none does."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return 0
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _written(descriptor)[0]
    finally:
        os.close(descriptor)
    return 0


def _written(descriptor: int) -> tuple[int, str]:
    """Who says to hold it."""
    pid, _, who = os.pread(descriptor, 200, 0).decode(errors="replace").strip().partition(" ")
    return int(pid) if pid.isdigit() else -1, who or "serve"


def _locked(folder: Path, path: Path) -> int:
    """A descriptor that holds the lock on the file which has this name: a holder takes its file away when it ends."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, who = _written(descriptor)
            os.close(descriptor)
            raise Held(folder, pid, who) from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)


def children_lock(run_dir: Path) -> int:
    """A descriptor for one child to inherit: the shared lock on it lasts as long as the child."""
    descriptor = os.open(run_dir / CHILDREN, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def wait_for_children(run_dir: Path, seconds: float) -> None:
    """Wait until the children of an earlier supervisor, which was killed, have ended. Raises ChildrenLeft."""
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(run_dir / CHILDREN, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + seconds
    try:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if time.monotonic() > deadline:
                raise ChildrenLeft(
                    f"Processes of an earlier run still hold {run_dir / CHILDREN}: see them with `ps`, and end them."
                )
            time.sleep(0.05)
    finally:
        os.close(descriptor)
