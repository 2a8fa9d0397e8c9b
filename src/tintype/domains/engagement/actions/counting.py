"""Counts of likes and comments, by what each row says of whether it is counted."""

from collections.abc import Iterable

from tintype.domains.engagement import reads
from tintype.domains.engagement.events import PostCounted
from tintype.platform.counters.port import counters
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish


async def count_reactions(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """Bring like counts of posts up to what the rows of these (user, post) say; twice is once."""
    users, things = _columns(pairs)
    await tx.run(COUNT_REACTIONS, users, things)
    await tx.run(DROP_REACTIONS, users, things)


async def count_comment_reactions(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """The same for comments: pairs of (user, comment)."""
    users, things = _columns(pairs)
    await tx.run(COUNT_COMMENT_REACTIONS, users, things)
    await tx.run(DROP_COMMENT_REACTIONS, users, things)


async def count_comments(tx: Tx, comment_ids: Iterable[int]) -> None:
    """Bring comment and reply counts up to what these comments and their replies say; twice is once."""
    await tx.run(COUNT_COMMENTS, sorted(set(comment_ids)))


async def tell_counts(tx: Tx, post_ids: Iterable[int]) -> None:
    """Tell the log, and where counts are at hand, what is stored now of these posts.

    The counts are locked, so that what is told last of a post is what was stored last.
    """
    stored = await reads.post_counts(tx, sorted(post_ids), lock=True)
    await counters().write(tx, stored)
    for post_id, now in stored.items():
        await publish(
            tx,
            PostCounted(
                post_id=post_id, likes=now.likes, comments=now.comments, shares=now.shares, reactions=now.reactions
            ),
        )


async def recount_post(tx: Tx, post_id: int) -> None:
    """Set a post's stored counts to what its rows have been counted as.

    The counts are locked first and the rows are read afterwards: what a consumer counts meanwhile is added to this.
    """
    await tx.run(LOCK_POST_COUNTS, post_id)
    await tx.run(RECOUNT_POST, post_id)
    await tell_counts(tx, [post_id])


async def recount_comment(tx: Tx, comment_id: int) -> None:
    """The same for a comment."""
    await tx.run(LOCK_COMMENT_COUNTS, comment_id)
    await tx.run(RECOUNT_COMMENT, comment_id)


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    wanted = sorted(set(pairs))
    return [pair[0] for pair in wanted], [pair[1] for pair in wanted]


async def count_shares(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """The same for shares: pairs of (user, post)."""
    await tx.run(COUNT_SHARES, *_columns(pairs))


COUNT_REACTIONS = """
-- engagement: apply to the counts what the rows say and the counts do not hold
with changed as (
  update reactions r set counted = r.reaction
  from unnest($1::bigint[], $2::bigint[]) as pair (user_id, post_id)
  where r.user_id = pair.user_id and r.post_id = pair.post_id and r.counted is distinct from r.reaction
  returning r.post_id, old.counted as before, new.counted as after
), steps as (
  select post_id, before as reaction, -1 as step from changed where before is not null
  union all select post_id, after, 1 from changed where after is not null
), each as (
  select post_id, reaction, sum(step)::int as step from steps group by post_id, reaction
), deltas as (
  select post_id, sum(step)::int as likes, jsonb_object_agg(reaction, step) as reactions
  from each group by post_id order by post_id
)
insert into post_counts as c (post_id, likes, reactions) select post_id, likes, reactions from deltas
on conflict (post_id) do update set likes = c.likes + excluded.likes, reactions = (
  select coalesce(jsonb_object_agg(key, n) filter (where n <> 0), '{}') from (
    select key, sum(value::int) as n from (
      select * from jsonb_each_text(c.reactions) union all select * from jsonb_each_text(excluded.reactions)
    ) each_side group by key
  ) summed
)
"""

DROP_REACTIONS = """
-- engagement: rows of reactions taken back that no count holds any more
delete from reactions r using unnest($1::bigint[], $2::bigint[]) as pair (user_id, post_id)
where r.user_id = pair.user_id and r.post_id = pair.post_id and r.reaction is null and r.counted is null
"""

COUNT_COMMENT_REACTIONS = (
    COUNT_REACTIONS.replace("update reactions r", "update comment_reactions r")
    .replace("post_counts", "comment_counts")
    .replace("post_id", "comment_id")
)

DROP_COMMENT_REACTIONS = DROP_REACTIONS.replace("from reactions r", "from comment_reactions r").replace(
    "post_id", "comment_id"
)

COUNT_COMMENTS = """
-- engagement: apply to comment and reply counts what the rows say and the counts do not hold
with changed as (
  update comments c set counted = (c.deleted_at is null)
  where (c.id = any($1::bigint[]) or c.parent_id = any($1::bigint[])) and c.counted <> (c.deleted_at is null)
  returning c.post_id, c.parent_id, case when new.counted then 1 else -1 end as step
), replies as (
  insert into comment_counts as r (comment_id, replies)
  select parent_id, sum(step)::int from changed where parent_id is not null group by parent_id order by parent_id
  on conflict (comment_id) do update set replies = r.replies + excluded.replies
)
insert into post_counts as p (post_id, comments)
select post_id, sum(step)::int from changed group by post_id order by post_id
on conflict (post_id) do update set comments = p.comments + excluded.comments
"""

LOCK_POST_COUNTS = """
-- engagement: the counts of a post, there and locked
insert into post_counts (post_id) values ($1) on conflict (post_id) do update set likes = post_counts.likes
"""

RECOUNT_POST = """
-- engagement: counts of a post from its rows
update post_counts set likes = f.likes, reactions = f.reactions,
  comments = (select count(*) from comments where post_id = $1 and counted),
  shares = (select count(*) from shares where post_id = $1 and counted)
from (
  select coalesce(jsonb_object_agg(counted, n), '{}') as reactions, coalesce(sum(n), 0) as likes from (
    select counted, count(*) as n from reactions where post_id = $1 and counted is not null group by counted
  ) each
) f where post_counts.post_id = $1
"""

LOCK_COMMENT_COUNTS = """
-- engagement: the counts of a comment, there and locked
insert into comment_counts (comment_id) values ($1) on conflict (comment_id) do update set likes = comment_counts.likes
"""

RECOUNT_COMMENT = """
-- engagement: counts of a comment from its rows
update comment_counts set likes = f.likes, reactions = f.reactions,
  replies = (select count(*) from comments where parent_id = $1 and counted)
from (
  select coalesce(jsonb_object_agg(counted, n), '{}') as reactions, coalesce(sum(n), 0) as likes from (
    select counted, count(*) as n from comment_reactions where comment_id = $1 and counted is not null group by counted
  ) each
) f where comment_counts.comment_id = $1
"""

COUNT_SHARES = """
-- engagement: apply to the counts the shares that they do not hold
with changed as (
  update shares s set counted = true from unnest($1::bigint[], $2::bigint[]) as pair (user_id, post_id)
  where s.user_id = pair.user_id and s.post_id = pair.post_id and not s.counted
  returning s.post_id
)
insert into post_counts as c (post_id, shares) select post_id, count(*) from changed group by post_id order by post_id
on conflict (post_id) do update set shares = c.shares + excluded.shares
"""
