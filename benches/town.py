"""A town for benches: a real follow graph with celebrities put in, posts, timelines, counts, reactions; all in bulk."""

import random
from pathlib import Path

import asyncpg
import msgspec
import numpy as np

from tintype.entry import seed
from tintype.platform import auth, clock, db, ids
from tintype.platform.db import Actor

GRAPH = Path(__file__).resolve().parents[2] / "shared/data/graphs/ego-twitter-undirected.npz"
WORDS = "a walk by the sea, with the wind in our faces and the light of an early November afternoon on the water "


class Town(msgspec.Struct, frozen=True):
    """Everybody's ids in the order of the graph's numbers, the celebrities', and access tokens of those who read."""

    people: list[int]
    celebrities: list[int]
    tokens: dict[int, str]


async def built(
    url: str,
    graph: Path = GRAPH,
    *,
    celebrities: int = 20,
    fans: float = 0.3,
    posts: int = 2,
    celebrity_posts: int = 10,
    readers: int = 25_000,
) -> Town:
    """Everybody has `posts` pushed posts; the last `celebrities` people are followed by a share `fans` of all.

    What the log would have made (timelines, counts, delivery) is written as it would have.
    """
    people = (await seed.graph(url, graph)).account_ids
    stars = people[-celebrities:] if celebrities else []
    connection = await db.connect(url, name="town")
    try:
        for statement, arguments in (
            (FAN, (stars, fans)),
            (POSTS, (posts, ids.at(clock.now()) >> 22, WORDS * 4, stars)),
            (CELEBRITY_POSTS, (celebrity_posts, ids.at(clock.now()) >> 22, WORDS * 4, stars)),
            (DELIVERY, (stars,)),
            (TIMELINES, ()),
            (POST_COUNTS, ()),
            (REACTIONS, ()),
            (ACCOUNT_COUNTS, ()),
        ):
            await connection.execute(statement, *arguments, timeout=600)
        await connection.execute("vacuum analyze", timeout=600)
        tokens = await _signed_in(connection, random.Random(1).sample(people, min(readers, len(people))))
    finally:
        await connection.close()
    return Town(people, stars, tokens)


async def _signed_in(connection: asyncpg.Connection, readers: list[int]) -> dict[int, str]:
    sessions = [(one, one + 1) for one in readers]
    await connection.execute(SESSIONS, [one for one, _ in sessions], [session for _, session in sessions], timeout=60)
    return {one: auth.access_token(Actor(one, "user", session)) for one, session in sessions}


def by_zipf(count: int, draws: int, *, exponent: float = 1.0, seed_number: int = 1) -> list[int]:
    """So many draws of 0 … count-1, the n-th as often as n to the power of -exponent; every number is in it once."""
    weights = np.arange(1, count + 1, dtype=float) ** -exponent
    drawn = np.random.default_rng(seed_number).choice(count, size=max(draws - count, 0), p=weights / weights.sum())
    order = np.concatenate([np.arange(count), drawn])
    np.random.default_rng(seed_number + 1).shuffle(order)
    return [int(one) for one in order]


FAN = """
-- bench: a share of all people follow each celebrity
insert into follows (follower_id, followee_id, state, follow_id, counted)
select a.id, star, 'ACCEPTED', a.id + n, true
from accounts a cross join unnest($1::bigint[]) with ordinality as s (star, n)
where a.id <> star and abs(hashint8(a.id # star)) % 1000 < $2::float8 * 1000
on conflict do nothing
"""

POSTS = """
-- bench: posts of everybody but celebrities; feed_ids one a millisecond, spread over authors
insert into posts (id, author_id, feed_id, type, status, caption, delivery, counted, created_at, published_at,
  approved_revision)
select feed_id + 1, author_id, feed_id, 'TEXT', 'published', left($3 || feed_id, 350), 'push', true, now(), now(), 1
from (
  select id as author_id,
    (($2::bigint - 1000000000 + row_number() over (order by hashint8(id + n))) << 22) | (id & 4190208) as feed_id
  from accounts cross join generate_series(1, $1::int) n where id <> all($4::bigint[])
) made
"""

CELEBRITY_POSTS = """
-- bench: posts of celebrities, pulled
insert into posts (id, author_id, feed_id, type, status, caption, delivery, counted, created_at, published_at,
  approved_revision)
select feed_id + 1, author_id, feed_id, 'TEXT', 'published', left($3 || feed_id, 350), 'pull', true, now(), now(), 1
from (
  select author_id, (($2::bigint - 1000000000 + 7919 * row_number() over ()) << 22) | (author_id & 4190208) as feed_id
  from unnest($4::bigint[]) as author_id cross join generate_series(1, $1::int)
) made
"""

DELIVERY = """
-- bench: celebrities are pulled
insert into author_delivery (author_id, mode, has_pull) select unnest($1::bigint[]), 'pull', true
"""

TIMELINES = """
-- bench: what the fan-out of all pushed posts would have written
insert into timelines (user_id, feed_id, post_id, author_id)
select f.follower_id, p.feed_id, p.id, p.author_id
from posts p join follows f on f.followee_id = p.author_id and f.state = 'ACCEPTED' where p.delivery = 'push'
order by 1, 2
"""

POST_COUNTS = """
-- bench: some likes and comments
insert into post_counts (post_id, reactions, likes, comments)
select id, jsonb_build_object('LIKE', n), n, n / 7
from (select id, abs(hashint8(id)) % 400 as n from posts) p where n > 0
"""

REACTIONS = """
-- bench: every reader has liked some of what they see
insert into reactions (user_id, post_id, reaction, counted, reaction_id)
select user_id, post_id, 'LIKE', 'LIKE', feed_id from timelines where abs(hashint8(user_id # feed_id)) % 25 = 0
on conflict do nothing
"""

ACCOUNT_COUNTS = """
-- bench: counts as the log would have made them
update account_counts c set followers = f.n
from (select followee_id, count(*) as n from follows where state = 'ACCEPTED' group by followee_id) f
where f.followee_id = c.account_id
"""

SESSIONS = """
-- bench: sessions
insert into sessions (account_id, id, expires_at)
select account_id, id, now() + interval '7 days' from unnest($1::bigint[], $2::bigint[]) s (account_id, id)
"""
