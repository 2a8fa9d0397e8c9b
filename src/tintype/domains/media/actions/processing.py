"""From bytes to a picture that can be shown, or to the reason why not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from tintype.domains.accounts import actions as accounts
from tintype.domains.media import rules
from tintype.domains.media.actions.using import mark_purge
from tintype.domains.media.events import MediaPreviewed, MediaReady, MediaRejected
from tintype.platform import clock
from tintype.platform.config import Settings
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish
from tintype.platform.imaging.edits import NO_EDIT, Edit
from tintype.platform.imaging.messages import PLAIN_ORDER, Order, Picture, Rendition
from tintype.platform.imaging.pool import Pool
from tintype.platform.jobs.port import enqueue, pending
from tintype.platform.objects.port import file_key, upload_key
from tintype.platform.telemetry import MEDIA_DONE, MEDIA_TIME
from tintype.platform.video import encoder

SWEPT = 200

_pool: Pool | None = None
_video_timeout = 0


class Job(msgspec.Struct, frozen=True):
    """One try at making a medium ready. `tries` fences it: after another was begun, this one changes nothing."""

    media_id: int
    owner_id: int
    tries: int
    edit_version: int = 0
    order: Order = PLAIN_ORDER

    def place(self, name: str) -> str:
        """Where a file that this try makes is stored."""
        return file_key(self.media_id, name, self.edit_version)


@asynccontextmanager
async def decoders(settings: Settings) -> AsyncIterator[None]:
    """The decoder processes of a process that makes media ready, until the block ends; they start with what comes."""
    global _pool, _video_timeout
    _video_timeout = settings.video_timeout
    encoder.use(settings.video_niceness)
    async with Pool(size=settings.media_processes, timeout=settings.media_timeout) as _pool:
        yield
    _pool = None


def pool() -> Pool:
    """The decoder processes. Raises RuntimeError outside `decoders`."""
    if _pool is None:
        raise RuntimeError("no decoders are open in this process")
    return _pool


def video_timeout() -> int:
    """Seconds that the encoder may take for one video."""
    return _video_timeout


async def process_again(tx: Tx, media_id: int) -> None:
    """Enqueue the work on a medium once more."""
    kind = await tx.value(KIND, media_id)
    if kind is not None:
        await enqueue(tx, rules.work(kind), {"media_id": media_id})


async def take(tx: Tx, media_id: int) -> Job | None:
    """Begin a try; None where there is nothing to do (any more). After three tries the medium is rejected."""
    row = await tx.row(TAKE, media_id, clock.now(), rules.before("processing"), rules.TRIES)
    if row is not None:
        order = Order(row["purpose"], edit_of(row["edits"]))
        return Job(media_id, row["owner_id"], row["tries"], row["edit_version"], order)
    await _reject(tx, await tx.rows(REJECT_SPENT, media_id, clock.now(), rules.before("processing"), rules.TRIES))
    return None


async def previewed(tx: Tx, job: Job, found: Picture) -> None:
    """What the picture is: shown as a blurhash until the renditions are there."""
    learned = (found.format, found.width, found.height, found.blurhash, found.camera, found.taken_at)
    source = (found.source_width, found.source_height)
    row = await tx.row(PREVIEW, job.media_id, job.tries, *learned, found.latitude, found.longitude, *source)
    if row is not None:
        await publish(tx, MediaPreviewed(media_id=job.media_id, owner_id=job.owner_id, post_id=row["post_id"]))


async def finish(tx: Tx, job: Job, made: list[Rendition]) -> bool:
    """Every rendition is stored: the medium is ready. False where it was edited meanwhile: it is made anew."""
    now = clock.now()
    row = await tx.row(FINISH, job.media_id, job.tries, sizes(made), now, job.edit_version)
    if row is None:
        if await tx.row(OUTDATED, job.media_id, job.tries):
            await enqueue(tx, "media.process", {"media_id": job.media_id})
            return False
        return True
    await discard(tx, job.media_id, row["old_render"], row["old_renditions"])
    if job.order.plan == "avatar":
        await worn(tx, job, row["key"])
    await publish(tx, MediaReady(media_id=job.media_id, owner_id=job.owner_id, post_id=row["post_id"]))
    took = (now - row["uploaded_at"]).total_seconds()
    tx.after_commit.append(lambda: MEDIA_TIME.labels("upload_to_ready").observe(took))
    tx.after_commit.append(lambda: MEDIA_DONE.labels("ready").inc())
    return True


async def worn(tx: Tx, job: Job, key: str) -> None:
    """An avatar is ready: its owner has it from now on, and the one before goes."""
    before = await accounts.set_avatar(tx, job.owner_id, job.media_id, key)
    if before is not None and before != job.media_id:
        await mark_purge(tx, [before])


async def discard(tx: Tx, media_id: int, render: int, renditions: dict[str, dict[str, Any]]) -> None:
    """Files that no address leads to any more go, once nobody can be reading them."""
    places = [file_key(media_id, name, render) for size in renditions.values() for name in size["files"]]
    if places:
        await enqueue(tx, "media.discard", {"places": places}, delay=rules.READING_LASTS)


def sizes(made: list[Rendition]) -> dict[str, dict[str, Any]]:
    """Renditions as the row keeps them."""
    found: dict[str, dict[str, Any]] = {}
    for one in made:
        size = found.setdefault(one.size, {"width": one.width, "height": one.height, "files": [], "bytes": 0})
        size["files"].append(one.name)
        size["bytes"] += len(one.data)
    return found


def edit_of(kept: dict[str, Any] | None) -> Edit:
    """An edit as the row keeps it."""
    return NO_EDIT if kept is None else msgspec.convert(kept, Edit)


async def reject(tx: Tx, job: Job, code: str) -> None:
    """It is no usable picture."""
    assert code in rules.REJECTIONS, f"no message for {code}"
    rows = await tx.rows(REJECT, job.media_id, job.tries, code, clock.now(), code == rules.INFECTED)
    await _reject(tx, rows)
    if rows and code == rules.INFECTED:
        await enqueue(tx, "media.discard", {"places": [upload_key(job.media_id)]})


async def failed(tx: Tx, job: Job) -> bool:
    """The decoder failed on it: True where another try is left, else it is rejected."""
    if job.tries >= rules.TRIES:
        await reject(tx, job, "PROCESSING_FAILED")
        return False
    await tx.run(RETURN, job.media_id, job.tries, 0)
    return True


async def give_back(tx: Tx, job: Job) -> None:
    """Something else failed, which is no fault of the picture: the try does not count."""
    await tx.run(RETURN, job.media_id, job.tries, 1)


async def sweep(tx: Tx) -> int:
    """See to what is stuck: uploads that never came are rejected, work that was lost is begun again."""
    now = clock.now()
    expired = await tx.rows(REJECT_EXPIRED, now, now - rules.TICKET_GRACE, SWEPT)
    await _reject(tx, expired)
    for row in expired:
        if row["upload_id"] is not None:
            await enqueue(tx, "media.drop_parts", {"media_id": row["id"], "upload_id": row["upload_id"]})
    waiting = [int(one["media_id"]) for one in await pending(tx, "media.video")]
    stuck = await tx.rows(STUCK, now, now - rules.STUCK_AFTER, SWEPT, waiting)
    for row in stuck:
        await enqueue(tx, rules.work(row["kind"]), {"media_id": row["id"]})
    behind = await tx.rows(BEHIND, now, now - rules.STUCK_AFTER, SWEPT)
    for row in behind:
        await enqueue(tx, "media.render", {"media_id": row["id"]})
    unused = await tx.run(PURGE_UNUSED, now, now - rules.UNUSED_KEPT, SWEPT)
    return len(expired) + len(stuck) + len(behind) + unused


async def _reject(tx: Tx, rows: list[Any]) -> None:
    for row in rows:
        code = row["rejection_code"]
        fact = MediaRejected(media_id=row["id"], owner_id=row["owner_id"], code=code, post_id=row["post_id"])
        await publish(tx, fact)
        tx.after_commit.append(lambda: MEDIA_DONE.labels("rejected").inc())


PURGE_UNUSED = """
-- media: uploads that were put in no post for a day; the sweep's purge takes their files
update media set purge_at = $1, servable = 'none' where id in (
  select id from media where post_id is null and purge_at is null and purpose = 'post' and created_at < $2
  order by created_at limit $3 for update skip locked)
"""

KIND = """
-- media: picture or video
select kind from media where id = $1
"""

TAKE = """
-- media: begin a try
update media set status = 'processing', tries = tries + 1, started_at = $2
where id = $1 and status = any($3::text[]) and tries < $4 and purge_at is null
returning owner_id, tries, purpose, edits, edit_version
"""

REJECT_SPENT = """
-- media: no try is left
update media set status = 'rejected', rejection_code = 'PROCESSING_FAILED', finished_at = $2
where id = $1 and status = any($3::text[]) and tries >= $4
returning id, owner_id, post_id, rejection_code
"""

PREVIEW = """
-- media: what the picture is
update media set format = $3, width = $4, height = $5, blurhash = $6, camera = $7, taken_at = $8,
  latitude = $9, longitude = $10, source_width = $11, source_height = $12
where id = $1 and tries = $2 and status = 'processing' returning post_id
"""

FINISH = """
-- media: ready; what was there before is told, and nobody who knew its addresses finds other files there
update media set status = 'ready', renditions = $3, finished_at = $4, render = edit_version, rendered = edits,
  key = case when renditions = '{}' then key else replace(gen_random_uuid()::text, '-', '') end
where id = $1 and tries = $2 and status = 'processing' and edit_version = $5
returning post_id, uploaded_at, key, old.render as old_render, old.renditions as old_renditions
"""

OUTDATED = """
-- media: edited while it was made
update media set status = 'uploaded', tries = tries - 1
where id = $1 and tries = $2 and status = 'processing' returning id
"""

REJECT = """
-- media: no usable picture
update media set status = 'rejected', rejection_code = $3, finished_at = $4,
  size = case when $5 then 0 else size end, progress = null, stream = null,
  stream_size = 0, renditions = case kind when 'VIDEO' then '{}' else renditions end,
  captions = case kind when 'VIDEO' then '[]' else captions end
where id = $1 and tries = $2 and status = 'processing' returning id, owner_id, post_id, rejection_code
"""

RETURN = """
-- media: a try has failed
update media set status = 'uploaded', tries = tries - $3::int where id = $1 and tries = $2 and status = 'processing'
"""

REJECT_EXPIRED = """
-- media: uploads that never came
update media set status = 'rejected', rejection_code = 'UPLOAD_EXPIRED', finished_at = $1
where id in (
  select id from media where status = 'waiting' and expires_at < $2 order by created_at limit $3 for update skip locked
) returning id, owner_id, post_id, rejection_code, upload_id
"""

STUCK = """
-- media: work that was lost; what still waits for its turn, or has it, is not
update media set status = 'uploaded', started_at = $1
where id in (
  select id from media where status in ('uploaded', 'processing') and coalesce(started_at, uploaded_at) < $2
    and id <> all($4::bigint[])
  order by created_at limit $3 for update skip locked
) returning id, kind
"""

BEHIND = """
-- media: edits whose render was lost
update media set edited_at = $1
where id in (
  select id from media where status = 'ready' and render < edit_version and edited_at < $2
  order by edited_at limit $3 for update skip locked
) returning id
"""
