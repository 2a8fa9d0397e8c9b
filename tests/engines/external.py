"""PostgreSQL as an operator brings it: a server of its own, reached by TCP, and a role without special rights."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from tintype.platform.embedded_postgres import EmbeddedPostgres

ROLE, PASSWORD, DATABASE = "photos", "not a secret", "photos"
RIGHTS = "nosuperuser nocreatedb nocreaterole noreplication nobypassrls"
LOCAL = """\
listen_addresses = '{addresses}'
hba_file = '{hba}'
"""


class External:
    """A running server; `make` gives an empty database that belongs to a role without rights."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server

    async def make(self, host: str, name: str = DATABASE) -> str:
        """The URL of a new database, as the machine at `host` reaches it."""
        admin = await asyncpg.connect(self.server.url)
        try:
            if not await admin.fetchval("select exists (select from pg_roles where rolname = $1)", ROLE):
                await admin.execute(
                    f"create role {ROLE} login nosuperuser nocreatedb nocreaterole password '{PASSWORD}'"
                )
            await admin.execute(f"create database {name} owner {ROLE}")
        finally:
            await admin.close()
        return f"postgresql://{ROLE}:{PASSWORD.replace(' ', '%20')}@{host}:5432/{name}"


@contextmanager
def running(*addresses: str) -> Iterator[External]:
    """A server that listens on these addresses, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="tintype-external-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, durable=False)

    async def start() -> None:
        await server.start()  # which sets the password that the second start asks for
        await server.stop()
        hba = server.folder / "outside.conf"
        hba.write_text("local all all scram-sha-256\nhost all all all scram-sha-256\n")
        hba.chmod(0o644)
        conf = server.folder / "local.conf"
        conf.write_text(LOCAL.format(addresses=",".join(addresses), hba=hba))
        conf.chmod(0o644)
        await server.start()

    try:
        asyncio.run(start())
        yield External(server)
    finally:
        asyncio.run(server.stop())
        shutil.rmtree(folder, ignore_errors=True)


def password_of(url: str) -> str:
    """What must not be seen anywhere."""
    return urlsplit(url).password or ""
