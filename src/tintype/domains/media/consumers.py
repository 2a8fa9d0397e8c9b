"""What media make of jobs, of the clock, and of other domains' facts."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from tintype.domains.accounts.events import AccountPrivacyChanged
from tintype.domains.media import actions, reads
from tintype.platform import clock, db
from tintype.platform.db import Tx
from tintype.platform.event_log.port import Event
from tintype.platform.imaging.messages import Picture
from tintype.platform.imaging.pool import DecoderFailed, PictureRefused
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import files_prefix, upload_key
from tintype.platform.telemetry import log

DRAFTS_KEPT = timedelta(hours=1)
PURGED = 100


async def process(payload: dict[str, Any]) -> None:
    """Job `media.process`: make one medium ready. Each try is fenced, so running twice does no harm."""
    media_id = int(payload["media_id"])
    async with db.act(db.SYSTEM) as tx:
        job = await actions.take(tx, media_id)
    if job is None:
        return
    try:
        await _work(job)
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
    except (Exception, asyncio.CancelledError):
        with suppress(Exception):
            async with db.act(db.SYSTEM) as tx:
                await actions.give_back(tx, job)
        raise


async def _work(job: actions.Job) -> None:
    async def seen(picture: Picture) -> None:
        async with db.act(db.SYSTEM) as tx:
            await actions.previewed(tx, job, picture)

    store = objects.store()
    if await store.stat(upload_key(job.media_id)) is None:
        raise PictureRefused("UPLOAD_LOST")
    async with store.open(upload_key(job.media_id)) as upload:
        decoded = await actions.pool().decode(upload, seen, job.order)
    await store.put({job.place(one.name): one.data for one in decoded.renditions})
    async with db.act(db.SYSTEM) as tx:
        is_current = await actions.finish(tx, job, decoded.renditions)
    if not is_current:
        await discard({"places": [job.place(one.name) for one in decoded.renditions]})


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
    """Job `media.discard`: files that other files took the place of."""
    for place in payload["places"]:
        await objects.store().delete(place)


async def purge(_: dict[str, Any]) -> None:
    """Job `media.purge`: delete what is due, files before rows, so that a row names every file there is."""
    store = objects.store()
    while True:
        async with db.read() as r:
            due = await reads.due(r, clock.now(), PURGED)
        for media_id in due:
            await store.delete_prefix(files_prefix(media_id))
            await store.delete(upload_key(media_id))
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
