"""What every bench needs: a durable PostgreSQL of its own, interleaved slices, one printed line a figure."""

import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tintype.platform import db, ids, migrations
from tintype.platform.embedded_postgres import EmbeddedPostgres

SLICES = 5


def report(name: str, value: float, goal: str = "") -> None:
    """`bench NAME value=0.41 goal=>=0.35 met=yes`, or without a goal just the figure."""
    line = f"bench {name} value={value:.3g}"
    if goal:
        bound = float(goal[2:])
        met = value >= bound if goal.startswith(">=") else value <= bound
        line += f" goal={goal} met={'yes' if met else 'no'}"
    print(line, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@asynccontextmanager
async def database(*, durable: bool = True) -> AsyncIterator[str]:
    """A migrated database on a server in a folder of its own, durable unless it is said; `db` is open on it."""
    folder = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, durable=durable)
    try:
        await server.start()
        await migrations.upgrade(server.url)
        await db.open(server.url, name="bench")
        async with ids.lease(server.url):
            yield server.url
        await db.close()
    finally:
        await server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def interleaved(
    first: Callable[[], Awaitable[None]], second: Callable[[], Awaitable[None]], slices: int = SLICES
) -> tuple[float, float, float]:
    """Median seconds of each, and the median ratio second/first of pairs run in turn, after one warm-up."""
    pairs = []
    for n in range(slices + 1):
        times = []
        for work in (first, second):
            began = time.perf_counter()
            await work()
            times.append(time.perf_counter() - began)
        if n:
            pairs.append((times[0], times[1]))
    median = statistics.median
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(b / a for a, b in pairs)
