"""Timelines on Cassandra: deliveries against bare prepared inserts of the same rows, and how long a page takes.

Both write with 256 requests in flight, in turn: ours in two lanes, as the log has them. The node stands on this machine
and answers a write after its fsync (`commitlog_sync: batch`). Pages are of timelines of 800 entries, one after the
other, each after one by a bare prepared select.

Last figures (2 free cores, November 2026): 5.7 k inserts/s bare and ours, median ratio 1.04 (goal >= 0.7); a page p50
0.9, p95 1.8 ms (goal <= 5), bare 0.7 and 1.3.
"""

import asyncio
import random
import time

from tests.engines import cache, cassandra

from benches.harness import database, interleaved, percentile, report
from tintype.platform import clock, db, ids
from tintype.platform.clients import cassandra_schema
from tintype.platform.clients.cassandra import IN_FLIGHT, CassandraClient, connect
from tintype.platform.clients.cassandra_url import place_of
from tintype.platform.timelines.cassandra import PUT, READ, CassandraTimelines
from tintype.platform.timelines.port import Entry

READERS, CHUNKS, LANES = 500, 6, 2
LONG, ENTRIES, PAGE, PAGES = 40, 800, 21, 1_000
MONTH = 2_592_000


async def main() -> None:
    with cassandra.running() as node:
        print(f"cassandra {cache.CASSANDRA.version}, started in {node.start_seconds:.1f} s")
        async with database():
            await cassandra_schema.make(node.url)
            client = CassandraClient(node.url, seconds=30)
            await _writes(node, CassandraTimelines(client))
            await _pages(node, CassandraTimelines(client))
            await client.close()


async def _writes(node: cassandra.Cassandra, store: CassandraTimelines) -> None:
    readers: list[int] = [ids.new_account() for _ in range(READERS)]
    place = place_of(node.url)
    session = await connect(place, place.keyspace)
    insert = await session.create_prepared(PUT)

    async def bare() -> None:
        rows = iter([(user, ids.new(7), 1, 7, MONTH, 1) for _ in range(CHUNKS) for user in readers])

        async def take_turns() -> None:
            for row in rows:
                statement = insert.bind()
                statement.bind_list(list(row))
                await session.execute(statement)

        await asyncio.gather(*(take_turns() for _ in range(LANES * IN_FLIGHT)))

    async def ours() -> None:
        async def lane() -> None:
            for _ in range(CHUNKS // LANES):
                async with db.act(db.SYSTEM) as tx:
                    await store.deliver(tx, [(readers, Entry(ids.new(7), 1, 7))])

        await asyncio.gather(*(lane() for _ in range(LANES)))

    bare_seconds, our_seconds, ratio = await interleaved(bare, ours)
    rows = READERS * CHUNKS
    print(f"bare {rows / bare_seconds:.0f}/s, ours {rows / our_seconds:.0f}/s")
    report("cassandra_timelines.write_ratio_to_bare", 1 / ratio, ">=0.7")
    await session.close()


async def _pages(node: cassandra.Cassandra, store: CassandraTimelines) -> None:
    readers: list[int] = [ids.new_account() for _ in range(LONG)]
    first = ids.at(clock.now()) - (ENTRIES << 22)
    entries = [Entry(first + (n << 22), n, 7) for n in range(ENTRIES)]
    for user in readers:
        async with db.act(db.SYSTEM) as tx:
            await store.add(tx, user, entries)
    place = place_of(node.url)
    session = await connect(place, place.keyspace)
    select = await session.create_prepared(READ)
    draw = random.Random(1)

    def drawn() -> tuple[int, int]:
        return draw.choice(readers), draw.choice([ids.LARGEST, entries[draw.randrange(PAGE, ENTRIES)].feed_id])

    times, bare = [], []
    async with db.read() as r:
        for n in range(PAGES + PAGES // 10):
            user, before = drawn()
            began = time.perf_counter()
            statement = select.bind()
            statement.bind_list([user, before, 0, PAGE])
            rows = [row.as_tuple() for row in await session.execute(statement)]
            bare_seconds = time.perf_counter() - began
            user, before = drawn()
            began = time.perf_counter()
            found = await store.read(r, user, before, PAGE, store.reaches())
            seconds = time.perf_counter() - began
            assert len(rows) == len(found) == PAGE
            if n >= PAGES // 10:
                times.append(seconds)
                bare.append(bare_seconds)
    print(f"bare page p50 {1000 * percentile(bare, 0.5):.2f} ms, p95 {1000 * percentile(bare, 0.95):.2f} ms")
    report("cassandra_timelines.page_p50_ms", 1000 * percentile(times, 0.5))
    report("cassandra_timelines.page_p95_ms", 1000 * percentile(times, 0.95), "<=5")
    await session.close()


if __name__ == "__main__":
    asyncio.run(main())
