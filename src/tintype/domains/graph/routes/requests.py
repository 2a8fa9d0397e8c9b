"""Who may follow a private account: requests, their answers, and the removal of followers."""

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tintype.cards import account as card
from tintype.domains.accounts.reads import Account
from tintype.domains.graph import actions, reads
from tintype.platform import db
from tintype.platform.db import Actor
from tintype.platform.paging import Page, place


class FollowedBy(msgspec.Struct):
    followed_by: bool


@get("/users/me/follow-requests", operation_id="listFollowRequests")
async def requests(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[Account]:
    """Accounts that ask to follow one's own, newest first."""
    async with db.read() as r:
        page = await reads.requests(r, actor.id, place("follow-requests", actor.id, cursor, limit))
        return await card.page(r, page)


@post("/users/me/follow-requests/{user_id:str}/accept", operation_id="acceptFollowRequest", status_code=200)
async def accept(actor: NamedDependency[Actor], user_id: FromPath[str]) -> FollowedBy:
    """Let an account follow that asked to. 404 where it asks no longer."""
    async with db.act(actor) as tx:
        account = await card.find(tx, user_id, actor.id)
        await actions.accept(tx, actor, account.id)
        return await _followed_by(tx, actor, account.id)


@post("/users/me/follow-requests/{user_id:str}/decline", operation_id="declineFollowRequest", status_code=200)
async def decline(actor: NamedDependency[Actor], user_id: FromPath[str]) -> FollowedBy:
    """Do not let an account follow. It is not told, and may ask again."""
    async with db.act(actor) as tx:
        account = await card.find(tx, user_id, actor.id)
        await actions.decline(tx, actor, account.id)
        return await _followed_by(tx, actor, account.id)


@delete("/users/me/followers/{user_id:str}", operation_id="removeFollower", status_code=200)
async def remove_follower(actor: NamedDependency[Actor], user_id: FromPath[str]) -> FollowedBy:
    """Have an account follow one's own no longer. It is not told."""
    async with db.act(actor) as tx:
        account = await card.find(tx, user_id, actor.id)
        await actions.remove_follower(tx, actor, account.id)
        return await _followed_by(tx, actor, account.id)


async def _followed_by(r: db.Reader, actor: Actor, follower_id: int) -> FollowedBy:
    return FollowedBy(await reads.is_following(r, follower_id, actor.id))


ROUTES = [requests, accept, decline, remove_follower]
