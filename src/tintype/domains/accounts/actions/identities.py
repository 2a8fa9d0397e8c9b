"""Accounts elsewhere by which people log in here."""

from tintype.domains.accounts import reads, rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.factors import check_way_in
from tintype.platform import clock
from tintype.platform.db import Actor, Tx
from tintype.platform.mail import port as mail


async def link(tx: Tx, account_id: int, provider: str, subject: str, email: str) -> None:
    """An account elsewhere is this account's. Twice is once. Raises IdentityTaken where it is another's."""
    owner_id = await tx.value(LINK, account_id, provider, subject, email[:254], clock.now())
    if owner_id is None:
        if await reads.identity(tx, provider, subject) != account_id:
            raise rules.IdentityTaken
        return
    await audit(tx, "account.identity_linked", f"account {account_id}", {"provider": provider})
    await _tell(tx, account_id, "second_factor_added")


async def unlink(tx: Tx, actor: Actor, provider: str) -> None:
    """Log in from there no longer. Raises NoSecondFactor, or LastWayIn where there is no other way."""
    if not await tx.run(UNLINK, actor.id, provider):
        raise rules.NoSecondFactor
    await check_way_in(tx, actor.id)
    await audit(tx, "account.identity_unlinked", f"account {actor.id}", {"provider": provider})
    await _tell(tx, actor.id, "second_factor_removed")


async def used(tx: Tx, account_id: int, provider: str) -> None:
    """Somebody came from there."""
    await tx.run(USED, account_id, provider, clock.now())


async def _tell(tx: Tx, account_id: int, text: str) -> None:
    owner = await reads.owner(tx, account_id)
    await mail.send(tx, owner.email, text, owner.language or "en", username=owner.username, what="identity")


LINK = """
-- accounts: an account elsewhere belongs to one here
insert into identities (account_id, provider, subject, email, created_at) values ($1, $2, $3, $4, $5)
on conflict do nothing returning account_id
"""

UNLINK = """
-- accounts: it no longer does
delete from identities where account_id = $1 and provider = $2
"""

USED = """
-- accounts: somebody logged in from elsewhere
update identities set last_used_at = $3 where account_id = $1 and provider = $2
"""
