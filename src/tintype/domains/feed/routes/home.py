"""The home feed in either order: by the age of view of this process, from memory, from the primary, or stale."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Literal, get_args

import asyncpg
import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from tintype.cards import fragments
from tintype.cards.post import Post
from tintype.domains.feed import actions as timelines
from tintype.domains.feed.reads import viewers
from tintype.domains.feed.routes import latest, ranked
from tintype.platform import db, ids
from tintype.platform.db import Actor
from tintype.platform.errors import Unavailable
from tintype.platform.event_log.tail import FRESH_SECONDS, age_of_view
from tintype.platform.paging import Page, Place, place

STALE_SECONDS = 60.0
PRIMARY_SECONDS, PRIMARY_REST_SECONDS = 0.5, 1.0
FAILURES = (*db.OUT_OF_REACH, asyncpg.PostgresError)
MOST_NEW = 99
_primary_rests_until = 0.0  # 0 while it is not known to be away

Order = Literal["latest", "ranked"]
ORDERS: dict[str, Order] = {one: one for one in get_args(Order)}
Reading = Callable[[Place], Awaitable[Page[Any]]]


@get("/feed/home", operation_id="homeFeed")
async def home(
    actor: NamedDependency[Actor],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
    order: FromQuery[Order] = "latest",
) -> Page[Post]:
    """Own and followed posts, newest first or ranked; one's own that are not yet published stand first."""
    return await answer(actor.id, cursor, limit, order)


@get("/feed", operation_id="homeFeedAlias", include_in_schema=False)
async def home_alias(
    actor: NamedDependency[Actor],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
    order: FromQuery[Order] = "latest",
) -> Page[Post]:
    """The same as `/feed/home`."""
    return await answer(actor.id, cursor, limit, order)


class NewCount(msgspec.Struct):
    """How many posts came since; 99 means 99 or more."""

    count: int


@get("/feed/home/new-count", operation_id="countNewPosts")
async def new_count(actor: NamedDependency[Actor], since: FromQuery[str]) -> NewCount:
    """How many posts a reload of the home feed would bring that are newer than this feed_id."""
    newest = ids.parse(since)
    viewer = await viewers.of(actor.id)
    found = viewer.post_ids[: min(viewer.below(newest + 1), MOST_NEW)].tolist()
    return NewCount(len(fragments.at_hand(found) or await fragments.fetched(found)))


async def answer(viewer_id: int, cursor: str | None, limit: int, order: Order) -> Page[Any]:
    """A page of the feed: fragments as they are to be sent, or posts.

    By the age of view of this process (design.md §6): up to a second what is remembered is as good as fresh; older, or
    where the database is lost meanwhile, the primary is asked; where it does not answer in time, up to a minute what is
    public is served as stale.
    """
    timelines.notice(viewer_id)
    if order == "ranked":
        where = place("home ranked", viewer_id, cursor, limit, width=None)
        if age_of_view() <= FRESH_SECONDS:
            with suppress(*db.OUT_OF_REACH):
                return await ranked.remembered(where)
        return await _aged(where, ranked.from_database, ranked.stale)
    where = place("home latest", viewer_id, cursor, limit, width=latest.WIDTH)
    if age_of_view() <= FRESH_SECONDS:
        with suppress(*db.OUT_OF_REACH):
            return await latest.remembered(where)
    return await _aged(where, latest.from_database, latest.stale)


async def _aged(where: Place, from_database: Reading, stale: Callable[[Place], Page[Any]]) -> Page[Any]:
    """The view is old: hide by the primary, or serve what is public as stale.

    A primary that did not answer is asked once a second, by one reader: the others do not wait for it again.
    """
    global _primary_rests_until
    now = time.monotonic()
    if now >= _primary_rests_until:
        if _primary_rests_until:
            _primary_rests_until = now + PRIMARY_REST_SECONDS
        asking = asyncio.ensure_future(from_database(where))
        done, _ = await asyncio.wait({asking}, timeout=PRIMARY_SECONDS)
        if done and not isinstance(asking.exception(), FAILURES):
            _primary_rests_until = 0.0
            return asking.result()
        asking.cancel()
        _primary_rests_until = now + PRIMARY_REST_SECONDS
    if age_of_view() > STALE_SECONDS:
        raise Unavailable("The feed cannot be read just now.", retry_after=5)
    return stale(where)


ROUTES = [home, home_alias, new_count]
