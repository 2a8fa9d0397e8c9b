"""Wake-ups between machines: a notification through the database, at most one every 20 ms while there is work.

Never one for each commit: notifying takes a lock that the whole server shares.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from tintype.platform import db
from tintype.platform.telemetry import Outage

CHANNEL = "tintype_log"
TICK_SECONDS = 0.02
ALIVE_SECONDS, REST_SECONDS = 5.0, 1.0


class Ticker:
    """`wake` says that something was moved; `run` tells the others, and calls `heard` when one of them says so."""

    def __init__(self, url: str, heard: Callable[[], None]) -> None:
        self._url, self._heard = url, heard
        self._moved = asyncio.Event()
        self._own = 0

    def wake(self) -> None:
        """Something was moved here."""
        self._moved.set()

    async def run(self) -> None:
        """Tell and listen until cancelled, over lost connections: a missed tick costs one interval of looking."""
        outage = Outage("ticker.goes_on")
        while True:
            connection = None
            try:
                connection = await db.connect(self._url, name="ticker")
                self._own = connection.get_server_pid()
                await connection.add_listener(CHANNEL, self._ticked)
                outage.over()
                await self._tell(connection)
            except db.NO_ANSWER as error:
                outage.lost("ticker.lost", error)
                await asyncio.sleep(REST_SECONDS)
            finally:
                if connection is not None:
                    with suppress(Exception):
                        await connection.close(timeout=1)

    async def _tell(self, connection: asyncpg.Connection) -> None:
        while True:
            try:
                async with asyncio.timeout(ALIVE_SECONDS):
                    await self._moved.wait()
            except TimeoutError:
                await connection.execute(ALIVE)
                continue
            self._moved.clear()
            await connection.execute(TELL, CHANNEL)
            await asyncio.sleep(TICK_SECONDS)

    def _ticked(self, _: object, pid: int, __: str, ___: object) -> None:
        if pid != self._own:
            self._heard()


ALIVE = """
-- event log: whether the connection still stands
select 1
"""

TELL = """
-- event log: tell the other machines to look
select pg_notify($1, '')
"""
