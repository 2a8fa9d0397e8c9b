"""The fan-out into feeds in Redis, against bare ZADD + ZREMRANGEBYRANK that were put into bytes beforehand.

    python -m benches.redis_fan_out

2,500 readers with full feeds of the same entries, twice, on one redis-server (listpacks, as we run it). In turn, each
time a new post for all of them: `ratio_to_bare` is what the front does for a chunk of 500 readers after another (the
commands made, sent and answered: one server-side function, which looks whether there is a feed, adds, and trims one
that is full, and after the commit another, which looks whether it is the same feed still) beside the two bare commands
a reader, written as one buffer, its answers only counted. `cluster_`: with a call of each function for each reader, as
a cluster wants it, still on one server.

Last figures (2 free cores, five runs, November 2026): 20–25 k readers a second beside 26–27 k bare ones, ratio
0.71–0.78; as in a cluster 15–22 k, ratio 0.55–0.63. Before commands were packed and answers read by hiredis, without
redis-py's pipeline, these were 0.68 and 0.42. A feed takes 14,424 bytes.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.engines import redis

from benches.harness import interleaved, report
from tintype.platform import clock, ids
from tintype.platform.clients.redis import RedisClient
from tintype.platform.timelines import packed
from tintype.platform.timelines.front import AT_ONCE, FULL, KEEP, TOGETHER, after_adding, new_mark, to_add
from tintype.platform.timelines.port import Entry

READERS, SLICES, LENGTHS_APART = 2_500, 11, 10
GOAL = ">=0.5"
ANSWER_SECONDS = 60.0
FIRST = ids.at(clock.now())


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tintype-bench-") as folder, redis.running(Path(folder)) as server:
        client = RedisClient(server.url, seconds=ANSWER_SECONDS)
        client.knows(*packed.SCRIPTS)
        await _fill(client)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        rest = iter(range(KEEP + 100, 2**20))

        async def bare() -> None:
            writer.write(next(buffers))
            for _ in range(2 * READERS):
                await reader.readuntil(b"\r\n")

        async def ours(together: int = TOGETHER) -> None:
            one = _post(next(rest))
            for n in range(0, READERS, AT_ONCE):
                readers = range(n, min(n + AT_ONCE, READERS))
                mark = new_mark()
                asked = list(to_add(readers, one, mark, together))
                answers = await client.many([command for _, command in asked])
                assert b"".join(answers) == bytes(packed.TOKEN * len(readers)), answers[:3]
                await client.many(after_adding(asked, answers, mark))

        buffers = iter([_buffer(_post(2**20 + n)) for n in range(SLICES + 1)])
        bare_seconds, seconds, over = await interleaved(bare, ours, SLICES)
        report("redis_fan_out.bare_per_second", READERS / bare_seconds)
        report("redis_fan_out.per_second", READERS / seconds)
        report("redis_fan_out.ratio_to_bare", 1 / over, GOAL)

        async def as_in_a_cluster() -> None:
            await ours(1)

        buffers = iter([_buffer(_post(2**21 + n)) for n in range(SLICES + 1)])
        _, seconds, over = await interleaved(bare, as_in_a_cluster, SLICES)
        report("redis_fan_out.cluster_per_second", READERS / seconds)
        report("redis_fan_out.cluster_ratio_to_bare", 1 / over, GOAL)
        used = await client.run("MEMORY USAGE", "feed:{99}")
        report("redis_fan_out.bytes_of_a_feed", used, f"<={20 * 1024}")
        writer.close()
        await client.close()


def _post(n: int) -> Entry:
    """The n-th post, made visible a second after it was made."""
    made = FIRST + (n << 12)
    return Entry(made + (1_000 << 22), made, 7)


async def _fill(client: RedisClient) -> None:
    """The same feeds under two names, at lengths between trimmed and full."""
    mark = packed.dated(b"1.0123abcd:") + b"0123456789abcdef" + bytes(packed.TOKEN) + packed.TRIMMED
    members = [mark, *(packed.packed(_post(n)) for n in range(FULL))]
    for held in range(KEEP, FULL, LENGTHS_APART):
        await client.run("ZADD", "one", *packed.parts(members[: held + 1]))
        dumped = await client.run("DUMP", "one")
        readers = range((held - KEEP) // LENGTHS_APART, READERS, (FULL - KEEP) // LENGTHS_APART)
        names = [f"{name}:{{{n}}}" for n in readers for name in ("feed", "bare")]
        await client.many([("RESTORE", name, 0, dumped) for name in names])


def _packed(parts: Sequence[bytes]) -> bytes:
    return b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts)


def _buffer(one: Entry) -> bytes:
    """The bare commands that put a post into every feed."""
    member = packed.packed(one)
    commands = []
    for n in range(READERS):
        key = f"bare:{{{n}}}".encode()
        commands += [(b"ZADD", key, b"0", member), (b"ZREMRANGEBYRANK", key, b"1", b"-%d" % (KEEP + 1))]
    return b"".join(b"*%d\r\n" % len(command) + _packed(command) for command in commands)


if __name__ == "__main__":
    asyncio.run(main())
