"""Writes to posts. `try_publish` alone makes a post visible."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from tintype.domains.accounts import reads as accounts
from tintype.domains.accounts.actions import audit
from tintype.domains.graph import reads as graph
from tintype.domains.media import actions as media
from tintype.domains.posts import reads, rules
from tintype.domains.posts.events import (
    PostBlocked,
    PostCreated,
    PostDeleted,
    PostFailed,
    PostPublished,
    PostRemoved,
    PostRestored,
)
from tintype.platform import clock, ids
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import Forbidden
from tintype.platform.event_log.port import publish
from tintype.platform.jobs.port import enqueue


async def create(tx: Tx, actor: Actor, given: rules.NewPost) -> int:
    """Store a post with its own, unused media. Its author sees it at once, others when `try_publish` succeeds."""
    given = rules.checked(given)
    post_id = ids.new(actor.id)
    location = None if given.location is None else given.location
    tagged = await _tagged(tx, actor, given.tagged)
    flags = (given.comments_enabled, given.download_allowed)
    await tx.run(INSERT, post_id, actor.id, given.type, given.caption, location, tagged, *flags, clock.now())
    await _attach_media(tx, actor, post_id, given.media)
    await _name(tx, actor, post_id, given.caption)
    await publish(tx, PostCreated(author_id=actor.id, post_id=post_id, revision=1))
    return post_id


async def _attach_media(tx: Tx, actor: Actor, post_id: int, given: Sequence[rules.MediaGiven]) -> None:
    if not given:
        return
    media_ids = [ids.parse(one.media_id) for one in given]
    claimed = {row["id"]: row for row in await media.claim(tx, actor.id, post_id, media_ids)}
    texts = [
        claimed[one]["alt_text"] if asked.alt_text is None else asked.alt_text
        for one, asked in zip(media_ids, given, strict=True)
    ]
    await tx.run(INSERT_MEDIA, post_id, media_ids, texts)


async def _tagged(tx: Tx, actor: Actor, given: Sequence[rules.TagGiven]) -> list[dict[str, Any]]:
    """The tags as they are stored, without people who may not be named."""
    places = [(ids.parse(one.user_id), one) for one in given]
    unnamed = await graph.among_blocked(tx, actor.id, [user_id for user_id, _ in places])
    return [
        {"user_id": str(user_id), "x": one.x, "y": one.y, "n": one.n}
        for user_id, one in places
        if user_id not in unnamed
    ]


async def _name(tx: Tx, actor: Actor, post_id: int, caption: str) -> None:
    """What the caption names: hashtags, and people who exist and have no block between them and the author."""
    await tx.run(INSERT_HASHTAGS, post_id, rules.hashtags(caption))
    people = set((await accounts.ids_by_username(tx, rules.mentions(caption))).values())
    people -= await graph.among_blocked(tx, actor.id, people)
    await tx.run(INSERT_MENTIONS, post_id, sorted(people))


async def approve(tx: Tx, post_id: int, revision: int, decision: dict[str, Any]) -> None:
    """Moderation lets this revision pass: it is published as soon as its media are ready."""
    if await tx.run(APPROVE, post_id, revision, decision):
        await try_publish(tx, post_id)


async def block(tx: Tx, post_id: int, revision: int, code: str, decision: dict[str, Any]) -> None:
    """Moderation stops this revision; its author is told why."""
    author_id = await tx.value(BLOCK, post_id, revision, code, decision)
    if author_id is not None:
        await publish(tx, PostBlocked(author_id=author_id, post_id=post_id))


async def try_publish(tx: Tx, post_id: int) -> bool:
    """Make a post visible if it is approved and all its media are ready; once, whoever comes last.

    The post is locked first and its media are read afterwards: of two that finish together, the second sees both.
    """
    post = await tx.row(LOCK, post_id)
    if post is None or post["status"] != "processing" or post["deleted_at"] is not None:
        return False
    found = await tx.rows(MEDIA_STATES, post_id)
    if any(one["status"] == "rejected" for one in found):
        await tx.run(FAIL, post_id, "MEDIA_REJECTED")
        await publish(tx, PostFailed(author_id=post["author_id"], post_id=post_id))
        return False
    if post["approved_revision"] is None or any(one["status"] != "ready" for one in found):
        return False
    feed_id = ids.new(post["author_id"])
    await tx.run(PUBLISH, post_id, feed_id, clock.now())
    await _serve_media(tx, post["author_id"], [one["media_id"] for one in found], "published")
    await publish(tx, PostPublished(author_id=post["author_id"], post_id=post_id, feed_id=feed_id))
    return True


async def media_finished(tx: Tx, media_id: int) -> None:
    """A medium is ready or rejected: its post may be publishable now, or never."""
    post_id = await tx.value(POST_OF_MEDIA, media_id)
    if post_id is not None:
        await try_publish(tx, post_id)


async def delete(tx: Tx, actor: Actor, post_id: int) -> None:
    """Take a post out of every read, at once. Rows and files go after a day."""
    post = await _lock_own(tx, actor, post_id)
    if post["deleted_at"] is not None:
        raise rules.PostNotFound
    await tx.run(DELETE, post_id, actor.id, clock.now())
    await _serve_media(tx, post["author_id"], await _media_ids(tx, post_id), "deleted")
    await publish(tx, PostDeleted(author_id=post["author_id"], post_id=post_id))
    await enqueue(tx, "posts.purge", {"post_id": post_id}, delay=rules.PURGE_AFTER)


async def restore(tx: Tx, actor: Actor, post_id: int) -> None:
    """Take a deletion back, within 30 s and by who deleted."""
    post = await _lock_own(tx, actor, post_id)
    if post["deleted_at"] is None:
        return
    if post["deleted_by"] != actor.id or clock.now() - post["deleted_at"] > rules.UNDO:
        raise rules.NotRestorable
    await tx.run(RESTORE, post_id)
    await _serve_media(tx, post["author_id"], await _media_ids(tx, post_id), post["status"])
    await publish(tx, PostRestored(author_id=post["author_id"], post_id=post_id))
    await try_publish(tx, post_id)


async def remove(tx: Tx, actor: Actor, post_id: int) -> None:
    """A moderator takes a post out of view; its author keeps seeing it, with the reason."""
    if not actor.is_moderator:
        raise Forbidden
    post = await tx.row(LOCK, post_id)
    if post is None or post["deleted_at"] is not None:
        raise rules.PostNotFound
    if post["status"] == "removed":
        return
    await tx.run(REMOVE, post_id)
    await _serve_media(tx, post["author_id"], await _media_ids(tx, post_id), "removed")
    await audit(tx, "post.removed", f"post {post_id}", {"author": str(post["author_id"])})
    await publish(tx, PostRemoved(author_id=post["author_id"], post_id=post_id))


async def set_delivery(tx: Tx, post_ids: Sequence[int], author_ids: Sequence[int], mode: str) -> None:
    """How these posts reach followers, and how their authors' posts do from here on: in their fan-out's transaction.

    A post's delivery never changes afterwards, whatever becomes of its author's mode.
    """
    await tx.run(SET_DELIVERY, list(post_ids), mode)
    await tx.run(SET_MODE, sorted(set(author_ids)), mode, mode == "pull" and bool(post_ids))


async def mend_delivery(tx: Tx, author_ids: Sequence[int]) -> None:
    """Record of these authors that they have posts to be pulled, if so."""
    await tx.run(MEND_DELIVERY, list(author_ids))


async def lock_visible(tx: Tx, actor: Actor, post_id: int) -> asyncpg.Record:
    """The post, kept from being deleted until this transaction ends.

    Raises PostNotFound also where the actor may not see it, so that its existence stays private.
    """
    row = await tx.row(LOCK_VISIBLE, post_id, actor.id)
    if row is None:
        raise rules.PostNotFound
    follows = row["is_private"] and await graph.is_following(tx, actor.id, row["author_id"])
    if not rules.visible(
        viewer_id=actor.id,
        author_id=row["author_id"],
        status=row["status"],
        author_live=row["author_status"] == "active",
        author_private=row["is_private"],
        follows=follows,
        blocked=row["blocked"],
    ):
        raise rules.PostNotFound
    return row


async def count(tx: Tx, post_ids: Sequence[int]) -> None:
    """Bring post counts of accounts up to what the rows say; twice is once."""
    await tx.run(COUNT, sorted(set(post_ids)))


async def lock_deleted(tx: Tx, post_id: int) -> bool:
    """Whether the post is deleted; if so it stays so, and is there, until this transaction ends."""
    post = await tx.row(LOCK, post_id)
    return post is not None and post["deleted_at"] is not None


async def purge(tx: Tx, post_id: int) -> None:
    """Delete the rows of a post whose deletion is final, and hand its files over to be deleted."""
    await count(tx, [post_id])
    await media.mark_purge(tx, await _media_ids(tx, post_id))
    for statement in PURGE:
        await tx.run(statement, post_id)


async def recount(tx: Tx, account_id: int) -> None:
    """Set an account's stored number of posts to what its rows have been counted as; locked first, read afterwards."""
    await tx.run(LOCK_COUNTS, account_id)
    await tx.run(RECOUNT, account_id)


async def forget_place(tx: Tx, post_id: int, n: int) -> None:
    """Drop a place for a medium that has lost its post or its medium."""
    await tx.run(FORGET_PLACE, post_id, n)


async def _lock_own(tx: Tx, actor: Actor, post_id: int) -> asyncpg.Record:
    row = await tx.row(LOCK, post_id)
    if row is None:
        raise rules.PostNotFound
    if row["author_id"] != actor.id:
        viewable = await reads.find_visible(tx, actor.id, post_id)
        raise Forbidden if viewable is not None else rules.PostNotFound
    return row


async def _media_ids(tx: Tx, post_id: int) -> list[int]:
    return [row["media_id"] for row in await tx.rows(MEDIA_STATES, post_id)]


async def _serve_media(tx: Tx, author_id: int, media_ids: list[int], status: str) -> None:
    """Who the origin serves a post's files to: everyone once published, nobody once deleted, else its owner."""
    if not media_ids:
        return
    is_private = await tx.value(LOCK_PRIVACY, author_id)
    shown: media.Servable = "owner" if is_private is None else "signed" if is_private else "public"
    to: dict[str, media.Servable] = {"published": shown, "deleted": "none"}
    await media.set_servable(tx, media_ids, to.get(status, "owner"))


LOCK_PRIVACY = """
-- posts: whether the author is private, held until this commits: a switch comes before all of it or after
select is_private from accounts where id = $1 and deleted_at is null and status = 'active' for share
"""

INSERT = """
-- posts: a new post
insert into posts (id, author_id, type, caption, location, tagged, comments_enabled, download_allowed, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

INSERT_MEDIA = """
-- posts: its pictures, in order
insert into post_media (post_id, n, media_id, alt_text)
select $1, n, media_id, alt_text from unnest($2::bigint[], $3::text[]) with ordinality as m (media_id, alt_text, n)
"""

INSERT_HASHTAGS = """
-- posts: the hashtags of its caption
insert into post_hashtags (post_id, tag) select $1, unnest($2::text[]) on conflict do nothing
"""

INSERT_MENTIONS = """
-- posts: the people of its caption
insert into post_mentions (post_id, account_id) select $1, unnest($2::bigint[]) on conflict do nothing
"""

LOCK = """
-- posts: one post, locked
select id, author_id, status, feed_id, revision, approved_revision, deleted_at, deleted_by
from posts where id = $1 for update
"""

LOCK_VISIBLE = """
-- posts: one post with its author, kept from being deleted
select p.id, p.author_id, p.status, p.comments_enabled, a.is_private, a.status as author_status,
  is_blocked($2, p.author_id) as blocked
from live_posts p join accounts a on a.id = p.author_id and a.deleted_at is null
where p.id = $1 for share of p
"""

MEDIA_STATES = """
-- posts: the media of a post and how far they are
select pm.media_id, m.status from post_media pm join media m on m.id = pm.media_id where pm.post_id = $1 order by pm.n
"""

POST_OF_MEDIA = """
-- posts: which post uses a medium
select post_id from post_media where media_id = $1
"""

APPROVE = """
-- posts: moderation lets a revision pass
update posts set approved_revision = $2, decision = $3
where id = $1 and revision = $2 and coalesce(approved_revision, 0) < $2 and status = 'processing'
"""

BLOCK = """
-- posts: moderation stops a revision
update posts set status = 'blocked', problem = $3, decision = $4
where id = $1 and revision = $2 and status = 'processing' returning author_id
"""

FAIL = """
-- posts: it will never be published
update posts set status = 'failed', problem = $2 where id = $1
"""

PUBLISH = """
-- posts: visible from here on
update posts set status = 'published', problem = null, feed_id = coalesce(feed_id, $2), published_at = $3 where id = $1
"""

DELETE = """
-- posts: gone from every read
update posts set deleted_at = $3, deleted_by = $2 where id = $1
"""

RESTORE = """
-- posts: a deletion taken back
update posts set deleted_at = null, deleted_by = null where id = $1
"""

REMOVE = """
-- posts: taken out of view by a moderator
update posts set status = 'removed', problem = 'REMOVED' where id = $1
"""

SET_DELIVERY = """
-- posts: how posts reach followers
update posts set delivery = $2 where id = any($1::bigint[]) and delivery is null
"""

SET_MODE = """
-- posts: how the posts of some authors reach followers from here on
insert into author_delivery as d (author_id, mode, has_pull) select unnest($1::bigint[]), $2, $3
on conflict (author_id) do update set mode = excluded.mode, has_pull = d.has_pull or excluded.has_pull
where d.mode <> excluded.mode or d.has_pull < excluded.has_pull
"""

MEND_DELIVERY = """
-- posts: who has posts to be pulled
insert into author_delivery (author_id, mode, has_pull)
select distinct one, 'push', true from unnest($1::bigint[]) as one
where exists (select from posts where author_id = one and delivery = 'pull')
on conflict (author_id) do update set has_pull = true
"""

COUNT = """
-- posts: apply to the counts of accounts what the rows say and the counts do not hold
with changed as (
  update posts p set counted = (p.status = 'published' and p.deleted_at is null) where p.id = any($1::bigint[])
    and p.counted <> (p.status = 'published' and p.deleted_at is null)
  returning p.author_id, case when new.counted then 1 else -1 end as step
), deltas as (
  select author_id, sum(step)::int as posts from changed group by author_id having sum(step) <> 0 order by author_id
)
insert into account_counts as c (account_id, posts) select author_id, posts from deltas
on conflict (account_id) do update set posts = c.posts + excluded.posts
"""

PURGE = [
    "-- posts: purge its mentions\ndelete from post_mentions where post_id = $1",
    "-- posts: purge its hashtags\ndelete from post_hashtags where post_id = $1",
    "-- posts: purge its places for media\ndelete from post_media where post_id = $1",
    "-- posts: purge the post\ndelete from posts where id = $1",
]

LOCK_COUNTS = """
-- posts: the counts of an account, there and locked
insert into account_counts (account_id) values ($1)
on conflict (account_id) do update set posts = account_counts.posts
"""

RECOUNT = """
-- posts: the number of an account's posts from its rows
update account_counts set posts = (select count(*) from posts where author_id = $1 and feed_id is not null and counted)
where account_id = $1
"""

FORGET_PLACE = """
-- posts: a place for a medium that lost one of the two
delete from post_media pm where post_id = $1 and n = $2::int
  and not exists (select from posts p join media m on m.id = pm.media_id where p.id = pm.post_id)
"""
