"""Numbers of posts, and what is left of purged ones."""

from collections.abc import Sequence

from tintype.platform.db import Tx


async def count(tx: Tx, post_ids: Sequence[int]) -> None:
    """Bring post counts of accounts up to what the rows say; twice is once."""
    await tx.run(COUNT, sorted(set(post_ids)))


async def recount(tx: Tx, account_id: int) -> None:
    """Set an account's stored number of posts to what its rows have been counted as; locked first, read afterwards."""
    await tx.run(LOCK_COUNTS, account_id)
    await tx.run(RECOUNT, account_id)


async def forget_place(tx: Tx, post_id: int, n: int) -> None:
    """Drop a place for a medium that has lost its post or its medium."""
    await tx.run(FORGET_PLACE, post_id, n)


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
