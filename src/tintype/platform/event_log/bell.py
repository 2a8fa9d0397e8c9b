"""Wake-ups between the processes of one machine: a unix datagram that says only "look now"."""

import asyncio
import os
import socket
from contextlib import suppress
from pathlib import Path

SEQUENCER = "sequencer"
TAIL = "tail"


class Bell:
    """A socket in the run folder that others ring; `rung` is set by each ring."""

    def __init__(self, run_dir: Path, role: str) -> None:
        self.path = run_dir / f"{role}-{os.getpid()}-{id(self) & 0xFFFF:x}.bell"
        self.rung = asyncio.Event()
        run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(str(self.path))
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._heard)

    def _heard(self) -> None:
        with suppress(BlockingIOError):
            while self._socket.recv(16):
                pass
        self.rung.set()

    async def wait(self, seconds: float) -> None:
        """Until the next ring, or so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        self.rung.clear()

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()
        self.path.unlink(missing_ok=True)


class Ringer:
    """Rings every bell of one role in the run folder, but one's own."""

    def __init__(self, run_dir: Path, role: str, *, but: Bell | None = None) -> None:
        self._run_dir, self._role = run_dir, role
        self._not = "" if but is None else but.path.name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def ring(self) -> None:
        """Never waits and never fails: a missed ring costs one polling interval."""
        with suppress(FileNotFoundError):
            for entry in os.scandir(self._run_dir):
                if entry.name.startswith(self._role) and entry.name.endswith(".bell") and entry.name != self._not:
                    self._ring(entry.path)

    def _ring(self, path: str) -> None:
        try:
            self._socket.sendto(b"1", path)
        except ConnectionRefusedError:  # left behind by a killed process
            with suppress(OSError):
                Path(path).unlink()
        except OSError:
            pass

    def close(self) -> None:
        self._socket.close()
