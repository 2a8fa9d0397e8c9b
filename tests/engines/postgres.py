"""A real PostgreSQL for the tests: the embedded one without fsync, once a session, with a template to clone."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
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
