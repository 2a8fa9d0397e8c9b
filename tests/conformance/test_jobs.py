"""The job queue: the same promises whether workers take jobs from PostgreSQL or RabbitMQ brings them."""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.conformance.queues import PATIENCE, Done, Queue, add, has, until
from tests.engines.hanging import TOLD, Hangs, hung
from tintype.platform import db
from tintype.platform.guard import EngineDown
from tintype.platform.jobs import postgres, rabbitmq
from tintype.platform.jobs.port import Handlers, enqueue, pending


@pytest.fixture(params=["postgres", "rabbitmq"])
async def queue(request: pytest.FixtureRequest, database: str) -> Queue:
    """On a database of its own."""
    return Queue(database, None if request.param == "postgres" else request.getfixturevalue("rabbitmq_server"))


@pytest.fixture
def engine(request: pytest.FixtureRequest, queue: Queue) -> Hangs:
    """What the queue stands on."""
    found: Hangs = queue.server or request.getfixturevalue("postgres_server")
    return found


async def test_every_job_is_done_once(queue: Queue) -> None:
    done = Done()
    await add(*range(200))
    async with queue.working({"count": done}):
        await add(*range(200, 300))
        await until(queue.empty)
    assert done.counts == Counter(range(300))


async def test_what_is_rolled_back_is_never_done(queue: Queue) -> None:
    done = Done()

    async def change_ones_mind() -> None:
        async with db.act(db.SYSTEM) as tx:
            await enqueue(tx, "count", {"n": 1})
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await change_ones_mind()
    await add(2)
    await queue.drain({"count": done})
    assert done.order == [2]


async def test_a_job_waits_for_its_time(queue: Queue) -> None:
    done = Done()
    await add(1, delay=timedelta(seconds=2))
    await add(2)
    began = time.monotonic()
    async with queue.working({"count": done}):
        await until(queue.empty)
    assert done.order == [2, 1]
    assert time.monotonic() - began > 1.5


async def test_a_delayed_job_is_left_by_drain(queue: Queue) -> None:
    done = Done()
    await add(1, delay=timedelta(hours=1))
    await add(2)
    await queue.drain({"count": done})
    assert done.order == [2]
    assert await queue.left() == [("count", "queued")]


async def test_the_higher_priority_comes_first(queue: Queue) -> None:
    done = Done(0.02)
    await add(1, 2, 3)
    await add(4, 5, priority=10)
    async with queue.working({"count": done}, at_once={"count": 1}):
        await until(queue.empty)
    assert done.order == [4, 5, 1, 2, 3]


async def test_no_more_than_so_many_are_done_at_once(queue: Queue) -> None:
    bound, free = Done(0.05), Done(0.05)
    await add(*range(8))
    await add(*range(8), name="free")
    handlers: Handlers = {"count": bound, "free": free}
    async with queue.working(handlers, {"count": 2}), queue.working(handlers, {"count": 2}):
        await until(queue.empty)
    assert bound.counts == free.counts == Counter(range(8))
    assert bound.most <= 2 < free.most


async def test_workers_share_and_do_nothing_twice(queue: Queue) -> None:
    one, other = Done(0.01), Done(0.01)
    await add(*range(100))
    async with queue.working({"count": one}), queue.working({"count": other}):
        await until(queue.empty)
    assert one.counts + other.counts == Counter(range(100))


async def test_a_worker_takes_only_what_it_is_for(queue: Queue) -> None:
    done = Done()
    await add(1)
    await add(2, name="other")
    async with queue.working({"count": done}):
        await until(lambda: _is(queue, {"other"}))
        await asyncio.sleep(0.5)
    assert done.order == [1]
    other = Done()
    async with queue.working({"other": other}):
        await until(queue.empty)
    assert other.order == [2]


async def _is(queue: Queue, names: set[str]) -> bool:
    return {name for name, _ in await queue.left()} == names


async def test_payloads_are_whole(queue: Queue) -> None:
    seen: list[dict[str, Any]] = []

    async def keep(payload: dict[str, Any]) -> None:
        seen.append(payload)

    payload: dict[str, Any] = {"text": "Zoë 🌊" * 20_000, "ü": [1, 2**53, None, True, {"a": {}}]}
    async with db.act(db.SYSTEM) as tx:
        await enqueue(tx, "keep", payload)
        assert await pending(tx, "keep") == [payload]
    await queue.drain({"keep": keep})
    assert seen == [payload]
    async with db.act(db.SYSTEM) as tx:
        assert await pending(tx, "keep") == []


async def test_what_is_being_done_is_pending(queue: Queue) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_: dict[str, Any]) -> None:
        began.set()
        await go_on.wait()

    await add(1, name="wait")
    async with queue.working({"wait": wait}):
        await asyncio.wait_for(began.wait(), PATIENCE)
        async with db.act(db.SYSTEM) as tx:
            assert await pending(tx, "wait") == [{"n": 1}]
        go_on.set()
        await until(queue.empty)


async def test_a_failed_job_is_tried_again(queue: Queue) -> None:
    tries: list[float] = []

    async def fail_twice(_: dict[str, Any]) -> None:
        tries.append(time.monotonic())
        if len(tries) < 3:
            raise RuntimeError("not yet")

    await add(1)
    async with queue.working({"count": fail_twice}):
        await until(queue.empty)
    first, second = tries[1] - tries[0], tries[2] - tries[1]
    assert 0.4 < first < second


async def test_a_job_that_always_fails_is_given_up_and_may_be_redriven(queue: Queue) -> None:
    tries = 0

    async def fail(_: dict[str, Any]) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("never")

    await add(1)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- test: almost given up\nupdate pgqueuer set attempts = 4")
    async with queue.working({"count": fail}):
        await until(lambda: has(queue, [("count", "failed")]))
    assert tries == 2
    async with db.act(db.SYSTEM) as tx:
        assert [(one.name, one.failed) for one in await postgres.stuck(tx, 60)] == [("count", 1)]
        assert await postgres.redrive(tx) == 1
    done = Done()
    await queue.drain({"count": done})
    assert done.order == [1]


async def test_a_job_that_an_engine_does_not_answer_waits_for_it_and_is_never_given_up(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in (postgres, rabbitmq):
        monkeypatch.setattr(one, "OUTAGE_DELAY", timedelta(seconds=0.3))
    tries = 0

    async def wait_for_the_engine(_: dict[str, Any]) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise EngineDown("it is away")
        if tries == 3:
            raise RuntimeError("a failure, and there is a try left")

    await add(1)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- test: almost given up\nupdate pgqueuer set attempts = 4")
    async with queue.working({"count": wait_for_the_engine}):
        await until(queue.empty)
    assert tries == 4


async def test_a_worker_that_is_told_to_stop_finishes_what_is_under_way(queue: Queue) -> None:
    done = Done(0.5)
    await add(1)
    async with queue.working({"count": done}):
        await until(lambda: _running(done))
    assert done.order == [1]
    assert await queue.empty()


async def _running(done: Done) -> bool:
    return done.most > 0


async def test_what_a_killed_worker_had_is_done_by_another(queue: Queue) -> None:
    """As after `kill -9`: the row says that somebody works on it, and nobody does."""
    done = Done()
    await add(1, 2)
    async with db.act(db.SYSTEM) as tx:
        await tx.run(
            "-- test: a killed worker's\nupdate pgqueuer set status = 'picked', queue_manager_id = $1, "
            "heartbeat = now() - interval '7 seconds'",
            uuid4(),
        )
    async with queue.working({"count": done}):
        await asyncio.sleep(0.3)
        assert done.order == []
        await until(queue.empty)
    assert done.counts == Counter([1, 2])


async def test_jobs_are_taken_again_after_the_database_was_away(queue: Queue) -> None:
    done = Done()
    async with queue.working({"count": done}):
        await add(1)
        await until(queue.empty)
        async with db.read() as r:
            await r.value(
                "-- test: cut\nselect count(pg_terminate_backend(pid)) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid() and application_name like '%jobs%'"
            )
        await add(2)
        await until(queue.empty)
    assert done.order == [1, 2]


@pytest.mark.usefixtures("impatient")
async def test_an_engine_that_hangs_is_waited_for(queue: Queue, engine: Hangs) -> None:
    done = Done()
    accepted = [1]
    await add(1)
    async with queue.working({"count": done}):
        await until(queue.empty)
        with hung(engine):
            began = time.monotonic()
            with suppress(*TOLD):
                await add(2)
                accepted.append(2)
            assert time.monotonic() - began < 10
            await asyncio.sleep(3)
            assert done.order == [1]
        await until(lambda: _added(3))
        await until(queue.empty, 60)
    assert done.counts == Counter([*accepted, 3])


async def _added(number: int) -> bool:
    with suppress(*TOLD):
        await add(number)
        return True
    return False
