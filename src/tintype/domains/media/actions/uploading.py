"""From the wish to upload to bytes that have arrived."""

from datetime import datetime

import msgspec

from tintype.domains.media import reads, rules
from tintype.domains.media.events import MediaUploaded
from tintype.platform import clock, ids
from tintype.platform.db import Actor, Reader, Tx
from tintype.platform.errors import StorageFull
from tintype.platform.event_log.port import publish
from tintype.platform.imaging.edits import NO_FILTER, Edit
from tintype.platform.jobs.port import enqueue
from tintype.platform.objects.port import Room, Ticket

_quota, _reserve = 0, 0


def use(quota: int, reserve: int) -> None:
    """Bytes that an account may take (0: any number), and that uploads leave free on the disk."""
    global _quota, _reserve
    _quota, _reserve = quota, reserve


def quota() -> int | None:
    """Bytes that an account may take; None for any number."""
    return _quota or None


async def create(tx: Tx, actor: Actor, given: rules.NewUpload, room: Room | None = None) -> int:
    """A medium that waits for its upload.

    Raises Invalid, TooLarge, UnsupportedType; QuotaFull where the account, StorageFull where the disk has no room.
    """
    given = rules.checked(given)
    if room is not None and room.free - given.size < rules.reserve(_reserve, room.total):
        raise StorageFull
    if _quota:
        await tx.run(LOCK_STORAGE, actor.id)
        taken = await reads.storage(tx, actor.id)
        if taken.used + taken.waiting + given.size > _quota:
            raise rules.QuotaFull
    media_id = ids.new(actor.id)
    now = clock.now()
    described = (given.kind, given.content_type, given.size, given.filename, given.alt_text)
    filtered = None if given.filter in (None, NO_FILTER) else msgspec.to_builtins(Edit(filter=given.filter))
    await tx.run(INSERT, media_id, actor.id, *described, now, now + rules.ticket_lasts(given.size), filtered)
    return media_id


async def ticket(r: Reader, actor: Actor, media_id: int) -> Ticket:
    """The right to upload this medium's file."""
    row = await reads.own(r, actor.id, media_id)
    expires: datetime = row.expires_at
    return Ticket(media_id, row.content_type, row.declared_size, expires)


async def keep_upload_id(tx: Tx, actor: Actor, media_id: int, upload_id: str) -> str:
    """What the store calls this upload in parts; who comes second takes the first one's."""
    return str(await tx.value(KEEP_UPLOAD_ID, media_id, actor.id, upload_id))


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
    await enqueue(tx, rules.work(row["kind"]), {"media_id": media_id})
    await publish(tx, MediaUploaded(media_id=media_id, owner_id=actor.id, post_id=row["post_id"]))


LOCK_STORAGE = """
-- media: one upload of an account is counted at a time
select pg_advisory_xact_lock(hashtextextended('media storage', $1))
"""

KEEP_UPLOAD_ID = """
-- media: what the store calls an upload in parts
update media set upload_id = coalesce(upload_id, $3) where id = $1 and owner_id = $2 returning upload_id
"""

INSERT = """
-- media: one that waits for its upload
insert into media (id, owner_id, kind, content_type, declared_size, filename, alt_text, key, created_at, expires_at,
  edits)
values ($1, $2, $3, $4, $5, $6, $7, replace(gen_random_uuid()::text, '-', ''), $8, $9, $10)
"""

LOCK = """
-- media: one's own, locked
select status, post_id, kind from media where id = $1 and owner_id = $2 and purge_at is null for update
"""

UPLOADED = """
-- media: the bytes are there
update media set status = 'uploaded', size = $2, uploaded_at = $3 where id = $1
"""
