"""The sequencer: moves committed events from the inbox to the log and gives them their position.

One at a time, elected by a session advisory lock and fenced by an epoch in the database. It beats every 100 ms, so that
"nothing happened" and "I see nothing" differ.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from tintype.platform import clock, db
from tintype.platform.event_log.bell import Bell
from tintype.platform.event_log.port import Delivered
from tintype.platform.telemetry import LOG_MOVED, Outage, log

LOCK = 0x7117_1060
MOST = 2_000
BEAT_SECONDS = 0.1
BUSY_PAUSE_SECONDS = 0.003
STANDBY_SECONDS = 0.5

Moved = Callable[[list[Delivered]], None]


class Sequencer:
    """`run` serves until cancelled and takes over when another sequencer is gone; `step` moves one batch."""

    def __init__(self, url: str, moved: Moved, *, most: int = MOST) -> None:
        self._url, self._moved, self._most = url, moved, most
        self._connection: asyncpg.Connection | None = None
        self._epoch = 0
        self._beat = 0.0

    async def run(self, bell: Bell) -> None:
        """Elect, then step whenever the bell rings; a lost connection means standing for election again."""
        outage = Outage("sequencer.goes_on")
        while True:
            try:
                await self.elect()
                while True:
                    moved = await self.step()
                    outage.over()
                    if moved:
                        await asyncio.sleep(BUSY_PAUSE_SECONDS)
                    else:
                        await bell.wait(BEAT_SECONDS)
            except db.NO_ANSWER as error:
                outage.lost("sequencer.lost", error)
                await self.close()
                await asyncio.sleep(STANDBY_SECONDS)

    async def elect(self) -> None:
        """Wait until this process is the only sequencer, and fence off those before it."""
        self._connection = connection = await db.connect(self._url, name="sequencer")
        while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
            await asyncio.sleep(STANDBY_SECONDS)
        await connection.execute(RENEW, False)
        self._epoch = await connection.fetchval(ELECT)
        log.info("sequencer.elected", epoch=self._epoch)

    async def step(self) -> int:
        """Move at most `most` events, hand them on in memory, and return how many there were."""
        assert self._connection is not None, "not elected"
        rows = await self._connection.fetch(STEP, self._epoch, self._most)
        if rows:
            LOG_MOVED.inc(len(rows))
            self._beat = clock.monotonic()
            self._moved([delivered(row) for row in rows])
        elif clock.monotonic() - self._beat >= BEAT_SECONDS:
            self._beat = clock.monotonic()
            await self._connection.execute(BEAT, self._epoch)
        return len(rows)

    async def close(self) -> None:
        """Step down: the lock goes with the connection."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(Exception):
                await connection.close(timeout=1)


def delivered(row: asyncpg.Record) -> Delivered:
    """A row of event_log as consumers get it."""
    return Delivered(
        row["pos"],
        row["event_id"].hex,
        row["topic"],
        row["part"],
        row["key"],
        row["type"],
        row["payload"],
        row["headers"],
        row["created_at"].timestamp(),
    )


# A dump that is restored comes to another cluster; a replica that takes over, and a cluster that is put back to a
# moment, begin another timeline of WAL. What was written under an older release names the cluster alone.
RENEW = """
-- event log: another incarnation, always ($1) or where the data have another past than stores outside may know
update log_state set incarnation = gen_random_uuid(), system = here.id || '/' || here.branch
from (select system_identifier::text as id, left(pg_walfile_name(pg_current_wal_lsn()), 8) as branch
      from pg_control_system()) here
where $1 or system not in (here.id, here.id || '/' || here.branch)
"""

ELECT = """
-- event log: a new sequencer
update log_state set epoch = epoch + 1, beat_at = clock_timestamp()
returning epoch
"""

STEP = """
-- event log: move what is committed
select * from log_step($1, $2)
"""

BEAT = """
-- event log: the heartbeat of a sequencer that has nothing to move
update log_state set beat_at = clock_timestamp() where epoch = $1
"""
