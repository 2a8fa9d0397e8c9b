"""Forgetting an account: its posts, what it kept of others', and where others name it."""

from tintype.domains.posts.actions.publishing import media_ids, serve_media
from tintype.domains.posts.events import PostDeleted
from tintype.platform import clock
from tintype.platform.db import Reader, Tx
from tintype.platform.event_log.port import publish
from tintype.platform.jobs.port import enqueue

ERASES = frozenset(
    {"posts", "author_delivery", "post_media", "post_hashtags", "hashtag_counts", "post_mentions", "post_pins", "saves"}
)
BATCH = 100


async def erase(tx: Tx, account_id: int) -> int:
    """Delete a batch of an account's posts, for good as soon as the queue comes to it; returns how many are left."""
    for row in await tx.rows(DELETE, account_id, clock.now(), BATCH):
        await serve_media(tx, account_id, await media_ids(tx, row["id"]), "deleted")
        await publish(tx, PostDeleted(author_id=account_id, post_id=row["id"]))
    for row in await tx.rows(DELETED, account_id, BATCH):
        await enqueue(tx, "posts.purge", {"post_id": row["id"]})
    left: int = await tx.value(LEFT, account_id)
    if not left:
        for statement in FORGET:
            await tx.run(statement, account_id)
        await tx.run(UNTAG, str(account_id), [{"user_id": str(account_id)}])
    return left


async def ownerless(r: Reader, after: int, limit: int) -> list[int]:
    """Accounts that are gone and of which there are rows here, in order."""
    return [row["id"] for row in await r.rows(OWNERLESS, after, limit)]


DELETE = """
-- posts: erase: gone from every read
update posts set deleted_at = $2, deleted_by = $1 where id in (
  select id from posts where author_id = $1 and deleted_at is null order by id limit $3)
returning id
"""

DELETED = """
-- posts: erase: what is to be purged
select id from posts where author_id = $1 and deleted_at is not null order by id limit $2
"""

LEFT = """
-- posts: erase: what is left of an account
select count(*) from posts where author_id = $1
"""

FORGET = [
    "-- posts: erase pins\ndelete from post_pins where author_id = $1",
    "-- posts: erase what was saved\ndelete from saves where user_id = $1",
    "-- posts: erase where others name somebody\ndelete from post_mentions where account_id = $1",
    "-- posts: erase how posts were delivered\ndelete from author_delivery where author_id = $1",
]

UNTAG = """
-- posts: erase: pictures of others do not say that somebody is in them
update posts set tagged = (
  select coalesce(jsonb_agg(tag), '[]') from jsonb_array_elements(tagged) as tag where tag->>'user_id' <> $1)
where tagged @> $2
"""

OWNERLESS = """
-- posts: what is left of accounts that are gone
select distinct id from (
  select author_id as id from posts
  union all select author_id as id from post_pins
  union all select user_id as id from saves
  union all select account_id as id from post_mentions
  union all select author_id as id from author_delivery
) named
where id > $1 and not exists (select from accounts a where a.id = named.id) order by id limit $2
"""
