"""Redis as the product speaks to it: one server or a cluster, behind the same two calls.

Every call has one deadline and is tried once, as whoever asks has a next level to go to. Each server has a breaker of
its own, so that a master that hangs costs the keys of the others nothing. (redis-py's own client of clusters closes the
connections of all calls under way when one of them fails; here is a plain client for each server.)

A replica that takes over may lack what its master was told last, and so may what a restart brings back from a disk.
Each has a replication id of its own then, the server's *identity*: what was written under another is not believed.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, NamedTuple

import hiredis
from redis.asyncio import Connection, ConnectionPool, Redis, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import AskError, MovedError, NoScriptError, ResponseError

from tintype.platform.clients import trust
from tintype.platform.clients.hosts import hosts_of
from tintype.platform.clients.redis_url import PORT, Place, place_of
from tintype.platform.guard import EngineDown, Guard

SECONDS, FLUSH_SECONDS = 0.25, 10.0
AT_ONCE = 64
MAP_SECONDS, MAP_KEPT_SECONDS = 1.0, 60.0

Part = bytes | str | int | float
Command = Sequence[Part]


# What about() tells of a server's configuration; the older name of the first is that of Redis 6.
SETTINGS = ("zset-max-listpack-entries", "zset-max-ziplist-entries", "maxmemory-policy")


class About(NamedTuple):
    """A server's place, its version, how many bytes it may take (0: any number), and settings unless it keeps them."""

    place: str
    version: str
    maxmemory: int
    settings: Mapping[str, str] | None


class Script:
    """A function in Lua that runs on the server, on one key; on one server on many as well."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def on(self, key: str, *args: Part) -> Command:
        """The command that runs it."""
        return ("EVALSHA", self.sha, 1, key, *args)

    def on_each(self, keys: Sequence[str], *args: Part) -> Command:
        """The same for keys that one server has in one slot, or that the only server has."""
        return ("EVALSHA", self.sha, len(keys), *keys, *args)


# For scripts: what is written with it in front is believed only of the same server, with the same past.
IDENTITY = """
local function identity()
  local id = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
  return string.sub(id or '0000000000000000', 1, 16)
end
"""
WHOSE = Script(IDENTITY + "return identity()")
GET = Script(
    IDENTITY
    + """
local found = redis.call('MGET', unpack(KEYS))
table.insert(found, 1, identity())
return found
"""
)


class _Server:
    """One server, its connections and its breaker."""

    def __init__(self, name: str, host: str, port: int, place: Place, seconds: float) -> None:
        self.guard = Guard(name, seconds)
        self._turns = asyncio.Semaphore(AT_ONCE)
        authority: dict[str, Any] = {"ssl_ca_certs": trust.authority()} if place.is_tls else {}
        pool = ConnectionPool(
            connection_class=SSLConnection if place.is_tls else Connection,
            max_connections=AT_ONCE * 2,
            host=host,
            port=port,
            db=place.database,
            username=place.user,
            password=place.password,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=None,
            socket_connect_timeout=None,
            protocol=2,
            **authority,
        )
        self._redis: Any = Redis.from_pool(pool)

    async def send(self, commands: Sequence[Command], scripts: Mapping[str, "Script"], seconds: float) -> list[Any]:
        """Answers in order, errors that the server answered among them. Raises EngineDown."""
        async with self.guard.call(seconds), self._turns:
            found = await self._sent(commands)
            if any(isinstance(answer, NoScriptError) for answer in found):
                await self._sent([("SCRIPT", "LOAD", script.text) for script in scripts.values()])
                again = [n for n, answer in enumerate(found) if isinstance(answer, NoScriptError)]
                for n, answer in zip(again, await self._sent([commands[n] for n in again]), strict=True):
                    found[n] = answer
            return found

    async def _sent(self, commands: Sequence[Command]) -> list[Any]:
        """In one write, packed in C: redis-py's own pipeline takes twice the time that the server does."""
        pool = self._redis.connection_pool
        connection = await pool.get_connection()
        try:
            await connection.send_packed_command(b"".join(map(_packed, commands)))
            return [await self._answer(connection, command) for command in commands]
        except BaseException:
            await connection.disconnect(nowait=True)  # what is not yet read would answer the next ones
            raise
        finally:
            await pool.release(connection)

    async def _answer(self, connection: Connection, command: Command) -> Any:
        try:
            answer = await connection.read_response()
        except ResponseError as error:
            return error
        read = self._redis.response_callbacks.get(command[0])
        return answer if read is None else read(answer)

    async def close(self) -> None:
        await self._redis.aclose()


class RedisClient:
    """One or many servers."""

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        """Opens nothing yet. Raises ValueError for a URL that is none of Redis."""
        self.place = place_of(url)
        self.seconds = seconds
        self.is_cluster = self.place.is_cluster
        self._scripts: dict[str, Script] = {WHOSE.sha: WHOSE, GET.sha: GET}
        self._servers: dict[str, _Server] = {}
        self._ranges: list[tuple[int, int, str]] = []
        self._replicas: set[str] = set()
        self._asked_at = -MAP_SECONDS
        self._mapping: asyncio.Task[None] | None = None
        if self.is_cluster:
            for host, port in self.place.hosts:
                self._server(_named(host, port))
        else:
            self._server("")

    @property
    def is_up(self) -> bool:
        """Whether calls go through to every server."""
        return all(server.guard.is_up for server in self._servers.values())

    @property
    def guards(self) -> list[Guard]:
        """The breaker of each server."""
        return [server.guard for server in self._servers.values()]

    def knows(self, *scripts: Script) -> None:
        """These are loaded where a server turns out not to have them."""
        self._scripts |= {script.sha: script for script in scripts}

    async def run(self, *command: Part, seconds: float | None = None) -> Any:
        """The answer to one command. Raises EngineDown, whatever it is that goes wrong."""
        found = (await self.many([command], seconds=seconds))[0]
        if isinstance(found, EngineDown):
            raise found
        return found

    async def many(self, commands: Sequence[Command], *, seconds: float | None = None) -> list[Any]:
        """The answers to many commands, sent together; EngineDown in the place of each that was not answered."""
        return await self._many(commands, seconds)

    async def get_dated(self, keys: Sequence[str], *, seconds: float | None = None) -> list[tuple[Any, bytes]]:
        """The values of keys (None, EngineDown), each with the identity that its server had; empty where unknown."""
        if not keys:
            return []
        if len(keys) == 1 or not self.is_cluster:  # one command: redis-py takes its time for each
            answer = (await self._many([GET.on_each(keys)], seconds))[0]
            if isinstance(answer, EngineDown):
                return [(answer, b"")] * len(keys)
            return [(value, answer[0]) for value in answer[1:]]
        whose = [b""] * len(keys)
        return list(zip(await self._many([("GET", key) for key in keys], seconds, whose), whose, strict=True))

    async def about(self) -> list[About | EngineDown]:
        """What each server, or each master of a cluster, is like; EngineDown where one does not tell."""
        if self.is_cluster and not self._ranges:
            await self._mapped(monotonic() + self.seconds)
        places = {place for _, _, place in self._ranges} or set(self._servers)
        return [await self._about(place) for place in sorted(places)]

    async def _about(self, place: str) -> About | EngineDown:
        commands: list[Command] = [("INFO",), *(("CONFIG GET", name) for name in SETTINGS)]
        try:
            info, *answers = await self._servers[place].send(commands, {}, self.seconds)
        except EngineDown as error:
            return error
        if not isinstance(info, dict):
            return EngineDown(f"redis: {type(info).__name__}: {info}"[:300])
        settings = None
        if all(isinstance(one, dict) for one in answers):
            settings = {name: str(value) for one in answers for name, value in one.items()}
        return About(place or "redis", str(info.get("redis_version", "0")), int(info.get("maxmemory", 0)), settings)

    async def _many(
        self, commands: Sequence[Command], seconds: float | None, whose: list[bytes] | None = None
    ) -> list[Any]:
        until = monotonic() + (self.seconds if seconds is None else seconds)
        found: list[Any] = [None] * len(commands)
        await self._send(commands, range(len(commands)), found, until, whose=whose)
        if moved := {n: _told(answer) for n, answer in enumerate(found) if isinstance(answer, MovedError)}:
            self._map()
            await self._send(commands, list(moved), found, until, moved, whose=whose)
        for n, answer in enumerate(found):
            if isinstance(answer, AskError) and not isinstance(answer, MovedError):
                found[n] = await self._asking(_told(answer), commands[n], until)
                if whose is not None:
                    whose[n] = b""
        for n, answer in enumerate(found):
            if isinstance(answer, Exception) and not isinstance(answer, EngineDown):
                found[n] = EngineDown(f"redis: {type(answer).__name__}: {answer}"[:300])
        return found

    async def flush(self) -> None:
        """Take everything out of the database that the address names, on every server. Raises EngineDown."""
        until = monotonic() + FLUSH_SECONDS
        if self.is_cluster and not self._ranges:
            await self._mapped(until)
        places = {place for *_, place in self._ranges} if self.is_cluster else {""}
        if not places:
            raise EngineDown("redis: no server answers")
        for place in places:
            for answer in await self._server(place).send([("FLUSHDB", "ASYNC")], {}, until - monotonic()):
                if isinstance(answer, Exception):
                    raise EngineDown(f"redis: {answer}")

    async def close(self) -> None:
        if self._mapping is not None:
            self._mapping.cancel()
            await asyncio.wait([self._mapping])
        for server in self._servers.values():
            await server.close()

    async def _send(
        self,
        commands: Sequence[Command],
        wanted: Sequence[int],
        found: list[Any],
        until: float,
        told: Mapping[int, str] | None = None,
        *,
        whose: list[bytes] | None = None,
    ) -> None:
        """Each to its server, or to the one that was told, all servers at the same time."""
        if self.is_cluster:
            if not self._ranges:
                await self._mapped(until)
            elif monotonic() > self._asked_at + MAP_KEPT_SECONDS:
                self._map()  # for replicas that have come since
        places: dict[str, list[int]] = {}
        for n in wanted:
            place = told[n] if told is not None else self._place(commands[n])
            places.setdefault(place, []).append(n)

        async def send(place: str, numbers: list[int]) -> None:
            try:
                server = self._servers[place] if told is None else self._server(place)
                asked = [commands[n] for n in numbers]
                if whose is not None:
                    asked.append(("EVALSHA", WHOSE.sha, 0))
                answers = await server.send(asked, self._scripts, until - monotonic())
                if whose is not None:
                    identity = answers.pop()
                    for n in numbers:
                        whose[n] = identity if isinstance(identity, bytes) else b""
            except (EngineDown, KeyError) as error:
                down = error if isinstance(error, EngineDown) else EngineDown("redis: no server has this slot")
                answers = [down] * len(numbers)
                self._map()
            for n, answer in zip(numbers, answers, strict=True):
                found[n] = answer

        if len(places) == 1:
            await send(*next(iter(places.items())))
        else:
            await asyncio.gather(*(send(*one) for one in places.items()))

    async def _asking(self, place: str, command: Command, until: float) -> Any:
        """A slot is on its way to another server, and this key is there already."""
        try:
            return (await self._server(place).send([("ASKING",), command], self._scripts, until - monotonic()))[1]
        except EngineDown as error:
            return error

    def _place(self, command: Command) -> str:
        if not self.is_cluster:
            return ""
        key = command[3] if command[0] == "EVALSHA" else command[1]
        slot = key_slot(key if isinstance(key, bytes) else str(key).encode())
        for first, last, place in self._ranges:
            if first <= slot <= last:
                return place
        return "none"

    def _map(self) -> "asyncio.Task[None] | None":
        """Look again which server has which slots, at most once a second: one that is silent may have been replaced."""
        if self.is_cluster and self._mapping is None and monotonic() >= self._asked_at + MAP_SECONDS:
            self._asked_at = monotonic()
            self._mapping = asyncio.create_task(self._ask_for_map(), name="redis-slots")
        return self._mapping

    async def _mapped(self, until: float) -> None:
        """Wait for the map that is being made, and for others after it while there is time for them."""
        while True:
            if task := self._map():
                await asyncio.wait([task], timeout=max(until - monotonic(), 0))
            next_at = self._asked_at + MAP_SECONDS
            if self._ranges or next_at >= until:
                return
            await asyncio.sleep(max(next_at - monotonic(), 0))

    async def _ask_for_map(self) -> None:
        """Where no server answers the last map stays."""
        try:
            known = sorted(self._servers, key=lambda place: not self._servers[place].guard.is_up)
            for place in [*known, *self._replicas.difference(known)]:  # all masters may be gone
                try:
                    answer = (await self._server(place).send([("CLUSTER", "SLOTS")], {}, self.seconds))[0]
                except EngineDown:
                    continue
                if isinstance(answer, list) and answer:
                    self._take_map(answer)
                    return
        finally:
            self._mapping = None

    def _take_map(self, answer: list[Any]) -> None:
        self._ranges.clear()
        self._replicas.clear()
        for first, last, *nodes in answer:
            master, *replicas = (
                _named((host.decode() if isinstance(host, bytes) else host) or self.place.hosts[0][0], port)
                for host, port, *_ in nodes
            )
            self._server(master)
            self._ranges.append((first, last, master))
            self._replicas.update(replicas)

    def _server(self, place: str) -> _Server:
        """The server at this place; the empty one is the only server there is."""
        if place not in self._servers:
            name = f"redis {place}" if place else "redis"
            host, port = hosts_of(place, PORT)[0] if place else self.place.hosts[0]
            self._servers[place] = _Server(name, host, port, self.place, self.seconds)
        return self._servers[place]


def _packed(command: Command) -> bytes:
    """A command, whose name may be two words, as it is sent."""
    name, *rest = command
    parts: Any = (*str(name).split(), *rest)
    packed: bytes = hiredis.pack_command(parts)
    return packed


def _told(redirect: AskError) -> str:
    return _named(redirect.host, redirect.port)


def _named(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
