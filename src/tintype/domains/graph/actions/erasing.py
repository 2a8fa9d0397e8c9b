"""Forgetting an account: whom it follows, blocks and mutes, and who does so to it."""

from tintype.domains.graph.events import FollowChanged
from tintype.platform.db import Reader, Tx
from tintype.platform.event_log.port import publish

ERASES = frozenset({"follows", "blocks", "mutes", "suggestions_dismissed"})
BATCH = 1_000


async def erase(tx: Tx, account_id: int) -> int:
    """End a batch of follows, either way; the log uncounts and drops them. Returns how many are left."""
    for row in await tx.rows(END, account_id, BATCH):
        fact = FollowChanged(follower_id=row["follower_id"], followee_id=row["followee_id"], state="NONE")
        await publish(tx, fact)
    for statement in FORGET:
        await tx.run(statement, account_id)
    left: int = await tx.value(LEFT, account_id)
    return left


async def ownerless(r: Reader, after: int, limit: int) -> list[int]:
    """Accounts that are gone and of which there are rows here, in order."""
    return [row["id"] for row in await r.rows(OWNERLESS, after, limit)]


END = """
-- graph: erase: follows end; their rows stay until they are uncounted
with standing as (
  select follower_id, followee_id from follows where follower_id = $1 and state <> 'NONE'
  union select follower_id, followee_id from follows where followee_id = $1 and state <> 'NONE'
  order by follower_id, followee_id limit $2
)
update follows f set state = 'NONE' from standing
where f.follower_id = standing.follower_id and f.followee_id = standing.followee_id
returning f.follower_id, f.followee_id
"""

FORGET = [
    "-- graph: erase blocks\ndelete from blocks where blocker_id = $1 or blocked_id = $1",
    "-- graph: erase mutes\ndelete from mutes where muter_id = $1 or muted_id = $1",
    "-- graph: erase suggestions that were not wanted\n"
    "delete from suggestions_dismissed where account_id = $1 or dismissed_id = $1",
]

LEFT = """
-- graph: erase: what is left of an account
select (select count(*) from follows where follower_id = $1) + (select count(*) from follows where followee_id = $1)
"""

OWNERLESS = """
-- graph: what is left of accounts that are gone
select distinct id from (
  select follower_id as id from follows
  union all select followee_id as id from follows
  union all select blocker_id as id from blocks
  union all select blocked_id as id from blocks
  union all select muter_id as id from mutes
  union all select muted_id as id from mutes
  union all select account_id as id from suggestions_dismissed
) named
where id > $1 and not exists (select from accounts a where a.id = named.id) order by id limit $2
"""
