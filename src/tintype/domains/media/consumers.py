"""What media make of jobs, of the clock, and of other domains' facts."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from tintype.domains.accounts.events import AccountPrivacyChanged
from tintype.domains.media import actions, reads, rules
from tintype.platform import clock, db
from tintype.platform.db import Tx
from tintype.platform.event_log.port import Event
from tintype.platform.imaging.messages import Picture
from tintype.platform.imaging.pool import DecoderFailed, PictureRefused
from tintype.platform.jobs.port import enqueue
from tintype.platform.objects import keeping
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import file_key, files_prefix, upload_key
from tintype.platform.scanner import port as scanner
from tintype.platform.scanner.port import Infected, NotScannable
from tintype.platform.telemetry import log
from tintype.platform.video import encoder, streams
from tintype.platform.video.command import LONGEST_SECONDS, planned

DRAFTS_KEPT = timedelta(hours=1)
KEPT_AGAIN = timedelta(minutes=1)
PURGED = 100
PROGRESS_SECONDS = 1.0


async def process(payload: dict[str, Any]) -> None:
    """Job `media.process`: make one picture ready. Each try is fenced, so running twice does no harm."""
    await _try(int(payload["media_id"]), _work)


async def film(payload: dict[str, Any]) -> None:
    """Job `media.video`: make one video ready; one at a time, so that it takes nothing that pictures need."""
    work = asyncio.create_task(_try(int(payload["media_id"]), _film))
    _filming.add(work)
    try:
        await asyncio.wait([work])
        if work.cancelled():
            raise Stopped
        work.result()
    finally:
        _filming.discard(work)
        work.cancel()
        with suppress(Exception, asyncio.CancelledError):
            await work


class Stopped(Exception):
    """The worker ends; the video is begun again, and its try does not count."""


_filming: set[asyncio.Task[None]] = set()


def stop_filming() -> None:
    """Give up videos under way, which take longer than a worker may to end."""
    for work in _filming:
        work.cancel()


async def _try(media_id: int, work: Callable[[actions.Job], Awaitable[None]]) -> None:
    async with db.act(db.SYSTEM) as tx:
        job = await actions.take(tx, media_id)
    if job is None:
        return
    try:
        await work(job)
    except PictureRefused as reason:
        log.info("media.rejected", media_id=str(media_id), code=reason.code)
        async with db.act(db.SYSTEM) as tx:
            await actions.reject(tx, job, reason.code)
    except DecoderFailed as reason:
        log.warning("media.decoder_failed", media_id=str(media_id), tries=job.tries, reason=str(reason))
        async with db.act(db.SYSTEM) as tx:
            has_tries = await actions.failed(tx, job)
        if has_tries:
            raise
    except actions.Overtaken:
        async with db.act(db.SYSTEM) as tx:
            is_gone = await actions.is_gone(tx, media_id)
        if is_gone:
            await objects.store().delete_prefix(files_prefix(media_id))
    except (Exception, asyncio.CancelledError):
        with suppress(Exception):
            async with db.act(db.SYSTEM) as tx:
                await actions.give_back(tx, job)
        raise


async def _scan(upload: int) -> None:
    """Before anything else reads it. Raises PictureRefused, and EngineDown."""
    try:
        await scanner.check(upload)
    except Infected as found:
        log.warning("media.infected", found=str(found))
        raise PictureRefused(rules.INFECTED) from found
    except NotScannable as reason:
        log.warning("media.not_scannable", reason=str(reason))
        raise PictureRefused(rules.NOT_SCANNED) from reason


async def _work(job: actions.Job) -> None:
    async def seen(picture: Picture) -> None:
        async with db.act(db.SYSTEM) as tx:
            await actions.previewed(tx, job, picture)

    store = objects.store()
    if await store.stat(upload_key(job.media_id)) is None:
        raise PictureRefused("UPLOAD_LOST")
    async with store.open(upload_key(job.media_id)) as upload:
        await _scan(upload)
        decoded = await actions.pool().decode(upload, seen, job.order)
    await store.put({job.place(one.name): one.data for one in decoded.renditions})
    async with db.act(db.SYSTEM) as tx:
        is_current = await actions.finish(tx, job, decoded.renditions)
    if not is_current:
        await discard({"places": [job.place(one.name) for one in decoded.renditions]})


async def _film(job: actions.Job) -> None:
    store = objects.store()
    if await store.stat(upload_key(job.media_id)) is None:
        raise PictureRefused("UPLOAD_LOST")
    async with store.open(upload_key(job.media_id)) as upload:
        await _scan(upload)
        video, poster = await encoder.look(upload)
        await store.put({job.place(one.name): one.data for one in poster})
        async with db.act(db.SYSTEM) as tx:
            await actions.posted(tx, job, video, poster)
        stream = planned(video, actions.token())
        whole = min(video.seconds or 0.0, LONGEST_SECONDS)
        told, telling = time.monotonic(), asyncio.Lock()

        async def keep(name: str, data: bytes) -> None:
            await store.put({job.place(name): data})

        async def progress() -> None:
            nonlocal told
            if telling.locked() or time.monotonic() - told < PROGRESS_SECONDS:
                return
            async with telling, db.act(db.SYSTEM) as tx:
                told = time.monotonic()
                done = min(stream.length / whole, 1.0) if whole else None
                await actions.progressed(tx, job, done, stream)

        try:
            await encoder.encode(upload, video, stream, keep, progress, actions.video_timeout())
        except PictureRefused:
            await store.delete_prefix(files_prefix(job.media_id))
            raise
    async with db.act(db.SYSTEM) as tx:
        await actions.finish_film(tx, job, stream)
    await _forget_others(job.media_id, {*stream.files()})


async def _forget_others(media_id: int, current: set[str]) -> None:
    """Segments of earlier tries go."""
    store = objects.store()
    for name in await store.sizes(files_prefix(media_id)):
        if name not in current and streams.is_file(name):
            await store.delete(file_key(media_id, name))


async def drop_parts(payload: dict[str, Any]) -> None:
    """Job `media.drop_parts`: forget an upload in parts that was not completed in time."""
    await objects.store().drop_parts(int(payload["media_id"]), str(payload["upload_id"]))


async def render(payload: dict[str, Any]) -> None:
    """Job `media.render`: make the files of an edit, of a picture that is in use."""
    async with db.act(db.SYSTEM) as tx:
        job = await actions.take_render(tx, int(payload["media_id"]))
    if job is None:
        return
    try:
        async with objects.store().open(upload_key(job.media_id)) as upload:
            decoded = await actions.pool().decode(upload, _unseen, job.order)
    except (PictureRefused, FileNotFoundError) as reason:
        log.warning("media.render_given_up", media_id=str(job.media_id), reason=repr(reason))
        async with db.act(db.SYSTEM) as tx:
            await actions.give_up_render(tx, job)
        return
    await objects.store().put({job.place(one.name): one.data for one in decoded.renditions})
    async with db.act(db.SYSTEM) as tx:
        is_current = await actions.finish_render(tx, job, decoded)
    if not is_current:
        await discard({"places": [job.place(one.name) for one in decoded.renditions]})


async def _unseen(_: Picture) -> None:
    """The picture is known already."""


async def discard(payload: dict[str, Any]) -> None:
    """Job `media.discard`: files that other files took the place of; while a backup is taken, a minute later."""
    if await keeping.is_kept():
        async with db.act(db.SYSTEM) as tx:
            await enqueue(tx, "media.discard", payload, delay=KEPT_AGAIN)
        return
    for place in payload["places"]:
        await objects.store().delete(place)


async def purge(_: dict[str, Any]) -> None:
    """Job `media.purge`: delete what is due, files before rows, so that a row names every file there is.

    While a backup is taken nothing goes; the sweep comes again.
    """
    store = objects.store()
    while not await keeping.is_kept():
        async with db.read() as r:
            due = await reads.due(r, clock.now(), PURGED)
        for media_id, upload_id in due:
            await store.delete_prefix(files_prefix(media_id))
            await store.delete(upload_key(media_id))
            if upload_id is not None:
                await store.drop_parts(media_id, upload_id)
            async with db.act(db.SYSTEM) as tx:
                await actions.purge(tx, media_id)
        if len(due) < PURGED:
            return


async def sweep() -> None:
    """By the clock: stuck media, purges that were missed, drafts of interrupted writes."""
    async with db.act(db.SYSTEM) as tx:
        found = await actions.sweep(tx)
    if found:
        log.info("media.swept", count=found)
    await purge({})
    await objects.store().tidy(DRAFTS_KEPT)


async def follow_privacy(tx: Tx, batch: Sequence[Event]) -> None:
    """Kind tx: when an account becomes private or public, its published files follow."""
    for event in batch:
        if isinstance(event, AccountPrivacyChanged):
            await actions.set_private(tx, event.account_id, event.is_private)
