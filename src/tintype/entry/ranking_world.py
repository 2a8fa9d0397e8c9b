"""A world in which what people like is known, to show that ranking learns it: a database of its own, real pipelines.

Impressions are recorded and connections kept by the product's own actions, step by step, with the clock set to then.
What a reader does with a post is drawn from a known probability, which no model sees and none can beat.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np

from tintype.domains.feed.actions import connections, impressions
from tintype.domains.feed.actions.connections import Act
from tintype.domains.feed.rules.impressions import View
from tintype.domains.feed.rules.ranking import TYPES, Floats
from tintype.domains.feed.rules.training import Examples
from tintype.platform import clock, db, ids, migrations
from tintype.platform.db import Tx
from tintype.platform.embedded_postgres import EmbeddedPostgres

STEP = timedelta(hours=2)
STEPS_A_DAY = 12
POSTS_A_DAY, SESSIONS_A_DAY = 1.0, 1.3  # of a person, on average
FOLLOWS = 30
SEEN_AT_ONCE = 14
RECENT = timedelta(days=3)
KNOWN_AFTER = timedelta(hours=24)
A_BATCH = 1_000
LIKES, COMMENTS = 0.65, 0.15  # of those who engage; the others look for long
SHORTEST_MS, LONG_MS = 600, 10_000
BASE, QUALITY, FADES = -3.4, 0.9, 1 / 36  # of the logit, the last per hour of age


class Size(msgspec.Struct, frozen=True):
    """How large the world is, and which one."""

    people: int
    days: int
    seed: int


class Post(msgspec.Struct, frozen=True):
    """A post of the world; `quality` is what everybody likes about it."""

    id: int
    author: int  # by number
    kind: int
    quality: float
    made: datetime


class Seen(msgspec.Struct, frozen=True):
    """What one reader made of one post."""

    reader: int  # by number
    post: Post
    view: View
    engaged: bool


class World:
    """People with tastes, their posts, and the true probability behind every impression."""

    def __init__(self, size: Size) -> None:
        self.random = np.random.default_rng(size.seed)
        count = self.count = size.people
        self.people = [ids.at(datetime(2020, 1, 1, tzinfo=UTC)) + (n << 12) for n in range(1, count + 1)]
        popularity = self.random.normal(0, 1.5, count) + self.random.gumbel(size=(count, count))
        np.fill_diagonal(popularity, -np.inf)
        self.follows = np.argsort(-popularity, axis=1)[:, : min(FOLLOWS, count - 1)]
        self.taste = self.random.gamma(0.5, 2.0, (count, count))  # little for most authors, much for a few
        self.kinds = self.random.normal(0, 0.8, (count, len(TYPES)))
        self.posts: dict[int, list[Post]] = defaultdict(list)  # by the number of their author
        self.post_count = 0
        self._seen: set[tuple[int, int]] = set()
        self._chances: dict[tuple[int, int], float] = {}

    def best_scores(self, examples: Examples) -> Floats:
        """The true probability of each impression: nothing orders them better."""
        keys = zip(examples.user_ids.tolist(), examples.at.tolist(), strict=True)
        return np.array([self._chances[key] for key in keys])

    def write(self, start: datetime) -> list[Post]:
        """What people post from this moment on."""
        made = []
        for author in self.random.integers(0, self.count, self.random.poisson(self.count * POSTS_A_DAY / STEPS_A_DAY)):
            self.post_count += 1
            moment = start + STEP * float(self.random.random())
            kind, quality = int(self.random.integers(len(TYPES))), float(self.random.normal(0, 1))
            post = Post(ids.at(moment) + self.post_count % (1 << 22), int(author), kind, quality, moment)
            self.posts[post.author].append(post)
            made.append(post)
        return made

    def read(self, start: datetime) -> list[Seen]:
        """What people see from this moment on: some posts of those they follow, each once, and what they make of it."""
        found = []
        for reader in np.flatnonzero(self.random.random(self.count) < SESSIONS_A_DAY / STEPS_A_DAY).tolist():
            new = [
                post
                for author in self.follows[reader].tolist()
                for post in self.posts[author]
                if start - RECENT < post.made < start and (reader, post.id) not in self._seen
            ]
            at = start + STEP * float(self.random.random()) * 0.9
            for n in self.random.permutation(len(new))[:SEEN_AT_ONCE].tolist():
                one = self._look(reader, new[n], at)
                at += timedelta(milliseconds=one.view.dwell_ms + 300)
                found.append(one)
        return found

    def _look(self, reader: int, post: Post, at: datetime) -> Seen:
        at = datetime.fromtimestamp(int(at.timestamp() * 1000) / 1000, UTC)
        hours = (at - post.made).total_seconds() / 3600
        logit = BASE + self.taste[reader, post.author] + self.kinds[reader, post.kind]
        chance = float(1 / (1 + np.exp(-(logit + QUALITY * post.quality - FADES * hours))))
        engaged = bool(self.random.random() < chance)
        looked = int(self.random.lognormal(7.5 + chance, 0.6))
        dwell_ms = max(looked, LONG_MS) if engaged else min(max(looked, SHORTEST_MS), LONG_MS - 1)
        view = View(self.people[reader], at, post.id, dwell_ms)
        self._seen.add((reader, post.id))
        self._chances[view.user_id, round(at.timestamp() * 1000)] = chance
        return Seen(reader, post, view, engaged)


@asynccontextmanager
async def opened(into: Path | None) -> AsyncIterator[Path]:
    """A folder with a fresh database, open for this process until the block ends; a temporary one is removed then.

    Raises FileExistsError for a folder that is in use.
    """
    async with AsyncExitStack() as stack:
        if into is None:
            into = Path(tempfile.mkdtemp(prefix="tintype-ranking-"))
            stack.callback(shutil.rmtree, into, ignore_errors=True)
        else:
            into = into.expanduser().resolve()
            into.mkdir(parents=True)
        into.chmod(0o755)
        postgres = EmbeddedPostgres(into, durable=False)
        stack.push_async_callback(postgres.stop)
        await postgres.start()
        await migrations.upgrade(postgres.url)
        await db.open(postgres.url, name="ranking")
        stack.push_async_callback(db.close)
        yield into


async def live(size: Size) -> World:
    """Let the world live, on the open database, up to a day ago; what it leaves there can be trained on."""
    world = World(size)
    real = clock.now()
    midnight = (real - KNOWN_AFTER).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = midnight - timedelta(days=size.days)
    async with db.act(db.SYSTEM) as tx:
        await _settle_in(tx, world, begin)
    try:
        for n in range(size.days * STEPS_A_DAY):
            clock.shift(begin + STEP * n - real)
            await _step(world, begin + STEP * n)
    finally:
        clock.shift(timedelta())
    return world


async def _settle_in(tx: Tx, world: World, begin: datetime) -> None:
    people = [(one, f"sim{n}", f"sim{n}@example.org", begin) for n, one in enumerate(world.people)]
    await _copy(tx, "accounts", "id username email created_at", people)
    pairs = [(n, int(other)) for n in range(world.count) for other in world.follows[n]]
    follows = [
        (world.people[a], world.people[b], "ACCEPTED", ids.at(begin) + n, True, begin) for n, (a, b) in enumerate(pairs)
    ]
    await _copy(tx, "follows", "follower_id followee_id state follow_id counted created_at", follows)


async def _step(world: World, start: datetime) -> None:
    """Two hours: posts appear, are seen as the product records it, and liked or commented on."""
    seen = world.read(start)
    made = world.write(start)
    for first in range(0, len(seen), A_BATCH):
        await impressions.record([one.view for one in islice(seen, first, first + A_BATCH)])
    async with db.act(db.SYSTEM) as tx:
        posts = [(p.id, world.people[p.author], p.id, TYPES[p.kind], "published", p.made) for p in made]
        await _copy(tx, "posts", "id author_id feed_id type status created_at", posts)
        await _engage(tx, world, seen)


async def _engage(tx: Tx, world: World, seen: list[Seen]) -> None:
    likes, comments = [], []
    acts = [Act(o.view.user_id, world.people[o.post.author], dwell=o.view.dwell_ms / 60_000) for o in seen]
    for n, one in enumerate(seen):
        if not one.engaged:
            continue
        how = world.random.random()
        at = one.view.at + timedelta(seconds=2)
        author = world.people[one.post.author]
        if how < LIKES:
            likes.append((one.view.user_id, one.post.id, "LIKE", "LIKE", ids.at(at) + n, at))
            acts.append(Act(one.view.user_id, author, likes=1))
        elif how < LIKES + COMMENTS:
            comments.append((one.post.id, ids.at(at) + n, one.view.user_id, "so good", True, at))
            acts.append(Act(one.view.user_id, author, comments=1))
    await _copy(tx, "reactions", "user_id post_id reaction counted reaction_id created_at", likes)
    await _copy(tx, "comments", "post_id id author_id text counted created_at", comments)
    await tx.run(COUNT, [row[1] for row in likes], [row[0] for row in comments])
    await connections.add(tx, acts)


async def _copy(tx: Tx, table: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        await tx.connection.copy_records_to_table(table, columns=columns.split(), records=rows)


COUNT = """
-- entry: count likes and comments as the log would
insert into post_counts (post_id, likes, comments)
select post_id, sum(likes), sum(comments) from (
  select unnest($1::bigint[]) as post_id, 1 as likes, 0 as comments
  union all select unnest($2::bigint[]), 0, 1
) each group by post_id
on conflict (post_id) do update set likes = post_counts.likes + excluded.likes,
  comments = post_counts.comments + excluded.comments
"""
