"""The picture that an account is shown with. Media make its files and say when they are there."""

from tintype.domains.accounts.events import ProfileChanged
from tintype.platform.db import Tx
from tintype.platform.errors import NotFound
from tintype.platform.event_log.port import publish


async def lock_avatar(tx: Tx, account_id: int) -> int | None:
    """The medium that is the account's avatar now, until this transaction ends. Raises NotFound."""
    row = await tx.row(LOCK, account_id)
    if row is None:
        raise NotFound
    found: int | None = row["avatar_id"]
    return found


async def set_avatar(tx: Tx, account_id: int, media_id: int | None, key: str | None) -> int | None:
    """Show the account with this medium, or with none; returns the one before."""
    row = await tx.row(SET, account_id, media_id, key)
    if row is None:
        return None
    if (row["before"], row["key_before"]) != (media_id, key):
        await publish(tx, ProfileChanged(account_id=account_id))
    before: int | None = row["before"]
    return before


LOCK = """
-- accounts: one's own avatar, to change it
select avatar_id from accounts where id = $1 and deleted_at is null for update
"""

SET = """
-- accounts: the avatar
update accounts set avatar_id = $2, avatar_key = $3 where id = $1
returning old.avatar_id as before, old.avatar_key as key_before
"""
