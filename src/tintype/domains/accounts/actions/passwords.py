"""Changes of passwords."""

import hashlib
import secrets

from tintype.domains.accounts import rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.sessions import revoke_all_sessions
from tintype.platform import clock
from tintype.platform.db import Tx
from tintype.platform.errors import NotFound


async def reset_link(tx: Tx, account_id: int) -> str:
    """A token for `/reset?token=…`, good once and for a day; earlier ones of the account are void."""
    if not await tx.value(IS_THERE, account_id):
        raise NotFound
    token, now = secrets.token_urlsafe(32), clock.now()
    await tx.run(VOID_LINKS, account_id, now)
    await tx.run(INSERT_LINK, account_id, _hash(token), now + rules.RESET_LINK_LIVES)
    await audit(tx, "account.reset_link", f"account {account_id}")
    return token


async def reset_password(tx: Tx, token: str, password_hash: str) -> int:
    """Set the password of the account that the link was made for, and end its sessions; returns its id.

    Raises ResetLinkInvalid.
    """
    account_id: int | None = await tx.value(REDEEM_LINK, _hash(token), clock.now())
    if account_id is None or not await tx.run(SET_HASH, account_id, password_hash):
        raise rules.ResetLinkInvalid
    await revoke_all_sessions(tx, account_id, "password")
    await audit(tx, "account.password_reset", f"account {account_id}")
    return account_id


async def keep_hash(tx: Tx, account_id: int, before: str, password_hash: str) -> None:
    """Store the same password hashed anew, unless it was changed meanwhile."""
    await tx.run(REHASH, account_id, before, password_hash)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


IS_THERE = """
-- accounts: whether there is such an account
select true from accounts where id = $1 and deleted_at is null
"""

VOID_LINKS = """
-- accounts: earlier reset links no longer count
update reset_links set used_at = $2 where account_id = $1 and used_at is null
"""

INSERT_LINK = """
-- accounts: a new reset link
insert into reset_links (account_id, token_hash, expires_at) values ($1, $2, $3)
"""

REDEEM_LINK = """
-- accounts: use a reset link once
update reset_links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning account_id
"""

SET_HASH = """
-- accounts: set a password
update accounts set password_hash = $2 where id = $1 and deleted_at is null
"""

REHASH = """
-- accounts: the same password, hashed with the present cost
update accounts set password_hash = $3 where id = $1 and password_hash = $2
"""
