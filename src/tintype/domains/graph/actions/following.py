"""Follows and requests: from the wish to follow to its end, by either side."""

from collections.abc import Sequence

from tintype.domains.graph import reads, rules
from tintype.domains.graph.events import FollowChanged
from tintype.platform import ids
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import NotFound
from tintype.platform.event_log.port import publish

PENDING_BATCH = 500


async def follow(tx: Tx, actor: Actor, account_id: int) -> rules.FollowState:
    """Follow, or ask to follow a private account; returns the state. Twice is once.

    Raises NotFound also where one of the two has blocked the other.
    """
    if account_id == actor.id:
        raise rules.SelfFollow
    account = await tx.row(LOCK_ACCOUNT, account_id, actor.id)
    if account is None:
        raise NotFound
    row = await tx.row(FOLLOW, actor.id, account_id, rules.wanted(account["is_private"]), ids.new(actor.id))
    if row is None:
        raise NotFound
    if row["before"] != row["after"]:
        await publish(tx, FollowChanged(follower_id=actor.id, followee_id=account_id, state=row["after"]))
    after: rules.FollowState = row["after"]
    return after


async def unfollow(tx: Tx, actor: Actor, account_id: int) -> rules.FollowState:
    """Unfollow, or take a request back. Twice is once, and also where there is no such account any more."""
    await end(tx, actor.id, account_id, rules.STANDING)
    return "NONE"


async def remove_follower(tx: Tx, actor: Actor, follower_id: int) -> None:
    """Somebody follows the actor no longer. Twice is once; a request that waits goes on waiting."""
    await end(tx, follower_id, actor.id, ["ACCEPTED"])


async def accept(tx: Tx, actor: Actor, follower_id: int) -> None:
    """Let somebody follow. Raises RequestNotFound where nobody asks (any more); twice is once."""
    if await tx.run(ACCEPT, actor.id, [follower_id], [ids.new(follower_id)]):
        await publish(tx, FollowChanged(follower_id=follower_id, followee_id=actor.id, state="ACCEPTED"))
    elif not await reads.is_following(tx, follower_id, actor.id):
        raise rules.RequestNotFound


async def decline(tx: Tx, actor: Actor, follower_id: int) -> None:
    """Do not let somebody follow. Twice is once; who was accepted before stays."""
    await end(tx, follower_id, actor.id, ["PENDING"])


async def accept_pending(tx: Tx, account_id: int) -> int:
    """Accept the oldest requests to an account that is public now, a batch of them; returns how many."""
    if await tx.value(LOCK_PRIVACY, account_id) is not False:
        return 0
    followers = [row["follower_id"] for row in await tx.rows(OLDEST_PENDING, account_id, PENDING_BATCH)]
    await tx.run(ACCEPT, account_id, followers, [ids.new(one) for one in followers])
    for one in followers:
        await publish(tx, FollowChanged(follower_id=one, followee_id=account_id, state="ACCEPTED"))
    return len(followers)


async def end(tx: Tx, follower_id: int, followee_id: int, states: Sequence[rules.FollowState]) -> None:
    """End a follow or request that is in one of these states."""
    if await tx.run(END, follower_id, followee_id, states):
        await publish(tx, FollowChanged(follower_id=follower_id, followee_id=followee_id, state="NONE"))


LOCK_ACCOUNT = """
-- graph: the account to follow, as long as it is there; a block or mute between the two (LOCK_BOTH) waits, or has been
select is_private, pg_advisory_xact_lock(hashtextextended(least($1::bigint, $2) || ' ' || greatest($1, $2), 0))
from accounts where id = $1 and deleted_at is null and status = 'active' for share
"""

FOLLOW = """
-- graph: follow, unless that is so already, and unless one has blocked the other
insert into follows (follower_id, followee_id, state, follow_id, muted)
select $1, $2, $3, $4, exists (select from mutes where muter_id = $1 and muted_id = $2) where not is_blocked($1, $2)
on conflict (follower_id, followee_id) do update set
  state = case when follows.state = 'ACCEPTED' then follows.state else excluded.state end,
  follow_id = case when follows.state in ('ACCEPTED', excluded.state) then follows.follow_id
    else excluded.follow_id end,
  created_at = case when follows.state = 'NONE' then excluded.created_at else follows.created_at end,
  muted = excluded.muted
returning coalesce(old.state, 'NONE') as before, new.state as after
"""

END = """
-- graph: end a follow or request; the row stays until it is uncounted
update follows set state = 'NONE' where follower_id = $1 and followee_id = $2 and state = any($3::text[])
"""

ACCEPT = """
-- graph: requests become follows, newest in the lists
update follows f set state = 'ACCEPTED', follow_id = asked.follow_id
from unnest($2::bigint[], $3::bigint[]) as asked (follower_id, follow_id)
where f.follower_id = asked.follower_id and f.followee_id = $1 and f.state = 'PENDING'
"""

LOCK_PRIVACY = """
-- graph: whether an account is private, held until this commits
select is_private from accounts where id = $1 and deleted_at is null for share
"""

OLDEST_PENDING = """
-- graph: the requests to an account that came first, locked
select follower_id from follows where followee_id = $1 and state = 'PENDING' order by follow_id limit $2 for update
"""
