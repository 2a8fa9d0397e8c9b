"""ClamAV's clamd on loopback that knows one signature, the EICAR test string. freshclam is never started."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engines import process
from tests.engines.process import Process
from tests.engines.product import free_ports

# Put together here, so that no scanner finds it in this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"
STREAM_BYTES = 20 * 1024 * 1024


class Clamd(Process):
    """A running clamd. `url` is its TCP address, `socket_url` that of its unix socket."""

    def __init__(self, binary: str, folder: Path) -> None:
        super().__init__(folder)
        folder.chmod(0o755)
        self._binary, self.port = binary, free_ports()
        self.url = f"tcp://127.0.0.1:{self.port}"
        self.socket_url = f"unix://{folder}/clamd.sock"

    def prepare(self) -> None:
        for name in ("signatures", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "clamd.sock").unlink(missing_ok=True)
        # name:type of file (any):offset (anywhere):bytes in hexadecimal
        (self.folder / "signatures/test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
        (self.folder / "clamd.conf").write_text(
            f"TCPSocket {self.port}\nTCPAddr 127.0.0.1\nLocalSocket {self.folder}/clamd.sock\n"
            f"DatabaseDirectory {self.folder}/signatures\nTemporaryDirectory {self.folder}/tmp\n"
            f"Foreground yes\nStreamMaxLength {STREAM_BYTES}\n"
        )

    def command(self) -> list[str]:
        return [self._binary, f"--config-file={self.folder}/clamd.conf"]

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.sendall(b"nPING\n")
                return probe.recv(16) == b"PONG\n"
        except OSError:
            return False


@contextmanager
def running() -> Iterator[Clamd]:
    """A clamd in a folder of its own. Skips the test where there is none."""
    binary = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if binary is None:
        pytest.skip("needs clamd: apt-get install clamav-daemon")
    with process.running("clamd", None, lambda place: Clamd(binary, place)) as daemon:
        yield daemon
