"""Leaving: for a while, or for good."""

import msgspec
from litestar import Response, delete, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from tintype.domains.accounts import actions
from tintype.domains.accounts.routes.answers import AnyRequest, Password, answer, confirm
from tintype.platform import auth, clock, db
from tintype.platform.db import Actor


class Leaving(msgspec.Struct, frozen=True):
    """`erased_at` is when everything will be gone, unless one logs in before; null where one only has left."""

    erased_at: str | None


@post("/users/me/deactivate", operation_id="deactivateAccount", status_code=200)
async def deactivate(actor: NamedDependency[Actor], data: JSONBody[Password], request: AnyRequest) -> Response[Leaving]:
    """Be hidden from everybody until one logs in again."""
    await confirm(actor, data.password)
    async with db.act(actor) as tx:
        await actions.deactivate(tx, actor)
    return answer(request, Leaving(None), 200, auth.no_cookies())


@post("/users/me/delete", operation_id="deleteAccount", status_code=200)
async def delete_account(
    actor: NamedDependency[Actor], data: JSONBody[Password], request: AnyRequest
) -> Response[Leaving]:
    """Be hidden at once and erased in a week, unless one logs in before."""
    return await _delete(actor, data, request)


@delete("/users/me", operation_id="deleteMe", status_code=200)
async def delete_me(actor: NamedDependency[Actor], data: JSONBody[Password], request: AnyRequest) -> Response[Leaving]:
    """The same as POST /users/me/delete."""
    return await _delete(actor, data, request)


async def _delete(actor: Actor, data: Password, request: AnyRequest) -> Response[Leaving]:
    await confirm(actor, data.password)
    async with db.act(actor) as tx:
        at = await actions.delete(tx, actor)
    return answer(request, Leaving(clock.iso(at)), 200, auth.no_cookies())


ROUTES = [deactivate, delete_account, delete_me]
