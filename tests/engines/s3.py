"""A real S3 store (versitygw, built from its source once) that checks signatures; without Docker, on loopback."""

import os
import shutil
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engines import cache, process
from tests.engines.process import Process
from tests.engines.product import free_ports
from tintype.platform.clients.s3 import Bucket

KEY, SECRET = "tintype", "tintype-secret"


class Store(Process):
    """A running store with the bucket `media`; `bucket` is how to reach it."""

    def __init__(self, binary: Path, folder: Path, flags: Sequence[str]) -> None:
        super().__init__(folder)
        self._binary, self._flags, self.port = binary, flags, free_ports()
        self.url = f"http://127.0.0.1:{self.port}/media"
        self.bucket = Bucket(self.url, KEY, SECRET)

    def prepare(self) -> None:
        for folder in ("objects/media", "metadata"):
            (self.folder / folder).mkdir(parents=True, exist_ok=True)

    def command(self) -> list[str | Path]:
        return [
            *(self._binary, "--port", f"127.0.0.1:{self.port}", "--health", "/health", "--keep-alive"),
            *self._flags,
            *("posix", "--sidecar", self.folder / "metadata", self.folder / "objects"),
        ]

    def environment(self) -> dict[str, str]:
        return os.environ | {"ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": SECRET}

    def is_ready(self) -> bool:
        return _answers(self.port, by_tls="--cert" in self._flags)

    def make(self, name: str) -> str:
        """The URL of a new bucket."""
        (self.folder / "objects" / name).mkdir()
        return f"http://127.0.0.1:{self.port}/{name}"

    def wipe(self) -> None:
        """Every object goes."""
        for folder in ("objects/media", "metadata"):
            shutil.rmtree(self.folder / folder, ignore_errors=True)
        self.prepare()


@contextmanager
def running(folder: Path | None = None, *flags: str) -> Iterator[Store]:
    """A store in this folder, or in one of its own. Skips the test where Go is missing."""
    binary = _built()
    with process.running("s3", folder, lambda place: Store(binary, place, flags)) as store:
        yield store


def _built() -> Path:
    try:
        return cache.versitygw()
    except cache.Missing as missing:
        pytest.skip(str(missing))


def _answers(port: int, *, by_tls: bool) -> bool:
    try:
        probe = socket.create_connection(("127.0.0.1", port), timeout=1)
        with _believing_anybody().wrap_socket(probe) if by_tls else probe as connection:
            connection.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def _believing_anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
