"""PostgreSQL: one pool a process, `read` for selects and `act` for the one way to write.

A write is one transaction and one fact: rows first, then events, which `act` appends just before it commits.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

from tintype.platform import telemetry
from tintype.platform.errors import Unavailable

CONNECT_SECONDS, ACQUIRE_SECONDS = 5.0, 2.0
STATEMENT_SECONDS = 10.0
# InternalClientError: a connection that a killed server left in the middle of an operation, and that never recovers.
CONNECTION_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    OSError,
)
OUT_OF_REACH = (*CONNECTION_LOST, Unavailable, TimeoutError)  # by a connection of the pool
NO_ANSWER = (*CONNECTION_LOST, asyncpg.PostgresError, TimeoutError)  # by one of one's own, whatever it says instead
# A client whose machine has vanished says nothing: the server finds out, and lets go of its locks, within six seconds.
GONE = {
    "tcp_keepalives_idle": "3",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "6000",
}
READ_SECONDS, ACT_SECONDS = 12.0, 15.0  # in all, waiting for a connection included


class Actor(msgspec.Struct, frozen=True):
    """Who acts: an account with its role, through a session. `SYSTEM` is the product itself."""

    id: int
    role: str = "user"
    session_id: int = 0

    @property
    def is_moderator(self) -> bool:
        return self.role in {"moderator", "admin"}

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


SYSTEM = Actor(id=0, role="admin")


class Outgoing(msgspec.Struct, frozen=True):
    """An event on its way to the inbox."""

    topic: str
    part: int
    key: int
    type: str
    payload: bytes
    headers: bytes | None


class Reader:
    """A connection to select with. Rows come as `asyncpg.Record`; statements open with `-- domain: what for`."""

    __slots__ = ("connection",)

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def value(self, sql: str, *args: object) -> Any:
        with telemetry.statement(sql):
            return await self.connection.fetchval(sql, *args)

    async def row(self, sql: str, *args: object) -> asyncpg.Record | None:
        with telemetry.statement(sql):
            return await self.connection.fetchrow(sql, *args)

    async def rows(self, sql: str, *args: object) -> list[asyncpg.Record]:
        with telemetry.statement(sql):
            found: list[asyncpg.Record] = await self.connection.fetch(sql, *args)
            return found


class Tx(Reader):
    """An open transaction: what `act` yields. Events given to `publish` are appended when the block ends."""

    __slots__ = ("actor", "after_commit", "facts", "is_open", "outgoing")

    def __init__(self, connection: asyncpg.Connection, actor: Actor) -> None:
        super().__init__(connection)
        self.actor = actor
        self.is_open = True
        self.outgoing: list[Outgoing] = []
        self.facts: list[Any] = []
        self.after_commit: list[Callable[[], None]] = []

    async def run(self, sql: str, *args: object) -> int:
        """Execute and return how many rows it touched."""
        with telemetry.statement(sql):
            status = await self.connection.execute(sql, *args)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def flush(self) -> None:
        """Append what was published. Last in the transaction, so that the inbox's order follows the order of locks."""
        if not self.outgoing:
            return
        columns = zip(*(msgspec.structs.astuple(event) for event in self.outgoing), strict=True)
        await self.run(APPEND, *map(list, columns))
        self.outgoing = []


_pool: asyncpg.Pool | None = None
_longest_wait = 0.0


def _wake() -> None:
    return None


def _nobody(_: Any) -> None:
    return None


_hear: Callable[[Any], None] = _nobody
_written: Callable[[asyncpg.Connection], Awaitable[None]] | None = None


async def open(url: str, *, size: int = 16, min_size: int = 2, name: str = "pool", pooled: bool = False) -> None:
    """Open this process's pool. `pooled`: the URL leads to a pooler that gives a server away after each transaction."""
    global _pool
    _pool = await pool(url, size=size, min_size=min_size, name=name, pooled=pooled)


async def pool(url: str, *, size: int, min_size: int, name: str, pooled: bool = False) -> asyncpg.Pool:
    """A pool apart from this process's own, as `open` would make it."""
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=size,
        timeout=CONNECT_SECONDS,
        init=_init,
        reset=_as_it_is,
        **(_options_behind_pooler(name) if pooled else _options(name)),
    )


async def close() -> None:
    global _pool
    if _pool is not None:
        pool, _pool = _pool, None
        try:
            async with asyncio.timeout(5):
                await pool.close()
        except TimeoutError:
            pool.terminate()


def on_commit(wake: Callable[[], None], heard: Callable[[Any], None] = _nobody) -> None:
    """What to call when a transaction with events has committed: `wake` the sequencer, and `heard` with each event.

    A process that keeps things in memory learns of its own acts by the latter at once, of others' by the log's tail.
    """
    global _wake, _hear
    _wake, _hear = wake, heard


def on_write(written: Callable[[asyncpg.Connection], Awaitable[None]] | None) -> None:
    """What is to be done with a connection on which `act` has just committed; it never raises."""
    global _written
    _written = written


def longest_wait() -> float:
    """The longest that anybody has waited for a pooled connection since this was last asked, in seconds."""
    global _longest_wait
    longest, _longest_wait = _longest_wait, 0.0
    return longest


async def connect(url: str, *, name: str) -> asyncpg.Connection:
    """A long-lived connection of one's own (sequencer, consumers, id node)."""
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS, **_options(name))
    await _init(connection)
    return connection


@asynccontextmanager
async def alone(url: str, key: int, seconds: float, *, name: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that alone has this advisory lock. Raises TimeoutError for who has waited so long.

    Whoever waits does so without a statement or a transaction: a snapshot would hold up indexes being made.
    """
    connection = await connect(url, name=name)
    try:
        async with asyncio.timeout(seconds):
            while not await connection.fetchval(ALONE, key):
                await asyncio.sleep(0.1)
        yield connection
    finally:
        await connection.close(timeout=5)


def _options(name: str) -> dict[str, Any]:
    server = {
        "application_name": f"tintype {name}",
        "idle_in_transaction_session_timeout": "30s",
        "default_transaction_isolation": "read committed",
        "jit": "off",
        "timezone": "UTC",
        **GONE,
    }
    return {"command_timeout": STATEMENT_SECONDS, "server_settings": server}


def _options_behind_pooler(name: str) -> dict[str, Any]:
    """A pooler hands every transaction to another server: nothing is prepared, and nothing set, beyond one.

    What `_options` sets the database's role has to be given (docs/operations.md).
    """
    return {
        "command_timeout": STATEMENT_SECONDS,
        "statement_cache_size": 0,
        "server_settings": {"application_name": f"tintype {name}"},
    }


@asynccontextmanager
async def read(*, has_deadline: bool = True) -> AsyncIterator[Reader]:
    """A pooled connection for selects, each in a transaction of its own."""
    async with _acquired() as connection, _rest_of(READ_SECONDS if has_deadline else None):
        yield Reader(connection)


@asynccontextmanager
async def act(actor: Actor) -> AsyncIterator[Tx]:
    """The one way to write: a READ COMMITTED transaction, events appended last, consumers woken after commit."""
    async with _acquired() as connection, _rest_of(ACT_SECONDS):
        async with transaction(connection, actor) as tx:
            yield tx
        if _written is not None:
            await _written(connection)


def _rest_of(seconds: float | None) -> asyncio.Timeout:
    """What is left once a connection was waited for; within its hold, so that one that hangs is thrown away."""
    return asyncio.timeout(None if seconds is None else seconds - ACQUIRE_SECONDS)


@asynccontextmanager
async def transaction(connection: asyncpg.Connection, actor: Actor) -> AsyncIterator[Tx]:
    """`act` on a connection that the caller holds (consumers keep long-lived ones)."""
    tx = Tx(connection, actor)
    try:
        async with connection.transaction():
            yield tx
            published = bool(tx.outgoing)
            await tx.flush()
    finally:
        tx.is_open = False
    for done in tx.after_commit:
        done()
    for fact in tx.facts:
        _hear(fact)
    if published:
        _wake()


@asynccontextmanager
async def _acquired() -> AsyncIterator[asyncpg.Connection]:
    global _longest_wait
    if _pool is None:
        raise Unavailable("The database is not open.")
    began = time.perf_counter()
    try:
        connection = await _pool.acquire(timeout=ACQUIRE_SECONDS)
    except (TimeoutError, OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as error:
        _longest_wait = max(_longest_wait, time.perf_counter() - began)
        raise Unavailable("The database does not answer.", retry_after=2) from error
    waited = time.perf_counter() - began
    _longest_wait = max(_longest_wait, waited)
    telemetry.POOL_WAIT.observe(waited)
    try:
        yield connection
    except CONNECTION_LOST:
        connection.terminate()  # or the pool would hand it out again, and again
        raise
    finally:
        await asyncio.shield(_pool.release(connection, timeout=2) if _pool is not None else connection.close(timeout=2))


async def _init(connection: asyncpg.Connection) -> None:
    for kind in ("jsonb", "json"):
        await connection.set_type_codec(kind, schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode)


async def _as_it_is(_: asyncpg.Connection) -> None:
    """Nobody changes a pooled session, so the default's statement at each release (0.08 of 0.17 ms) is left out."""


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


APPEND = """
-- event log: append what the transaction published
insert into event_inbox (topic, part, key, type, payload, headers)
select * from unnest($1::text[], $2::smallint[], $3::bigint[], $4::text[], $5::bytea[], $6::bytea[])
"""


ALONE = """
-- database: a lock until this connection ends
select pg_try_advisory_lock($1)
"""
