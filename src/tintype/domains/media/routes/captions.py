"""Captions of one's own videos."""

import hashlib

from litestar import delete, patch, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from tintype.domains.media import actions, reads, rules
from tintype.domains.media.reads import Captions, Media
from tintype.platform import db, ids
from tintype.platform.db import Actor
from tintype.platform.objects import keeping
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import file_key
from tintype.platform.ratelimit import EDITS_PER_HOUR


@put("/media/{media_id:str}/captions", operation_id="setCaptions", limit=EDITS_PER_HOUR)
async def set_captions(
    actor: NamedDependency[Actor], media_id: FromPath[str], data: JSONBody[rules.NewCaptions]
) -> Media:
    """Give one's own video captions in one language, as WebVTT, in place of those it had in that language."""
    return await _set(actor, media_id, data)


@patch("/media/{media_id:str}/captions", operation_id="patchCaptions", limit=EDITS_PER_HOUR)
async def patch_captions(
    actor: NamedDependency[Actor], media_id: FromPath[str], data: JSONBody[rules.NewCaptions]
) -> Media:
    """The same as PUT."""
    return await _set(actor, media_id, data)


async def _set(actor: Actor, media_id: str, given: rules.NewCaptions) -> Media:
    wanted, checked = ids.parse(media_id), rules.captions_checked(given)
    text = checked.text.encode()
    name = f"captions.{checked.language}.{hashlib.sha256(text).hexdigest()[:12]}.vtt"
    track = Captions(checked.language, checked.label, name, len(text))
    async with db.act(actor) as tx:
        await actions.check_film(tx, actor, wanted)
    await objects.store().put({file_key(wanted, name): text})
    async with db.act(actor) as tx:
        replaced = await actions.set_captions(tx, actor, wanted, track)
    return await _without(actor, wanted, replaced)


@delete("/media/{media_id:str}/captions/{language:str}", operation_id="deleteCaptions", status_code=200)
async def remove_captions(actor: NamedDependency[Actor], media_id: FromPath[str], language: FromPath[str]) -> Media:
    """Take captions away; that there were none in this language is no error."""
    wanted = ids.parse(media_id)
    async with db.act(actor) as tx:
        gone = await actions.remove_captions(tx, actor, wanted, rules.checked_language(language))
    return await _without(actor, wanted, gone)


async def _without(actor: Actor, media_id: int, name: str | None) -> Media:
    if name is not None and not await keeping.is_kept():  # else it goes with the video
        await objects.store().delete(file_key(media_id, name))
    async with db.read() as r:
        return reads.present_own(await reads.own(r, actor.id, media_id))


ROUTES = [set_captions, patch_captions, remove_captions]
