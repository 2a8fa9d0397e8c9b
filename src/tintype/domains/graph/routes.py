"""Follow, unfollow, and the lists of both sides."""

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tintype.cards import account as card
from tintype.domains.accounts import reads as accounts
from tintype.domains.graph import actions, reads, rules
from tintype.platform import db
from tintype.platform.db import Actor
from tintype.platform.paging import Page, place
from tintype.platform.ratelimit import FOLLOWS_PER_DAY


class Following(msgspec.Struct):
    following: rules.FollowState


@post("/users/{user_id:str}/follow", operation_id="follow", limit=FOLLOWS_PER_DAY, status_code=200)
async def follow(actor: NamedDependency[Actor], user_id: FromPath[str]) -> Following:
    """Follow an account, or ask a private one to let you."""
    async with db.act(actor) as tx:
        account = await accounts.find(tx, user_id, actor.id)
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


@get("/users/{user_id:str}/followers", operation_id="listFollowers", public=True)
async def followers(
    viewer: NamedDependency[Actor | None],
    user_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[accounts.Account]:
    """Accounts that follow this one, newest first."""
    async with db.read() as r:
        account = await _listed(r, viewer, user_id)
        page = await reads.followers(r, account.id, place(f"followers {account.id}", _id(viewer), cursor, limit))
        return await _present(r, page)


@get("/users/{user_id:str}/following", operation_id="listFollowing", public=True)
async def following(
    viewer: NamedDependency[Actor | None],
    user_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[accounts.Account]:
    """Accounts that this one follows, newest first."""
    async with db.read() as r:
        account = await _listed(r, viewer, user_id)
        page = await reads.following(r, account.id, place(f"following {account.id}", _id(viewer), cursor, limit))
        return await _present(r, page)


@get("/users/me/followers", operation_id="listOwnFollowers", include_in_schema=False)
async def own_followers(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[accounts.Account]:
    """The same as `/users/{own id}/followers`."""
    async with db.read() as r:
        return await _present(
            r, await reads.followers(r, actor.id, place(f"followers {actor.id}", actor.id, cursor, limit))
        )


@get("/users/me/following", operation_id="listOwnFollowing", include_in_schema=False)
async def own_following(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[accounts.Account]:
    """The same as `/users/{own id}/following`."""
    async with db.read() as r:
        return await _present(
            r, await reads.following(r, actor.id, place(f"following {actor.id}", actor.id, cursor, limit))
        )


async def _listed(r: db.Reader, viewer: Actor | None, user_id: str) -> accounts.AccountRow:
    account = await accounts.find(r, user_id, _id(viewer))
    await reads.check_may_see(r, _id(viewer), account.id, is_private=account.is_private)
    return account


async def _present(r: db.Reader, page: Page[int]) -> Page[accounts.Account]:
    found = await card.accounts(r, page.items)
    return page.map(lambda ids: [found[one] for one in ids if one in found])


def _id(viewer: Actor | None) -> int:
    return viewer.id if viewer else 0


ROUTES = [follow, unfollow, unfollow_alias, followers, following, own_followers, own_following]
