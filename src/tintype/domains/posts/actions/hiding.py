"""Posts taken out of view, by their authors or a moderator, brought back, and purged."""

from tintype.domains.accounts.actions import audit
from tintype.domains.media import actions as media
from tintype.domains.posts import rules
from tintype.domains.posts.actions.counting import count
from tintype.domains.posts.actions.hashtags import count_hashtags
from tintype.domains.posts.actions.locks import LOCK, lock_own, lock_there
from tintype.domains.posts.actions.publishing import media_ids, serve_media, try_publish
from tintype.domains.posts.events import (
    PostArchived,
    PostDeleted,
    PostPurged,
    PostRemoved,
    PostRestored,
    PostUnarchived,
)
from tintype.platform import clock
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import Forbidden
from tintype.platform.event_log.port import publish
from tintype.platform.jobs.port import enqueue


async def delete(tx: Tx, actor: Actor, post_id: int) -> None:
    """Take a post out of every read, at once. Rows and files go after a day."""
    post = await lock_own(tx, actor, post_id)
    if post["deleted_at"] is not None:
        raise rules.PostNotFound
    await tx.run(DELETE, post_id, actor.id, clock.now())
    await serve_media(tx, post["author_id"], await media_ids(tx, post_id), "deleted")
    await publish(tx, PostDeleted(author_id=post["author_id"], post_id=post_id))
    await enqueue(tx, "posts.purge", {"post_id": post_id}, delay=rules.PURGE_AFTER)


async def delete_again(tx: Tx, post_id: int) -> bool:
    """A deletion that a restored backup has undone. False where there is nothing to delete."""
    post = await tx.row(LOCK, post_id)
    if post is None or post["deleted_at"] is not None:
        return False
    await delete(tx, Actor(id=post["author_id"]), post_id)
    return True


async def restore(tx: Tx, actor: Actor, post_id: int) -> None:
    """Take a deletion back, within 30 s and by who deleted."""
    post = await lock_own(tx, actor, post_id)
    if post["deleted_at"] is None:
        return
    if post["deleted_by"] != actor.id or clock.now() - post["deleted_at"] > rules.UNDO:
        raise rules.NotRestorable
    await tx.run(RESTORE, post_id)
    await serve_media(tx, post["author_id"], await media_ids(tx, post_id), post["status"])
    await publish(tx, PostRestored(author_id=post["author_id"], post_id=post_id))
    await try_publish(tx, post_id)


async def archive(tx: Tx, actor: Actor, post_id: int) -> None:
    """Put a post away, in whatever state it is: only its author sees it from here on. Twice is once."""
    post = await lock_there(tx, actor, post_id)
    if post["status"] == "archived":
        return
    await tx.run(SET_STATUS, post_id, "archived")
    await serve_media(tx, post["author_id"], await media_ids(tx, post_id), "archived")
    await publish(tx, PostArchived(author_id=post["author_id"], post_id=post_id))


async def unarchive(tx: Tx, actor: Actor, post_id: int) -> None:
    """Bring a post back to where it was; what was never published is published now, if it can be. Twice is once."""
    post = await lock_there(tx, actor, post_id)
    if post["status"] != "archived":
        return
    status = rules.before_archive(post["problem"], was_published=post["published_at"] is not None)
    await tx.run(SET_STATUS, post_id, status)
    await serve_media(tx, post["author_id"], await media_ids(tx, post_id), status)
    await publish(tx, PostUnarchived(author_id=post["author_id"], post_id=post_id))
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
    await serve_media(tx, post["author_id"], await media_ids(tx, post_id), "removed")
    await audit(tx, "post.removed", f"post {post_id}", {"author": str(post["author_id"])})
    await publish(tx, PostRemoved(author_id=post["author_id"], post_id=post_id))


async def purge(tx: Tx, post_id: int) -> None:
    """Delete the rows of a post whose deletion is final, and hand its files over to be deleted."""
    await count(tx, [post_id])
    await count_hashtags(tx, [post_id])
    await media.mark_purge(tx, await media_ids(tx, post_id))
    author_id = await tx.value(AUTHOR, post_id)
    for statement in PURGE:
        await tx.run(statement, post_id)
    await publish(tx, PostPurged(author_id=author_id, post_id=post_id))


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

SET_STATUS = """
-- posts: put away, or brought back
update posts set status = $2 where id = $1
"""

AUTHOR = """
-- posts: whose post it is
select author_id from posts where id = $1
"""

PURGE = [
    "-- posts: purge its mentions\ndelete from post_mentions where post_id = $1",
    "-- posts: purge its hashtags\ndelete from post_hashtags where post_id = $1",
    "-- posts: purge its pin\ndelete from post_pins where post_id = $1",
    "-- posts: purge who saved it\ndelete from saves where post_id = $1",
    "-- posts: purge its places for media\ndelete from post_media where post_id = $1",
    "-- posts: purge the post\ndelete from posts where id = $1",
]
