"""Follower and following counts, as the log keeps them."""

from collections.abc import Iterable

from tintype.platform.db import Tx


async def count(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """Bring the follower counts up to what the rows say. The rows know what is counted, so twice is once."""
    wanted = sorted(set(pairs))
    followers, followees = [pair[0] for pair in wanted], [pair[1] for pair in wanted]
    await tx.run(COUNT, followers, followees)
    await tx.run(DROP_TOMBSTONES, followers, followees)


async def recount(tx: Tx, account_id: int) -> None:
    """Set an account's stored counts to what its rows have been counted as.

    The counts are locked first and the rows are read afterwards: what a consumer counts meanwhile is added to this.
    """
    await tx.run(LOCK_COUNTS, account_id)
    await tx.run(RECOUNT, account_id)


COUNT = """
-- graph: apply to the counts what the rows say and the counts do not hold
with changed as (
  update follows f set counted = (f.state = 'ACCEPTED')
  from unnest($1::bigint[], $2::bigint[]) as pair (follower_id, followee_id)
  where f.follower_id = pair.follower_id and f.followee_id = pair.followee_id
    and f.counted <> (f.state = 'ACCEPTED')
  returning f.follower_id, f.followee_id, case when new.counted then 1 else -1 end as step
), deltas as (
  select account_id, sum(followers)::int as followers, sum(following)::int as following from (
    select followee_id as account_id, step as followers, 0 as following from changed
    union all select follower_id, 0, step from changed
  ) each group by account_id having sum(followers) <> 0 or sum(following) <> 0 order by account_id
)
insert into account_counts as c (account_id, followers, following)
select account_id, followers, following from deltas
on conflict (account_id) do update set
  followers = c.followers + excluded.followers, following = c.following + excluded.following
"""

DROP_TOMBSTONES = """
-- graph: rows of ended follows that no count holds any more
delete from follows f using unnest($1::bigint[], $2::bigint[]) as pair (follower_id, followee_id)
where f.follower_id = pair.follower_id and f.followee_id = pair.followee_id and f.state = 'NONE' and not f.counted
"""

LOCK_COUNTS = """
-- graph: the counts of an account, there and locked
insert into account_counts (account_id) values ($1)
on conflict (account_id) do update set followers = account_counts.followers
"""

RECOUNT = """
-- graph: counts of an account from its rows
update account_counts set
  followers = (select count(*) from follows where followee_id = $1 and counted),
  following = (select count(*) from follows where follower_id = $1 and counted)
where account_id = $1
"""
