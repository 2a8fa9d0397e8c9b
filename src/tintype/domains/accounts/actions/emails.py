"""Addresses: verified by a link, changed only once the new one is verified."""

import hashlib
import secrets

from tintype.domains.accounts import reads, rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.register import claim_email
from tintype.domains.accounts.events import ProfileChanged
from tintype.platform import clock
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish
from tintype.platform.mail import port as mail


async def ask_verification(tx: Tx, account_id: int, site: str, language: str) -> None:
    """Send a link to the account's present address, unless that is verified."""
    owner = await reads.owner(tx, account_id)
    if not owner.email_verified:
        link = await _link(tx, owner.id, owner.email, site)
        await mail.send(tx, owner.email, "email_verify", owner.language or language, username=owner.username, link=link)


async def change_email(tx: Tx, actor: Actor, email: str, site: str, language: str) -> None:
    """Send a link to the address that is to be the actor's. The old one stays until it is opened.

    Raises Invalid or EmailTaken.
    """
    address = rules.email(email)
    owner = await reads.owner(tx, actor.id)
    if address == owner.email:
        await ask_verification(tx, actor.id, site, language)
        return
    if await reads.by_email(tx, address) is not None:
        raise rules.EmailTaken.about("email")
    link = await _link(tx, owner.id, address, site)
    await audit(tx, "account.email_change_asked", f"account {owner.id}")
    await mail.send(tx, address, "email_change", owner.language or language, username=owner.username, link=link)


async def verify_email(tx: Tx, token: str) -> int:
    """Somebody reads this address's mail: it is verified, and is the account's from now on; returns the account.

    Raises EmailLinkInvalid, or EmailTaken where another account took the address meanwhile.
    """
    row = await tx.row(REDEEM, _hash(token), clock.now())
    if row is None:
        raise rules.EmailLinkInvalid
    account_id, email = row["account_id"], row["email"]
    before = await tx.row(LOCK, account_id)
    if before is None:
        raise rules.EmailLinkInvalid
    if before["email"] != email:
        await claim_email(tx, account_id, email)
        await tx.run(RELEASE, before["email"], account_id)
        await audit(tx, "account.email_changed", f"account {account_id}")
        language = before["language"] or "en"
        await mail.send(tx, before["email"], "email_changed", language, username=before["username"])
    await tx.run(VERIFIED, account_id, email, clock.now())
    await audit(tx, "account.email_verified", f"account {account_id}")
    await publish(tx, ProfileChanged(account_id=account_id))
    return int(account_id)


async def mark_verified(tx: Tx, account_id: int) -> None:
    """Somebody else whom we trust has verified the present address."""
    await tx.run(MARK_VERIFIED, account_id, clock.now())


async def _link(tx: Tx, account_id: int, email: str, site: str) -> str:
    """An address that verifies an e-mail address; earlier ones are void."""
    token, now = secrets.token_urlsafe(32), clock.now()
    await tx.run(VOID, account_id, now)
    await tx.run(INSERT, account_id, _hash(token), email, now + rules.EMAIL_LINK_LIVES)
    return f"{site}/verify?token={token}"


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


VOID = """
-- accounts: earlier links to addresses no longer count
update email_links set used_at = $2 where account_id = $1 and used_at is null
"""

INSERT = """
-- accounts: a link to an address
insert into email_links (account_id, token_hash, email, expires_at) values ($1, $2, $3, $4)
"""

REDEEM = """
-- accounts: use a link to an address once
update email_links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2
returning account_id, email
"""

LOCK = """
-- accounts: an account whose address is verified
select username, email, preferences->>'language' as language from accounts where id = $1 and deleted_at is null
for update
"""

RELEASE = """
-- accounts: let go of an e-mail address
delete from emails where email = $1 and account_id = $2
"""

VERIFIED = """
-- accounts: an address is somebody's
update accounts set email = $2, email_verified_at = $3 where id = $1
"""

MARK_VERIFIED = """
-- accounts: the present address is verified
update accounts set email_verified_at = $2 where id = $1 and email_verified_at is null
"""
