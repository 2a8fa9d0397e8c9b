"""From the wish to upload to bytes that have arrived."""

from datetime import datetime

import msgspec

from tintype.domains.media import reads, rules
from tintype.domains.media.events import MediaUploaded
from tintype.platform import clock, ids
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish
from tintype.platform.imaging.edits import NO_FILTER, Edit
from tintype.platform.jobs.port import enqueue
from tintype.platform.objects.port import Ticket


async def create(tx: Tx, actor: Actor, given: rules.NewUpload) -> int:
    """A medium that waits for its upload."""
    given = rules.checked(given)
    media_id = ids.new(actor.id)
    now = clock.now()
    described = (given.kind, given.content_type, given.size, given.filename, given.alt_text)
    filtered = None if given.filter in (None, NO_FILTER) else msgspec.to_builtins(Edit(filter=given.filter))
    await tx.run(INSERT, media_id, actor.id, *described, now, now + rules.TICKET_LASTS, filtered)
    return media_id


async def ticket(tx: Tx, actor: Actor, media_id: int) -> Ticket:
    """The right to upload this medium's file."""
    row = await reads.own(tx, actor.id, media_id)
    expires: datetime = row.expires_at
    return Ticket(media_id, row.content_type, row.declared_size, expires)


async def complete(tx: Tx, actor: Actor, media_id: int, size: int | None) -> None:
    """The client says that it is done; `size` is what the store holds. Said twice, it changes nothing.

    Raises UploadMissing where nothing has arrived.
    """
    row = await tx.row(LOCK, media_id, actor.id)
    if row is None:
        raise rules.MediaNotFound
    if row["status"] != "waiting":
        return
    if size is None:
        raise rules.UploadMissing
    await tx.run(UPLOADED, media_id, size, clock.now())
    await enqueue(tx, "media.process", {"media_id": media_id})
    await publish(tx, MediaUploaded(media_id=media_id, owner_id=actor.id, post_id=row["post_id"]))


INSERT = """
-- media: one that waits for its upload
insert into media (id, owner_id, kind, content_type, declared_size, filename, alt_text, key, created_at, expires_at,
  edits)
values ($1, $2, $3, $4, $5, $6, $7, replace(gen_random_uuid()::text, '-', ''), $8, $9, $10)
"""

LOCK = """
-- media: one's own, locked
select status, post_id from media where id = $1 and owner_id = $2 and purge_at is null for update
"""

UPLOADED = """
-- media: the bytes are there
update media set status = 'uploaded', size = $2, uploaded_at = $3 where id = $1
"""
