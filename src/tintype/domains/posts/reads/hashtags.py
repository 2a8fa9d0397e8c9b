"""Hashtags: how many posts each has, which ones, and what begins so."""

import unicodedata
from datetime import timedelta

import msgspec

from tintype.domains.posts import rules
from tintype.platform.cache.port import cache
from tintype.platform.db import Reader
from tintype.platform.errors import NotFound

SHORT, SHORT_KEPT = 2, timedelta(minutes=1)
MOST_FOUND = 100


class Hashtag(msgspec.Struct, frozen=True):
    """A hashtag with the number of public posts that have it."""

    name: str
    post_count: int


def folded(name: str) -> str:
    """A hashtag as it is stored: without #, in small letters. Raises NotFound for what cannot be one."""
    found = unicodedata.normalize("NFC", name).removeprefix("#").removeprefix("＃")
    if rules.hashtags(f"#{found}") != [found.lower()]:
        raise NotFound
    return found.lower()


async def hashtag(r: Reader, name: str) -> Hashtag:
    """A hashtag with its number; one that no post has is there too."""
    return Hashtag(name, await r.value(POSTS, name) or 0)


async def posts(r: Reader, name: str, before: int | None, limit: int) -> list[tuple[int, int]]:
    """(feed_id, post_id) of public posts with a hashtag, newest first."""
    rows = await r.rows(PAGE, name, before, limit)
    return [(row["feed_id"], row["post_id"]) for row in rows]


async def lookup(r: Reader, prefix: str, limit: int) -> list[Hashtag]:
    """Hashtags that begin so, those with the most posts first.

    What begins with one or two characters may be a great part of all: such an answer is kept for a minute.
    """
    wanted = unicodedata.normalize("NFC", prefix).strip().lstrip("#＃").lower()
    if not wanted or not wanted.isprintable():
        return []
    if len(wanted) > SHORT:
        return await _beginning(r, wanted, limit)
    stored = await cache().get(f"hashtags:{wanted}")
    if stored is not None:
        return msgspec.msgpack.decode(stored, type=list[Hashtag])[:limit]
    found = await _beginning(r, wanted, MOST_FOUND)
    await cache().set(f"hashtags:{wanted}", msgspec.msgpack.encode(found), SHORT_KEPT)
    return found[:limit]


async def _beginning(r: Reader, prefix: str, limit: int) -> list[Hashtag]:
    rows = await r.rows(BEGINNING, prefix, prefix + "\U0010ffff", limit)
    return [Hashtag(row["tag"], row["posts"]) for row in rows]


async def uncounted(r: Reader, after: tuple[int, str], limit: int) -> list[tuple[int, str]]:
    """(post, hashtag) of hashtags that the counts do not hold as they are, in order."""
    return [(row["post_id"], row["tag"]) for row in await r.rows(UNCOUNTED, *after, limit)]


class Tally(msgspec.Struct, frozen=True):
    """The posts of a hashtag: by the rows that say they are counted, and as they are stored."""

    tag: str
    posts: int
    stored: int


async def tallies(r: Reader, after: str, limit: int) -> list[Tally]:
    """What the rows say of hashtags beside what is stored, in their order."""
    return [Tally(**row) for row in await r.rows(TALLIES, after, limit)]


POSTS = """
-- posts: how many posts a hashtag has
select posts from hashtag_counts where tag = $1
"""

PAGE = """
-- posts: a page of a hashtag's posts
select feed_id, post_id from post_hashtags
where tag = $1 and counted and ($2::bigint is null or feed_id < $2) order by feed_id desc limit $3
"""

BEGINNING = """
-- posts: hashtags that begin so
select tag, posts from hashtag_counts where tag >= $1 and tag < $2 and posts > 0 order by posts desc, tag limit $3
"""

UNCOUNTED = """
-- posts: hashtags of posts that the counts do not hold as they are
select h.post_id, h.tag from post_hashtags h
left join live_posts p on p.id = h.post_id and p.status = 'published'
left join live_accounts a on a.id = p.author_id and not a.is_private
where (h.post_id, h.tag) > ($1::bigint, $2::text)
  and (h.counted <> (a.id is not null and not h.gone) or h.gone or (h.counted and h.feed_id is distinct from p.feed_id))
order by h.post_id, h.tag limit $3
"""

TALLIES = """
-- posts: posts of the next hashtags, by the rows and as stored
select known.tag, (select count(*) from post_hashtags where tag = known.tag and counted) as posts,
  coalesce(c.posts, 0) as stored
from (
  (select tag from hashtag_counts where tag > $1 order by tag limit $2)
  union (select distinct tag from post_hashtags where tag > $1 and counted order by tag limit $2)
) known left join hashtag_counts c on c.tag = known.tag order by known.tag limit $2
"""
