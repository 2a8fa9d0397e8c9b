"""Editing one's own pictures, and being shown with one."""

from litestar import delete, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from tintype.domains.media import actions, reads, rules
from tintype.domains.media.reads import Media
from tintype.platform import db, ids
from tintype.platform.db import Actor
from tintype.platform.ratelimit import EDITS_PER_HOUR


@put("/media/{media_id:str}/edit", operation_id="editMedia", limit=EDITS_PER_HOUR)
async def edit(actor: NamedDependency[Actor], media_id: FromPath[str], data: JSONBody[rules.EditChange]) -> Media:
    """Filter, crop and adjust one's own picture. In a post, its old files stay until the new ones are there."""
    return await _edit(actor, media_id, data)


@patch("/media/{media_id:str}/edit", operation_id="patchMediaEdit", limit=EDITS_PER_HOUR)
async def patch_edit(actor: NamedDependency[Actor], media_id: FromPath[str], data: JSONBody[rules.EditChange]) -> Media:
    """The same as PUT."""
    return await _edit(actor, media_id, data)


async def _edit(actor: Actor, media_id: str, change: rules.EditChange) -> Media:
    wanted = ids.parse(media_id)
    async with db.act(actor) as tx:
        await actions.edit(tx, actor, wanted, change)
        return reads.present_own(await reads.own(tx, actor.id, wanted))


@post("/users/me/avatar", operation_id="setAvatar", status_code=200, limit=EDITS_PER_HOUR)
async def set_avatar(actor: NamedDependency[Actor], data: JSONBody[rules.NewAvatar]) -> Media:
    """Be shown with this picture once its files are there, cut to a square: `wait` for the medium that is returned."""
    wanted = ids.parse(data.media_id)
    async with db.act(actor) as tx:
        await actions.set_avatar(tx, actor, wanted, data.crop)
        return reads.present_own(await reads.own(tx, actor.id, wanted))


@delete("/users/me/avatar", operation_id="removeAvatar", status_code=200)
async def remove_avatar(actor: NamedDependency[Actor]) -> None:
    """Be shown without a picture."""
    async with db.act(actor) as tx:
        await actions.remove_avatar(tx, actor)


ROUTES = [edit, patch_edit, set_avatar, remove_avatar]
