"""What operators, admins and moderators do with accounts."""

import hashlib
import secrets
from datetime import timedelta

from tintype.domains.accounts import rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.sessions import revoke_all_sessions
from tintype.domains.accounts.events import (
    AccountApproved,
    AccountRoleChanged,
    AccountSuspended,
    AccountUnsuspended,
)
from tintype.platform import clock
from tintype.platform.db import Tx
from tintype.platform.errors import Forbidden, NotFound
from tintype.platform.event_log.port import publish


async def promote(tx: Tx, account_id: int, role: rules.Role = "admin") -> None:
    """Give an account a role. A lower one ends its sessions, since their tokens name the higher."""
    _require(tx.actor.is_admin)
    before = await tx.value(SET_ROLE, account_id, role)
    if before is None:
        raise NotFound
    if before == role:
        return
    if rules.RANK[role] < rules.RANK[before]:
        await revoke_all_sessions(tx, account_id, "role")
    await audit(tx, "account.role_changed", f"account {account_id}", {"before": before, "after": role})
    await publish(tx, AccountRoleChanged(account_id=account_id, role=role))


async def suspend(tx: Tx, account_id: int) -> None:
    """Hide an account from everybody and log it out; twice is once. Moderators cannot suspend those above them."""
    _require(tx.actor.is_moderator)
    before = await _set_status(tx, account_id, "suspended")
    await revoke_all_sessions(tx, account_id, "suspended")
    if before != "suspended":
        await audit(tx, "account.suspended", f"account {account_id}")
        await publish(tx, AccountSuspended(account_id=account_id))


async def unsuspend(tx: Tx, account_id: int) -> None:
    """Bring a suspended account back."""
    _require(tx.actor.is_moderator)
    if await _set_status(tx, account_id, "active", only="suspended") == "suspended":
        await audit(tx, "account.unsuspended", f"account {account_id}")
        await publish(tx, AccountUnsuspended(account_id=account_id))


async def approve(tx: Tx, account_id: int) -> None:
    """Let in an account that waits for approval."""
    _require(tx.actor.is_moderator)
    if await _set_status(tx, account_id, "active", only="pending") == "pending":
        await audit(tx, "account.approved", f"account {account_id}")
        await publish(tx, AccountApproved(account_id=account_id))


async def invite(tx: Tx, uses: int = 1, days: int = 14) -> str:
    """A code that so many people may register with, for so many days."""
    _require(tx.actor.is_admin)
    code = secrets.token_urlsafe(12)
    now = clock.now()
    hashed = hashlib.sha256(code.encode()).digest()
    await tx.run(INSERT_INVITE, hashed, tx.actor.id or None, uses, now + timedelta(days=days), now)
    await audit(tx, "invite.created", f"invite {hashed.hex()[:12]}", {"uses": uses, "days": days})
    return code


async def _set_status(tx: Tx, account_id: int, status: str, *, only: str | None = None) -> str:
    """The status before; unchanged unless it was `only`."""
    row = await tx.row(LOCK, account_id)
    if row is None:
        raise NotFound
    _require(tx.actor.is_admin or rules.RANK[row["role"]] < rules.RANK[tx.actor.role])
    if only is None or row["status"] == only:
        await tx.run(SET_STATUS, account_id, status)
    return str(row["status"])


def _require(allowed: bool) -> None:
    if not allowed:
        raise Forbidden


SET_ROLE = """
-- accounts: give a role, return the one before
update accounts set role = $2 where id = $1 and deleted_at is null returning old.role
"""

LOCK = """
-- accounts: an account that an operator acts on
select status, role from accounts where id = $1 and deleted_at is null for update
"""

SET_STATUS = """
-- accounts: suspend, bring back or approve; who had asked to be erased stays on the way out
update accounts set status = case when $2 = 'active' and erase_at is not null then 'deactivated' else $2 end
where id = $1
"""

INSERT_INVITE = """
-- accounts: a new invitation
insert into invites (code_hash, created_by, uses_left, expires_at, created_at) values ($1, $2, $3, $4, $5)
"""
