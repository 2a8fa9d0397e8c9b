"""New accounts."""

import hashlib

from tintype.domains.accounts import rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.events import AccountRegistered
from tintype.platform import clock, ids, textpolicy
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish


async def register(tx: Tx, mode: str, form: rules.Registration, password_hash: str | None) -> str:
    """Make the actor's account as its future owner asks; returns its status, `pending` where it must be approved.

    `mode` is the installation's: open, invite, approval or closed. Raises RegistrationClosed, InviteInvalid,
    TextBlocked, UsernameTaken or EmailTaken.
    """
    if mode == "closed":
        raise rules.RegistrationClosed
    if mode == "invite":
        await _redeem(tx, form.invite)
    for field, text in (("username", form.username), ("full_name", form.full_name or "")):
        textpolicy.check(text, field)
    status = "pending" if mode == "approval" else "active"
    await _insert(tx, tx.actor.id, form.username, form.email, password_hash, form.full_name or "", "user", status)
    return status


async def create(
    tx: Tx, username: str, email: str, password_hash: str | None, full_name: str = "", role: rules.Role = "user"
) -> int:
    """Make an account for somebody else, as operators do; without a password it waits for a reset link."""
    account_id = ids.new_account()
    name, address = rules.username(username), rules.email(email)
    await _insert(tx, account_id, name, address, password_hash, rules.full_name(full_name), role, "active")
    await audit(tx, "account.created", f"account {account_id}", {"role": role})
    return account_id


async def _insert(
    tx: Tx,
    account_id: int,
    username: str,
    email: str,
    password_hash: str | None,
    full_name: str,
    role: str,
    status: str,
) -> None:
    await claim_username(tx, account_id, username)
    await claim_email(tx, account_id, email)
    await tx.run(INSERT, account_id, username, full_name, email, password_hash, role, status, clock.now())
    await tx.run(INSERT_COUNTS, account_id)
    await publish(tx, AccountRegistered(account_id=account_id))


async def claim_username(tx: Tx, account_id: int, username: str) -> None:
    """Take a name that is free, was released long enough ago, or was one's own."""
    now = clock.now()
    if await tx.value(CLAIM_USERNAME, username, account_id, now - rules.NAME_BLOCKED) is None:
        raise rules.UsernameTaken.about("username")


async def claim_email(tx: Tx, account_id: int, email: str) -> None:
    if await tx.value(CLAIM_EMAIL, email, account_id) is None:
        raise rules.EmailTaken.about("email")


async def _redeem(tx: Tx, code: str | None) -> None:
    used = code and await tx.run(REDEEM, hashlib.sha256(code.strip().encode("utf-8", "replace")).digest(), clock.now())
    if not used:
        raise rules.InviteInvalid.about("invite")


CLAIM_USERNAME = """
-- accounts: take a username
insert into usernames as u (username, account_id) values ($1, $2)
on conflict (username) do update set account_id = excluded.account_id, released_at = null
  where u.released_at <= $3 or (u.account_id = excluded.account_id and u.released_at is not null)
returning account_id
"""

CLAIM_EMAIL = """
-- accounts: take an e-mail address
insert into emails (email, account_id) values ($1, $2) on conflict (email) do nothing returning account_id
"""

INSERT = """
-- accounts: a new account
insert into accounts (id, username, full_name, email, password_hash, role, status, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""

INSERT_COUNTS = """
-- accounts: the counts of a new account
insert into account_counts (account_id) values ($1) on conflict (account_id) do nothing
"""

REDEEM = """
-- accounts: use an invitation once
update invites set uses_left = uses_left - 1 where code_hash = $1 and uses_left > 0 and expires_at > $2
"""
