"""Forgetting an account: what it did to posts of others. What others did to its posts goes with those."""

from tintype.domains.engagement.actions.counting import tell_counts
from tintype.domains.engagement.actions.purging import PURGE_COMMENTS
from tintype.domains.engagement.events import CommentChanged, CommentReactionChanged, ReactionChanged
from tintype.platform import clock
from tintype.platform.db import Reader, Tx
from tintype.platform.event_log.port import publish

ERASES = frozenset({"post_counts", "reactions", "comments", "shares", "comment_counts", "comment_reactions"})
BATCH = 1_000


async def erase(tx: Tx, account_id: int) -> int:
    """Take back a batch of what an account did, and delete what no count holds any more; returns how much is left.

    The counts of others follow by the log, which drops the rows of reactions itself.
    """
    for row in await tx.rows(UNSET_REACTIONS, account_id, BATCH):
        fact = ReactionChanged(post_id=row["post_id"], user_id=account_id, reaction=None, before=row["before"])
        await publish(tx, fact)
    for row in await tx.rows(UNSET_COMMENT_REACTIONS, account_id, BATCH):
        on = {"post_id": row["post_id"], "comment_id": row["comment_id"]}
        await publish(tx, CommentReactionChanged(user_id=account_id, reaction=None, **on))
    for row in await tx.rows(DELETE_COMMENTS, account_id, clock.now(), BATCH):
        await publish(tx, CommentChanged(post_id=row["post_id"], comment_id=row["id"], deleted=True))
    gone = [row["id"] for row in await tx.rows(UNCOUNTED_COMMENTS, account_id, BATCH)]
    for statement in PURGE_COMMENTS if gone else ():
        await tx.run(statement, gone)
    shared = await tx.rows(DELETE_SHARES, account_id, BATCH)
    await tell_counts(tx, {row["post_id"] for row in shared})
    left: int = await tx.value(LEFT, account_id)
    return left


async def ownerless(r: Reader, after: int, limit: int) -> list[int]:
    """Accounts that are gone and of which there are rows here, in order."""
    return [row["id"] for row in await r.rows(OWNERLESS, after, limit)]


UNSET_REACTIONS = """
-- engagement: erase: reactions are taken back; their rows stay until they are uncounted
update reactions set reaction = null where user_id = $1 and post_id in (
  select post_id from reactions where user_id = $1 and reaction is not null limit $2)
returning post_id, old.reaction as before
"""

UNSET_COMMENT_REACTIONS = """
-- engagement: erase: reactions on comments are taken back
update comment_reactions set reaction = null where user_id = $1 and comment_id in (
  select comment_id from comment_reactions where user_id = $1 and reaction is not null limit $2)
returning post_id, comment_id
"""

DELETE_COMMENTS = """
-- engagement: erase: comments are deleted, with their replies
with own as (
  select post_id, id from comments where author_id = $1 and deleted_at is null order by id limit $3
), gone as (
  update comments c set deleted_at = $2, deleted_by = $1 from own
  where c.post_id = own.post_id and (c.id = own.id or c.parent_id = own.id) and c.deleted_at is null
)
select post_id, id from own
"""

UNCOUNTED_COMMENTS = """
-- engagement: erase: deleted comments with their replies, once no count holds them
with own as (
  select post_id, id from comments c where author_id = $1 and deleted_at is not null and not counted
    and not exists (select from comments r where r.post_id = c.post_id and r.parent_id = c.id and r.counted) limit $2
)
select id from own union select r.id from own join comments r on r.post_id = own.post_id and r.parent_id = own.id
"""

DELETE_SHARES = """
-- engagement: erase: shares, and what counts held of them
with gone as (
  delete from shares where user_id = $1 and post_id in (select post_id from shares where user_id = $1 limit $2)
  returning post_id, counted
), less as (
  update post_counts c set shares = c.shares - 1 from gone where gone.counted and c.post_id = gone.post_id
)
select post_id from gone where counted
"""

LEFT = """
-- engagement: erase: what is left of an account
select (select count(*) from reactions where user_id = $1) + (select count(*) from comment_reactions where user_id = $1)
  + (select count(*) from comments where author_id = $1) + (select count(*) from shares where user_id = $1)
"""

OWNERLESS = """
-- engagement: what is left of accounts that are gone
select distinct id from (
  select user_id as id from reactions
  union all select user_id as id from comment_reactions
  union all select author_id as id from comments
  union all select user_id as id from shares
) named
where id > $1 and not exists (select from accounts a where a.id = named.id) order by id limit $2
"""
