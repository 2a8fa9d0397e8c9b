"""The home feed over HTTP, whole: sign-in, limits, hiding, viewer flags, pulled celebrities; goal (a) of the feed.

    python -m benches.feed_read

The ego-twitter graph (81,306 people, 2.7 M follows) with 20 celebrities that 30 % follow, two text posts of everybody
(5.4 M timeline rows) and ten of each celebrity; 25,000 readers drawn by Zipf (exponent 1), every request with the
reader's own token. One API process; wrk with 64 connections on the same two cores; slices of the feed and of a bare
handler in the same process that answers as many bytes, in turn. Beside the ratio stand what the caches did: hits,
statements and memory; the rate when nothing is cached, and latencies of an open loop at 40 % of the rate.

Last figures (2 cores, free, two runs): 0.29 and 0.28 of the constant (9.2 k and 30.6 k requests/s, 137 us and 35 us of
CPU; a page has 20,198 bytes), ranked 0.46 and 0.55 of latest, open loop at 3.7 k/s p50 1.2, p95 4.0, p99 8.8 ms; cold
976/s with 5.1 statements each; warm 0.02 statements a request, hits of readers 1.0 and of fragments 0.993; 500 MB with
both orders of 25,000 readers. Before cards had saves, pins, reactions and who may comment: 0.31, 0.36 and 0.39, open
loop 1.0, 2.2 and 4.7 ms, cold 4.1 statements. py-spy: the server and the event loop 45 to 55 %, handing the body over
17 %, our reading 15 %.
"""

import asyncio
import os
import re
import statistics
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import msgspec

from benches import open_loop, town
from benches.harness import SLICES, report
from benches.server import Served, product, wrk

API = ("-m", "benches.api_with_constant")
CONNECTIONS, SECONDS = 64, 5
OPEN_SHARE = 0.4
HOME = "/api/v1/feed/home"
RANKED = f"{HOME}?order=ranked"
# A first ranked page costs ten times a latest one, so every reader's takes a minute.
WARMING = ((HOME, 15), (RANKED, 60), (HOME, 15))


class Run(msgspec.Struct, frozen=True):
    """Good answers a second, and what each cost the API process, in microseconds of CPU."""

    rate: float
    cpu_us: float


class Readers:
    """Readers in an order; each run goes on in it where the last one ended."""

    def __init__(self, served: Served, order: list[int]) -> None:
        self._served, self.tokens, self.order = served, list(served.tokens.values()), order

    async def run(self, path: str, seconds: int = SECONDS, connections: int = CONNECTIONS) -> Run:
        before = _cpu_seconds(self._served.api_pid)
        url = self._served.base_url + path
        found = await asyncio.to_thread(
            wrk, url, connections=connections, seconds=seconds, tokens=self.tokens, order=self.order
        )
        spent, requests = _cpu_seconds(self._served.api_pid) - before, int(found["requests"])
        self.order = self.order[requests % len(self.order) :] + self.order[: requests % len(self.order)]
        return Run(float(found["rate"]), 1e6 * spent / requests)


async def main() -> None:
    async with product(_peopled, API) as served, httpx2.AsyncClient() as client:
        once = Readers(served, list(range(len(served.tokens))))
        readers = Readers(served, town.by_zipf(len(served.tokens), 200_000))
        page = await client.get(served.base_url + HOME, headers={"Authorization": f"Bearer {readers.tokens[0]}"})
        print(f"a page of {len(page.json()['data'])} is {len(page.content):,} bytes")
        before = await _counters(client, served)
        cold = await once.run(HOME, connections=8)
        _say("cold, each reader for the first time", [cold], before, await _counters(client, served))
        for path, seconds in WARMING:
            await once.run(path, seconds, connections=8)
        bare, latest, ranked = [], [], []
        before = await _counters(client, served)
        for _ in range(SLICES):
            bare.append(await readers.run(f"/constant?size={len(page.content)}"))
            latest.append(await readers.run(HOME))
            ranked.append(await readers.run(RANKED))
        after = await _counters(client, served)
        for what, runs in (("the constant", bare), ("latest", latest), ("ranked", ranked)):
            _say(what, runs, before, after)
        print(f"the API process has {_resident_mb(served.api_pid):,.0f} MB")
        rate = OPEN_SHARE * statistics.median(one.rate for one in latest)
        found = open_loop.run(served.base_url, rate, 15, [(HOME, readers.tokens[n]) for n in readers.order])
        print(f"open loop at {rate:,.0f} requests/s: {found}")
        for name, goal in (("p50", 1), ("p95", 3), ("p99", 5)):
            report(f"feed_read.open_loop_{name}_ms", found[name], f"<={goal}")
        report("feed_read.cpu_ratio_to_constant", _ratio(bare, latest, lambda one: one.cpu_us))
        report("feed_read.ranked_to_latest", _ratio(ranked, latest, lambda one: one.rate), ">=0.5")
        report("feed_read.ratio_to_constant", _ratio(latest, bare, lambda one: one.rate), ">=0.35")


def _ratio(some: list[Run], others: list[Run], of: Callable[[Run], float]) -> float:
    return statistics.median(of(one) / of(other) for one, other in zip(some, others, strict=True))


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


def _say(what: str, runs: list[Run], before: Counters, after: Counters) -> None:
    def grown(*parts: str) -> float:
        return sum(value - before.get(name, 0) for name, value in after.items() if all(part in name for part in parts))

    requests = grown("tintype_http_requests_total", "feed/home")
    queries = grown("tintype_database_statement_duration_seconds_count")
    shares = []
    for cache in ("viewers", "post_fragments", "access_tokens"):
        hits, misses = (grown(f'cache="{cache}"', f'outcome="{outcome}"') for outcome in ("hit", "miss"))
        shares.append(f"{cache} {hits / max(hits + misses, 1):.4f}")
    rate, cpu = (statistics.median(getattr(one, name) for one in runs) for name in ("rate", "cpu_us"))
    each = queries / max(requests, 1)
    print(f"{what}: {rate:,.0f} requests/s, {cpu:.0f} us of CPU each", end="")
    print("" if what == "the constant" else f"; {each:.3f} statements a request, hits: {', '.join(shares)}")


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    return int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    asyncio.run(main())
