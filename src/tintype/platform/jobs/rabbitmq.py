"""The job queue through RabbitMQ: PostgreSQL keeps every job until it is done, RabbitMQ brings it to a worker.

A relay, one of all workers' at a time, hands jobs that are due over: it marks the row, publishes its id, and puts the
row back unless the broker confirms that a queue has it. Who gets the id claims the row, works, and deletes it, so that
a message that comes twice, or whose job is done, does nothing. What a worker that was killed had claimed, and what a
broker that was wiped had kept, is handed over again. Not more than `WINDOW` jobs of a name are with the broker, so that
the higher priority still comes first, and no more than `at_once` where there is such a bound.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import aio_pika
import msgspec
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue
from aio_pika.connection import make_url
from pamqp.commands import Basic

from tintype.platform import db
from tintype.platform.clients import trust
from tintype.platform.db import SYSTEM
from tintype.platform.guard import EngineDown, Guard
from tintype.platform.jobs.port import OUTAGE_DELAY, Handler, Handlers
from tintype.platform.jobs.postgres import DUE
from tintype.platform.jobs.rabbitmq_statements import (
    ALIVE,
    CLAIM,
    DONE,
    FAILED,
    GIVE_BACK,
    HAND_OVER_AGAIN,
    OVERDUE,
    PUT_BACK,
    TAKE,
    TAKE_BACK,
    WAITS,
)
from tintype.platform.telemetry import Outage, log, span

ENGINE, PREFIX = "rabbitmq", "tintype.jobs"
ANSWER_SECONDS, CONFIRM_SECONDS = 5.0, 3.0
WINDOW, PREFETCH = 500, 10
TRIES, FIRST_DELAY = 5, timedelta(milliseconds=500)
HEARTBEAT, RENEW_SECONDS = timedelta(seconds=8), 2.0
LOST = timedelta(seconds=10)
LOOK_SECONDS, SWEEP_SECONDS, REST_SECONDS = 1.0, 2.0, 1.0
LOCK = 0x711C_0000_0000  # a session's advisory lock: who has it is the relay
LIMITS: dict[str, Any] = {"x-delivery-limit": 20}
DEAD_LIMITS: dict[str, Any] = {"x-max-length": 10_000, "x-message-ttl": 14 * 24 * 3600 * 1000}

for _name in ("aio_pika", "aiormq"):  # these tell of every try to connect; the relay tells of an outage
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Working(msgspec.Struct):
    """Jobs that are being taken; `shutdown` ends that once what is under way is done."""

    shutdown: asyncio.Event


async def run(
    url: str,
    handlers: Handlers,
    *,
    broker: str,
    at_once: Mapping[str, int] | None = None,
    started: Callable[[Working], None] | None = None,
    prefix: str = PREFIX,
) -> None:
    """Relay and take jobs until cancelled; jobs under way are then put back, to be done by another."""
    working = Working(asyncio.Event())
    if started is not None:
        started(working)
    relay, worker = _Relay(url, broker, prefix, at_once or {}), _Worker(broker, prefix, handlers)
    tasks = [asyncio.create_task(relay.run()), asyncio.create_task(worker.run()), asyncio.create_task(worker.renew())]
    stopping = asyncio.create_task(working.shutdown.wait())
    try:
        done, _ = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        tasks[0].cancel()
        tasks[1].cancel()
        await worker.finished()
    finally:
        for task in (stopping, *tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.shield(worker.close())


async def prepare(broker: str, names: Iterable[str], *, prefix: str = PREFIX) -> None:
    """Make the queues of these kinds of jobs where they are absent. Raises EngineDown."""
    reached = _Broker(broker, prefix, Guard(ENGINE, ANSWER_SECONDS * 2))
    try:
        connection = await reached.connection()
        async with reached.guard.call():
            channel = await connection.channel()
            for name in names:
                await reached.queue(channel, name)
    finally:
        await reached.close()


async def drain(url: str, handlers: Handlers, *, broker: str, prefix: str = PREFIX) -> None:
    """Run what is due now and return (tests, and commands that settle); delayed jobs stay where they are."""
    managers: list[Working] = []
    running = asyncio.create_task(run(url, handlers, broker=broker, started=managers.append, prefix=prefix))
    watch = await db.connect(url, name="jobs")
    try:
        while not running.done() and await watch.fetchval(DUE):
            await asyncio.sleep(0.01)
        for one in managers:
            one.shutdown.set()
        await running
    finally:
        running.cancel()
        await watch.close(timeout=2)


class _Broker:
    """A connection to the broker that is made again when it is lost, with queues as they have to be."""

    def __init__(self, url: str, prefix: str, guard: Guard) -> None:
        self._url, self._prefix, self.guard = url, prefix, guard
        self._connection: AbstractConnection | None = None

    async def connection(self) -> AbstractConnection:
        """One that is open. Raises EngineDown."""
        if self._connection is None or self._connection.is_closed:
            async with self.guard.call():
                is_tls = self._url.startswith("amqps:")
                context = trust.context() if is_tls else None
                connection = aio_pika.Connection(make_url(self._url, heartbeat=5), ssl_context=context)
                try:
                    await connection.connect()
                except BaseException:
                    await connection.close()  # it was never open, but its finalizer would want a loop to close it in
                    raise
                self._connection = connection
        return self._connection

    def queue_name(self, name: str) -> str:
        return f"{self._prefix}.{name}"

    async def queue(self, channel: AbstractChannel, name: str) -> AbstractQueue:
        """The queue of a kind of job, replicated where the broker is a cluster; what it gives up goes to `dead`."""
        dead = self.queue_name("dead")
        await channel.declare_queue(dead, durable=True, arguments={"x-queue-type": "quorum", **DEAD_LIMITS})
        to_dead = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead}
        arguments = {"x-queue-type": "quorum", **LIMITS, **to_dead}
        return await channel.declare_queue(self.queue_name(name), durable=True, arguments=arguments)

    async def close(self) -> None:
        """The next use connects anew: a connection that was lost does not know that it is closed."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await connection.close()


class _Relay:
    """Hands over what is due, whoever has enqueued it."""

    def __init__(self, url: str, broker: str, prefix: str, at_once: Mapping[str, int]) -> None:
        self._url, self._at_once = url, dict(at_once)
        self._broker = _Broker(broker, prefix, Guard(ENGINE, ANSWER_SECONDS))
        self._channel: AbstractChannel | None = None
        self._declared = set[str]()
        self._woken = asyncio.Event()
        self._outage = Outage("jobs.relay_goes_on")
        self._swept = 0.0

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self._while_connected()
                except (*db.CONNECTION_LOST, TimeoutError) as error:
                    self._outage.lost("jobs.relay_lost", error)
                    await asyncio.sleep(REST_SECONDS)
        finally:
            await self._broker.close()

    async def _while_connected(self) -> None:
        connection = await db.connect(self._url, name="jobs relay")
        try:
            while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
                await asyncio.sleep(LOOK_SECONDS)
            await connection.add_listener("ch_pgqueuer", lambda *_: self._woken.set())
            while True:
                self._woken.clear()
                try:
                    done = await self._sweep(connection) + await self._step(connection)
                    self._outage.over()
                    if done:
                        continue
                except EngineDown as error:
                    self._outage.lost("jobs.relay_waits", error)
                    self._channel = None
                    await self._broker.close()
                    await asyncio.sleep(REST_SECONDS)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._woken.wait()
        finally:
            await connection.close(timeout=2)

    async def _step(self, connection: Any) -> int:
        """Hand over what is due; returns how many jobs that were. Raises EngineDown, and then none were."""
        channel = await self._opened()
        rows = await connection.fetch(TAKE, WINDOW, self._at_once)
        if not rows:
            return 0
        ids = [row["id"] for row in rows]
        try:
            async with self._broker.guard.call():
                for name in {row["entrypoint"] for row in rows} - self._declared:
                    await self._broker.queue(channel, name)
                    self._declared.add(name)
                sent = await asyncio.gather(*(self._publish(channel, row["entrypoint"], row["id"]) for row in rows))
        except EngineDown:
            await connection.execute(PUT_BACK, ids)
            raise
        refused = [job_id for job_id, confirmed in zip(ids, sent, strict=True) if not confirmed]
        if refused:
            self._declared.clear()  # a queue is gone: all are declared anew
            log.warning("jobs.unroutable", count=len(refused))
            await connection.execute(PUT_BACK, refused)
        return len(rows) - len(refused)

    async def _publish(self, channel: AbstractChannel, name: str, job_id: int) -> bool:
        """Whether the broker confirms that a queue has it.

        One that no queue takes comes back instead; of a queue that hangs the others need not know.
        """
        body = msgspec.json.encode({"id": job_id})
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=str(job_id))
        with suppress(TimeoutError):
            async with asyncio.timeout(CONFIRM_SECONDS):
                found = await channel.default_exchange.publish(message, self._broker.queue_name(name), mandatory=True)
                return isinstance(found, Basic.Ack)
        return False

    async def _opened(self) -> AbstractChannel:
        connection = await self._broker.connection()
        if self._channel is None or self._channel.is_closed:
            self._declared.clear()
            async with self._broker.guard.call():
                self._channel = await connection.channel(publisher_confirms=True, on_return_raises=False)
        return self._channel

    async def _sweep(self, connection: Any) -> int:
        """Take back what nobody works on any more: killed workers' jobs, and what the broker has lost."""
        now = asyncio.get_running_loop().time()
        if now - self._swept < SWEEP_SECONDS:
            return 0
        self._swept = now
        taken = len(await connection.fetch(TAKE_BACK, HEARTBEAT, TRIES))
        for row in await connection.fetch(OVERDUE, LOST):
            channel = await self._opened()
            async with self._broker.guard.call():
                queue = await self._broker.queue(channel, row["entrypoint"])
            if queue.declaration_result.message_count == 0:
                log.warning("jobs.lost_by_broker", job=row["entrypoint"])
                await connection.execute(HAND_OVER_AGAIN, row["entrypoint"], LOST)
                taken += 1
        return taken


class _Worker:
    """Takes jobs from their queues, does them, and tells the rows."""

    def __init__(self, broker: str, prefix: str, handlers: Handlers) -> None:
        self._handlers = handlers
        self._broker = _Broker(broker, prefix, Guard(f"{ENGINE} consumer", ANSWER_SECONDS))
        self._me = uuid4()
        self._claimed = set[int]()
        self._tasks = set[asyncio.Task[None]]()

    async def run(self) -> None:
        try:
            while True:
                with suppress(EngineDown):
                    await self._while_connected(await self._broker.connection(), asyncio.Event())
                await self._broker.close()
                await asyncio.sleep(REST_SECONDS)
        finally:
            await self._broker.close()

    async def _while_connected(self, connection: AbstractConnection, gone: asyncio.Event) -> None:
        connection.close_callbacks.add(lambda *_: gone.set())
        async with self._broker.guard.call():
            for name, handler in self._handlers.items():
                await self._consume(connection, name, handler, gone)
        await gone.wait()

    async def _consume(self, connection: AbstractConnection, name: str, handler: Handler, gone: asyncio.Event) -> None:
        channel = await connection.channel()
        channel.close_callbacks.add(lambda *_: gone.set())
        await channel.set_qos(prefetch_count=PREFETCH)

        async def came(message: AbstractIncomingMessage) -> None:
            task = asyncio.create_task(self._take(name, handler, message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        await (await self._broker.queue(channel, name)).consume(came)

    async def _take(self, name: str, handler: Handler, message: AbstractIncomingMessage) -> None:
        """Acknowledged at the end; where that fails it comes again, and finds its job done or claimed."""
        try:
            job_id = int(msgspec.json.decode(message.body)["id"])
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            log.error("jobs.unreadable", job=name)
            await _told(message.reject(requeue=False))
            return
        try:
            given_up = await self._do(name, handler, job_id)
        except db.OUT_OF_REACH as error:
            log.warning("jobs.database_lost", job=name, error=repr(error))
            await asyncio.sleep(REST_SECONDS)
            await _told(message.nack(requeue=True))
        else:
            await _told(message.reject(requeue=False) if given_up else message.ack())

    async def _do(self, name: str, handler: Handler, job_id: int) -> bool:
        """Claim, work, and tell the row; whether the job was given up. One that is another's, or done, is left."""
        async with db.act(SYSTEM) as tx:
            row = await tx.row(CLAIM, job_id, self._me, HEARTBEAT)
        if row is None:
            return False
        self._claimed.add(job_id)
        try:
            with span(f"job {name}"):
                await handler(msgspec.json.decode(row["payload"] or b"{}"))
        except EngineDown as error:
            log.warning("jobs.waits", job=name, error=str(error))
            async with db.act(SYSTEM) as tx:
                await tx.run(WAITS, job_id, self._me, OUTAGE_DELAY)
            return False
        except Exception:
            log.exception("jobs.failed", job=name, attempts=row["attempts"])
            delay = FIRST_DELAY * 2 ** row["attempts"]
            async with db.act(SYSTEM) as tx:
                return bool(await tx.value(FAILED, job_id, self._me, TRIES, delay) == "failed")
        except BaseException:
            await asyncio.shield(self._give_back([job_id]))
            raise
        else:
            async with db.act(SYSTEM) as tx:
                await tx.run(DONE, job_id, self._me)
            return False
        finally:
            self._claimed.discard(job_id)

    async def renew(self) -> None:
        """Tell every two seconds that what is under way is."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            if self._claimed:
                with suppress(*db.OUT_OF_REACH):
                    async with db.act(SYSTEM) as tx:
                        await tx.run(ALIVE, list(self._claimed), self._me)

    async def finished(self) -> None:
        """Until everything under way is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _give_back(self, ids: list[int]) -> None:
        with suppress(*db.OUT_OF_REACH):
            async with db.act(SYSTEM) as tx:
                await tx.run(GIVE_BACK, ids, self._me)


async def _told(answer: Awaitable[None]) -> None:
    """The broker may be gone meanwhile: then it brings the message again."""
    with suppress(Exception):
        async with asyncio.timeout(ANSWER_SECONDS):
            await answer
