"""Cassandra, or ScyllaDB, as the product speaks to it: prepared CQL, one deadline a call, one keyspace.

Reads and writes are answered by a local quorum.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from itertools import islice
from typing import Any

import acsylla

from tintype.platform.clients import trust
from tintype.platform.clients.cassandra_url import Place, place_of
from tintype.platform.guard import Guard

SECONDS = 3.0
CONNECT_SECONDS = 5.0
RECONNECT_MS = 500
IN_FLIGHT = 128
BATCH = 50  # rows of one partition: 4 kB, below the 5 kB from which the server warns
QUORUM = acsylla.Consistency.LOCAL_QUORUM

PROBE = "select key from system.local"

Values = Sequence[int | str | bytes]


class CassandraClient:
    """One session, opened by the first call. Every call raises EngineDown, whatever it is that goes wrong."""

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        """Opens nothing yet. Raises ValueError for a URL that is none."""
        self.place = place_of(url)
        self.guard = Guard("cassandra", seconds, probe=lambda: self.rows(PROBE))
        self._opening: asyncio.Task[Any] | None = None
        self._prepared: dict[str, asyncio.Task[Any]] = {}

    async def rows(self, cql: str, *values: int | str | bytes, seconds: float | None = None) -> list[tuple[Any, ...]]:
        """What a select finds; a statement without rows gives none."""
        async with self.guard.call(seconds):
            session = await self._session()
            return _tuples(await session.execute(await self._bound(session, cql, values)))

    async def each(
        self, cql: str, many: Sequence[Values], *, seconds: float | None = None
    ) -> list[list[tuple[Any, ...]]]:
        """What one select finds for each of many values, asked side by side."""
        found: list[list[tuple[Any, ...]]] = [[] for _ in many]

        async with self.guard.call(seconds):
            session = await self._session()
            prepared = await self._statement(session, cql)

            async def ask(numbered: tuple[int, Values]) -> None:
                found[numbered[0]] = _tuples(await session.execute(_bind(prepared, numbered[1])))

            await _side_by_side(ask, list(enumerate(many)))
        return found

    async def write(self, cql: str, many: Collection[Values], *, seconds: float | None = None) -> None:
        """One statement with many values, of any partitions, side by side. Where one fails, any may have been done."""
        async with self.guard.call(seconds):
            session = await self._session()
            prepared = await self._statement(session, cql)
            execute = session.execute

            async def run(values: Values) -> None:
                await execute(_bind(prepared, values))

            await _side_by_side(run, many)

    async def write_together(self, cql: str, many: Iterable[Values], *, seconds: float | None = None) -> None:
        """One statement with many values that are all of one partition: few requests."""
        async with self.guard.call(seconds):
            session = await self._session()
            prepared = await self._statement(session, cql)
            rest = iter(many)
            while together := list(islice(rest, BATCH)):
                batch = acsylla.create_batch_unlogged()
                batch.set_consistency(QUORUM)
                for values in together:
                    batch.add_statement(_bind(prepared, values))
                await session.execute_batch(batch)

    async def close(self) -> None:
        """End the session, and what was being opened."""
        self.guard.close()
        if self._opening is not None:
            opening, self._opening = self._opening, None
            opening.cancel()
            if opening.done() and not _failed(opening):
                await opening.result().close()

    async def _session(self) -> Any:
        """Opening goes on when the call that wanted it has not the time to wait."""
        if self._opening is None or (self._opening.done() and _failed(self._opening)):
            self._prepared = {}
            self._opening = _begun(connect(self.place, self.place.keyspace))
        return await asyncio.shield(self._opening)

    async def _bound(self, session: Any, cql: str, values: Values) -> Any:
        return _bind(await self._statement(session, cql), values)

    async def _statement(self, session: Any, cql: str) -> Any:
        preparing = self._prepared.get(cql)
        if preparing is None or (preparing.done() and _failed(preparing)):
            preparing = self._prepared[cql] = _begun(session.create_prepared(cql))
        return preparing.result() if preparing.done() else await asyncio.shield(preparing)


async def connect(place: Place, keyspace: str | None = None) -> Any:
    """A session of the driver; it finds the servers again by itself."""
    cluster = acsylla.create_cluster(
        place.hosts,
        port=place.port,
        username=place.user,
        password=place.password,
        connect_timeout=CONNECT_SECONDS,
        request_timeout=SECONDS * 2,
        constant_reconnect_delay_ms=RECONNECT_MS,
        consistency=QUORUM,
        load_balance_dc_aware=place.dc,
        ssl_enabled=place.is_tls,
        ssl_trusted_cert=trust.own() if place.is_tls else None,
        application_name="tintype",
        log_level="critical",
    )
    return await cluster.create_session(keyspace=keyspace)


async def _side_by_side(do: Callable[[Any], Awaitable[None]], many: Collection[Any]) -> None:
    """Do it for all of them, so many at a time; the first that fails ends it."""
    rest = iter(many)

    async def take_turns() -> None:
        for one in rest:
            await do(one)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(IN_FLIGHT, len(many))):
            group.create_task(take_turns())


def _begun(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """A task whose failure is told to those who wait for it, and to nobody else."""
    task = asyncio.create_task(work)
    task.add_done_callback(_failed)
    return task


def _failed(task: asyncio.Task[Any]) -> bool:
    return task.cancelled() or task.exception() is not None


def _bind(prepared: Any, values: Values) -> Any:
    statement = prepared.bind()
    statement.bind_list(list(values))
    return statement


def _tuples(result: Any) -> list[tuple[Any, ...]]:
    return [row.as_tuple() for row in result]
