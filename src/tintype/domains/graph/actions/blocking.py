"""Blocks: between two accounts, one of which has blocked the other, nothing is left and nothing can be seen."""

from tintype.domains.graph import rules
from tintype.domains.graph.actions.following import end
from tintype.domains.graph.events import BlockChanged
from tintype.platform import ids
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


async def block(tx: Tx, actor: Actor, account_id: int) -> None:
    """Block an account, which ends what the two followed or asked of each other. Twice is once."""
    if account_id == actor.id:
        raise rules.SelfBlock
    await tx.value(LOCK_BOTH, actor.id, account_id)
    if await tx.run(BLOCK, actor.id, account_id, ids.new(actor.id)):
        await end_between(tx, actor.id, account_id)
        await publish(tx, BlockChanged(blocker_id=actor.id, blocked_id=account_id, blocking=True))


async def unblock(tx: Tx, actor: Actor, account_id: int) -> None:
    """Block an account no longer; what was followed before stays ended. Twice is once."""
    if await tx.run(UNBLOCK, actor.id, account_id):
        await publish(tx, BlockChanged(blocker_id=actor.id, blocked_id=account_id, blocking=False))


async def end_between(tx: Tx, one: int, other: int) -> None:
    """End the follows of two accounts of each other, always in the same order."""
    for follower_id, followee_id in sorted([(one, other), (other, one)]):
        await end(tx, follower_id, followee_id, rules.STANDING)


LOCK_BOTH = """
-- graph: two accounts, so that a follow between them comes before all of this or after
select pg_advisory_xact_lock(hashtextextended(least($1::bigint, $2) || ' ' || greatest($1, $2), 0))
"""

BLOCK = """
-- graph: block, unless that is so already
insert into blocks (blocker_id, blocked_id, block_id) values ($1, $2, $3) on conflict do nothing
"""

UNBLOCK = """
-- graph: block no longer
delete from blocks where blocker_id = $1 and blocked_id = $2
"""
