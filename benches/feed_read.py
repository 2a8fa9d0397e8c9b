"""The home feed over HTTP, against a constant of the same bytes from the same server: a first figure.

    python -m benches.feed_read

One API process, 16 connections, 200 people who follow 20 others each, pages of 20 text posts, every request another
viewer with auth, limits, hide and viewer flags on. No post card is cached yet: each page is seven queries.

Last figures (2 cores, November 2026): pages of 12.9 kB, 496 requests/s, 0.014 of the constant. What makes it fast is to
come with the feed engine: fragments of cards in memory, ids from the port, flags in one batch.
"""

import asyncio
import random
import statistics
from contextlib import AsyncExitStack

import httpx2

from benches.harness import SLICES, report
from benches.server import constant_server, product, wrk
from tintype.entry.subscriptions import SUBSCRIPTIONS
from tintype.platform.event_log import admin

PEOPLE, FOLLOWED, POSTS = 200, 20, 5


async def main() -> None:
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(product(PEOPLE))
        client = await stack.enter_async_context(httpx2.AsyncClient(base_url=f"{served.base_url}/api/v1"))
        ids, chance = list(served.tokens), random.Random(1)
        gate = asyncio.Semaphore(8)

        async def post(who: int, path: str, **body: object) -> None:
            async with gate:
                answer = await client.post(path, json=body, headers={"Authorization": f"Bearer {served.tokens[who]}"})
                answer.raise_for_status()

        await asyncio.gather(
            *(post(who, f"/users/{one}/follow") for who in ids for one in chance.sample(ids, FOLLOWED) if one != who)
        )
        words = [f"a walk by the sea, number {n}, with some words about it #walk" for n in range(POSTS)]
        await asyncio.gather(
            *(post(who, "/posts", type="TEXT", caption=f"{who} {one}") for who in ids for one in words)
        )
        assert await admin.wait(admin.topics_of(SUBSCRIPTIONS), 120), "the log did not catch up"
        tokens = list(served.tokens.values())
        page = await client.get("/feed/home", headers={"Authorization": f"Bearer {tokens[0]}"})
        assert len(page.json()["data"]) == 20
        print(f"a page of 20 is {len(page.content):,} bytes")
        ratios, rates = [], []
        constant = stack.enter_context(constant_server(len(page.content)))
        for n in range(SLICES + 1):
            bare = wrk(constant, connections=16, seconds=3)
            feed = wrk(f"{served.base_url}/api/v1/feed/home", connections=16, seconds=3, tokens=tokens)
            if n:
                ratios.append(feed["rate"] / bare["rate"])
                rates.append(feed["rate"])
        print(f"home feed {statistics.median(rates):,.0f} requests/s")
        report("feed_read.ratio_to_constant", statistics.median(ratios))


if __name__ == "__main__":
    asyncio.run(main())
