"""Which store the floors of timelines speak of, looked at with the migrations: another one than before is empty.

PostgreSQL's row `timeline_store` names the mark that stands in Cassandra, and the log's incarnation: so a new keyspace,
a wiped one, a database put back from a dump, and the way back to PostgreSQL are all noticed. Timelines then start over:
what is in the store goes, and each reader's is filled again when the reader next looks.

A keyspace with a mark that this database has never heard of holds the timelines of somebody else, and stays as it is.
"""

from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg

from tintype.domains.feed import actions as feed
from tintype.platform import db
from tintype.platform.config import Settings
from tintype.platform.db import SYSTEM, Reader, Tx
from tintype.platform.event_log.sequencer import RENEW
from tintype.platform.guard import EngineDown

if TYPE_CHECKING:
    from tintype.platform.clients.cassandra_schema import Marks

POSTGRES, CASSANDRA, BEGUN = "postgres", "cassandra", "begun"
LOCK_KEY, LOCK_SECONDS = 0x71180001, 300.0


class Taken(RuntimeError):
    """The keyspace holds the timelines of another installation."""

    def __init__(self) -> None:
        super().__init__(
            "this keyspace holds the timelines of another installation, or of an earlier life of this one: "
            "name another keyspace, or drop it"
        )


async def prepare(settings: Settings, url: str, *, takes: bool = False) -> bool:
    """Make the store's tables where they are absent, and start over where it is not the one there was.

    False where Cassandra does not answer now and was in use before: that is left to those who use it. `takes` gives up
    whatever the keyspace holds. Of several processes one does it. Raises EngineDown and Taken.
    """
    async with db.alone(url, LOCK_KEY, LOCK_SECONDS, name="timeline store") as connection:
        if settings.cassandra_url:
            return await _in_cassandra(connection, settings.cassandra_url, takes=takes)
        async with db.transaction(connection, SYSTEM) as tx:
            if await tx.value(NAME) != POSTGRES:
                await tx.run(EMPTY)
                await _begin(tx, POSTGRES)
        return True


async def is_taken(settings: Settings) -> bool:
    """Whether the keyspace that is set holds timelines already. Raises EngineDown."""
    from tintype.platform.clients.cassandra_schema import Marks

    async with Marks.opened(settings.cassandra_url) as marks:
        return await marks.mark() is not None


async def forget(tx: Tx) -> None:
    """The database came from a backup: the store that it names is that of the installation that was backed up."""
    await tx.run(FORGET)


async def _in_cassandra(connection: asyncpg.Connection, url: str, *, takes: bool) -> bool:
    from tintype.platform.clients.cassandra_schema import Marks

    await connection.execute(RENEW, False)
    r = Reader(connection)
    try:
        async with Marks.opened(url) as marks:
            await _compared(r, marks, takes=takes)
    except EngineDown:
        named = await r.value(NAME)
        if not named.startswith(CASSANDRA) or BEGUN in named:
            raise
        return False
    return True


async def _compared(r: Reader, marks: "Marks", *, takes: bool) -> None:
    """A new mark is noted here before it stands there, so that who is interrupted knows it again."""
    mark, named, incarnation = await marks.mark(), await r.value(NAME), await r.value(INCARNATION)
    if mark is not None and named == f"{CASSANDRA} {mark} {incarnation}":
        return
    if mark is not None and mark not in named and not takes:
        raise Taken
    new = uuid4().hex
    await r.connection.execute(RENAME, f"{CASSANDRA} {new} {BEGUN} {mark or ''}".rstrip())
    await marks.begin(new)
    async with db.transaction(r.connection, SYSTEM) as tx:
        await _begin(tx, f"{CASSANDRA} {new} {incarnation}")


async def _begin(tx: Tx, name: str) -> None:
    last: int | None = 0
    while last is not None:
        last = await feed.start_over(tx, last)
    await tx.run(RENAME, name)


NAME = "-- entry: the store of timelines\nselect name from timeline_store"

RENAME = "-- entry: another store of timelines\nupdate timeline_store set name = $1"

FORGET = "-- entry: a store that is another's\nupdate timeline_store set name = 'restored' where name <> 'postgres'"

EMPTY = "-- entry: timelines that were left behind\ntruncate timelines"

INCARNATION = "-- entry: which incarnation of the database this is\nselect incarnation::text from log_state"
