"""What this process remembers of those who read their home feed: whom they follow, and the head of the feed.

An entry is made by one read of the database and lives as long as no event speaks of it; new posts are merged into it
from the log's tail when it is next used. Nothing here decides what may be seen: fragments and graph events do.
"""

import asyncio
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

from tintype.domains.engagement import reads as engagement
from tintype.domains.engagement.events import ReactionChanged
from tintype.domains.feed.events import PostDeliveredLate, TimelineRebuilt
from tintype.domains.feed.reads import entries
from tintype.domains.feed.rules.ranking import Affinities
from tintype.domains.graph import reads as graph
from tintype.domains.graph.events import BlockChanged, FollowChanged, MuteChanged
from tintype.domains.posts import reads as posts
from tintype.domains.posts.events import PostPublished, PostSaved
from tintype.platform import clock, db
from tintype.platform.ids import LARGEST
from tintype.platform.telemetry import CACHE

HEAD = 120
MOST = 50_000
NEWEST_KEPT = 20_000
KEPT_SECONDS = 600.0
NewPost = PostPublished | PostDeliveredLate
_hit, _missed = (CACHE.labels("viewers", outcome) for outcome in ("hit", "miss"))


class Own(NamedTuple):
    """What a reader has to do with a post: their reaction, whether they saved it, whether it is their own."""

    reaction: str | None = None
    saved: bool = False
    mine: bool = False


NOTHING = Own()


class Viewer:
    """One reader: ids in compact arrays, posts newest first; own acts are known for feed_id >= `reaches`."""

    __slots__ = (
        "affinities",
        "blocked",
        "feed_ids",
        "has_more",
        "has_unpublished",
        "id",
        "loaded_at",
        "merged",
        "own",
        "post_ids",
        "ranked",
        "reaches",
        "unsettled",
        "watched",
    )

    def __init__(self, viewer_id: int) -> None:
        self.id = viewer_id
        self.watched: array[int] = array("q")
        self.blocked: frozenset[int] = frozenset()
        self.feed_ids: array[int] = array("q")
        self.post_ids: array[int] = array("q")
        self.has_more = False
        self.reaches = 0
        self.has_unpublished = False
        self.own: dict[int, Own] = {}
        self.unsettled: set[int] = set()
        self.ranked: Any = None
        self.affinities: Affinities | None = None
        self.merged = 0
        self.loaded_at = 0.0

    def watches(self, author_id: int) -> bool:
        """Whether this author's posts belong into the feed: followed and not muted, or oneself."""
        at = bisect_left(self.watched, author_id)
        return at < len(self.watched) and self.watched[at] == author_id

    def below(self, before: int) -> int:
        """The place in the head of the first entry with feed_id < before."""
        low, high = 0, len(self.feed_ids)
        while low < high:
            middle = (low + high) // 2
            if self.feed_ids[middle] >= before:
                low = middle + 1
            else:
                high = middle
        return low

    def remember(self, post_id: int, own: Own) -> None:
        """What the reader has to do with a post."""
        if own == NOTHING:
            self.own.pop(post_id, None)
        else:
            self.own[post_id] = own

    def insert(self, feed_id: int, post_id: int) -> None:
        """A post that is new, unless it is there or lies below the head."""
        at = self.below(feed_id + 1)
        if at < len(self.feed_ids) and self.feed_ids[at] == feed_id:
            return
        if at == len(self.feed_ids) and self.has_more:
            return
        self.feed_ids.insert(at, feed_id)
        self.post_ids.insert(at, post_id)
        self.ranked = None
        if len(self.feed_ids) > 2 * HEAD:
            del self.feed_ids[HEAD:], self.post_ids[HEAD:]
            self.has_more = True


class _Load:
    """A reader on the way from the database."""

    def __init__(self, viewer_id: int) -> None:
        self.viewer = Viewer(viewer_id)
        self.viewer.merged = _count - len(_newest)  # what was published of late may be on its way to the timeline
        self.spoilt = False
        self.task: asyncio.Task[Viewer] = asyncio.create_task(self._run())

    async def _run(self) -> Viewer:
        viewer = self.viewer
        try:
            async with db.read() as r:
                circle = await graph.circle(r, viewer.id)
                stretch = await entries.head(r, viewer.id, HEAD)
                viewer.has_unpublished = bool(await posts.unpublished_by(r, viewer.id, LARGEST, 1))
                found = [one.post_id for one in stretch.entries]
                reactions = await engagement.own_reactions(r, viewer.id, found)
                saved = await posts.saved_among(r, viewer.id, found)
            watched = {viewer.id, *circle.follows} - {*circle.muted}
            shown = [one for one in stretch.entries if one.author_id in watched]
            viewer.watched = array("q", sorted(watched))
            viewer.blocked = frozenset(circle.blocked)
            viewer.feed_ids = array("q", [one.feed_id for one in shown])
            viewer.post_ids = array("q", [one.post_id for one in shown])
            viewer.has_more = stretch.more
            viewer.reaches = stretch.entries[-1].feed_id if stretch.more else 0
            mine = {one.post_id for one in stretch.entries if one.author_id == viewer.id}
            for post_id in {*reactions, *saved, *mine}:
                reaction = reactions.get(post_id, engagement.NO_REACTION).reaction
                viewer.remember(post_id, Own(reaction, post_id in saved, post_id in mine))
            viewer.unsettled |= {post_id for post_id, one in reactions.items() if one.reaction != one.counted}
            viewer.loaded_at = clock.monotonic()
            if not self.spoilt:
                _keep(viewer)
            return viewer
        finally:
            if _loading.get(viewer.id) is self:
                del _loading[viewer.id]


_kept: dict[int, Viewer] = {}
_aside: dict[int, Viewer] = {}  # to be read anew, and good enough while nothing can be read
_loading: dict[int, _Load] = {}
_newest: deque[NewPost] = deque()
_of_author: dict[int, deque[tuple[int, NewPost]]] = {}
_count = 0


def at_hand(viewer_id: int, *, stale: bool = False) -> Viewer | None:
    """The reader with all posts that this process has heard of, if it is remembered; with `stale` however old."""
    viewer = _kept.get(viewer_id)
    if viewer is None and stale:
        viewer = _aside.get(viewer_id)
    if viewer is None or _count - viewer.merged > len(_newest):
        return None
    if not stale and viewer.loaded_at + KEPT_SECONDS < clock.monotonic():
        return None
    _hit.inc()
    _merge(viewer)
    return viewer


async def of(viewer_id: int) -> Viewer:
    """The reader, remembered or read; nobody is read twice at the same time."""
    viewer = at_hand(viewer_id)
    if viewer is not None:
        return viewer
    _missed.inc()
    load = _loading.get(viewer_id)
    if load is None:
        load = _loading[viewer_id] = _Load(viewer_id)
    viewer = await asyncio.shield(load.task)
    _merge(viewer)
    return viewer


def _merge(viewer: Viewer) -> None:
    """Put into the head what was published since it was last looked at: by post, or by author if those are fewer."""
    new = _count - viewer.merged
    if not new:
        return
    if new <= len(viewer.watched):
        for n in range(len(_newest) - new, len(_newest)):
            if viewer.watches(_newest[n].author_id):
                viewer.insert(_newest[n].feed_id, _newest[n].post_id)
    else:
        for author_id in viewer.watched:
            for number, event in reversed(_of_author.get(author_id, ())):
                if number < viewer.merged:
                    break
                viewer.insert(event.feed_id, event.post_id)
    viewer.merged = _count


def heard(event: Any) -> None:
    """A fact of the log: new posts wait to be merged, a reader whose feed is another now is forgotten."""
    match event:
        case PostPublished() | PostDeliveredLate():
            _published(event)
            _set_aside(event.author_id)
        case FollowChanged():
            _set_aside(event.follower_id, without=event.followee_id)
        case MuteChanged():
            _set_aside(event.muter_id, without=event.muted_id)
        case BlockChanged():
            forget(event.blocker_id)
            forget(event.blocked_id)
        case TimelineRebuilt():
            _set_aside(event.user_id)
        case ReactionChanged() | PostSaved():
            _unsettle(event.user_id, event.post_id)
        case _:
            if author_id := getattr(event, "author_id", None):
                _set_aside(author_id)


def _set_aside(viewer_id: int, *, without: int = 0) -> None:
    """The next read of this reader asks the database; what is here is stale, without this author, while it is away."""
    viewer = _kept.get(viewer_id) or _aside.get(viewer_id)
    forget(viewer_id)
    if viewer is not None:
        viewer.watched = array("q", [author_id for author_id in viewer.watched if author_id != without])
        while len(_aside) >= MOST:
            del _aside[next(iter(_aside))]
        _aside[viewer_id] = viewer


def forget(viewer_id: int) -> None:
    """The next read of this reader asks the database."""
    _kept.pop(viewer_id, None)
    _aside.pop(viewer_id, None)
    if load := _loading.pop(viewer_id, None):
        load.spoilt = True


def clear() -> None:
    """Forget everybody: the log was not followed for a while."""
    for viewer_id in [*_kept, *_aside, *_loading]:
        forget(viewer_id)


def take_over(
    viewer: Viewer, acts: dict[int, engagement.Act], saved: set[int], mine: set[int], unsettled: Iterable[int]
) -> None:
    """Own acts as they were just read; reactions that the counts do not hold yet are asked for again."""
    for post_id in unsettled:
        own = acts[post_id].own if post_id in acts else engagement.NO_REACTION
        viewer.remember(post_id, Own(own.reaction, post_id in saved, post_id in mine))
        if own.reaction != own.counted:
            viewer.unsettled.add(post_id)


def _published(event: NewPost) -> None:
    global _count
    if len(_newest) >= NEWEST_KEPT:
        oldest = _newest.popleft()
        of_author = _of_author[oldest.author_id]
        of_author.popleft()
        if not of_author:
            del _of_author[oldest.author_id]
    _newest.append(event)
    _of_author.setdefault(event.author_id, deque()).append((_count, event))
    _count += 1


def _unsettle(viewer_id: int, post_id: int) -> None:
    if viewer := _kept.get(viewer_id):
        viewer.unsettled.add(post_id)
    if load := _loading.get(viewer_id):
        load.viewer.unsettled.add(post_id)


def _keep(viewer: Viewer) -> None:
    _kept.pop(viewer.id, None)
    _aside.pop(viewer.id, None)
    while len(_kept) >= MOST:
        del _kept[next(iter(_kept))]
    _kept[viewer.id] = viewer
