"""From bytes to a video that plays: its poster first, then its stream as it is written, then the whole."""

import secrets

import msgspec

from tintype.domains.media.actions.processing import Job, sizes
from tintype.domains.media.events import MediaPreviewed, MediaReady
from tintype.platform import clock
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish
from tintype.platform.imaging.messages import Rendition
from tintype.platform.telemetry import MEDIA_DONE, MEDIA_TIME
from tintype.platform.video.messages import Video
from tintype.platform.video.streams import Stream


class Overtaken(Exception):
    """Another try has begun, or nobody wants the video any more: this one is to end."""


def token() -> str:
    """What begins the names of the files of one try."""
    return secrets.token_hex(4)


async def posted(tx: Tx, job: Job, video: Video, poster: list[Rendition]) -> None:
    """What the video is, and its poster, which is stored: shown while the stream is made. Raises Overtaken."""
    learned = (video.format, video.width, video.height, video.blurhash, video.camera, video.taken_at)
    where = (video.latitude, video.longitude)
    row = await tx.row(POSTER, job.media_id, job.tries, *learned, *where, sizes(poster), clock.now())
    if row is None:
        raise Overtaken
    await publish(tx, MediaPreviewed(media_id=job.media_id, owner_id=job.owner_id, post_id=row["post_id"]))


async def progressed(tx: Tx, job: Job, progress: float | None, stream: Stream) -> None:
    """So much of the stream is there, for its owner to play. Raises Overtaken."""
    kept = msgspec.to_builtins(stream) if stream.playable else None
    if not await tx.run(PROGRESS, job.media_id, job.tries, progress, kept, stream.bytes, clock.now()):
        raise Overtaken


async def finish_film(tx: Tx, job: Job, stream: Stream) -> None:
    """Every file of the stream is stored: the video is ready. Raises Overtaken."""
    now, length = clock.now(), round(stream.length, 3)
    row = await tx.row(FINISH, job.media_id, job.tries, msgspec.to_builtins(stream), stream.bytes, length, now)
    if row is None:
        raise Overtaken
    await publish(tx, MediaReady(media_id=job.media_id, owner_id=job.owner_id, post_id=row["post_id"]))
    took = (now - row["uploaded_at"]).total_seconds()
    tx.after_commit.append(lambda: MEDIA_TIME.labels("video_upload_to_ready").observe(took))
    tx.after_commit.append(lambda: MEDIA_DONE.labels("ready").inc())


async def is_gone(tx: Tx, media_id: int) -> bool:
    """Whether its row is deleted, so that no file may be left."""
    return not await tx.value(EXISTS, media_id)


POSTER = """
-- media: what the video is, and its poster
update media set format = $3, width = $4, height = $5, blurhash = $6, camera = $7, taken_at = $8, latitude = $9,
  longitude = $10, source_width = $4, source_height = $5, renditions = $11, started_at = $12, progress = 0,
  stream = null, stream_size = 0, duration = null
where id = $1 and tries = $2 and status = 'processing' and purge_at is null returning post_id
"""

PROGRESS = """
-- media: how far the encoder is; that it was heard of is what keeps the sweep away
update media set progress = coalesce($3, progress), stream = $4, stream_size = $5, started_at = $6
where id = $1 and tries = $2 and status = 'processing' and purge_at is null
"""

FINISH = """
-- media: a video is ready
update media set status = 'ready', stream = $3, stream_size = $4, duration = $5, progress = null, finished_at = $6
where id = $1 and tries = $2 and status = 'processing' and purge_at is null returning post_id, uploaded_at
"""

EXISTS = """
-- media: whether it is there
select exists (select from media where id = $1)
"""
