"""The keyspace and the tables of Cassandra: `migrations/cassandra.cql`, and the mark of whose they are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import acsylla

from tintype.platform import migrations
from tintype.platform.clients.cassandra import connect
from tintype.platform.clients.cassandra_url import place_of
from tintype.platform.guard import EngineDown

UNIFIED = "{'class': 'UnifiedCompactionStrategy'}"
SIZE_TIERED = "{'class': 'SizeTieredCompactionStrategy'}"
SECONDS = 30.0


async def make(url: str) -> None:
    """Make what is absent: the keyspace with the replication that the URL says, and each table.

    What is there stays as it is, its replication too. Raises EngineDown.
    """
    async with Marks.opened(url):
        return


class Marks:
    """A session on a keyspace whose tables are there."""

    def __init__(self, session: Any) -> None:
        self._session = session

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str) -> "AsyncIterator[Marks]":
        """Raises EngineDown for whatever goes wrong, also within the block."""
        place = place_of(url)
        try:
            session = await connect(place)
        except Exception as error:
            raise EngineDown(f"cassandra: {type(error).__name__}: {error}"[:300]) from error
        try:
            marks = cls(session)
            unified = not await marks._rows(IS_SCYLLA)
            await marks._rows(f"create keyspace if not exists {place.keyspace} with replication = {place.replication}")
            await session.set_keyspace(place.keyspace)
            for statement in tables(unified=unified):
                await marks._rows(statement)
            yield marks
        finally:
            await session.close()

    async def mark(self) -> str | None:
        """What the timelines of this keyspace were marked with."""
        rows = await self._rows("select mark from store where name = 'timelines'")
        return str(rows[0].mark) if rows else None

    async def begin(self, mark: str) -> None:
        """Empty the timelines, and mark them anew."""
        await self._rows("truncate user_feed")
        await self._rows("insert into store (name, mark) values ('timelines', ?)", mark)

    async def _rows(self, cql: str, *values: str) -> list[Any]:
        try:
            statement = acsylla.create_statement(cql, len(values), timeout=SECONDS)
            statement.bind_list(list(values))
            return list(await self._session.execute(statement))
        except Exception as error:
            raise EngineDown(f"cassandra: {type(error).__name__}: {error}"[:300]) from error


def tables(*, unified: bool) -> list[str]:
    """A statement for each table. ScyllaDB does not have unified compaction."""
    text = (migrations.folder() / "cassandra.cql").read_text(encoding="utf-8")
    text = "\n".join(line.partition("--")[0] for line in text.splitlines())
    compaction = UNIFIED if unified else SIZE_TIERED
    return [one.strip().replace("{compaction}", compaction) for one in text.split(";") if one.strip()]


IS_SCYLLA = "select table_name from system_schema.tables where keyspace_name = 'system' and table_name = 'scylla_local'"
