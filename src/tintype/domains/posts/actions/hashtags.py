"""The hashtags of posts, and how many posts each has. One that an edit takes out stays until it is uncounted."""

from collections.abc import Sequence

from tintype.platform.db import Tx

LOCK_KEY = 0x7119_0000_0000  # an advisory lock: who counts hashtags reads what the one before has written


async def name_hashtags(tx: Tx, post_id: int, tags: Sequence[str]) -> None:
    """Let a post have these hashtags and no others. Counts follow by the log."""
    await tx.run(TAKE_OUT, post_id, list(tags))
    await tx.run(PUT_IN, post_id, list(tags))


async def count_hashtags(tx: Tx, post_ids: Sequence[int]) -> None:
    """Bring the counts of the hashtags of these posts up to what the rows say; twice is once."""
    await tx.value(HOLD, LOCK_KEY)
    await tx.run(COUNT, sorted(set(post_ids)))
    await tx.run(DROP_GONE, list(post_ids))


async def count_hashtags_of(tx: Tx, author_ids: Sequence[int]) -> None:
    """The same for all posts of some authors, who became private, or public, or were suspended."""
    post_ids = [row["id"] for row in await tx.rows(POSTS_OF, list(author_ids))]
    if post_ids:
        await count_hashtags(tx, post_ids)


async def recount_hashtag(tx: Tx, tag: str) -> None:
    """Set the stored number of a hashtag to what its rows have been counted as."""
    await tx.value(HOLD, LOCK_KEY)
    await tx.run(RECOUNT, tag)


TAKE_OUT = """
-- posts: hashtags that the caption no longer names
update post_hashtags set gone = true where post_id = $1 and tag <> all($2::text[]) and not gone
"""

PUT_IN = """
-- posts: the hashtags of its caption
insert into post_hashtags as h (post_id, tag) select $1, unnest($2::text[])
on conflict (post_id, tag) do update set gone = false where h.gone
"""

HOLD = """
-- posts: one at a time, until the transaction ends
select pg_advisory_xact_lock($1)
"""

COUNT = """
-- posts: apply to the counts of hashtags what the rows say and the counts do not hold
with changed as (
  update post_hashtags h set counted = s.shown and not h.gone, feed_id = s.feed_id
  from (
    select p.id, p.feed_id, p.status = 'published' and p.deleted_at is null and a.id is not null as shown
    from posts p left join live_accounts a on a.id = p.author_id and not a.is_private
    where p.id = any($1::bigint[])
  ) s
  where h.post_id = s.id
    and (h.counted <> (s.shown and not h.gone) or (h.counted and h.feed_id is distinct from s.feed_id))
  returning h.tag, new.counted::int - old.counted::int as step
), deltas as (
  select tag, sum(step)::int as posts from changed group by tag having sum(step) <> 0 order by tag
)
insert into hashtag_counts as c (tag, posts) select tag, posts from deltas
on conflict (tag) do update set posts = c.posts + excluded.posts
"""

DROP_GONE = """
-- posts: hashtags that were taken out and that no count holds any more
delete from post_hashtags where post_id = any($1::bigint[]) and gone and not counted
"""

POSTS_OF = """
-- posts: posts of some authors that have hashtags
select p.id from posts p
where p.author_id = any($1::bigint[]) and exists (select from post_hashtags where post_id = p.id)
"""

RECOUNT = """
-- posts: the number of a hashtag's posts from its rows
insert into hashtag_counts (tag, posts) select $1, count(*) from post_hashtags where tag = $1 and counted
on conflict (tag) do update set posts = excluded.posts
"""
