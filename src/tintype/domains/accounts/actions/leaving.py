"""Leaving: for a while, or for good after a week in which one may think again."""

from datetime import datetime

import asyncpg

from tintype.domains.accounts import rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.sessions import revoke_all_sessions
from tintype.domains.accounts.events import AccountDeactivated
from tintype.platform import clock
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import NotFound
from tintype.platform.event_log.port import publish
from tintype.platform.jobs.port import enqueue
from tintype.platform.mail import port as mail


async def deactivate(tx: Tx, actor: Actor) -> None:
    """Hide the actor's account from everybody until they log in again."""
    await _hide(tx, actor, None)
    await audit(tx, "account.deactivated", f"account {actor.id}")


async def delete(tx: Tx, actor: Actor) -> datetime:
    """Hide the actor's account, and erase it after a week unless they log in before; returns when."""
    at = clock.now() + rules.LEAVING
    row = await _hide(tx, actor, at)
    await tx.run(REMEMBER, actor.id, clock.now())
    await enqueue(tx, "accounts.erase", {"account_id": actor.id}, delay=rules.LEAVING)
    await audit(tx, "account.delete_asked", f"account {actor.id}")
    day = f"{at:%d.%m.%Y %H:%M}"
    await mail.send(tx, row["email"], "leaving", row["language"] or "en", username=row["username"], date=day)
    return at


async def _hide(tx: Tx, actor: Actor, erase_at: datetime | None) -> asyncpg.Record:
    row = await tx.row(HIDE, actor.id, erase_at)
    if row is None:
        raise NotFound
    await revoke_all_sessions(tx, actor.id, "left")
    await publish(tx, AccountDeactivated(account_id=actor.id))
    return row


HIDE = """
-- accounts: gone from every read, for a while or until it is erased
update accounts set status = 'deactivated', erase_at = $2 where id = $1 and deleted_at is null and status = 'active'
returning username, email, preferences->>'language' as language
"""

REMEMBER = """
-- accounts: somebody wants to be forgotten
insert into erasures (account_id, asked_at) values ($1, $2)
on conflict (account_id) do update set asked_at = excluded.asked_at
"""
