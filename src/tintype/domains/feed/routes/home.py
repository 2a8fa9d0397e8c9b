"""The home feed: ids from the reader's head, cards as fragments, hidden by what the log's tail says, joined once."""

import asyncio
import time
from typing import Any, Literal, get_args

import asyncpg
import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from tintype.cards import fragments
from tintype.cards import post as card
from tintype.cards.fragments import NO_VIEWER, Fragment
from tintype.cards.post import Post
from tintype.domains.engagement import reads as engagement
from tintype.domains.feed.reads import entries, viewers
from tintype.domains.feed.reads.home import PUBLISHED, home_skeleton
from tintype.domains.feed.reads.viewers import Viewer
from tintype.domains.graph import reads as graph
from tintype.platform import db
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import Unavailable
from tintype.platform.event_log.tail import age_of_view
from tintype.platform.paging import Page, Place, place
from tintype.platform.telemetry import FEED_LOAD

ROUNDS, ATTEMPTS = 8, 3
FRESH_SECONDS, STALE_SECONDS = 1.0, 60.0
PRIMARY_SECONDS, PRIMARY_REST_SECONDS = 0.5, 1.0
FAILURES = (*db.CONNECTION_LOST, asyncpg.PostgresError, Unavailable, TimeoutError)
_from_cache = FEED_LOAD.labels("cache")
_primary_rests_until = 0.0

Order = Literal["latest"]
ORDERS: dict[str, Order] = {one: one for one in get_args(Order)}


@get("/feed/home", operation_id="homeFeed")
async def home(
    actor: NamedDependency[Actor],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
    order: FromQuery[Order] = "latest",
) -> Page[Post]:
    """Own and followed posts, newest first; one's own that are not yet published stand first."""
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


async def answer(viewer_id: int, cursor: str | None, limit: int, order: Order) -> Page[Any]:
    """A page of the feed: fragments as they are to be sent, or posts.

    By the age of view of this process (design.md §6): up to a second what is remembered is as good as fresh; older, the
    primary is asked; where it does not answer in time, up to a minute what is public is served as stale.
    """
    where = place(f"home {order}", viewer_id, cursor, limit, width=3)
    if age_of_view() <= FRESH_SECONDS:
        return await _remembered(where)
    return await _aged(where)


async def _remembered(where: Place) -> Page[Any]:
    """From what this process remembers; the database is asked for what it does not.

    Every wait may have let an event in that changes what may be seen: then all is looked at again.
    """
    began = time.perf_counter()
    for _ in range(ATTEMPTS):
        viewer = viewers.at_hand(where.viewer)
        if viewer is None:
            viewer = await viewers.of(where.viewer)
            began = 0.0
        if viewer.has_unpublished and (where.after is None or where.after[0] != PUBLISHED):
            break
        found = await _collected(viewer, where)
        acts = await _acts(viewer, found.shown)
        if (found.at_once and not acts) or (
            viewers.at_hand(viewer.id) is viewer and fragments.are_current(found.shown)
        ):
            if found.at_once and began:
                _from_cache.observe(time.perf_counter() - began)
            return Page([_item(viewer, one, acts) for one in found.shown], found.cursor)
    return await _from_database(where)


class _Found(msgspec.Struct, frozen=True):
    """Visible posts, the cursor behind them, and whether nothing had to be waited for."""

    shown: list[Fragment]
    cursor: str | None
    at_once: bool


async def _collected(viewer: Viewer, where: Place) -> _Found:
    newest = where.after[2] if where.after else viewer.feed_ids[0] if viewer.feed_ids else 0
    before = min(where.after[1], newest + 1) if where.after and where.after[0] == PUBLISHED else newest + 1
    shown: list[Fragment] = []
    more = at_once = True
    for _ in range(ROUNDS):
        wanted = where.limit - len(shown)
        at = viewer.below(before)
        ids = viewer.post_ids[at : at + wanted].tolist()
        if ids:
            before = viewer.feed_ids[at + len(ids) - 1]
            more = viewer.has_more or at + len(ids) < len(viewer.feed_ids)
        elif viewer.has_more:
            stretch = await entries.entries(viewer.id, before, wanted)
            ids = [one.post_id for one in stretch.entries if viewer.watches(one.author_id)]
            before = stretch.entries[-1].feed_id if stretch.entries else before
            more, at_once = stretch.more, False
        else:
            more = False
        found = fragments.at_hand(ids)
        if found is None:
            found, at_once = await fragments.fetched(ids), False
        shown += found
        if len(shown) >= where.limit or not more:
            break
    return _Found(shown, where.next(PUBLISHED, before, newest) if more else None, at_once)


async def _acts(viewer: Viewer, shown: list[Fragment]) -> dict[int, engagement.Act]:
    """The reader's reactions that are not remembered, or that no count holds yet."""
    unsettled = [one.post_id for one in shown if one.post_id in viewer.unsettled]
    beyond = [one.post_id for one in shown if one.feed_id < viewer.reaches]
    if not unsettled and not beyond:
        return {}
    viewer.unsettled.difference_update(unsettled)
    try:
        async with db.read() as r:
            acts = await engagement.acts(r, viewer.id, unsettled + beyond)
    except BaseException:
        viewer.unsettled.update(unsettled)
        raise
    viewers.take_over(viewer, acts, unsettled)
    for post_id, act in acts.items():
        fragments.recount(post_id, act.stored)
    return acts


def _item(viewer: Viewer, one: Fragment, acts: dict[int, engagement.Act]) -> Any:
    """The card with what the reader did, one's own act that no count holds yet added."""
    if act := acts.get(one.post_id):
        return one.shown(act.counts, act.own.reaction, viewer.blocked)
    if one.post_id in viewer.own or viewer.blocked:
        return one.shown(None, viewer.own.get(one.post_id), viewer.blocked)
    return msgspec.Raw(one.body + NO_VIEWER)


async def _aged(where: Place) -> Page[Any]:
    """The view is old: hide by the primary, or serve what is public as stale."""
    global _primary_rests_until
    now = time.monotonic()
    if now >= _primary_rests_until:
        asking = asyncio.create_task(_from_database(where))
        done, _ = await asyncio.wait({asking}, timeout=PRIMARY_SECONDS)
        if done and not isinstance(asking.exception(), FAILURES):
            return asking.result()
        asking.cancel()
        _primary_rests_until = now + PRIMARY_REST_SECONDS
    if age_of_view() > STALE_SECONDS:
        raise Unavailable("The feed cannot be read just now.", retry_after=5)
    return _stale(where)


def _stale(where: Place) -> Page[Any]:
    """What is remembered, of public accounts only: nobody can tell who follows whom just now."""
    viewer = viewers.at_hand(where.viewer, stale=True)
    if viewer is None:
        raise Unavailable("The feed cannot be read just now.", retry_after=5)
    newest = where.after[2] if where.after else viewer.feed_ids[0] if viewer.feed_ids else 0
    before = where.after[1] if where.after and where.after[0] == PUBLISHED else newest + 1
    shown: list[Any] = []
    for at in range(viewer.below(before), len(viewer.feed_ids)):
        if len(shown) == where.limit:
            break
        before = viewer.feed_ids[at]
        found = fragments.at_hand([viewer.post_ids[at]], stale=True) or ()
        public = (one for one in found if not one.author_private and one.author_id not in viewer.blocked)
        shown += [_item(viewer, one, {}) for one in public]
    more = viewer.below(before) < len(viewer.feed_ids)
    return Page(shown, where.next(PUBLISHED, before, newest) if more else None, stale=True)


async def _from_database(where: Place) -> Page[Any]:
    """Everything from the database, with one's own unpublished posts."""
    shown: list[Post] = []
    after = where.after
    for _ in range(ROUNDS):
        skeleton = await home_skeleton(where.viewer, after, where.limit - len(shown))
        async with db.read() as r:
            shown += await _visible(r, where.viewer, [post_id for post_id, _ in skeleton.posts])
        after = skeleton.posts[-1][1] if skeleton.posts else after
        if not skeleton.more or len(shown) >= where.limit:
            break
    return Page(shown, where.next(*after) if skeleton.more and after else None)


async def _visible(r: Reader, viewer_id: int, post_ids: list[int]) -> list[Post]:
    """Hydrate, hide, present: what is still followed, and still visible, at this very moment."""
    found = await card.hide(r, viewer_id, await card.hydrate(r, post_ids))
    circle = await graph.circle(r, viewer_id)
    watched = {viewer_id, *circle.follows} - {*circle.muted}
    return await card.present(r, viewer_id, [one for one in found if _is_shown(one, viewer_id, watched)])


def _is_shown(one: card.Hydrated, viewer_id: int, watched: set[int]) -> bool:
    """Others' posts and one's own published ones; of one's own also those that were never published."""
    if one.row.author_id == viewer_id:
        return one.row.status == "published" or one.row.feed_id is None
    return one.row.author_id in watched


ROUTES = [home, home_alias]
