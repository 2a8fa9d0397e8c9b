"""What is found by exploring: public posts by how much is done with them, the newest acts weighing most.

The score is a sum with forward decay (Cormode, Shkapenyuk, Srivastava, Xu: Forward Decay, ICDE 2009): an act weighs
2^(its time / half-life), counted from a fixed day, so that time alone changes no score and no order. What is stored is
the logarithm of the sum. A post's publication is an act too: where nothing is done with posts, the newest come first.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from tintype.platform import clock
from tintype.platform.cache.port import cache
from tintype.platform.config import Settings
from tintype.platform.db import Reader

RANKED = 1_000
SHARED, KEPT = timedelta(seconds=20), timedelta(minutes=30)
NEWEST_ACTS = 200
NEAR, NEAR_ENOUGH = 10_000, 50_000  # millionths of a half-life: nothing is written, and nothing is a finding
_half_life_hours = 24.0


def use(settings: Settings) -> None:
    """How fast acts lose weight."""
    global _half_life_hours
    _half_life_hours = settings.explore_half_life_hours


def half_life() -> float:
    """In hours."""
    return _half_life_hours


class Found(msgspec.Struct, frozen=True, array_like=True):
    """A post with its place in the order."""

    post_id: int
    author_id: int
    heat: int


class Ranking(msgspec.Struct, frozen=True):
    """The hottest posts as they stood at one moment, for everybody who began to explore then."""

    as_of: int
    found: list[Found]


async def newest_ranking(r: Reader) -> Ranking:
    """The ranking of some seconds ago, or one that is made now."""
    stored = await cache().get("explore")
    if stored is not None:
        return msgspec.msgpack.decode(stored, type=Ranking)
    ranking = Ranking(clock.millis(), await below(r, None, RANKED))
    packed = msgspec.msgpack.encode(ranking)
    await cache().set("explore", packed, SHARED)
    await cache().set(f"explore:{ranking.as_of}", packed, KEPT)
    return ranking


async def ranking_of(as_of: int) -> Ranking | None:
    """The ranking that a page continues, unless it is forgotten."""
    stored = await cache().get(f"explore:{as_of}")
    return None if stored is None else msgspec.msgpack.decode(stored, type=Ranking)


async def below(r: Reader, after: tuple[int, int] | None, limit: int) -> list[Found]:
    """The next posts behind (heat, post_id), as they stand now."""
    heat, post_id = after or (None, None)
    return [Found(**row) for row in await r.rows(BELOW, heat, post_id, limit)]


async def posts_of(r: Reader, author_ids: Sequence[int]) -> list[int]:
    """Published posts of these authors, and what is explored of them."""
    return [row["id"] for row in await r.rows(POSTS_OF, list(author_ids))]


async def reckoned_otherwise(r: Reader, limit: int) -> list[int]:
    """Posts whose heat was reckoned with another half-life."""
    return [row["post_id"] for row in await r.rows(RECKONED_OTHERWISE, _half_life_hours, limit)]


class Heat(msgspec.Struct, frozen=True):
    """A post's heat by its rows, and as it is stored; None where it is not to be found, or is not."""

    post_id: int
    heat: int | None
    stored: int | None

    @property
    def right(self) -> bool:
        if self.heat is None or self.stored is None:
            return self.heat is self.stored
        return abs(self.heat - self.stored) <= NEAR_ENOUGH


async def heats(r: Reader, after: int, limit: int) -> list[Heat]:
    """Of the next posts, what the rows say beside what is stored, in order of their ids."""
    found = [row["id"] for row in await r.rows(NEXT, after, limit)]
    return [Heat(**row) for row in await r.rows(HEATS, found, _half_life_hours, NEWEST_ACTS)]


BELOW = """
-- feed: the next posts to explore
select post_id, author_id, heat from explore_posts
where $1::bigint is null or (heat, post_id) < ($1, $2::bigint) order by heat desc, post_id desc limit $3
"""

POSTS_OF = """
-- feed: posts of some authors that are explored, or could be
select id from posts where author_id = any($1::bigint[]) and feed_id is not null and status = 'published'
union select post_id from explore_posts where author_id = any($1::bigint[])
"""

RECKONED_OTHERWISE = """
-- feed: posts whose heat was reckoned with another half-life
select post_id from explore_posts where half_life <> $1::float8::real order by heat desc limit $2
"""

# Of each kind the newest acts are looked at one by one; reactions beyond those weigh as if they came with the post.
# Nobody heats a post of their own, and who comments often counts once. Exponents are taken from the newest act.
RECKON = """
shown as (
  select p.id, p.author_id, p.feed_id, id_time(p.feed_id) as born
  from posts p join live_accounts a on a.id = p.author_id and not a.is_private
  where p.id = any($1::bigint[]) and p.status = 'published' and p.deleted_at is null and p.feed_id is not null
), acts as (
  select id, born as at, 1 as weight from shown
  union all
  select s.id, s.born, c.likes - $3::int from shown s join post_counts c on c.post_id = s.id where c.likes > $3::int
  union all
  select s.id, id_time(newest.reaction_id), 1 from shown s cross join lateral (
    select reaction_id, user_id from reactions where post_id = s.id and reaction is not null
    order by reaction_id desc limit $3::int
  ) newest where newest.user_id <> s.author_id
  union all
  select s.id, max(newest.created_at), 2 from shown s cross join lateral (
    select author_id, created_at from live_comments where post_id = s.id order by id desc limit $3::int
  ) newest where newest.author_id <> s.author_id group by s.id, newest.author_id
  union all
  select s.id, newest.created_at, 2 from shown s cross join lateral (
    select user_id, created_at from shares where post_id = s.id limit $3::int
  ) newest where newest.user_id <> s.author_id
), ages as (
  select id, weight, (extract(epoch from at) - 1262304000)::float8 / 3600 / $2::float8 as at,
    (extract(epoch from max(at) over (partition by id)) - 1262304000)::float8 / 3600 / $2::float8 as newest
  from acts
), heats as (
  select id, round(1000000 * (
    max(newest) + ln(sum(weight * power(2::float8, greatest(at - newest, -500)))) / ln(2)
  ))::bigint as heat from ages group by id
)
"""

NEXT = """
-- feed: the next posts, those that are explored and are no posts among them
select id from (
  (select id from posts where id > $1 order by id limit $2)
  union (select post_id from explore_posts where post_id > $1 order by post_id limit $2)
) known order by id limit $2
"""

HEATS = (
    "\n-- feed: heat of some posts, by the rows and as stored\nwith "
    + RECKON
    + """
select w.id as post_id, h.heat, e.heat as stored
from unnest($1::bigint[]) as w (id) left join heats h on h.id = w.id left join explore_posts e on e.post_id = w.id
order by w.id
"""
)
