"""Avatars: which of one's pictures one is shown with."""

from tintype.domains.accounts import actions as accounts
from tintype.domains.media import rules
from tintype.domains.media.actions.editing import change_to, lock
from tintype.domains.media.actions.processing import edit_of
from tintype.domains.media.actions.using import mark_purge
from tintype.platform.db import Actor, Tx
from tintype.platform.imaging.edits import Crop


async def set_avatar(tx: Tx, actor: Actor, media_id: int, crop: Crop | None) -> None:
    """Have one's own unused picture made an avatar; once its files are there, it takes the place of the one before.

    Without a crop, the middle of the picture is taken. Raises Invalid, MediaNotFound, MediaNotEditable, MediaUnusable,
    or MediaInUse for a picture in a post.
    """
    current = await accounts.lock_avatar(tx, actor.id)
    row = await lock(tx, actor.id, media_id)
    if row["post_id"] is not None:
        raise rules.MediaInUse
    after = rules.edited(edit_of(row["edits"]), rules.EditChange(crop=crop))
    others = [one["id"] for one in await tx.rows(AVATARS, actor.id) if one["id"] not in (media_id, current)]
    await mark_purge(tx, others)
    if row["purpose"] == "post" or after != edit_of(row["edits"]):
        await change_to(tx, media_id, row, after, "avatar")


async def remove_avatar(tx: Tx, actor: Actor) -> None:
    """Do without an avatar; also without one that is being made."""
    await accounts.set_avatar(tx, actor.id, None, None)
    await mark_purge(tx, [one["id"] for one in await tx.rows(AVATARS, actor.id)])


async def mend_avatar(tx: Tx, account_id: int) -> None:
    """Show an account with its avatar's files as they are now, or without any where there are none."""
    row = await tx.row(WORN, account_id, await accounts.lock_avatar(tx, account_id))
    await accounts.set_avatar(tx, account_id, row and row["id"], row and row["key"])


WORN = """
-- media: an avatar that is there
select id, key from media
where id = $2 and owner_id = $1 and purpose = 'avatar' and status = 'ready' and purge_at is null
"""

AVATARS = """
-- media: somebody's avatars: the one that is shown, and those on their way
select id from media where owner_id = $1 and purpose = 'avatar' and purge_at is null
"""
