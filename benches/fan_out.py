"""The fan-out: against one bare statement, from claim to last commit, from the author's commit to the last follower.

    python -m benches.fan_out

10,000 people: one author whom 9,999 follow, and 100 with 100 followers each. A tenth of the timelines are full (880
entries), the others hold 50: 1.3 M rows. `ratio_to_bare`: two lanes with positions, locks, chunks and trim, fed by the
sequencer's step that moves the planned chunks (the claim), beside one INSERT..SELECT of the same rows and the same trim
on one connection; in turn, every run a post of its own. Then API and worker are started on the same durable server, as
processes of their own: this process commits a post as the API does, and asks every millisecond
whether a sample of followers out of every chunk has it in the timeline.

Last figures (2 cores, November 2026): ratio 1.12, claim to last commit 26 ms; CPU of one fan-out 30 ms in PostgreSQL
and 9 ms here, of the bare statement 24 and 5. 100 followers p50 19 ms, p95 22 ms; 9,999 followers p50 59 ms, p95 115
ms; beside 100 posts and 300 likes a second p95 192 ms, with 38 % of them refused as too many.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from benches import open_loop, town
from benches.harness import percentile, report
from benches.server import Served, product
from tintype.domains.feed import actions as feed
from tintype.domains.feed.actions.timelines import trim
from tintype.domains.feed.rules import delivery
from tintype.domains.posts import actions as posts
from tintype.domains.posts.rules import NewPost
from tintype.entry.subscriptions import SUBSCRIPTIONS
from tintype.platform import clock, db, ids
from tintype.platform.event_log.bell import SEQUENCER, Ringer
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.sequencer import Sequencer
from tintype.platform.timelines import port as timelines
from tintype.platform.timelines.postgres import PostgresTimelines

FOLLOWERS, FEW, FEW_AUTHORS = 9_999, 100, 100
PAIRS, IDLE_POSTS, BUSY_POSTS = 11, 40, 50
LOAD = {"posts": 100, "likes": 300}
LOAD_SECONDS, LOST_SECONDS = 20, 20


async def main() -> None:
    people: list[int] = []

    async def peopled(url: str) -> dict[int, str]:
        nonlocal people
        found = await crowd(url, readers=FOLLOWERS + 1)
        people = found.people
        await _against_bare(url, people)
        return found.tokens

    async with product(peopled) as served, _bell(served):
        author, few = people[-1], people[-2]
        for _ in range(5):
            await _seconds_to_last(author)
            await _seconds_to_last(few)
        for name, who, goals in (("100", few, ("<=10", "")), ("9999", author, ("", "<=100"))):
            _tell(f"idle_{name}", [await _seconds_to_last(who) for _ in range(IDLE_POSTS)], *goals)
        async with _load(served, people):
            busy = []
            for _ in range(BUSY_POSTS):
                await asyncio.sleep(0.1)
                busy.append(await _seconds_to_last(author))
        _tell("busy_9999", busy, "", "<=150")


def _tell(name: str, seconds: Sequence[float], p50: str, p95: str) -> None:
    report(f"fan_out.{name}_p50_ms", 1000 * statistics.median(seconds), p50)
    report(f"fan_out.{name}_p95_ms", 1000 * percentile(seconds, 0.95), p95)


async def crowd(url: str, readers: int = 0) -> town.Town:
    """The last one is followed by all others, some before by few each; timelines are filled."""
    pairs = [(n, FOLLOWERS) for n in range(FOLLOWERS)]
    pairs += [(n, FOLLOWERS - 1 - author) for author in range(FEW_AUTHORS) for n in range(author * 7, author * 7 + FEW)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "crowd.npz"
        columns = np.array(pairs).T
        np.savez(file, follower=columns[0], followee=columns[1])
        found = await town.built(url, file, celebrities=0, posts=1, readers=readers)
    connection = await db.connect(url, name="bench")
    await connection.execute(FILL, ids.at(clock.now()), timeout=300)
    await connection.execute("vacuum analyze timelines", timeout=300)
    await connection.execute("checkpoint", timeout=300)
    await connection.close()
    return found


async def _against_bare(url: str, people: list[int]) -> None:
    timelines.use(PostgresTimelines())
    only = [one for one in SUBSCRIPTIONS if one.group == "timelines"]
    consumers = Consumers(url, only)
    sequencer = Sequencer(url, consumers.hand_over)
    await sequencer.elect()
    await consumers.renew()
    lanes = consumers.lanes["timelines"]
    author, readers = people[-1], people[:-1]
    bare = await db.connect(url, name="bare")

    async def settle() -> None:
        while await sequencer.step() + sum([await lane.step() for lane in lanes]):
            pass

    async def ours() -> float:
        post_id, _ = await _published(author)
        async with db.act(db.SYSTEM) as tx:
            await feed.plan(tx, [post_id])
        began = time.perf_counter()
        await sequencer.step()
        await asyncio.gather(*(lane.step() for lane in lanes))
        return time.perf_counter() - began

    async def one_statement() -> float:
        post_id, feed_id = await _published(author)
        sample = delivery.sampled(readers, feed_id, delivery.limits())
        began = time.perf_counter()
        await bare.execute(BARE, feed_id, post_id, author)
        await trim(sample)
        return time.perf_counter() - began

    await settle()
    pairs = []
    for n in range(PAIRS + 2):
        pair = (await ours(), await one_statement())
        await settle()
        if n >= 2:
            pairs.append(pair)
    assert await bare.fetchval(HAVE_ALL, author) == (PAIRS + 2) * 2 * len(readers), "a follower was left out"
    await bare.close()
    await sequencer.close()
    await consumers.close()
    times = [ours for ours, _ in pairs]
    print(f"bare {1000 * statistics.median(bare for _, bare in pairs):.1f} ms, ours {sorted(1000 * t for t in times)}")
    report("fan_out.ratio_to_bare", statistics.median(bare / ours for ours, bare in pairs), ">=1.0")
    report("fan_out.claim_to_last_commit_ms", 1000 * statistics.median(times), "<=50")


async def _published(author: int) -> tuple[int, int]:
    """A post as moderation leaves it."""
    post_id, feed_id = ids.new(author), ids.new(author)
    async with db.act(db.SYSTEM) as tx:
        await tx.run(PUBLISHED, post_id, author, feed_id, clock.now())
    return post_id, feed_id


_ringer: Ringer | None = None


@asynccontextmanager
async def _bell(served: Served) -> AsyncIterator[None]:
    """What this process commits wakes the worker, as the API's commits do."""
    ringer = Ringer(served.run_dir, SEQUENCER)
    db.on_commit(ringer.ring)
    yield
    db.on_commit(lambda: None)
    ringer.close()


async def _seconds_to_last(author: int) -> float:
    """From the commit of a new post to the commit after which its last follower can read it."""
    async with db.read() as r:
        followers = [row["follower_id"] for row in await r.rows(FOLLOWERS_OF, author)]
    sample = followers[:: max(len(followers) // 20, 1)] + followers[-1:]
    async with db.act(db.Actor(author)) as tx:
        post_id = await posts.create(tx, db.Actor(author), NewPost("TEXT", caption=f"bench {time.time_ns()}"))
    began = time.perf_counter()
    async with db.read() as r:
        while await r.value(MISSING, sample, ids.at(clock.now()) - (20_000 << 22), post_id):
            await asyncio.sleep(0.001)
            if time.perf_counter() - began > LOST_SECONDS:
                raise SystemExit("A post did not reach its followers.")
        took = time.perf_counter() - began
        assert not await r.value(MISSING, followers, ids.at(clock.now()) - (20_000 << 22), post_id)
    await asyncio.sleep(0.05)
    return took


@asynccontextmanager
async def _load(served: Served, people: list[int]) -> AsyncIterator[None]:
    """Posts of authors with 100 followers, and likes of what there is, over HTTP in an open loop."""
    async with db.read() as r:
        there = [row["id"] for row in await r.rows(SOME_POSTS)]
    asked = []
    for n in range(20_000):
        token = served.tokens[people[n % FOLLOWERS]]
        if n % 4:
            asked.append([f"/api/v1/posts/{there[n % len(there)]}/like", token, "like", "POST", {}])
        else:
            author = served.tokens[people[-3 - n // 4 % (FEW_AUTHORS - 2)]]
            asked.append(["/api/v1/posts", author, "post", "POST", {"type": "TEXT", "caption": f"number {n}"}])
    rate = sum(LOAD.values())
    loading = asyncio.create_task(asyncio.to_thread(open_loop.run, served.base_url, rate, LOAD_SECONDS, asked))
    await asyncio.sleep(3)
    yield
    print(f"beside {LOAD}: {await loading}")


FILL = """
-- bench: what timelines have held for long, as the fan-out would have written it
insert into timelines (user_id, feed_id, post_id, author_id)
select a.id, ($1 - ((1000000000 + 1000 * n)::bigint << 22)), n, 1
from generate_series(1, 880) as n join accounts a on n <= 50 or a.id % 10 = 0
"""

PUBLISHED = """
-- bench: a published post
insert into posts (id, author_id, feed_id, type, status, caption, approved_revision, created_at, published_at)
values ($1, $2, $3, 'TEXT', 'published', 'bench', 1, $4, $4)
"""

BARE = """
-- bench: the same rows in one statement
insert into timelines (user_id, feed_id, post_id, author_id)
select follower_id, $1, $2, $3 from follows
where followee_id = $3 and state = 'ACCEPTED' and not muted and not away order by follower_id
"""

HAVE_ALL = """
-- bench: rows of the bench's posts
select count(*) from timelines t join posts p on p.id = t.post_id where p.author_id = $1 and p.caption = 'bench'
"""

FOLLOWERS_OF = """
-- bench: who follows an author
select follower_id from follows where followee_id = $1 and state = 'ACCEPTED' order by follower_id
"""

MISSING = """
-- bench: whether any of these does not have a post yet
select exists (
  select from unnest($1::bigint[]) as u (user_id)
  where not exists (
    select from timelines t where t.user_id = u.user_id and t.feed_id > $2 and t.post_id = $3
  )
)
"""

SOME_POSTS = """
-- bench: posts to like
select id from posts where status = 'published' order by id limit 5000
"""

if __name__ == "__main__":
    asyncio.run(main())
