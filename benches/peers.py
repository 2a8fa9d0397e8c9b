"""stream-framework's fan-out beside ours, on the same graph, both durable and both not.

    python -m benches.peers

Reed98: 962 people, 37,624 follows. A third of them post once; what counts is entries written to home feeds a second,
rounds in turn. Ours: from published posts in the log (sequencer, planning, two lanes, positions, locks, trim) to
PostgreSQL rows; durable is fsync at each commit, the other is a server without fsync. Theirs:
`Manager.add_user_activity`, its tasks run at once in one process, to Redis sorted sets; durable is `appendfsync
always`, the other keeps nothing on disk. Theirs does less: no log, no positions, nothing is repeated after a crash; and
it holds everything in memory.

stream-framework 1.4.0 is installed in a throw-away environment with redis-py 2.10.6 and Celery 5.4, and its parameter
`async`, a keyword since Python 3.7, is renamed there. Without redis-server or a package index it is skipped.

Last figures (2 cores shared with others, November 2026), entries a second: durable, theirs 2.1 k and ours 113 k, 59
times as many; not durable, theirs 8.0 k and ours 82 k, 9 times (29 times in another run: 7.6 k and 218 k).
"""

import asyncio
import json
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import venv
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np

from benches import town
from benches.harness import database, report
from tintype.domains.posts.events import PostPublished
from tintype.entry import seed
from tintype.entry.subscriptions import SUBSCRIPTIONS
from tintype.platform import clock, db, ids
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.port import publish
from tintype.platform.event_log.sequencer import Sequencer
from tintype.platform.timelines import port as timelines
from tintype.platform.timelines.postgres import PostgresTimelines

REED = town.GRAPH.with_name("socfb-Reed98.npz")
PINS = ("stream-framework==1.4.0", "redis==2.10.6", "celery==5.4.0", "setuptools<81")
INSTALL_SECONDS = 120
ROUNDS = 5
APART = 3  # who posts: every so many-th, as a round of theirs with an fsync a write takes long


class Skipped(Exception):
    """Why there is nothing to compare with."""


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tintype-peers-") as name:
        folder = Path(name)
        try:
            python = await asyncio.to_thread(_installed, folder)
            with np.load(REED) as graph:
                followers = _followers(graph["follower"].tolist(), graph["followee"].tolist())
            for durable in (True, False):
                await _compared(folder, python, followers, durable)
        except Skipped as reason:
            print(f"bench peers skipped: {reason}")


async def _compared(folder: Path, python: Path, followers: dict[int, list[int]], durable: bool) -> None:
    entries = sum(map(len, followers.values()))
    kind = "durable" if durable else "not_durable"
    async with AsyncExitStack() as stack:
        theirs = await stack.enter_async_context(_Peer(folder / kind, python, followers, durable))
        ours = await stack.enter_async_context(_Ours(durable))
        pairs = []
        for n in range(ROUNDS + 1):
            pair = (await theirs.round(), await ours.round())
            print(f"{kind}: theirs {pair[0]:.2f} s, ours {pair[1]:.2f} s", flush=True)
            if n:
                pairs.append(pair)
        assert await ours.entries() == (ROUNDS + 1) * entries, "a follower was left out"
    peer, own = (statistics.median(entries / seconds for seconds in column) for column in zip(*pairs, strict=True))
    report(f"peers.stream_framework_{kind}_entries_per_s", peer)
    report(f"peers.tintype_{kind}_entries_per_s", own)
    report(f"peers.times_faster_{kind}", statistics.median(a / b for a, b in pairs))


def _followers(follower: list[int], followee: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for a, b in zip(follower, followee, strict=True):
        if b % APART == 0:
            found.setdefault(b, []).append(a)
    return found


def _installed(folder: Path) -> Path:
    """Python of an environment with stream-framework in it, its reserved word renamed."""
    if shutil.which("redis-server") is None:
        raise Skipped("there is no redis-server (apt-get install redis-server)")
    if not REED.exists():
        raise Skipped(f"there is no {REED}")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv/bin/python"
    try:
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PINS],
            check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Skipped(f"its packages did not come within {INSTALL_SECONDS} s") from error
    except subprocess.CalledProcessError as error:
        raise Skipped(f"its packages cannot be installed: {error.stderr.strip().splitlines()[-1:]}") from error
    for module in (folder / "venv").rglob("stream_framework/**/*.py"):
        text = module.read_text(encoding="utf-8")
        module.write_text(re.sub(r"\basync\b", "async_", text), encoding="utf-8")
    return python


class _Peer:
    """Redis and stream-framework in a process that does a round for each line it gets."""

    def __init__(self, folder: Path, python: Path, followers: dict[int, list[int]], durable: bool) -> None:
        folder.mkdir()
        self._folder, self._python, self._followers, self._durable = folder, python, followers, durable

    async def __aenter__(self) -> "_Peer":
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self._port = one.getsockname()[1]
        self._start()
        return self

    def _start(self) -> None:
        kept = ["--appendonly", "yes", "--appendfsync", "always"] if self._durable else ["--appendonly", "no"]
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", "", *kept]
        self._redis = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        graph = self._folder / "graph.json"
        graph.write_text(json.dumps(self._followers))
        with (self._folder / "errors").open("w") as errors:
            self._process = subprocess.Popen(
                [self._python, "-W", "ignore", "-c", PEER, str(self._port), str(graph)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip

    async def round(self) -> float:
        """Seconds in which all posts reached all followers."""
        return await asyncio.to_thread(self._round)

    def _round(self) -> float:
        asking, answers = self._process.stdin, self._process.stdout
        assert asking is not None
        assert answers is not None
        try:
            asking.write("go\n")
            asking.flush()
            return float(answers.readline())
        except (ValueError, BrokenPipeError) as error:
            last = (self._folder / "errors").read_text().strip().splitlines()[-1:]
            raise Skipped(f"it does not run here: {last}") from error

    async def __aexit__(self, *_: object) -> None:
        for process in (self._process, self._redis):
            process.terminate()
            process.wait(10)


class _Ours:
    """Our engine, from published posts in the log to rows of timelines."""

    def __init__(self, durable: bool) -> None:
        self._durable = durable
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "_Ours":
        url = await self._stack.enter_async_context(database(durable=self._durable))
        timelines.use(PostgresTimelines())
        self._people = (await seed.graph(url, REED)).account_ids[::APART]
        groups = [one for one in SUBSCRIPTIONS if one.group in {"fan-out", "timelines"}]
        self._consumers = Consumers(url, groups)
        self._stack.push_async_callback(self._consumers.close)
        self._sequencer = Sequencer(url, self._consumers.hand_over)
        self._stack.push_async_callback(self._sequencer.close)
        await self._sequencer.elect()
        await self._consumers.renew()
        return self

    async def round(self) -> float:
        """Seconds from published posts to the last commit of a timeline."""
        for n in range(0, len(self._people), 100):
            async with db.act(db.SYSTEM) as tx:
                for author in self._people[n : n + 100]:
                    one = PostPublished(author_id=author, post_id=ids.new(author), feed_id=ids.new(author))
                    await tx.run(PUBLISHED, one.post_id, author, one.feed_id, clock.now())
                    await publish(tx, one)
        lanes = [lane for found in self._consumers.lanes.values() for lane in found]
        began = time.perf_counter()
        while await self._sequencer.step() + sum(await asyncio.gather(*(lane.step() for lane in lanes))):
            pass
        return time.perf_counter() - began

    async def entries(self) -> int:
        async with db.read() as r:
            return int(await r.value("-- bench: entries\nselect count(*) from timelines"))

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()


PUBLISHED = """
-- bench: a published post
insert into posts (id, author_id, feed_id, type, status, caption, approved_revision, created_at, published_at)
values ($1, $2, $3, 'TEXT', 'published', 'bench', 1, $4, $4)
"""

PEER = """
import datetime, json, sys, time
from celery import Celery
from stream_framework import settings
settings.STREAM_REDIS_CONFIG["default"]["port"] = int(sys.argv[1])
Celery("peer", set_as_current=True).conf.update(
    task_always_eager=True, task_serializer="pickle", accept_content=["pickle"]
)
from stream_framework.activity import Activity
from stream_framework.feed_managers.base import FanoutPriority, Manager
from stream_framework.feeds.redis import RedisFeed
from stream_framework.storage.redis.connection import get_redis_connection
from stream_framework.verbs.base import Add
followers = {int(one): found for one, found in json.load(open(sys.argv[2])).items()}

class Feed(RedisFeed):
    max_length = 800
    key_format = "feed:%(user_id)s"

class Own(RedisFeed):
    max_length = 800
    key_format = "own:%(user_id)s"

class Posts(Manager):
    feed_classes = {"normal": Feed}
    user_feed_class = Own

    def get_user_follower_ids(self, user_id):
        return {FanoutPriority.HIGH: followers[user_id]}

manager, made = Posts(), 0
for _ in range(100):
    try:
        get_redis_connection().ping()
        break
    except Exception:
        time.sleep(0.1)
for _ in sys.stdin:
    began = time.perf_counter()
    for author in followers:
        made += 1
        moment = datetime.datetime(2026, 11, 1) + datetime.timedelta(seconds=made)
        manager.add_user_activity(author, Activity(author, Add, made, time=moment))
    print(time.perf_counter() - began, flush=True)
    assert get_redis_connection().zcard("feed:%d" % followers[next(iter(followers))][0]) > 0
"""

if __name__ == "__main__":
    asyncio.run(main())
