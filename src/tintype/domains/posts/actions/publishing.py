"""What makes a post visible, and to whom. `try_publish` alone makes it so."""

from collections.abc import Sequence
from typing import Any

from tintype.domains.media import actions as media
from tintype.domains.posts.actions.locks import LOCK
from tintype.domains.posts.actions.naming import name
from tintype.domains.posts.events import PostBlocked, PostEdited, PostEditRefused, PostFailed, PostPublished
from tintype.platform import clock, ids
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish


async def approve(tx: Tx, post_id: int, revision: int, decision: dict[str, Any]) -> None:
    """Moderation lets this revision pass: it is published as soon as its media are ready.

    An edit of what was approved before takes its place now.
    """
    post = await tx.row(APPROVE, post_id, revision, decision)
    if post is None:
        return
    if post["pending"] is not None:
        await tx.run(APPLY_ALT_TEXTS, post_id, post["pending"].get("alt_texts", {}))
        await name(tx, post["author_id"], post_id, post["caption"])
        await publish(tx, PostEdited(author_id=post["author_id"], post_id=post_id))
    await try_publish(tx, post_id)


async def block(tx: Tx, post_id: int, revision: int, code: str, decision: dict[str, Any]) -> None:
    """Moderation stops this revision; its author is told why. What was approved before stays as it is."""
    refused = await tx.value(REFUSE_EDIT, post_id, revision, code, decision)
    if refused is not None:
        await publish(tx, PostEditRefused(author_id=refused, post_id=post_id))
        return
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
    feed_id = await tx.value(PUBLISH, post_id, ids.new(post["author_id"]), clock.now())
    await serve_media(tx, post["author_id"], [one["media_id"] for one in found], "published")
    await publish(tx, PostPublished(author_id=post["author_id"], post_id=post_id, feed_id=feed_id))
    return True


async def media_finished(tx: Tx, media_id: int) -> None:
    """A medium is ready or rejected: its post may be publishable now, or never."""
    post_id = await tx.value(POST_OF_MEDIA, media_id)
    if post_id is not None:
        await try_publish(tx, post_id)


async def set_delivery(tx: Tx, post_ids: Sequence[int], author_ids: Sequence[int], mode: str) -> None:
    """How these posts reach followers, and how their authors' posts do from here on: in their fan-out's transaction.

    A post's delivery never changes afterwards, whatever becomes of its author's mode.
    """
    await tx.run(SET_DELIVERY, list(post_ids), mode)
    if author_ids:
        await tx.run(SET_MODE, sorted(set(author_ids)), mode, mode == "pull" and bool(post_ids))


async def mend_delivery(tx: Tx, author_ids: Sequence[int]) -> None:
    """Record of these authors that they have posts to be pulled, if so."""
    await tx.run(MEND_DELIVERY, list(author_ids))


async def media_ids(tx: Tx, post_id: int) -> list[int]:
    """The media of a post, in order."""
    return [row["media_id"] for row in await tx.rows(MEDIA_STATES, post_id)]


async def serve_media(tx: Tx, author_id: int, media_ids: list[int], status: str) -> None:
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
update posts set approved_revision = $2, decision = $3, pending = null,
  caption = coalesce(pending->>'caption', caption), location = coalesce(pending->'location', location),
  edited_at = coalesce((pending->>'at')::timestamptz, edited_at)
where id = $1 and revision = $2 and coalesce(approved_revision, 0) < $2
  and status in ('processing', 'published', 'archived')
returning author_id, new.caption, old.pending
"""

APPLY_ALT_TEXTS = """
-- posts: alternative texts as they were approved
update post_media pm set alt_text = given.value from jsonb_each_text($2) as given
where pm.post_id = $1 and pm.media_id = given.key::bigint
"""

REFUSE_EDIT = """
-- posts: moderation stops an edit
update posts set pending = pending || jsonb_build_object('problem', $3::text), decision = $4
where id = $1 and revision = $2 and pending is not null and status in ('processing', 'published', 'archived')
returning author_id
"""

BLOCK = """
-- posts: moderation stops a revision
update posts set status = case status when 'archived' then status else 'blocked' end, problem = $3, decision = $4
where id = $1 and revision = $2 and status in ('processing', 'archived') returning author_id
"""

FAIL = """
-- posts: it will never be published
update posts set status = 'failed', problem = $2 where id = $1
"""

PUBLISH = """
-- posts: visible from here on
update posts set status = 'published', problem = null, feed_id = coalesce(feed_id, $2), published_at = $3
where id = $1 returning feed_id
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
