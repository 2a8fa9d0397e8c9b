"""Mutes: an account's posts stay out of one's feed, and nobody else sees that."""

from tintype.domains.graph import rules
from tintype.domains.graph.actions.blocking import LOCK_BOTH
from tintype.domains.graph.events import MuteChanged
from tintype.platform import ids
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


async def mute(tx: Tx, actor: Actor, account_id: int) -> None:
    """Mute an account, followed or not. Twice is once."""
    if account_id == actor.id:
        raise rules.SelfMute
    await tx.value(LOCK_BOTH, actor.id, account_id)
    if await tx.run(MUTE, actor.id, account_id, ids.new(actor.id)):
        await mark_muted(tx, actor.id, account_id)


async def unmute(tx: Tx, actor: Actor, account_id: int) -> None:
    """Mute an account no longer. Twice is once."""
    await tx.value(LOCK_BOTH, actor.id, account_id)
    if await tx.run(UNMUTE, actor.id, account_id):
        await mark_muted(tx, actor.id, account_id)


async def mark_muted(tx: Tx, muter_id: int, muted_id: int) -> None:
    """Bring the follow, if there is one, in line with what `mutes` says."""
    muting: bool = await tx.value(IS_MUTING, muter_id, muted_id)
    await tx.run(MARK, muter_id, muted_id, muting)
    await publish(tx, MuteChanged(muter_id=muter_id, muted_id=muted_id, muting=muting))


MUTE = """
-- graph: mute, unless that is so already
insert into mutes (muter_id, muted_id, mute_id) values ($1, $2, $3) on conflict do nothing
"""

UNMUTE = """
-- graph: mute no longer
delete from mutes where muter_id = $1 and muted_id = $2
"""

IS_MUTING = """
-- graph: whether one account has muted another
select exists (select from mutes where muter_id = $1 and muted_id = $2)
"""

MARK = """
-- graph: a follow, with whether its followee is muted
update follows set muted = $3 where follower_id = $1 and followee_id = $2 and muted <> $3
"""
