"""What becomes of jobs when something becomes of the broker: none is lost, and none is done twice."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aio_pika
import pytest

from tests.conformance.queues import PATIENCE, Done, Queue, add, has, until
from tests.engines import rabbitmq
from tintype.platform import db
from tintype.platform.jobs import rabbitmq as carried

DEFINED_SECONDS = 6.0  # RabbitMQ writes down what queues there are some seconds after they were made


@pytest.fixture
async def broken(rabbitmq_server: rabbitmq.Server, database: str) -> AsyncIterator[Queue]:
    """Through a broker to which something is done."""
    try:
        yield Queue(database, rabbitmq_server)
    finally:
        rabbitmq_server.resume()
        rabbitmq_server.restart()


async def test_a_broker_that_is_killed_loses_and_doubles_nothing(broken: Queue) -> None:
    assert broken.server is not None
    done = Done(0.01)
    async with broken.working({"count": done}):
        await add(0)
        await until(broken.empty)
        await asyncio.sleep(DEFINED_SECONDS)
        await add(*range(1, 100))
        await asyncio.sleep(0.3)
        broken.server.kill()
        await add(*range(100, 200))  # enqueueing needs no broker
        await asyncio.sleep(0.5)
        await asyncio.to_thread(broken.server.restart)
        await until(broken.empty, 60)
    assert done.counts == Counter(range(200))


async def test_a_broker_that_hangs_is_waited_for(broken: Queue) -> None:
    assert broken.server is not None
    done = Done()
    async with broken.working({"count": done}):
        await add(1)
        await until(broken.empty)
        broken.server.pause()
        await add(2)
        await asyncio.sleep(8)
        assert done.order == [1]
        broken.server.resume()
        await until(broken.empty, 60)
    assert done.counts == Counter([1, 2])


async def test_what_a_wiped_broker_had_comes_again(broken: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried, "LOST", timedelta(seconds=2))
    assert broken.server is not None
    done = Done()
    await add(*range(20))
    async with broken.working({"other": done}):  # hands over; nobody takes
        await until(lambda: has(broken, [("count", "picked")] * 20))
    await asyncio.to_thread(broken.server.wipe)
    async with broken.working({"count": done}):
        await until(broken.empty, 60)
    assert done.counts == Counter(range(20))


async def test_a_message_without_a_queue_puts_the_job_back(broken: Queue) -> None:
    assert broken.server is not None
    done = Done()
    async with broken.working({"other": done}):
        await add(1)
        await until(lambda: has(broken, [("count", "picked")]))
        connection = await aio_pika.connect(broken.server.url)
        async with connection:
            channel = await connection.channel()
            await channel.queue_delete(f"{broken.prefix}.count")
            await add(2)
            await asyncio.sleep(2)
            declared = await channel.declare_queue(f"{broken.prefix}.count", passive=True)
            assert declared.declaration_result.message_count == 1
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- test: the first was lost with its queue\nupdate pgqueuer set status = 'queued'")
    await broken.drain({"count": done})
    assert done.counts == Counter([1, 2])


async def test_what_cannot_be_read_or_is_given_up_is_kept_apart(broken: Queue) -> None:
    assert broken.server is not None

    async def fail(_: dict[str, Any]) -> None:
        raise RuntimeError("never")

    await add(1)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- test: almost given up\nupdate pgqueuer set attempts = 5")
    connection = await aio_pika.connect(broken.server.url)
    async with connection, broken.working({"count": fail}):
        await until(lambda: has(broken, [("count", "failed")]))
        channel = await connection.channel()
        await channel.default_exchange.publish(aio_pika.Message(b"\xff"), f"{broken.prefix}.count")
        dead = await channel.get_queue(f"{broken.prefix}.dead")
        bodies = [await _next(dead) for _ in range(2)]
    assert sorted(bodies)[1] == b"\xff"
    assert sorted(bodies)[0].startswith(b'{"id":')


async def _next(queue: Any) -> bytes:
    ends = time.monotonic() + PATIENCE
    while (message := await queue.get(fail=False, no_ack=True)) is None:
        assert time.monotonic() < ends
        await asyncio.sleep(0.05)
    return bytes(message.body)
