"""New posts: written, or imported from elsewhere."""

from datetime import datetime, timedelta

from tintype.domains.media import actions as media
from tintype.domains.posts import rules
from tintype.domains.posts.actions.naming import name, tags
from tintype.domains.posts.actions.publishing import mend_delivery, try_publish
from tintype.domains.posts.events import PostCreated
from tintype.platform import clock, ids
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import Invalid
from tintype.platform.event_log.port import publish


async def create(tx: Tx, actor: Actor, given: rules.NewPost) -> int:
    """Store a post with its own, unused media. Its author sees it at once, others when `try_publish` succeeds."""
    post_id = ids.new(actor.id)
    await _store(tx, actor, post_id, rules.checked(given), clock.now())
    await publish(tx, PostCreated(author_id=actor.id, post_id=post_id, revision=1))
    return post_id


async def import_post(tx: Tx, actor: Actor, given: rules.NewPost, at: datetime) -> int:
    """Store a post of the past, approved, in its place by date; it is visible as soon as its media are ready.

    It is pulled by readers, as nobody's timeline waits for it.
    """
    at = min(at, clock.now())
    post_id = await _past_id(tx, actor.id, at)
    await _store(tx, actor, post_id, rules.checked(given), at)
    await tx.run(IMPORTED, post_id)
    await mend_delivery(tx, [actor.id])
    await try_publish(tx, post_id)
    return post_id


async def _past_id(tx: Tx, author_id: int, at: datetime) -> int:
    """An id of that millisecond, or of the next that has one left."""
    while True:
        found: int | None = await tx.value(UNUSED, ids.of_the_past(author_id, at))
        if found is not None:
            return found
        at += timedelta(milliseconds=1)


async def _store(tx: Tx, actor: Actor, post_id: int, given: rules.NewPost, at: datetime) -> None:
    tagged = await tags(tx, actor, given.tagged)
    switches = [getattr(given, name) for name in rules.SWITCHES]
    await tx.run(INSERT, post_id, actor.id, given.type, given.caption, given.location, tagged, at, *switches)
    await _attach_media(tx, actor, post_id, given)
    await name(tx, actor.id, post_id, given.caption)


async def _attach_media(tx: Tx, actor: Actor, post_id: int, given: rules.NewPost) -> None:
    if not given.media:
        return
    media_ids = [ids.parse(one.media_id) for one in given.media]
    claimed = {row["id"]: row for row in await media.claim(tx, actor.id, post_id, media_ids)}
    if any(row["kind"] != given.type for row in claimed.values()):
        raise Invalid.fields(media=rules.PICTURES_ONLY() if given.type == "IMAGE" else rules.ONE_VIDEO())
    texts = [
        claimed[one]["alt_text"] if asked.alt_text is None else asked.alt_text
        for one, asked in zip(media_ids, given.media, strict=True)
    ]
    await tx.run(INSERT_MEDIA, post_id, media_ids, texts)


INSERT = """
-- posts: a new post
insert into posts (id, author_id, type, caption, location, tagged, created_at, comments_enabled, download_allowed,
  hide_like_counts, comments_from, show_taken_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""

INSERT_MEDIA = """
-- posts: its pictures, in order
insert into post_media (post_id, n, media_id, alt_text)
select $1, n, media_id, alt_text from unnest($2::bigint[], $3::text[]) with ordinality as m (media_id, alt_text, n)
"""

UNUSED = """
-- posts: the first of these ids that no post has
select id from unnest($1::bigint[]) as one (id) where not exists (select from posts where posts.id = one.id)
order by id limit 1
"""

IMPORTED = """
-- posts: a post of the past has its place by its own id, and is pulled
update posts set feed_id = id, delivery = 'pull', approved_revision = revision where id = $1
"""
