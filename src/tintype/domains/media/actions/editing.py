"""Edits of pictures: what their owners have them look like, before and after they are used."""

from typing import Any

import msgspec

from tintype.domains.media import rules
from tintype.domains.media.actions.processing import Job, discard, edit_of, sizes, worn
from tintype.domains.media.events import MediaMoved
from tintype.platform import clock
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish
from tintype.platform.imaging.edits import NO_EDIT, Edit
from tintype.platform.imaging.messages import Order
from tintype.platform.imaging.pool import Decoded
from tintype.platform.jobs.port import enqueue


async def edit(tx: Tx, actor: Actor, media_id: int, change: rules.EditChange) -> None:
    """Change how one's own picture looks. The same again changes nothing.

    What nothing uses yet is made anew as a whole; of what is in a post the old files stay until the new are there.
    Raises Invalid, MediaNotFound, MediaNotEditable, MediaUnusable, or MediaInUse for an avatar.
    """
    row = await lock(tx, actor.id, media_id)
    if row["purpose"] != "post":
        raise rules.MediaInUse
    before = edit_of(row["edits"])
    after = rules.edited(before, change)
    if after != before:
        await change_to(tx, media_id, row, after)


async def lock(tx: Tx, owner_id: int, media_id: int) -> Any:
    """One's own picture, to change it. Raises MediaNotFound, MediaNotEditable or MediaUnusable."""
    row = await tx.row(LOCK, media_id, owner_id)
    if row is None:
        raise rules.MediaNotFound
    if row["kind"] != "IMAGE":
        raise rules.MediaNotEditable
    if row["status"] == "rejected":
        raise rules.MediaUnusable
    return row


async def change_to(tx: Tx, media_id: int, row: Any, edit: Edit, purpose: str = "post") -> None:
    """Keep this edit, and have the picture made anew if it was made already."""
    kept = None if edit == NO_EDIT else msgspec.to_builtins(edit)
    is_used = row["post_id"] is not None or (row["purpose"] == purpose == "avatar")
    again = row["status"] == "ready" and not is_used
    await tx.run(CHANGE, media_id, kept, clock.now(), purpose, again)
    if again:
        await enqueue(tx, "media.process", {"media_id": media_id})
    elif row["status"] == "ready":
        await enqueue(tx, "media.render", {"media_id": media_id})


async def take_render(tx: Tx, media_id: int) -> Job | None:
    """What is to be made of a picture that is in use; None where its files show its edit already."""
    row = await tx.row(TAKE, media_id)
    if row is None:
        return None
    order = Order(row["purpose"], edit_of(row["edits"]))
    return Job(media_id, row["owner_id"], 0, row["edit_version"], order)


async def finish_render(tx: Tx, job: Job, found: Decoded) -> bool:
    """The new files are stored: they are shown, at new addresses. False where a later edit overtook them."""
    learned = (found.picture.width, found.picture.height, found.picture.blurhash)
    row = await tx.row(FINISH, job.media_id, job.edit_version, sizes(found.renditions), *learned)
    if row is None:
        return False
    await discard(tx, job.media_id, row["old_render"], row["old_renditions"])
    if job.order.plan == "avatar":
        await worn(tx, job, row["key"])
    else:
        await publish(tx, MediaMoved(media_id=job.media_id, post_id=row["post_id"]))
    return True


async def give_up_render(tx: Tx, job: Job) -> None:
    """The edit cannot be made: the picture stays as it is shown."""
    await tx.run(GIVE_UP, job.media_id, job.edit_version)


LOCK = """
-- media: one's own, to edit it
select kind, status, purpose, post_id, edits from media
where id = $1 and owner_id = $2 and purge_at is null for update
"""

CHANGE = """
-- media: another edit
update media set edits = $2, edit_version = edit_version + 1, edited_at = $3, purpose = $4,
  servable = case when $4 = 'avatar' then 'public' else servable end,
  status = case when $5 then 'uploaded' else status end, tries = case when $5 then 0 else tries end,
  started_at = case when $5 then $3 else started_at end
where id = $1
"""

TAKE = """
-- media: one whose files show an older edit
select owner_id, purpose, edits, edit_version from media
where id = $1 and status = 'ready' and render < edit_version and purge_at is null
"""

FINISH = """
-- media: the files of an edit take the place of those before
update media set renditions = $3, render = edit_version, rendered = edits, width = $4, height = $5, blurhash = $6,
  key = replace(gen_random_uuid()::text, '-', '')
where id = $1 and edit_version = $2 and render < $2 and status = 'ready' and purge_at is null
returning post_id, key, old.render as old_render, old.renditions as old_renditions
"""

GIVE_UP = """
-- media: an edit that cannot be made is taken back
update media set edits = rendered, edit_version = edit_version + 1, render = edit_version + 1
where id = $1 and edit_version = $2 and status = 'ready'
"""
