"""Workers on other machines look at once, not when they next would by themselves."""

import asyncio
import time

import asyncpg

from tintype.platform.event_log.ticker import TICK_SECONDS, Ticker


async def test_others_are_told_and_oneself_is_not(database: str) -> None:
    mine, others = asyncio.Event(), asyncio.Event()
    one, other = Ticker(database, mine.set), Ticker(database, others.set)
    tasks = [asyncio.create_task(each.run()) for each in (one, other)]
    await _listening(database, 2)
    began = time.monotonic()
    one.wake()
    await asyncio.wait_for(others.wait(), 5)
    assert time.monotonic() - began < 1
    assert not mine.is_set()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_many_moves_are_few_notifications_and_a_lost_connection_is_no_end(database: str) -> None:
    heard: list[float] = []
    one, other = Ticker(database, lambda: None), Ticker(database, lambda: heard.append(time.monotonic()))
    tasks = [asyncio.create_task(each.run()) for each in (one, other)]
    await _listening(database, 2)
    began = time.monotonic()
    while time.monotonic() - began < 0.5:
        one.wake()
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    assert 0 < len(heard) <= 0.6 / TICK_SECONDS + 1
    connection = await asyncpg.connect(database)
    await connection.execute(f"select pg_terminate_backend(pid) from pg_stat_activity {OURS}")
    await connection.close()
    await _listening(database, 2)
    heard.clear()
    while not heard:
        one.wake()
        await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


OURS = "where datname = current_database() and application_name = 'tintype ticker'"


async def _listening(database: str, number: int) -> None:
    """Until so many have said that they listen, and none of those that were ended is counted any more."""
    connection = await asyncpg.connect(database)
    sql = f"select count(*) from pg_stat_activity {OURS} and query ilike 'listen%'"
    while await connection.fetchval(sql) < number:
        await asyncio.sleep(0.02)
    await connection.close()
