"""Selects about posts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from tintype.domains.graph import reads as graph
from tintype.domains.posts import rules
from tintype.platform.db import Reader


class Attached(msgspec.Struct, frozen=True):
    """A medium in its place within a post."""

    media_id: int
    alt_text: str


class PostRow(msgspec.Struct, frozen=True):
    """A post with what its caption names: everything that does not depend on the viewer."""

    id: int
    author_id: int
    feed_id: int | None
    type: str
    status: str
    problem: str | None
    caption: str
    location: dict[str, Any] | None
    tagged: list[dict[str, Any]]
    comments_enabled: bool
    download_allowed: bool
    created_at: datetime
    edited_at: datetime | None
    media: list[Attached]
    hashtags: list[str]
    mentions: list[int]


async def by_ids(r: Reader, post_ids: Sequence[int]) -> dict[int, PostRow]:
    """Posts that are not deleted, by id."""
    return {row["id"]: _post(row) for row in await r.rows(BY_IDS, list(set(post_ids)))}


async def find_visible(r: Reader, viewer_id: int, post_id: int) -> PostRow | None:
    """The post if it is there and the viewer may see it."""
    row = (await by_ids(r, [post_id])).get(post_id)
    return row if row is not None and post_id in await visible_among(r, viewer_id, [row]) else None


async def visible_among(r: Reader, viewer_id: int, posts: Sequence[PostRow]) -> set[int]:
    """Hide: which of these the viewer may see, from rows that are fresh in this very statement."""
    states = {row["id"]: row for row in await r.rows(STATES, [post.id for post in posts])}
    private = {row["author_id"] for row in states.values() if row["is_private"]}
    follows = await graph.followed_among(r, viewer_id, private) if private and viewer_id else set()
    return {
        post_id
        for post_id, row in states.items()
        if rules.visible(
            viewer_id=viewer_id,
            author_id=row["author_id"],
            status=row["status"],
            author_live=row["author_status"] == "active",
            author_private=row["is_private"],
            follows=row["author_id"] in follows,
        )
    }


async def published_by(r: Reader, author_id: int, before: int | None, limit: int) -> list[tuple[int, int]]:
    """(feed_id, post_id) of an author's published posts, newest first."""
    rows = await r.rows(PUBLISHED_BY, author_id, before, limit)
    return [(row["feed_id"], row["id"]) for row in rows]


async def unpublished_by(r: Reader, author_id: int, before: int | None, limit: int) -> list[int]:
    """Posts of an author that were never visible to others, newest first."""
    return [row["id"] for row in await r.rows(UNPUBLISHED_BY, author_id, before, limit)]


async def judged_text(r: Reader, post_id: int) -> asyncpg.Record | None:
    """What moderation reads of a post: caption, alternative texts, revision, status."""
    return await r.row(JUDGED_TEXT, post_id)


async def same_caption(r: Reader, author_id: int, post_id: int, caption: str) -> int:
    """How many other posts of the last hour by this author say just the same."""
    found: int = await r.value(SAME_CAPTION, author_id, post_id, caption)
    return found


def _post(row: asyncpg.Record) -> PostRow:
    return PostRow(
        **{name: row[name] for name in PostRow.__struct_fields__ if name != "media"},
        media=[Attached(*pair) for pair in zip(row["media_ids"], row["alt_texts"], strict=True)],
    )


BY_IDS = """
-- posts: posts with their media, hashtags and mentions
select p.*,
  array(select media_id from post_media where post_id = p.id order by n) as media_ids,
  array(select alt_text from post_media where post_id = p.id order by n) as alt_texts,
  array(select tag from post_hashtags where post_id = p.id order by tag) as hashtags,
  array(select account_id from post_mentions where post_id = p.id order by account_id) as mentions
from live_posts p where p.id = any($1::bigint[])
"""

STATES = """
-- posts: what decides whether a post may be seen
select p.id, p.author_id, p.status, a.is_private, a.status as author_status
from live_posts p join accounts a on a.id = p.author_id and a.deleted_at is null where p.id = any($1::bigint[])
"""

PUBLISHED_BY = """
-- posts: a page of an author's published posts
select feed_id, id from live_posts where author_id = $1 and feed_id is not null and status = 'published'
  and ($2::bigint is null or feed_id < $2) order by feed_id desc limit $3
"""

UNPUBLISHED_BY = """
-- posts: an author's posts that were never visible to others
select id from live_posts where author_id = $1 and feed_id is null and status <> 'archived'
  and ($2::bigint is null or id < $2) order by id desc limit $3
"""

JUDGED_TEXT = """
-- posts: what moderation reads
select p.author_id, p.caption, p.revision, p.status,
  array(select alt_text from post_media where post_id = p.id order by n) as alt_texts
from live_posts p where p.id = $1
"""

SAME_CAPTION = """
-- posts: the same caption again within the hour
select count(*) from live_posts
where author_id = $1 and id <> $2 and caption = $3 and created_at > clock_timestamp() - interval '1 hour'
"""
