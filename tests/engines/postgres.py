"""A real PostgreSQL for the tests: the embedded one without fsync, once a session, with a template to clone."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import asyncpg

from tintype.platform import migrations
from tintype.platform.embedded_postgres import DATABASE, EmbeddedPostgres


class TestServer:
    """`clone` gives a fresh, migrated database."""

    __test__ = False

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server

    def url_of(self, name: str) -> str:
        return self.server.url.replace(f"/{DATABASE}?", f"/{name}?")

    def pause(self) -> None:
        """It hangs: connections stay open, and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """To the postmaster first, which makes no more processes then, and to all that it has made."""
        assert self.server.process is not None
        parent = self.server.process.pid
        os.kill(parent, number)
        for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), number)

    @asynccontextmanager
    async def clone(self) -> AsyncIterator[str]:
        """The URL of a database of one's own, dropped afterwards."""
        name = f"t{uuid4().hex[:12]}"
        admin = await asyncpg.connect(self.url_of("postgres"))
        try:
            await admin.execute(f"create database {name} template {DATABASE}")
            yield self.url_of(name)
            await admin.execute(f"drop database {name} with (force)")
        finally:
            await admin.close()


@contextmanager
def running() -> Iterator[TestServer]:
    """A server in a folder of its own, with the template ready."""
    folder = Path(tempfile.mkdtemp(prefix="tintype-test-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, durable=False)

    async def prepare() -> None:
        await server.start()
        await migrations.upgrade(server.url)

    try:
        asyncio.run(prepare())
        yield TestServer(server)
    finally:
        asyncio.run(server.stop())
        shutil.rmtree(folder, ignore_errors=True)
