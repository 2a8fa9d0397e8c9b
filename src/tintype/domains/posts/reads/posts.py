"""Selects about posts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import asyncpg
import msgspec

from tintype.domains.graph import reads as graph
from tintype.domains.posts import rules
from tintype.platform import clock, ids
from tintype.platform.db import Reader
from tintype.platform.paging import Page, Place

SAME_WITHIN = timedelta(hours=1)


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
    hide_like_counts: bool
    comments_from: rules.CommentsFrom
    show_taken_at: bool
    created_at: datetime
    edited_at: datetime | None
    pending: dict[str, Any] | None
    media: list[Attached]
    hashtags: list[str]
    mentions: list[int]

    @property
    def all_mentions(self) -> set[int]:
        """Whom the caption names, or the one that waits to be judged."""
        return {*self.mentions, *(self.pending or {}).get("mentions", [])}

    def to_its_author(self) -> "PostRow":
        """With the edit that waits to be judged, or was refused."""
        if self.pending is None:
            return self
        caption = self.pending.get("caption", self.caption)
        texts = self.pending.get("alt_texts", {})
        return msgspec.structs.replace(
            self,
            problem=self.problem or self.pending.get("problem"),
            caption=caption,
            hashtags=sorted(rules.hashtags(caption)),
            mentions=self.pending.get("mentions", self.mentions),
            location=self.pending.get("location", self.location),
            media=[Attached(one.media_id, texts.get(str(one.media_id), one.alt_text)) for one in self.media],
            edited_at=datetime.fromisoformat(self.pending["at"]),
        )


async def by_ids(r: Reader, post_ids: Sequence[int]) -> dict[int, PostRow]:
    """Posts that are not deleted, by id."""
    return {row["id"]: _post(row) for row in await r.rows(BY_IDS, list(set(post_ids)))}


async def authors_of(r: Reader, post_ids: Sequence[int]) -> dict[int, int]:
    """Whose posts these are, of those that are there."""
    return {row["id"]: row["author_id"] for row in await r.rows(AUTHORS_OF, list(post_ids))}


async def find_visible(r: Reader, viewer_id: int, post_id: int) -> PostRow | None:
    """The post if it is there and the viewer may see it."""
    row = (await by_ids(r, [post_id])).get(post_id)
    return row if row is not None and post_id in await visible_among(r, viewer_id, [row]) else None


async def visible_among(r: Reader, viewer_id: int, posts: Sequence[PostRow]) -> set[int]:
    """Hide: which of these the viewer may see, from rows that are fresh in this very statement."""
    states = {row["id"]: row for row in await r.rows(STATES, [post.id for post in posts], viewer_id)}
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
            blocked=row["blocked"],
        )
    }


async def published_by(
    r: Reader, author_id: int, before: int | None, limit: int, without: Sequence[int] = ()
) -> list[tuple[int, int]]:
    """(feed_id, post_id) of an author's published posts but these, newest first."""
    rows = await r.rows(PUBLISHED_BY, author_id, before, limit, list(without))
    return [(row["feed_id"], row["id"]) for row in rows]


async def pinned_by(r: Reader, author_id: int) -> list[int]:
    """Posts that stand first on their author's page, the last one pinned first."""
    return [row["id"] for row in await r.rows(PINNED_BY, author_id)]


async def archived_by(r: Reader, author_id: int, where: Place) -> Page[int]:
    """Posts that their author has put away, newest first."""
    rows = await r.rows(ARCHIVED_BY, author_id, where.after[0] if where.after else None, where.limit + 1)
    return where.page([row["id"] for row in rows], lambda post_id: (post_id,))


async def saved_among(r: Reader, viewer_id: int, post_ids: Sequence[int]) -> set[int]:
    """Which of these posts the viewer keeps for later."""
    return {row["post_id"] for row in await r.rows(SAVED_AMONG, viewer_id, list(post_ids))}


async def saved_by(r: Reader, viewer_id: int, where: Place) -> Page[int]:
    """Posts that the viewer keeps for later, the last one saved first."""
    rows = await r.rows(SAVED_BY, viewer_id, where.after[0] if where.after else None, where.limit + 1)
    page = where.page([(row["save_id"], row["post_id"]) for row in rows], lambda one: (one[0],))
    return page.map(lambda kept: [post_id for _, post_id in kept])


async def unpublished_by(r: Reader, author_id: int, before: int | None, limit: int) -> list[int]:
    """Posts of an author that were never visible to others, newest first."""
    return [row["id"] for row in await r.rows(UNPUBLISHED_BY, author_id, before, limit)]


Delivery = Literal["push", "pull"]


class Undelivered(msgspec.Struct, frozen=True):
    """What decides how a post is delivered: its own delivery so far, its author's mode and stored followers."""

    post_id: int
    author_id: int
    feed_id: int
    delivery: Delivery | None
    mode: Delivery
    followers: int


async def to_deliver(r: Reader, post_ids: Sequence[int]) -> list[Undelivered]:
    """Of these posts those that were ever visible, oldest first."""
    return [Undelivered(**row) for row in await r.rows(TO_DELIVER, list(post_ids))]


def final_before() -> datetime:
    """A post that was deleted before this moment stays deleted, and comes into no timeline any more."""
    return clock.now() - rules.FINAL_AFTER


async def judged_text(r: Reader, post_id: int) -> asyncpg.Record | None:
    """What moderation reads of a post: caption, other texts, revision, status; of an edit that waits, its texts.

    Also of a deleted one, which may come back.
    """
    return await r.row(JUDGED_TEXT, post_id)


async def same_caption(r: Reader, author_id: int, post_id: int, caption: str) -> int:
    """How many other posts of the last hour by this author say just the same."""
    found: int = await r.value(SAME_CAPTION, author_id, post_id, caption, ids.at(clock.now() - SAME_WITHIN))
    return found


class PostCount(msgspec.Struct, frozen=True):
    """Published posts of an account: by the rows, and as it is stored."""

    account_id: int
    posts: int
    stored_posts: int


async def post_counts(r: Reader, account_ids: Sequence[int]) -> list[PostCount]:
    """What the rows say of these accounts beside what is stored."""
    return [PostCount(**row) for row in await r.rows(POST_COUNTS, list(account_ids))]


async def uncounted(r: Reader, after: int, limit: int) -> list[tuple[int, int]]:
    """(post, author) of posts that the counts do not hold as they are, in order."""
    return [(row["id"], row["author_id"]) for row in await r.rows(UNCOUNTED, after, limit)]


async def lost(r: Reader, after: int, limit: int) -> list[tuple[int, str]]:
    """Posts that an event has not moved on, and why: `unpublished` (approved, media ready) or `undelivered`."""
    return [(row["id"], row["why"]) for row in await r.rows(LOST, after, limit)]


async def lost_places(r: Reader, after: tuple[int, int], limit: int) -> list[asyncpg.Record]:
    """Places for media without their post or medium: (post_id, n, media_id, has_post), in order."""
    return await r.rows(LOST_PLACES, *after, limit)


async def lost_media(r: Reader, after: int, limit: int) -> list[int]:
    """Media of posts that are gone, and that nobody is about to delete."""
    return [row["id"] for row in await r.rows(LOST_MEDIA, after, limit)]


async def unready_media(r: Reader, after: int, limit: int) -> list[asyncpg.Record]:
    """Media of published posts that are not ready: (media_id, post_id, status), in order."""
    return await r.rows(UNREADY_MEDIA, after, limit)


def _post(row: asyncpg.Record) -> PostRow:
    return PostRow(
        **{name: row[name] for name in PostRow.__struct_fields__ if name != "media"},
        media=[Attached(*pair) for pair in zip(row["media_ids"], row["alt_texts"], strict=True)],
    )


AUTHORS_OF = """
-- posts: whose posts these are
select id, author_id from posts where id = any($1::bigint[])
"""

BY_IDS = """
-- posts: posts with their media, hashtags and mentions
select p.*,
  array(select media_id from post_media where post_id = p.id order by n) as media_ids,
  array(select alt_text from post_media where post_id = p.id order by n) as alt_texts,
  array(select tag from post_hashtags where post_id = p.id and not gone order by tag) as hashtags,
  array(select account_id from post_mentions where post_id = p.id order by account_id) as mentions
from live_posts p where p.id = any($1::bigint[])
"""

STATES = """
-- posts: what decides whether a post may be seen
select p.id, p.author_id, p.status, a.is_private, a.status as author_status, is_blocked($2, p.author_id) as blocked
from live_posts p join accounts a on a.id = p.author_id and a.deleted_at is null where p.id = any($1::bigint[])
"""

PUBLISHED_BY = """
-- posts: a page of an author's published posts
select feed_id, id from live_posts where author_id = $1 and feed_id is not null and status = 'published'
  and ($2::bigint is null or feed_id < $2) and id <> all($4::bigint[]) order by feed_id desc limit $3
"""

PINNED_BY = """
-- posts: what stands first on an author's page
select p.id from post_pins pin join live_posts p on p.id = pin.post_id and p.status = 'published'
where pin.author_id = $1 order by pin.pinned_at desc, p.id desc
"""

ARCHIVED_BY = """
-- posts: a page of what an author has put away
select id from live_posts where author_id = $1 and status = 'archived' and ($2::bigint is null or id < $2)
order by id desc limit $3
"""

SAVED_AMONG = """
-- posts: which posts an account has saved
select post_id from saves where user_id = $1 and post_id = any($2::bigint[])
"""

SAVED_BY = """
-- posts: a page of what an account has saved
select s.save_id, s.post_id from saves s join live_posts p on p.id = s.post_id
where s.user_id = $1 and ($2::bigint is null or s.save_id < $2) order by s.save_id desc limit $3
"""

UNPUBLISHED_BY = """
-- posts: an author's posts that were never visible to others
select id from live_posts where author_id = $1 and feed_id is null and status <> 'archived'
  and ($2::bigint is null or id < $2) order by id desc limit $3
"""

TO_DELIVER = """
-- posts: what decides how posts are delivered
select p.id as post_id, p.author_id, p.feed_id, p.delivery, coalesce(d.mode, 'push') as mode,
  coalesce(c.followers, 0) as followers
from posts p left join author_delivery d on d.author_id = p.author_id
left join account_counts c on c.account_id = p.author_id
where p.id = any($1::bigint[]) and p.feed_id is not null order by p.feed_id
"""

JUDGED_TEXT = """
-- posts: what moderation reads
select p.author_id, coalesce(p.pending->>'caption', p.caption) as caption, p.revision, p.status,
  array(
    select coalesce(p.pending->'alt_texts'->>pm.media_id::text, pm.alt_text)
    from post_media pm where pm.post_id = p.id order by pm.n
  ) || coalesce(p.pending->'location'->>'name', p.location->>'name', '') as other_texts
from posts p where p.id = $1
"""

SAME_CAPTION = """
-- posts: the same caption again, among an author's newest; published or not, as each has an index of its own
select (
  select count(*) from live_posts where author_id = $1 and id <> $2 and caption = $3 and feed_id >= $4
) + (
  select count(*) from live_posts where author_id = $1 and id <> $2 and caption = $3 and feed_id is null and id >= $4
)
"""

POST_COUNTS = """
-- posts: published posts of some accounts, by the rows and as stored
select ids.id as account_id,
  (select count(*) from live_posts where author_id = ids.id and feed_id is not null and status = 'published') as posts,
  coalesce(c.posts, 0) as stored_posts
from unnest($1::bigint[]) as ids (id) left join account_counts c on c.account_id = ids.id order by ids.id
"""

UNCOUNTED = """
-- posts: posts that the counts do not hold as they are
select id, author_id from posts
where id > $1 and counted <> (status = 'published' and deleted_at is null) order by id limit $2
"""

LOST = """
-- posts: posts that wait for an event that has been
select id, case when feed_id is null then 'unpublished' else 'undelivered' end as why from live_posts p
where id > $1 and (
  (feed_id is not null and delivery is null)
  or (status = 'processing' and approved_revision is not null and not exists (
    select from post_media pm left join media m on m.id = pm.media_id
    where pm.post_id = p.id and m.status is distinct from 'ready')))
order by id limit $2
"""

LOST_PLACES = """
-- posts: places for media without post or medium
select pm.post_id, pm.n, pm.media_id, p.id is not null as has_post
from post_media pm left join posts p on p.id = pm.post_id left join media m on m.id = pm.media_id
where (pm.post_id, pm.n) > ($1, $2::int) and (p.id is null or m.id is null) order by pm.post_id, pm.n limit $3
"""

LOST_MEDIA = """
-- posts: media of posts that are gone
select m.id from media m left join posts p on p.id = m.post_id
where m.id > $1 and m.post_id is not null and p.id is null and m.purge_at is null
  and not exists (select from post_media pm join posts on posts.id = pm.post_id where pm.media_id = m.id)
order by m.id limit $2
"""

UNREADY_MEDIA = """
-- posts: media of published posts that are not ready
select m.id as media_id, pm.post_id, m.status
from media m join post_media pm on pm.media_id = m.id join live_posts p on p.id = pm.post_id
where m.id > $1 and m.status <> 'ready' and p.status = 'published' order by m.id limit $2
"""
