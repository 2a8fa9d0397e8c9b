"""The feed in order `ranked`: batch by batch from the newest down, each batch ranked once and then kept in its order.

A cursor tells the session (the newest feed_id there was, and a seed), where its batch begins, and what of the batch has
been shown. The order of a batch is remembered for half an hour; a session that was lost is ranked again from the cursor
alone, and what was shown is left out.
"""

import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from tintype.cards import fragments
from tintype.cards import post as card
from tintype.cards.fragments import Fragment
from tintype.domains.feed.reads import connections, entries, viewers
from tintype.domains.feed.reads.candidates import candidates
from tintype.domains.feed.reads.viewers import Viewer
from tintype.domains.feed.routes.latest import ATTEMPTS, ROUNDS, public
from tintype.domains.feed.routes.presenting import acts_of, items
from tintype.domains.feed.rules import model, ranking
from tintype.domains.graph import reads as graph
from tintype.domains.posts import reads as posts
from tintype.platform import clock, db
from tintype.platform.cache.port import cache
from tintype.platform.config import Settings
from tintype.platform.errors import Unavailable
from tintype.platform.event_log.tail import while_fresh
from tintype.platform.ids import LARGEST
from tintype.platform.paging import CursorInvalid, Page, Place
from tintype.platform.telemetry import FEED_LOAD

FIRST_BATCH, BATCH = viewers.HEAD, 50
KEPT, RANKED_SECONDS = timedelta(minutes=30), 300.0
Waited = Callable[[Awaitable[Any]], Awaitable[Any]]
_from_cache = FEED_LOAD.labels("cache")
_settings: Settings | None = None


def use(settings: Settings) -> None:
    """How fast posts age, and where learned models are."""
    global _settings
    _settings = settings


class Ranked(msgspec.Struct, frozen=True):
    """A batch in its order: which session, the feed_id at and below which the next batch begins (0: none), post ids."""

    newest: int
    seed: int
    next_top: int
    post_ids: list[int]
    made_at: float = 0.0


class _Position(msgspec.Struct, frozen=True):
    """What a cursor says: the session, where its batch begins, and which posts of the batch were shown."""

    newest: int
    seed: int
    top: int
    shown: frozenset[int]


async def remembered(where: Place) -> Page[Any]:
    """A page from what this process remembers."""
    began = time.perf_counter()
    for _ in range(ATTEMPTS):
        viewer = viewers.at_hand(where.viewer)
        if viewer is None:
            viewer = await while_fresh(viewers.of(where.viewer))
            began = 0.0
        first = await while_fresh(_unpublished(viewer, where)) if viewer.has_unpublished else []
        found, cursor = await _page(viewer, where, where.limit - len(first), while_fresh)
        acts = await acts_of(viewer, found)
        if viewers.at_hand(viewer.id) is viewer and fragments.are_current(found):
            if began and not acts:
                _from_cache.observe(time.perf_counter() - began)
            return Page([*first, *items(viewer, found, acts)], cursor)
    raise Unavailable("Too much changes at once. Try again.")


async def from_database(where: Place) -> Page[Any]:
    """The same, hidden by rows that are fresh in this moment."""
    viewer = await viewers.of(where.viewer)
    first = await _unpublished(viewer, where)
    found, cursor = await _page(viewer, where, where.limit - len(first), _however_long)
    async with db.read() as r:
        circle = await graph.circle(r, viewer.id)
        shown = await card.show(r, viewer.id, [one.post_id for one in found])
    watched = {viewer.id, *circle.follows} - {*circle.muted}
    kept = [one for one in shown if int(one.author.user_id) in watched and one.status == "published"]
    return Page([*first, *kept], cursor)


def stale(where: Place) -> Page[Any]:
    """What is remembered of the first page, of public accounts only; by date where it was not ranked of late."""
    viewer = viewers.at_hand(where.viewer, stale=True)
    if viewer is None or where.after is not None:
        raise Unavailable("The feed cannot be read just now.", retry_after=5)
    shown: list[Fragment] = []
    for post_id in viewer.ranked.post_ids if viewer.ranked is not None else viewer.post_ids:
        if len(shown) < where.limit:
            shown += public(viewer, [post_id])
    return Page(items(viewer, shown, {}), None, stale=True)


async def _however_long(work: Awaitable[Any]) -> Any:
    return await work


async def _unpublished(viewer: Viewer, where: Place) -> list[Any]:
    """On the first page, the reader's newest posts that were never visible to others."""
    if where.after is not None or not viewer.has_unpublished:
        return []
    async with db.read() as r:
        return [*await card.show(r, viewer.id, await posts.unpublished_by(r, viewer.id, LARGEST, where.limit))]


async def _page(viewer: Viewer, where: Place, wanted: int, waited: Waited) -> tuple[list[Fragment], str | None]:
    """The next visible posts of the session, and the cursor behind them; `waited` is how the database is waited for."""
    at = _position(viewer, where)
    seen = set(at.shown)
    found: list[Fragment] = []
    for _ in range(ROUNDS):
        batch = await _batch(viewer, at, waited)
        left = [post_id for post_id in batch.post_ids if post_id not in seen] if seen else batch.post_ids
        taken = left[: wanted - len(found)]
        shown = fragments.at_hand(taken)
        if shown is None:
            shown = await waited(fragments.fetched(taken))
        found += [one for one in shown if viewer.watches(one.author_id)]
        seen.update(taken)
        if len(taken) == len(left):
            if not batch.next_top:
                return found, None
            at, seen = _Position(at.newest, at.seed, batch.next_top, frozenset()), set()
        if len(found) >= wanted:
            break
    return found, where.next(at.newest, at.seed, at.top, *sorted(seen))


def _position(viewer: Viewer, where: Place) -> _Position:
    if where.after is None:
        ranked = _fresh(viewer)
        newest = viewer.feed_ids[0] if viewer.feed_ids else 0
        return _Position(newest, ranked.seed if ranked else random.getrandbits(31), newest, frozenset())
    if len(where.after) < 3:
        raise CursorInvalid
    newest, seed, top, *shown = where.after
    return _Position(newest, seed, top, frozenset(shown))


def _fresh(viewer: Viewer) -> Ranked | None:
    """The first batch as it was ranked of late, unless there are newer posts."""
    found: Ranked | None = viewer.ranked
    if found is None or found.made_at + RANKED_SECONDS < clock.monotonic():
        return None
    return found if viewer.feed_ids and found.newest == viewer.feed_ids[0] else None


async def _batch(viewer: Viewer, at: _Position, waited: Waited) -> Ranked:
    """The batch that begins at `at.top`: as it was ranked before, or ranked now."""
    is_first = at.top == at.newest
    kept = _fresh(viewer) if is_first else None
    if kept is not None and kept.seed == at.seed:
        return kept
    key = f"ranked:{viewer.id}:{at.newest}:{at.seed}:{at.top}"
    stored = await cache().get(key)
    if stored is not None:
        return msgspec.msgpack.decode(stored, type=Ranked)
    batch: Ranked = await waited(_ranked(viewer, at, FIRST_BATCH if is_first else BATCH))
    await cache().set(key, msgspec.msgpack.encode(batch), KEPT)
    if is_first and viewer.feed_ids and viewer.feed_ids[0] == at.newest:
        viewer.ranked = batch
    return batch


async def _ranked(viewer: Viewer, at: _Position, size: int) -> Ranked:
    ids, next_top = _from_head(viewer, at.top, size)
    if not ids:
        stretch = await entries.entries(viewer.id, at.top + 1, size)
        ids = [one.post_id for one in stretch.entries if viewer.watches(one.author_id)]
        next_top = stretch.entries[-1].feed_id - 1 if stretch.more else 0
    async with db.read() as r:
        found = await candidates(r, ids)
        if viewer.affinities is None:
            viewer.affinities = await connections.affinities(r, viewer.id)
    order = _order(found, viewer.affinities, at.seed)
    return Ranked(at.newest, at.seed, next_top, found.post_ids[order].tolist(), clock.monotonic())


def _from_head(viewer: Viewer, top: int, size: int) -> tuple[Sequence[int], int]:
    """The next ids of the head at and below `top`, and where the batch after them begins."""
    begin = viewer.below(top + 1)
    ids = viewer.post_ids[begin : begin + size].tolist()
    end = begin + len(ids)
    has_more = viewer.has_more or end < len(viewer.post_ids)
    return ids, viewer.feed_ids[end - 1] - 1 if ids and has_more else 0


def _order(found: ranking.Candidates, affinities: ranking.Affinities, seed: int) -> list[int]:
    """Places in `found`, best first."""
    assert _settings is not None, "ranked.use was not called"
    chosen = model.active(_settings.data_dir)
    return ranking.rank(found, affinities, clock.millis(), _settings.ranking_half_life_hours, chosen, seed=seed)
