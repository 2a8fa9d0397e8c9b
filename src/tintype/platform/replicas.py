"""Reads of replicas: plain ones go there, as long as who asks finds there all that they have written themselves.

A session carries a mark: where the log of PostgreSQL stood after its last write. A replica that has not come so far is
not asked for it, and neither is one that lags or does not answer; the primary is asked then. Who is signed in and
brings no mark reads the primary, and is given one. Nothing that decides what may be seen is ever read here.
"""

import asyncio
import base64
import hashlib
import hmac
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import TypeVar

import asyncpg
import msgspec
from prometheus_client import Gauge

from tintype.platform import auth, clock, db
from tintype.platform.db import Reader
from tintype.platform.errors import Problem
from tintype.platform.guard import EngineDown, Guard
from tintype.platform.metrics import FastCounter
from tintype.platform.telemetry import log

T = TypeVar("T")

LOOK_SECONDS = 0.25
ANSWER_SECONDS = 1.0
LAG_SECONDS, LAG_BYTES = 2.0, 16 * 1024**2  # who lags more is left
REST_SECONDS = 2.0  # so long after a write its session stays with the primary: of two writes at once one mark may win
MARK_SECONDS = 600.0
POPULAR_SECONDS = 60.0
NOWHERE = (1 << 63) - 1
POPULAR = "replica popular"
COOKIE, HEADER = "tintype_seen", b"x-tintype-seen"

READS = FastCounter("tintype_plain_reads_total", "Plain reads, by who answered them", ["place"])
BYTES = Gauge("tintype_replica_lag_bytes", "How far behind the primary a replica is", ["replica"])
SECONDS = Gauge("tintype_replica_lag_seconds", "How old what a replica replayed last is", ["replica"])


class Seen(msgspec.Struct):
    """What the session of a request has written last: a place in PostgreSQL's log, None where that is not known."""

    lsn: int | None = 0
    at: float = 0.0  # seconds since 1970
    changed: bool = False


class Replica:
    """One replica: how far it has come, and whether it is asked at present."""

    def __init__(self, name: str, url: str, *, pooled: bool) -> None:
        self.name, self.url, self.replayed, self.fit = name, url, 0, False
        self._guard = Guard(name, ANSWER_SECONDS, quiet=(Problem,))
        self._pooled = pooled
        self._pool: asyncpg.Pool | None = None

    async def ask(self, question: Callable[[Reader], Awaitable[T]]) -> T:
        """Raises EngineDown where the replica does not answer it."""
        async with self._guard.call():
            return await self._asked(question)

    async def _asked(self, question: Callable[[Reader], Awaitable[T]]) -> T:
        pool = self._pool
        if pool is None:
            raise EngineDown(self.name)
        connection = await pool.acquire()
        try:
            answer = await question(Reader(connection))
        except Problem:
            raise
        except BaseException:
            connection.terminate()
            raise
        finally:
            with suppress(asyncpg.InterfaceError):
                await asyncio.shield(pool.release(connection, timeout=1))
        return answer

    async def look(self, primary: int, identity: str) -> None:
        """Measure how far it is behind where the primary was last seen; leave it, or come back to it."""
        was_fit = self.fit
        try:
            async with self._guard.call(ANSWER_SECONDS if self._pool is not None else db.CONNECT_SECONDS):
                if self._pool is None:
                    self._pool = await db.pool(self.url, size=16, min_size=1, name="replica", pooled=self._pooled)
                row = await self._pool.fetchrow(STANDING)
        except EngineDown as error:
            self.close()
            if was_fit:
                log.warning("replica.left", replica=self.name, error=str(error))
            return
        self.replayed = row["replayed"] or 0
        lag = max(primary - self.replayed, 0)
        seconds = float(row["seconds"] or 0) if lag else 0.0
        BYTES.labels(self.name).set(lag)
        SECONDS.labels(self.name).set(seconds)
        is_ours = row["is_replica"] and row["identity"] == identity
        self.fit = is_ours and lag <= LAG_BYTES and seconds <= LAG_SECONDS
        if self.fit != was_fit:
            told = log.info if self.fit else log.warning
            told("replica.joined" if self.fit else "replica.left", replica=self.name, bytes=lag, seconds=seconds)

    def close(self) -> None:
        """Leave it at once: what waits for its answer asks the primary."""
        self.fit = False
        if self._pool is not None:
            self._pool.terminate()
            self._pool = None


_replicas: list[Replica] = []
_key = b""
_popular: Callable[[Reader], Awaitable[frozenset[int]]] | None = None
_popular_ids = frozenset[int]()
_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


@asynccontextmanager
async def opened(
    urls: Sequence[str],
    key: bytes,
    *,
    popular_url: str = "",
    popular: Callable[[Reader], Awaitable[frozenset[int]]] | None = None,
    pooled: bool = False,
) -> AsyncIterator[list[Replica]]:
    """Replicas are asked, until the block ends. `key` signs the marks; one that is down now is asked once it is up.

    The replica at `popular_url` answers for the accounts that `popular` tells, looked up every minute, and no others.
    """
    global _key, _popular, _popular_ids, _primary, _identity
    named = [(f"replica {n}", url) for n, url in enumerate(urls, 1)]
    named += [(POPULAR, popular_url)] if popular_url else []
    if not named:
        yield _replicas
        return
    _primary, _identity = 0, ""
    _key, _popular, _popular_ids = key, popular if popular_url else None, frozenset()
    _replicas[:] = [Replica(name, url, pooled=pooled) for name, url in named]
    db.on_write(_wrote)
    await look()
    await _look_who_is_popular()
    looking = asyncio.create_task(_look_again(), name="replicas")
    try:
        yield _replicas
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        db.on_write(None)
        for one in _replicas:
            one.close()
        _replicas.clear()


async def aside(
    r: Reader,
    question: Callable[[Reader], Awaitable[T]],
    *,
    about: int = 0,
    again: Callable[[T], Awaitable[T]] | None = None,
) -> T:
    """The answer to a plain read, from a replica that has all that who asks has written, else by `r`.

    What a replica answered goes through `again`, which looks on the primary at what may be shown. `about`: the account
    whose things are read; a popular one's may have a replica of their own. Outside of a request `r` answers.
    """
    seen = _seen.get()
    chosen = _chosen(seen, about) if _replicas and seen is not None else None
    if chosen is not None:
        with suppress(EngineDown):
            answer = await chosen.ask(question)
            READS.labels(chosen.name).inc()
            return answer if again is None else await again(answer)
    if _replicas:
        READS.labels("primary").inc()
        if seen is not None and seen.lsn is None:
            _mark(seen, await r.value(PLACE))
    return await question(r)


def begin(*, signed_in: bool, mark: bytes | None = None, cookie: str | None = None) -> None:
    """A request begins: its session's mark is in this header, or in its cookies."""
    if _replicas:
        sent = mark.decode("latin-1") if mark else auth.cookie_value(cookie or "", COOKIE)
        found = _read(sent) if sent else None
        _seen.set(found or Seen(None if signed_in else 0))


def signed_in() -> None:
    """It turns out that who asks is signed in: without a mark it is not known what they have written."""
    seen = _seen.get()
    if seen is not None and not seen.at:
        seen.lsn = None


def headers(*, secure: bool) -> list[tuple[bytes, bytes]]:
    """What an answer carries for the session to bring again; nothing unless its mark is a new one."""
    seen = _seen.get() if _replicas else None
    if seen is None or not seen.changed or seen.lsn is None:
        return []
    mark = _written(seen)
    cookie = f"{COOKIE}={mark}; Path=/; Max-Age={MARK_SECONDS:.0f}; HttpOnly; SameSite=Lax"
    cookie += "; Secure" if secure else ""
    return [(HEADER, mark.encode()), (b"set-cookie", cookie.encode())]


def _chosen(seen: Seen, about: int) -> Replica | None:
    lsn = seen.lsn
    if lsn is None or clock.now().timestamp() - seen.at < REST_SECONDS:
        return None
    able = [one for one in _replicas if one.fit and one.replayed >= lsn]
    apart = [one for one in able if one.name == POPULAR]
    if apart and about in _popular_ids:
        return apart[0]
    common = [one for one in able if one.name != POPULAR]
    return random.choice(common) if common else None


async def _wrote(connection: asyncpg.Connection) -> None:
    """A transaction has committed: whatever its session reads from here on has to have it."""
    seen = _seen.get()
    if seen is None:
        return
    _mark(seen, NOWHERE)
    with suppress(Exception):  # the write stands; the session stays with the primary while its mark is good
        async with asyncio.timeout(ANSWER_SECONDS):
            _mark(seen, await connection.fetchval(PLACE))


def _mark(seen: Seen, lsn: int) -> None:
    seen.lsn, seen.at, seen.changed = lsn, clock.now().timestamp(), True


def _written(seen: Seen) -> str:
    assert seen.lsn is not None
    body = seen.lsn.to_bytes(8, "big") + int(seen.at * 1000).to_bytes(8, "big")
    return base64.urlsafe_b64encode(body + _mac(body)).rstrip(b"=").decode()


def _read(text: str) -> Seen | None:
    """A mark of ours that is still good."""
    if len(text) > 64:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, mac = raw[:16], raw[16:]
    if len(body) != 16 or not hmac.compare_digest(mac, _mac(body)):
        return None
    seen = Seen(int.from_bytes(body[:8], "big"), int.from_bytes(body[8:], "big") / 1000)
    return seen if clock.now().timestamp() - seen.at < MARK_SECONDS else None


def _mac(body: bytes) -> bytes:
    return hmac.digest(_key, b"seen\0" + body, hashlib.sha256)[:16]


_primary, _identity = 0, ""


async def look() -> None:
    """Measure every replica once."""
    global _primary, _identity
    with suppress(Exception):  # of a primary that does not answer, where it was last seen counts
        async with asyncio.timeout(ANSWER_SECONDS), db.read() as r:
            _identity = _identity or await r.value(IDENTITY)
            _primary = await r.value(PLACE)
    await asyncio.gather(*(one.look(_primary, _identity) for one in _replicas))


async def _look_who_is_popular() -> None:
    global _popular_ids
    if _popular is not None:
        with suppress(Exception):  # who was popular a minute ago still is
            async with db.read() as r:
                _popular_ids = await _popular(r)


async def _look_again() -> None:
    looks = 0
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await look()
        looks += 1
        if looks * LOOK_SECONDS >= POPULAR_SECONDS:
            looks = 0
            await _look_who_is_popular()


PLACE = """
-- replicas: where the primary's log is
select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint
"""

IDENTITY = """
-- replicas: which database of which cluster this is
select system_identifier || ' ' || current_database() from pg_control_system()
"""

STANDING = """
-- replicas: how far this one has come
select (select system_identifier || ' ' || current_database() from pg_control_system()) as identity,
  pg_is_in_recovery() as is_replica, (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint as replayed,
  extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) as seconds
"""
