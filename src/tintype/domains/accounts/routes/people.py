"""Profiles: finding, reading and changing them."""

from typing import Annotated

import msgspec
from litestar import get, patch, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from tintype.cards import account as card
from tintype.cards.account import Person
from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.actions import visits
from tintype.domains.accounts.reads import Me, Profile
from tintype.platform import db
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import OUT_OF_RANGE, Forbidden, Invalid
from tintype.platform.paging import LARGEST_LIMIT, Page


class Username(msgspec.Struct, frozen=True):
    username: str


@get("/users/lookup", operation_id="lookupUsers")
async def lookup(
    actor: NamedDependency[Actor],
    q: Annotated[str, QueryParameter(max_length=100)],
    limit: FromQuery[int] = 10,
) -> Page[Person]:
    """People whose username or name begins so."""
    if not 1 <= limit <= LARGEST_LIMIT:
        raise Invalid.fields(limit=OUT_OF_RANGE(least=1, most=LARGEST_LIMIT))
    async with db.read() as r:
        found = await reads.lookup(r, actor.id, q, limit)
        people = await card.people(r, actor.id, found)
    return Page([people[one] for one in found if one in people])


@get("/users/me", operation_id="getMe")
async def read_me(actor: NamedDependency[Actor]) -> Me:
    """One's own profile, with what only oneself sees."""
    async with db.read() as r:
        return await card.me(r, await reads.profile(r, actor.id))


@get("/users/{user_id:str}", operation_id="getUser", public=True)
async def read(viewer: NamedDependency[Actor | None], user_id: FromPath[str]) -> Profile:
    """An account's page; `user_id` is an id or `@username`."""
    async with db.read() as r:
        viewer_id = viewer.id if viewer else 0
        found = await card.find(r, user_id, viewer_id)
        shown = await card.profile(r, viewer_id, found)
    visits.note(viewer_id, found.id)
    return shown


@put("/users/me", operation_id="updateMe")
async def update_me(actor: NamedDependency[Actor], data: JSONBody[rules.ProfileChange]) -> Me:
    """Change the fields that are sent."""
    return await _update(actor, data)


@patch("/users/me", operation_id="patchMe")
async def patch_me(actor: NamedDependency[Actor], data: JSONBody[rules.ProfileChange]) -> Me:
    """The same as PUT."""
    return await _update(actor, data)


@put("/users/me/username", operation_id="changeUsername")
async def rename(actor: NamedDependency[Actor], data: JSONBody[Username]) -> Me:
    """Be called otherwise. The old name leads to the new one for 14 days; nobody else may take it meanwhile."""
    return await _update(actor, rules.ProfileChange(username=data.username))


@put("/users/{user_id:str}", operation_id="updateUser")
async def update(actor: NamedDependency[Actor], user_id: FromPath[str], data: JSONBody[rules.ProfileChange]) -> Me:
    """Change the fields that are sent of one's own account, named by its id or `@username`."""
    await _check_own(actor, user_id)
    return await _update(actor, data)


@patch("/users/{user_id:str}", operation_id="patchUser")
async def patch_user(actor: NamedDependency[Actor], user_id: FromPath[str], data: JSONBody[rules.ProfileChange]) -> Me:
    """The same as PUT."""
    await _check_own(actor, user_id)
    return await _update(actor, data)


async def _check_own(actor: Actor, user_id: str) -> None:
    async with db.read() as r:
        if (await card.find(r, user_id, actor.id)).id != actor.id:
            raise Forbidden


async def _update(actor: Actor, change: rules.ProfileChange) -> Me:
    async with db.act(actor) as tx:
        await actions.update(tx, actor, change)
        return await _me(tx, actor)


async def _me(r: Reader, actor: Actor) -> Me:
    return await card.me(r, await reads.profile(r, actor.id))


ROUTES = [rename, lookup, read_me, read, update_me, patch_me, update, patch_user]
