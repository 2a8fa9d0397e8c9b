"""An engine of one process in a folder: started and waited for, ended, killed, hung, and started again on its data."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

STOP_SECONDS = 20.0
LAST_WORDS = 30


class Process:
    """What the engines have in common; each says what to run, and how to see that it serves."""

    start_limit = 30.0
    start_seconds = 0.0

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str | Path]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str] | None:
        """None is that of the tests."""
        return None

    def prepare(self) -> None:
        """Before each start."""

    def is_ready(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Start it and wait until it serves. Raises RuntimeError with its last words."""
        began = time.monotonic()
        self.prepare()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() - began > self.start_limit:
                words = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_WORDS:]
                self.stop()
                raise RuntimeError(f"{type(self).__name__} did not start:\n" + "\n".join(words))
            time.sleep(0.05)
        self.start_seconds = time.monotonic() - began

    def stop(self) -> None:
        """End it in good order, and otherwise not."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """`kill -9`, and start again on the same data and port."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """It hangs: connections stay open and nothing answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


P = TypeVar("P", bound=Process)


@contextmanager
def running(name: str, folder: Path | None, make: Callable[[Path], P]) -> Iterator[P]:
    """What `make` makes of a folder runs, in this one or in one of its own that goes away afterwards."""
    place = folder or Path(tempfile.mkdtemp(prefix=f"tintype-{name}-"))
    place.mkdir(parents=True, exist_ok=True)
    one = make(place)
    try:
        one.start()
        yield one
    finally:
        one.stop()
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
