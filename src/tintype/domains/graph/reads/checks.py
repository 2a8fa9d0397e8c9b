"""What `tintype verify` compares: counts, marks of mutes, and what a block should have ended."""

from collections.abc import Sequence

import msgspec

from tintype.platform.db import Reader


class FollowCounts(msgspec.Struct, frozen=True):
    """Followers and followees of an account: by the rows, and as they are stored."""

    account_id: int
    followers: int
    following: int
    stored_followers: int
    stored_following: int

    @property
    def right(self) -> bool:
        return (self.followers, self.following) == (self.stored_followers, self.stored_following)


async def follow_counts(r: Reader, account_ids: Sequence[int]) -> list[FollowCounts]:
    """What the rows say of these accounts beside what is stored."""
    return [FollowCounts(**row) for row in await r.rows(FOLLOW_COUNTS, list(account_ids))]


async def uncounted(r: Reader, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
    """(follower, followee) of follows that the counts do not hold as they are, in order."""
    return [(row["follower_id"], row["followee_id"]) for row in await r.rows(UNCOUNTED, *after, limit)]


async def mutes_unlike_follows(r: Reader, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
    """(follower, followee) of follows that are not marked as `mutes` says, in order."""
    return [(row["follower_id"], row["followee_id"]) for row in await r.rows(MUTES_UNLIKE_FOLLOWS, *after, limit)]


async def follows_between_blocked(r: Reader, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
    """(blocker, blocked) of blocks with a follow or request between the two, in order."""
    return [(row["blocker_id"], row["blocked_id"]) for row in await r.rows(FOLLOWS_BETWEEN_BLOCKED, *after, limit)]


FOLLOW_COUNTS = """
-- graph: followers and followees of some accounts, by the rows and as stored
select ids.id as account_id,
  (select count(*) from live_follows where followee_id = ids.id) as followers,
  (select count(*) from live_follows where follower_id = ids.id) as following,
  coalesce(c.followers, 0) as stored_followers, coalesce(c.following, 0) as stored_following
from unnest($1::bigint[]) as ids (id) left join account_counts c on c.account_id = ids.id order by ids.id
"""

UNCOUNTED = """
-- graph: follows that the counts do not hold as they are
select follower_id, followee_id from follows
where (follower_id, followee_id) > ($1, $2) and counted <> (state = 'ACCEPTED')
order by follower_id, followee_id limit $3
"""

MUTES_UNLIKE_FOLLOWS = """
-- graph: follows that are not marked as mutes says
select f.follower_id, f.followee_id from follows f
left join mutes m on m.muter_id = f.follower_id and m.muted_id = f.followee_id
where (f.follower_id, f.followee_id) > ($1, $2) and f.state <> 'NONE' and f.muted <> (m.muter_id is not null)
order by f.follower_id, f.followee_id limit $3
"""

FOLLOWS_BETWEEN_BLOCKED = """
-- graph: blocks with a follow or request between the two
select b.blocker_id, b.blocked_id from blocks b
where (b.blocker_id, b.blocked_id) > ($1, $2) and (
  exists (select from follows where follower_id = b.blocker_id and followee_id = b.blocked_id and state <> 'NONE')
  or exists (select from follows where follower_id = b.blocked_id and followee_id = b.blocker_id and state <> 'NONE'))
order by b.blocker_id, b.blocked_id limit $3
"""
