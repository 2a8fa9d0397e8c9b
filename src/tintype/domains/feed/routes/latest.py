"""The feed in order `latest`: by feed_id, from the reader's head and below it from the database."""

import time
from typing import Any

import msgspec

from tintype.cards import fragments
from tintype.cards import post as card
from tintype.cards.fragments import Fragment
from tintype.cards.post import Post
from tintype.domains.feed.reads import entries, viewers
from tintype.domains.feed.reads.home import PUBLISHED, home_skeleton
from tintype.domains.feed.reads.viewers import Viewer
from tintype.domains.feed.routes.presenting import acts_of, items
from tintype.domains.graph import reads as graph
from tintype.platform import db
from tintype.platform.db import Reader
from tintype.platform.errors import Unavailable
from tintype.platform.event_log.tail import while_fresh
from tintype.platform.paging import Page, Place
from tintype.platform.telemetry import FEED_LOAD

ROUNDS, ATTEMPTS = 8, 3
WIDTH = 3
_from_cache = FEED_LOAD.labels("cache")


async def remembered(where: Place) -> Page[Any]:
    """From what this process remembers; the database is asked for what it does not.

    Every wait may have let an event in that changes what may be seen: then all is looked at again.
    """
    began = time.perf_counter()
    for _ in range(ATTEMPTS):
        viewer = viewers.at_hand(where.viewer)
        if viewer is None:
            viewer = await while_fresh(viewers.of(where.viewer))
            began = 0.0
        if viewer.has_unpublished and (where.after is None or where.after[0] != PUBLISHED):
            break
        found = await _collected(viewer, where)
        acts = await acts_of(viewer, found.shown)
        at_once = found.at_once and not acts
        if at_once or (viewers.at_hand(viewer.id) is viewer and fragments.are_current(found.shown)):
            if at_once and began:
                _from_cache.observe(time.perf_counter() - began)
            return Page(items(viewer, found.shown, acts), found.cursor)
    return await while_fresh(from_database(where))


class _Found(msgspec.Struct, frozen=True):
    """Visible posts, the cursor behind them, and whether nothing had to be waited for."""

    shown: list[Fragment]
    cursor: str | None
    at_once: bool


async def _collected(viewer: Viewer, where: Place) -> _Found:
    newest, before = _start(viewer, where)
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
            stretch = await while_fresh(entries.entries(viewer.id, before, wanted, deep=True))
            ids = [one.post_id for one in stretch.entries if viewer.watches(one.author_id)]
            before = stretch.entries[-1].feed_id if stretch.entries else before
            more, at_once = stretch.more, False
        else:
            more = False
        found = fragments.at_hand(ids)
        if found is None:
            found, at_once = await while_fresh(fragments.fetched(ids)), False
        shown += found
        if len(shown) >= where.limit or not more:
            break
    return _Found(shown, where.next(PUBLISHED, before, newest) if more else None, at_once)


def _start(viewer: Viewer, where: Place) -> tuple[int, int]:
    """The newest feed_id of the first page, and the place below which this page begins."""
    if where.after is None:
        newest = viewer.feed_ids[0] if viewer.feed_ids else 0
        return newest, newest + 1
    part, position, newest = where.after
    return newest, min(position, newest + 1) if part == PUBLISHED else newest + 1


def stale(where: Place) -> Page[Any]:
    """What is remembered, of public accounts only: nobody can tell who follows whom just now."""
    viewer = viewers.at_hand(where.viewer, stale=True)
    if viewer is None:
        raise Unavailable("The feed cannot be read just now.", retry_after=5)
    newest, before = _start(viewer, where)
    shown: list[Fragment] = []
    for at in range(viewer.below(before), len(viewer.feed_ids)):
        if len(shown) == where.limit:
            break
        before = viewer.feed_ids[at]
        shown += public(viewer, [viewer.post_ids[at]])
    more = viewer.below(before) < len(viewer.feed_ids)
    return Page(items(viewer, shown, {}), where.next(PUBLISHED, before, newest) if more else None, stale=True)


def public(viewer: Viewer, post_ids: list[int]) -> list[Fragment]:
    """What may be shown while nothing can be asked: posts at hand of public accounts, with no block between."""
    found = fragments.at_hand(post_ids, stale=True) or ()
    return [
        one
        for one in found
        if viewer.watches(one.author_id) and not one.author_private and one.author_id not in viewer.blocked
    ]


async def from_database(where: Place) -> Page[Any]:
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
