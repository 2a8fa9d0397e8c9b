"""Counts of posts from Redis, against the select that they are without it; and what telling Redis costs the counting.

    python -m benches.counters

One PostgreSQL, durable, and one redis-server, on this machine, both warm. In turn: `read_over_select` is the time to
get the counts of 20 posts at hand beside that of the select; `count_over_without` that of a batch of 500 likes on 100
posts counted and told to Redis beside the same without Redis.

Last figures (2 free cores, three runs, November 2026): a read 0.35 ms, 1.11–1.15 times the select; 500 likes counted
and told in 19 ms, 1.21–1.28 times those that are only counted.
"""

import asyncio
import tempfile
from pathlib import Path
from random import Random

from tests.engines import redis

from benches.harness import database, interleaved, report
from tintype.domains.engagement import actions, reads
from tintype.platform import db
from tintype.platform.clients.redis import RedisClient
from tintype.platform.counters import port as counters
from tintype.platform.counters.redis import RedisCounters

POSTS, PAGE, SLICES, TURNS = 2_000, 20, 11, 50
LIKES, LIKED = 500, 100


async def main() -> None:
    random = Random(1)
    with tempfile.TemporaryDirectory(prefix="tintype-bench-") as folder, redis.running(Path(folder)) as server:
        async with database():
            client = RedisClient(server.url)
            at_hand, table = RedisCounters(client), counters.StoredCounters()
            async with db.act(db.SYSTEM) as tx:
                await tx.run(FILL, POSTS)
            pages = [random.sample(range(1, POSTS + 1), PAGE) for _ in range(TURNS)]

            async def read() -> None:
                async with db.read() as r:
                    for page in pages:
                        await reads.counts_at_hand(r, page)

            async def select() -> None:
                counters.use(table)
                await read()

            async def get() -> None:
                counters.use(at_hand)
                await read()

            seconds, others, over = await interleaved(select, get, SLICES)
            report("counters.select_microseconds", seconds / TURNS * 1e6)
            report("counters.read_microseconds", others / TURNS * 1e6)
            report("counters.read_over_select", over)
            next_user = iter(range(1, 2**40))

            async def count() -> None:
                users = [next(next_user) for _ in range(LIKES)]
                pairs = [(user, 1 + user % LIKED) for user in users]
                async with db.act(db.SYSTEM) as tx:
                    await tx.run(LIKE, *zip(*pairs, strict=True))
                    await actions.count_reactions(tx, pairs)
                    await actions.tell_counts(tx, range(1, LIKED + 1))

            async def without() -> None:
                counters.use(table)
                await count()

            async def told() -> None:
                counters.use(at_hand)
                await count()
                await at_hand.settled()

            seconds, others, over = await interleaved(without, told, SLICES)
            report("counters.count_milliseconds", seconds * 1e3)
            report("counters.count_and_tell_milliseconds", others * 1e3)
            report("counters.count_over_without", over)
            await client.close()


FILL = """
-- benches: counted posts
insert into post_counts (post_id, likes, comments, reactions)
select id, id % 100, id % 7, jsonb_build_object('LIKE', id % 90, 'LOVE', id % 11)
from generate_series(1, $1::int) as id
"""

LIKE = """
-- benches: likes that nobody has counted
insert into reactions (user_id, post_id, reaction, reaction_id)
select user_id, post_id, 'LIKE', user_id from unnest($1::bigint[], $2::bigint[]) as pair (user_id, post_id)
"""

if __name__ == "__main__":
    asyncio.run(main())
