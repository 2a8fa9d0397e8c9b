"""Captions of videos: a WebVTT track a language."""

from typing import Any

import msgspec

from tintype.domains.media import rules
from tintype.domains.media.events import MediaCaptioned
from tintype.domains.media.reads import Captions
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


async def set_captions(tx: Tx, actor: Actor, media_id: int, track: Captions) -> str | None:
    """Show these captions, whose file is stored; returns the file whose place they take.

    Raises MediaNotFound, NotAFilm, or Invalid where there are too many.
    """
    row = await _lock(tx, actor, media_id)
    kept = msgspec.convert(row["captions"], list[Captions])
    others = [one for one in kept if one.language != track.language]
    if len(others) >= rules.CAPTION_TRACKS:
        raise rules.too_many_captions()
    await _keep(tx, actor, media_id, row, sorted([*others, track], key=lambda one: one.language))
    return next((one.name for one in kept if one.language == track.language and one.name != track.name), None)


async def remove_captions(tx: Tx, actor: Actor, media_id: int, language: str) -> str | None:
    """Show no captions in this language; returns the file that has no use any more."""
    row = await _lock(tx, actor, media_id)
    kept = msgspec.convert(row["captions"], list[Captions])
    gone = next((one.name for one in kept if one.language == language), None)
    if gone is not None:
        await _keep(tx, actor, media_id, row, [one for one in kept if one.language != language])
    return gone


async def check_film(tx: Tx, actor: Actor, media_id: int) -> None:
    """Raises MediaNotFound for what is not one's own, NotAFilm for a picture."""
    await _lock(tx, actor, media_id)


async def _lock(tx: Tx, actor: Actor, media_id: int) -> Any:
    row = await tx.row(LOCK, media_id, actor.id)
    if row is None:
        raise rules.MediaNotFound
    if row["kind"] != "VIDEO":
        raise rules.NotAFilm
    return row


async def _keep(tx: Tx, actor: Actor, media_id: int, row: Any, tracks: list[Captions]) -> None:
    await tx.run(KEEP, media_id, msgspec.to_builtins(tracks))
    await publish(tx, MediaCaptioned(media_id=media_id, owner_id=actor.id, post_id=row["post_id"]))


LOCK = """
-- media: one's own, to change its captions
select kind, captions, post_id from media where id = $1 and owner_id = $2 and purge_at is null for update
"""

KEEP = """
-- media: its captions
update media set captions = $2 where id = $1
"""
