"""Forgetting an account for good: what this domain holds of it, last of all domains."""

from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.sessions import revoke_all_sessions
from tintype.domains.accounts.events import AccountErased
from tintype.platform import clock
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish

ERASES = frozenset(
    {
        "accounts",
        "account_counts",
        "usernames",
        "emails",
        "sessions",
        "reset_links",
        "email_links",
        "totp_secrets",
        "passkeys",
        "recovery_codes",
        "ways_in",
        "identities",
        "invites",
        "audit_log",
        "idempotency_keys",
        "rate_windows",
    }
)


async def erase_begin(tx: Tx, account_id: int) -> bool:
    """The week is over: nobody can come back any more. False where somebody has, or nobody is to be erased."""
    now = clock.now()
    if not await tx.value(BEGIN, account_id, now):
        return False
    await tx.run(REMEMBER, account_id, now)
    await revoke_all_sessions(tx, account_id, "erased")
    return True


async def erase_again(tx: Tx, account_id: int) -> bool:
    """Forget again whom a restored backup has brought back: out of sight at once. False where nobody is there."""
    await tx.run(REMEMBER_ERASED, account_id, clock.now())
    return await erase_begin(tx, account_id)


async def erase(tx: Tx, account_id: int) -> int:
    """Delete everything that this domain holds of an account that no other domain holds anything of; 0 remain.

    Its name stays blocked for 14 days, without saying whose it was. The audit log keeps that something was done.
    """
    for statement in FORGET:
        await tx.run(statement, account_id)
    await tx.run(RELEASE_NAMES, account_id, clock.now())
    await tx.run(FORGET_WINDOWS, str(account_id))
    await tx.run(ERASED, account_id, clock.now())
    await audit(tx, "account.erased", f"account {account_id}")
    await publish(tx, AccountErased(account_id=account_id))
    return 0


BEGIN = """
-- accounts: from here on there is no way back
update accounts set deleted_at = coalesce(deleted_at, $2), deleted_by = coalesce(deleted_by, id)
where id = $1 and (erase_at <= $2 or deleted_at is not null
  or exists (select from erasures where account_id = $1 and erased_at is not null)) returning true
"""

REMEMBER = """
-- accounts: whom to forget again when a backup is put back
insert into erasures (account_id, asked_at) values ($1, $2) on conflict (account_id) do nothing
"""

REMEMBER_ERASED = """
-- accounts: somebody who was forgotten once already
insert into erasures (account_id, asked_at, erased_at) values ($1, $2, $2)
on conflict (account_id) do update set erased_at = coalesce(erasures.erased_at, excluded.erased_at)
"""

FORGET = [
    "-- accounts: erase sessions\ndelete from sessions where account_id = $1",
    "-- accounts: erase addresses\ndelete from emails where account_id = $1",
    "-- accounts: erase reset links\ndelete from reset_links where account_id = $1",
    "-- accounts: erase links to addresses\ndelete from email_links where account_id = $1",
    "-- accounts: erase an app's secret\ndelete from totp_secrets where account_id = $1",
    "-- accounts: erase passkeys\ndelete from passkeys where account_id = $1",
    "-- accounts: erase recovery codes\ndelete from recovery_codes where account_id = $1",
    "-- accounts: erase ways in\ndelete from ways_in where account_id = $1",
    "-- accounts: erase accounts elsewhere\ndelete from identities where account_id = $1",
    "-- accounts: invitations that nobody made\nupdate invites set created_by = null where created_by = $1",
    "-- accounts: acts that nobody did\nupdate audit_log set actor_id = null where actor_id = $1",
    "-- accounts: erase kept answers\ndelete from idempotency_keys where account_id = $1",
    "-- accounts: erase counts\ndelete from account_counts where account_id = $1",
    "-- accounts: erase the account\ndelete from accounts where id = $1",
]

RELEASE_NAMES = """
-- accounts: names that nobody has, blocked a while longer
update usernames set account_id = 0, released_at = coalesce(released_at, $2) where account_id = $1
"""

FORGET_WINDOWS = """
-- accounts: erase what limits counted of a person
delete from rate_windows where subject = $1
"""

ERASED = """
-- accounts: an account is forgotten
update erasures set erased_at = $2 where account_id = $1
"""
