"""Follow and unfollow."""

import msgspec
from litestar import delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tintype.cards import account as card
from tintype.domains.accounts import reads as accounts
from tintype.domains.graph import actions, rules
from tintype.platform import db
from tintype.platform.db import Actor
from tintype.platform.ratelimit import FOLLOWS_PER_DAY


class Following(msgspec.Struct):
    following: rules.FollowState


@post("/users/{user_id:str}/follow", operation_id="follow", limit=FOLLOWS_PER_DAY, status_code=200)
async def follow(actor: NamedDependency[Actor], user_id: FromPath[str]) -> Following:
    """Follow an account, or ask a private one to let you."""
    async with db.act(actor) as tx:
        account = await card.find(tx, user_id, actor.id)
        return Following(await actions.follow(tx, actor, account.id))


@delete("/users/{user_id:str}/follow", operation_id="unfollow", status_code=200)
async def unfollow(actor: NamedDependency[Actor], user_id: FromPath[str]) -> Following:
    """Stop following an account, or take a request back."""
    return await _unfollow(actor, user_id)


async def _unfollow(actor: Actor, user_id: str) -> Following:
    async with db.act(actor) as tx:
        account = await accounts.find(tx, user_id, actor.id)
        return Following(await actions.unfollow(tx, actor, account.id))


@delete("/users/{user_id:str}/unfollow", operation_id="unfollowAlias", status_code=200, include_in_schema=False)
async def unfollow_alias(actor: NamedDependency[Actor], user_id: FromPath[str]) -> Following:
    """The same as `DELETE …/follow`."""
    return await _unfollow(actor, user_id)


ROUTES = [follow, unfollow, unfollow_alias]
