"""Changes of passwords."""

import base64
import hashlib
import secrets

from tintype.domains.accounts import reads, rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.sessions import revoke_all_sessions
from tintype.platform import clock, sealing
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import NotFound
from tintype.platform.jobs.port import enqueue
from tintype.platform.mail import port as mail

FORGOT = "accounts.forgot"


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
    await _tell(tx, account_id, "en")
    return account_id


async def ask_forgot(tx: Tx, login: str, site: str, language: str) -> None:
    """Whatever was typed is looked up by a job, so that neither answer nor time tells whether somebody is called so."""
    sealed = base64.b64encode(sealing.seal(login.encode("utf-8", "replace"), FORGOT)).decode()
    await enqueue(tx, FORGOT, {"login": sealed, "site": site, "language": language})


async def forgot(tx: Tx, login: str, site: str, language: str) -> None:
    """Send a reset link to whoever has this name or address; nothing happens where nobody has."""
    found = await reads.by_login(tx, login)
    if found is None or found.status in {"suspended", "pending"}:
        return
    owner = await reads.owner(tx, found.id)
    link = f"{site}/reset?token={await reset_link(tx, owner.id)}"
    await mail.send(tx, owner.email, "password_reset", owner.language or language, username=owner.username, link=link)


async def change_password(tx: Tx, actor: Actor, before: str | None, password_hash: str, language: str) -> None:
    """Set the actor's password, which was `before`; all their other sessions end.

    Raises PasswordWrong if it was changed meanwhile.
    """
    if not await tx.run(CHANGE, actor.id, before, password_hash):
        raise rules.PasswordWrong
    await revoke_all_sessions(tx, actor.id, "password", but=actor.session_id)
    await audit(tx, "account.password_changed", f"account {actor.id}")
    await _tell(tx, actor.id, language)


async def _tell(tx: Tx, account_id: int, language: str) -> None:
    owner = await reads.owner(tx, account_id)
    await mail.send(tx, owner.email, "password_changed", owner.language or language, username=owner.username)


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

CHANGE = """
-- accounts: set one's own password, unless it was changed meanwhile
update accounts set password_hash = $3
where id = $1 and password_hash is not distinct from $2 and deleted_at is null and status = 'active'
"""

REHASH = """
-- accounts: the same password, hashed with the present cost
update accounts set password_hash = $3 where id = $1 and password_hash = $2
"""
