"""Followers and followees."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tintype.cards import account as card
from tintype.cards.account import Person
from tintype.domains.graph import reads
from tintype.platform import db
from tintype.platform.db import Actor
from tintype.platform.paging import Page, place


@get("/users/{user_id:str}/followers", operation_id="listFollowers", public=True)
async def followers(
    viewer: NamedDependency[Actor | None],
    user_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[Person]:
    """Accounts that follow this one, newest first."""
    return await _followers(viewer, user_id, cursor, limit)


@get("/users/{user_id:str}/following", operation_id="listFollowing", public=True)
async def following(
    viewer: NamedDependency[Actor | None],
    user_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[Person]:
    """Accounts that this one follows, newest first."""
    return await _following(viewer, user_id, cursor, limit)


@get("/users/me/followers", operation_id="listOwnFollowers", include_in_schema=False)
async def own_followers(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[Person]:
    """The same as `/users/{own id}/followers`."""
    return await _followers(actor, "me", cursor, limit)


@get("/users/me/following", operation_id="listOwnFollowing", include_in_schema=False)
async def own_following(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[Person]:
    """The same as `/users/{own id}/following`."""
    return await _following(actor, "me", cursor, limit)


async def _followers(viewer: Actor | None, user_id: str, cursor: str | None, limit: int) -> Page[Person]:
    viewer_id = viewer.id if viewer else 0
    async with db.read() as r:
        account_id = await _listed(r, viewer_id, user_id)
        where = place(f"followers {account_id}", viewer_id, cursor, limit)
        return await card.people_page(r, viewer_id, await reads.followers(r, account_id, where))


async def _following(viewer: Actor | None, user_id: str, cursor: str | None, limit: int) -> Page[Person]:
    viewer_id = viewer.id if viewer else 0
    async with db.read() as r:
        account_id = await _listed(r, viewer_id, user_id)
        where = place(f"following {account_id}", viewer_id, cursor, limit)
        return await card.people_page(r, viewer_id, await reads.following(r, account_id, where))


async def _listed(r: db.Reader, viewer_id: int, user_id: str) -> int:
    account = await card.find(r, user_id, viewer_id)
    await reads.check_may_see(r, viewer_id, account.id, is_private=account.is_private)
    return account.id


ROUTES = [followers, following, own_followers, own_following]
