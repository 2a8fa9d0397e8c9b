"""How costs grow: the slope of log(time) over log(size), each over two decades. 1 is in proportion, 0 is not at all.

    python -m benches.growth

Everything runs in this process on a durable server, sizes in turn, medians. `celebrity_post`: writing, judging and
planning a post of somebody with 10,000, 100,000 and 1,000,000 followers, who is pulled. `per_follower`: delivering a
post to 100, 1,000 and 9,999 followers. `read_vs_users`: a page of the home feed in towns of 1,000, 10,000 and 100,000
people with ten followees and five posts each (posts and timelines grow alike). `read_vs_followees`: of readers who
follow 10, 100 and 1,000 people. Each page is read `cold`, where this process remembers nothing and all comes from
the database, and `warm`, where reader and cards are remembered and the database is asked for nothing.

Last figures (2 cores, November 2026): celebrity post -0.02 (4.3, 4.2, 4.0 ms), followers pushed 0.61 (2.5, 5.1, 41 ms),
users cold -0.02 (2.0, 1.7, 1.8 ms) and warm 0.00 (0.01 ms), followees cold 0.04 (1.6, 1.7, 1.9 ms) and warm -0.01.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import numpy as np

from benches.harness import database, report
from tintype.cards import fragments
from tintype.domains.accounts import actions as accounts
from tintype.domains.feed import actions as feed
from tintype.domains.feed.events import FanOutPlanned
from tintype.domains.feed.reads import viewers
from tintype.domains.feed.routes import latest
from tintype.domains.moderation import actions as moderation
from tintype.domains.posts import actions as posts
from tintype.domains.posts.rules import NewPost
from tintype.platform import clock, db, ids, migrations, paging
from tintype.platform.timelines import port as timelines
from tintype.platform.timelines.postgres import PostgresTimelines

CELEBRITIES, PUSHED = (10_000, 100_000, 1_000_000), (100, 1_000, 9_999)
TOWNS, FOLLOWEES = (1_000, 10_000, 100_000), (10, 100, 1_000)
ROUNDS, READERS, WARM_READS = 5, 40, 20
A_MILLISECOND = 1 << 22

Times = dict[int, list[float]]


async def main() -> None:
    timelines.use(PostgresTimelines())
    paging.use_key(bytes(32))
    async with database() as url:
        authors = {size: await _author(url, size) for size in (*PUSHED, *CELEBRITIES)}
        await _vacuum(url)
        celebrity, pushed = await _posting(authors)
        _tell("celebrity_post_vs_followers", celebrity, 0.05)
        _tell("cost_vs_followers_pushed", pushed, 1.0)
        towns = {size: await _town(url, size, FOLLOWEES[0]) for size in TOWNS}
        _tell_reads("read_vs_users", *await _reading(url, towns), 0.05)
        crowd = await _town(url, 1_100, FOLLOWEES[0], name="crowd", followed=FOLLOWEES)
        _tell_reads("read_vs_followees", *await _reading(url, dict.fromkeys(FOLLOWEES, crowd)), 0.1)


def _tell(name: str, times: Times, goal: float) -> None:
    shown = ", ".join(f"{size:,}: {1000 * statistics.median(found):.2f} ms" for size, found in times.items())
    print(f"{name}: {shown}")
    slope = np.polyfit(np.log([*times]), np.log([statistics.median(found) for found in times.values()]), 1)[0]
    report(f"growth.{name}", float(slope), f"<={goal}")


def _tell_reads(name: str, cold: Times, warm: Times, goal: float) -> None:
    _tell(f"{name}_cold", cold, goal)
    _tell(f"{name}_warm", warm, goal)


async def _author(url: str, followers: int) -> int:
    """Somebody with so many followers; these are nothing but follows."""
    async with db.act(db.SYSTEM) as tx:
        author: int = await accounts.create(tx, f"author{followers}", f"author{followers}@example.org", None)
        await tx.run(FOLLOWER_COUNT, author, followers)
    connection = await db.connect(url, name="bench")
    await connection.execute(FOLLOWERS, author, followers, ids.at(clock.now()) - 1_000_000 * A_MILLISECOND, timeout=300)
    await connection.close()
    return author


async def _vacuum(url: str) -> None:
    connection = await db.connect(url, name="bench")
    await connection.execute("vacuum analyze", timeout=300)
    await connection.execute("checkpoint", timeout=300)
    await connection.close()


async def _posting(authors: dict[int, int]) -> tuple[Times, Times]:
    """Writing until planned for all, delivering for those who are pushed."""
    wrote: Times = {size: [] for size in CELEBRITIES}
    delivered: Times = {size: [] for size in PUSHED}
    for n in range(40):
        for size, author in authors.items():
            began = time.perf_counter()
            await _post(author, n)
            if size in wrote:
                wrote[size].append(time.perf_counter() - began)
            elif n < 15:
                chunks = await _planned(author)
                began = time.perf_counter()
                await feed.deliver(chunks)
                delivered[size].append(time.perf_counter() - began)
    return {size: found[3:] for size, found in wrote.items()}, {size: found[3:] for size, found in delivered.items()}


async def _post(author: int, n: int) -> None:
    async with db.act(db.Actor(author)) as tx:
        post_id = await posts.create(tx, db.Actor(author), NewPost("TEXT", caption=f"number {n} of {author}"))
    async with db.act(db.SYSTEM) as tx:
        await moderation.judge(tx, post_id, 1)
    async with db.act(db.SYSTEM) as tx:
        await feed.plan(tx, [post_id])


async def _planned(author: int) -> list[FanOutPlanned]:
    """The chunks of this author's post, as the log would hand them over."""
    async with db.act(db.SYSTEM) as tx:
        rows = await tx.rows(TAKE_PLANNED)
    found = [FanOutPlanned(**_unpacked(row["payload"])) for row in rows]
    return [one for one in found if one.author_id == author]


def _unpacked(payload: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.msgpack.decode(payload)
    return found


class Town:
    """A database of its own, and who reads there, by size of what is measured."""

    def __init__(self, url: str, readers: dict[int, list[int]]) -> None:
        self.url, self.readers = url, readers


async def _town(url: str, people: int, followees: int, *, name: str = "", followed: Sequence[int] = ()) -> Town:
    """People, follows, posts and timelines in bulk; those who follow as many as `followed` says come on top."""
    name = name or f"town{people}"
    connection = await db.connect(url, name="bench")
    await connection.execute(f"create database {name}")
    await connection.close()
    own = url.replace("/tintype?", f"/{name}?")
    await migrations.upgrade(own)
    connection = await db.connect(own, name="bench")
    base = ids.at(clock.now()) - people * 20 * A_MILLISECOND
    a_reader = people // (READERS * (len(followed) + 1))
    await connection.execute(PEOPLE, base, people, timeout=300)
    rows = await connection.fetch("select id from accounts order by id")
    everybody = [row["id"] for row in rows]
    readers = {people: everybody[:: max(people // READERS, 1)][:READERS]}
    for place, number in enumerate(followed):
        readers[number] = everybody[place + 1 :: max(a_reader * (len(followed) + 1), 5)][:READERS]
        await connection.execute(FOLLOW_MANY, readers[number], number, timeout=300)
    await connection.execute(FOLLOW, base, people, followees, timeout=300)
    await connection.execute(POSTS, base + people * 2 * A_MILLISECOND, 5 if not followed else 12, timeout=300)
    await connection.execute(TIMELINES, 800, timeout=300)
    await connection.execute("vacuum analyze", timeout=300)
    await connection.close()
    return Town(own, readers)


@asynccontextmanager
async def _visiting(url: str) -> AsyncIterator[None]:
    await db.close()
    await db.open(url, name="bench", size=2)
    _forget()
    yield


async def _reading(url: str, towns: dict[int, Town]) -> tuple[Times, Times]:
    cold: Times = {size: [] for size in towns}
    warm: Times = {size: [] for size in towns}
    for n in range(ROUNDS + 1):
        for size, town in towns.items():
            async with _visiting(town.url):
                readers = town.readers[size]
                await _read(readers)
                cold[size] += (await _read(readers, _forget)) if n else []
                await _read(readers)
                warm[size] += (await _read(readers * WARM_READS)) if n else []
    await db.close()
    await db.open(url, name="bench")
    return cold, warm


async def _page(reader: int) -> None:
    found = await latest.remembered(paging.place("home latest", reader, None, 20, width=latest.WIDTH))
    assert len(found.items) == 20, f"a page of {len(found.items)}"


def _forget() -> None:
    viewers.clear()
    fragments.clear()


async def _read(readers: Sequence[int], before: Callable[[], None] = lambda: None) -> list[float]:
    """How long each page took."""
    times = []
    for reader in readers:
        before()
        began = time.perf_counter()
        await _page(reader)
        times.append(time.perf_counter() - began)
    return times


FOLLOWERS = """
-- bench: so many followers
insert into follows (follower_id, followee_id, state, follow_id, counted)
select $3 + (n << 12), $1, 'ACCEPTED', $3 + (n << 12), true from generate_series(1, $2::bigint) as n
"""

FOLLOWER_COUNT = """
-- bench: and their number
insert into account_counts (account_id, followers) values ($1, $2)
on conflict (account_id) do update set followers = excluded.followers
"""

TAKE_PLANNED = """
-- bench: what the sequencer would move
with taken as (delete from event_inbox returning id, type, payload)
select payload from taken where type = 'FanOutPlanned' order by id
"""

PEOPLE = """
-- bench: people, one a millisecond
insert into accounts (id, username, full_name, email)
select $1 + (n << 22) + ((n % 1024) << 12), 'person' || n, 'Person ' || n, 'person' || n || '@example.org'
from generate_series(0, $2::bigint - 1) as n
"""

FOLLOW = """
-- bench: everybody follows as many
with numbered as (select id, row_number() over (order by id) - 1 as n from accounts)
insert into follows (follower_id, followee_id, state, follow_id, counted)
select a.id, b.id, 'ACCEPTED', a.id + j, true
from numbered a cross join generate_series(1, $3::int) j
join numbered b on b.n = (a.n + j * j * 7 + j) % $2::bigint and b.id >= $1::bigint
on conflict do nothing
"""

FOLLOW_MANY = """
-- bench: some readers follow just so many
insert into follows (follower_id, followee_id, state, follow_id, counted)
select r.id, a.id, 'ACCEPTED', r.id + a.n, true
from unnest($1::bigint[]) as r (id) cross join lateral (
  select id, row_number() over (order by hashint8(id # r.id)) as n from accounts where id <> r.id
) a
where a.n <= $2
"""

POSTS = """
-- bench: posts in the order of time, authors mixed
insert into posts (id, author_id, feed_id, type, status, caption, delivery, counted, created_at, published_at,
  approved_revision)
select feed_id + 1, author_id, feed_id, 'TEXT', 'published', 'a walk by the sea, number ' || feed_id, 'push', true,
  now(), now(), 1
from (
  select id as author_id, $1::bigint + (row_number() over (order by n, hashint8(id)) << 22) + (id & 4190208) as feed_id
  from accounts cross join generate_series(1, $2::int) n
) made
"""

TIMELINES = """
-- bench: what the fan-out would have written, trimmed
insert into timelines (user_id, feed_id, post_id, author_id)
select follower_id, feed_id, post_id, author_id from (
  select f.follower_id, p.feed_id, p.id as post_id, p.author_id,
    row_number() over (partition by f.follower_id order by p.feed_id desc) as n
  from posts p join follows f on f.followee_id = p.author_id
) all_posts
where n <= $1 order by follower_id, feed_id
"""

if __name__ == "__main__":
    asyncio.run(main())
