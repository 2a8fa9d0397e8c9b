"""The home feed over HTTP, whole: sign-in, limits, hiding, viewer flags, pulled celebrities; goal (a) of the feed.

    python -m benches.feed_read

The ego-twitter graph (81,306 people, 2.7 M follows) with 20 celebrities that 30 % follow, two text posts of everybody
(5.4 M timeline rows) and ten of each celebrity; 25,000 readers drawn by Zipf (exponent 1), every request with the
reader's own token. One API process; wrk with 64 connections on the same two cores; slices of the feed and of a bare
handler in the same process that answers as many bytes, in turn. Beside the ratio stand what the caches did: hits,
statements and memory; the rate when nothing is cached, and latencies of an open loop at 40 % of the rate.
"""

import asyncio
import re
import statistics
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from benches import open_loop, town
from benches.harness import SLICES, report
from benches.server import Served, product, wrk

API = ("-m", "benches.api_with_constant")
CONNECTIONS, SECONDS = 64, 5
OPEN_SHARE = 0.4
HOME = "/api/v1/feed/home"


async def main() -> None:
    async with product(_peopled, API) as served, httpx2.AsyncClient() as client:
        tokens = list(served.tokens.values())
        order = town.by_zipf(len(tokens), 200_000)
        page = await client.get(served.base_url + HOME, headers={"Authorization": f"Bearer {tokens[0]}"})
        print(f"a page of {len(page.json()['data'])} is {len(page.content):,} bytes")
        constant = f"{served.base_url}/constant?size={len(page.content)}"

        async def run(path: str, order: list[int], seconds: int = SECONDS, connections: int = CONNECTIONS) -> float:
            found = await asyncio.to_thread(
                wrk, path, connections=connections, seconds=seconds, tokens=tokens, order=order
            )
            return float(found["rate"])

        before = await _counters(client, served)
        cold = await run(served.base_url + HOME, list(range(len(tokens))), connections=8)
        after = await _counters(client, served)
        _say("cold, each reader once", cold, before, after)
        await run(served.base_url + HOME, order, 10)
        ratios, rates, ranked = [], [], []
        for _ in range(SLICES):
            bare = await run(constant, order)
            before = await _counters(client, served)
            feed = await run(served.base_url + HOME, order)
            after = await _counters(client, served)
            ratios.append(feed / bare)
            rates.append(feed)
            ranked.append(await run(f"{served.base_url}{HOME}?order=ranked", order) / feed)
        rate = statistics.median(rates)
        _say("warm, drawn by Zipf", rate, before, after)
        print(f"the API process has {_resident_mb(served.api_pid):,.0f} MB")
        found = open_loop.run(served.base_url, rate * OPEN_SHARE, 15, [(HOME, tokens[n]) for n in order])
        print(f"open loop at {rate * OPEN_SHARE:,.0f} requests/s: {found}")
        for name, goal in (("p50", 1), ("p95", 3), ("p99", 5)):
            report(f"feed_read.open_loop_{name}_ms", found[name], f"<={goal}")
        report("feed_read.ranked_to_latest", statistics.median(ranked), ">=0.5")
        report("feed_read.ratio_to_constant", statistics.median(ratios), ">=0.35")


async def _peopled(url: str) -> dict[int, str]:
    return (await town.built(url)).tokens


Counters = dict[str, float]


async def _counters(client: httpx2.AsyncClient, served: Served) -> Counters:
    """What the API has counted so far, by metric and labels."""
    address = urlsplit(served.base_url)
    text = (await client.get(f"http://127.0.0.1:{(address.port or 0) + 1}/metrics")).text
    found: Counters = {}
    for name, labels, value in re.findall(r"^(\w+)(?:\{(.*?)\})? (\S+)$", text, re.MULTILINE):
        if 'process="worker' not in labels:
            found[f"{name}{{{labels}}}"] = float(value)
    return found


def _say(what: str, rate: float, before: Counters, after: Counters) -> None:
    def grown(*parts: str) -> float:
        return sum(value - before.get(name, 0) for name, value in after.items() if all(part in name for part in parts))

    requests = grown("tintype_http_requests_total", "feed/home")
    queries = grown("tintype_database_statement_duration_seconds_count")
    shares = []
    for cache in ("viewers", "post_fragments", "access_tokens"):
        hits, misses = (grown(f'cache="{cache}"', f'outcome="{outcome}"') for outcome in ("hit", "miss"))
        shares.append(f"{cache} {hits / max(hits + misses, 1):.4f}")
    each = queries / max(requests, 1)
    print(f"{what}: {rate:,.0f} requests/s, {each:.3f} statements a request, hits: {', '.join(shares)}")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    return int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    asyncio.run(main())
