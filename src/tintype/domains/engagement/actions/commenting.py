"""Comments: written, edited, deleted and brought back."""

from tintype.domains.engagement import rules
from tintype.domains.engagement.actions.visibility import visible_comment
from tintype.domains.engagement.events import CommentChanged, CommentEdited
from tintype.domains.graph import reads as graph
from tintype.domains.posts import actions as posts
from tintype.platform import clock, ids, textpolicy
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import Forbidden
from tintype.platform.event_log.port import publish
from tintype.platform.text import clean


async def comment(tx: Tx, actor: Actor, post_id: int, text: str, parent_id: int | None = None) -> int:
    """Write a comment, or a reply; a reply to a reply goes under the same top comment."""
    text = clean(text, "text", rules.COMMENT, least=1)
    textpolicy.check(text, "text")
    post = await posts.lock_visible(tx, actor, post_id)
    if not post["comments_enabled"] and actor.id != post["author_id"]:
        raise rules.CommentsOff
    if not await _may_comment(tx, actor.id, post["author_id"], post["comments_from"]):
        raise rules.CommentsRestricted
    if parent_id is not None:
        parent = await tx.row(LOCK_PARENT, post_id, parent_id, actor.id)
        if parent is None:
            raise rules.ParentElsewhere
        parent_id = parent["parent_id"] or parent["id"]
    comment_id = ids.new(post["author_id"])
    await tx.run(INSERT, post_id, comment_id, parent_id, actor.id, text, clock.now())
    await publish(tx, CommentChanged(post_id=post_id, comment_id=comment_id))
    return comment_id


async def _may_comment(tx: Tx, actor_id: int, author_id: int, comments_from: str) -> bool:
    """Whether the author takes comments from this account."""
    if comments_from == "EVERYONE" or actor_id == author_id:
        return True
    if comments_from == "FOLLOWERS":
        return await graph.is_following(tx, actor_id, author_id)
    return await graph.is_following(tx, author_id, actor_id)


async def delete_comment(tx: Tx, actor: Actor, comment_id: int) -> None:
    """Delete one's own comment or any under one's own post; its replies go with it."""
    found = await visible_comment(tx, actor, comment_id)
    post = await posts.lock_visible(tx, actor, found.post_id)
    if not rules.may_delete(actor.id, comment_author=found.author_id, post_author=post["author_id"]):
        raise Forbidden
    await tx.run(LOCK_COMMENT, found.post_id, comment_id)
    if await tx.run(DELETE, found.post_id, comment_id, actor.id, clock.now()):
        await publish(tx, CommentChanged(post_id=found.post_id, comment_id=comment_id, deleted=True))


async def edit_comment(tx: Tx, actor: Actor, comment_id: int, text: str) -> None:
    """Change the words of one's own comment, which shows that it was edited. The same words change nothing."""
    text = clean(text, "text", rules.COMMENT, least=1)
    textpolicy.check(text, "text")
    found = await visible_comment(tx, actor, comment_id)
    if found.author_id != actor.id:
        raise Forbidden
    if await tx.run(EDIT, found.post_id, comment_id, text, clock.now()):
        await publish(tx, CommentEdited(post_id=found.post_id, comment_id=comment_id))


async def restore_comment(tx: Tx, actor: Actor, comment_id: int) -> None:
    """Take a deletion back, within 30 s and by who deleted; the replies that went with it come back too."""
    post_id: int | None = await tx.value(POST_OF, comment_id)
    if post_id is None:
        raise rules.CommentNotFound
    await posts.lock_visible(tx, actor, post_id)
    row = await tx.row(LOCK_DELETED, post_id, comment_id)
    if row is None or await graph.is_blocked(tx, actor.id, row["author_id"]):
        raise rules.CommentNotFound
    if row["deleted_at"] is None:
        return
    if row["deleted_by"] != actor.id or clock.now() - row["deleted_at"] > rules.UNDO or row["top_gone"]:
        raise rules.CommentNotRestorable
    await tx.run(RESTORE, post_id, comment_id, row["deleted_at"])
    await publish(tx, CommentChanged(post_id=post_id, comment_id=comment_id))


LOCK_PARENT = """
-- engagement: the comment to reply to, and the one above it: both there, and not blocked from who replies
select c.id, c.parent_id from live_comments c left join live_comments top on top.id = c.parent_id
where c.post_id = $1 and c.id = $2 and not is_blocked($3, c.author_id) and not is_blocked($3, top.author_id)
limit 1 for share of c
"""

INSERT = """
-- engagement: a new comment
insert into comments (post_id, id, parent_id, author_id, text, created_at) values ($1, $2, $3, $4, $5, $6)
"""

LOCK_COMMENT = """
-- engagement: a comment before it is deleted, so that the replies that are being written are seen afterwards
select from comments where post_id = $1 and id = $2 for update
"""

DELETE = """
-- engagement: delete a comment with its replies
update comments set deleted_at = $4, deleted_by = $3
where post_id = $1 and (id = $2 or parent_id = $2) and deleted_at is null
"""

EDIT = """
-- engagement: other words
update comments set text = $3, edited_at = $4 where post_id = $1 and id = $2 and deleted_at is null and text <> $3
"""

POST_OF = """
-- engagement: which post a comment is of, deleted or not
select post_id from comments where id = $1 limit 1
"""

LOCK_DELETED = """
-- engagement: a comment before it comes back
select c.author_id, c.deleted_at, c.deleted_by, top.deleted_at is not null as top_gone
from comments c left join comments top on top.post_id = c.post_id and top.id = c.parent_id
where c.post_id = $1 and c.id = $2 for update of c
"""

RESTORE = """
-- engagement: a comment comes back, with the replies that went with it
update comments set deleted_at = null, deleted_by = null
where post_id = $1 and (id = $2 or parent_id = $2) and deleted_at = $3
"""
