"""Post cards as byte fragments: kept in this process for a minute, joined into answers as they are.

A fragment is the JSON of a post as a reader gets it who did nothing with it yet; where its author gets another (an edit
that is not approved, likes that others do not see), that is kept beside it. It goes the moment an event speaks of
its post or of anybody in it: what is here is as the log's tail says. The minute bounds what an event may have missed.
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from tintype.cards import post as card
from tintype.domains.accounts.events import AccountApproved, AccountReactivated, AccountUnsuspended
from tintype.domains.engagement import reads as engagement
from tintype.domains.engagement.events import PostCounted
from tintype.platform import db, ids
from tintype.platform.event_log.tail import age_of_view
from tintype.platform.telemetry import CACHE

KEPT_SECONDS, LONG_AGO_SECONDS = 60.0, 1.0
MOST = 40_000
LOADS, LOADED_AT_ONCE = 2, 300
NOTHING = card.PostViewer(None, saved=False)
NO_VIEWER = msgspec.json.encode(NOTHING) + b"}"
_COUNTS, _AFTER_COUNTS = b',"like_count":', b',"created_at":'
_hit, _missed = (CACHE.labels("post_fragments", outcome) for outcome in ("hit", "miss"))


class Fragment:
    """A published post: what hiding, ranking and joining need of it."""

    __slots__ = (
        "author_id",
        "author_private",
        "card",
        "counts",
        "feed_id",
        "hides_likes",
        "people",
        "post_id",
        "to_author",
        "type",
    )

    def __init__(self, found: card.Hydrated) -> None:
        row = found.row
        assert row.feed_id is not None
        self.post_id, self.feed_id, self.author_id, self.type = row.id, row.feed_id, row.author_id, row.type
        self.author_private = found.author_private
        self.people = frozenset(found.people_in)
        self.counts = found.counts
        self.hides_likes = row.hide_like_counts
        shown = msgspec.json.encode(card.presented(found, viewer_id=0))
        self.card = msgspec.Raw(shown[: shown.rindex(b"null")] + NO_VIEWER)
        self.to_author: bytes | None = None
        if row.pending is not None or row.hide_like_counts:
            self.to_author = msgspec.json.encode(card.presented(found, viewer_id=row.author_id))

    def recount(self, counts: engagement.PostCounts) -> None:
        """Take other counts; everything else stays."""
        self.counts = counts
        self.card = msgspec.Raw(_recounted(bytes(self.card), counts, self.hides_likes))
        if self.to_author is not None:
            self.to_author = _recounted(self.to_author, counts, hides_likes=False)

    def shown(
        self,
        viewer_id: int,
        counts: engagement.PostCounts | None,
        did: card.PostViewer,
        without: frozenset[int] = frozenset(),
    ) -> Any:
        """The card for one reader: with the counts as they see them, what they did, and without these people."""
        whole, hides_likes = bytes(self.card), self.hides_likes
        if viewer_id == self.author_id and self.to_author is not None:
            whole, hides_likes = self.to_author, False
        if counts is not None:
            whole = _recounted(whole, counts, hides_likes)
        if not without or without.isdisjoint(self.people):
            return msgspec.Raw(whole if did == NOTHING else whole[: -len(NO_VIEWER)] + _viewer(did))
        post = msgspec.json.decode(whole, type=card.Post)
        return msgspec.structs.replace(
            post,
            mentions=[one for one in post.mentions if int(one.user_id) not in without],
            tagged=[one for one in post.tagged if int(one.user.user_id) not in without],
            viewer=did,
        )

    def signed_out(self) -> Any:
        """The card for a visitor."""
        return msgspec.Raw(bytes(self.card)[: -len(NO_VIEWER)] + b"null}")

    def made_at(self) -> float:
        """Seconds since 1970 at which others could first see it."""
        return ids.made_at(self.feed_id).timestamp()


def _viewer(did: card.PostViewer) -> bytes:
    return msgspec.json.encode(did) + b"}"


def _recounted(whole: bytes, counts: engagement.PostCounts, hides_likes: bool) -> bytes:
    before, _, rest = whole.partition(_COUNTS)
    return before + _counts(counts, hides_likes) + rest[rest.index(_AFTER_COUNTS) :]


def _counts(counts: engagement.PostCounts, hides_likes: bool) -> bytes:
    likes = b"null" if hides_likes else b"%d" % counts.likes
    reactions = b"null" if hides_likes else msgspec.json.encode(counts.reactions)
    return b'%s%s,"reaction_counts":%s,"comment_count":%d,"share_count":%d' % (
        _COUNTS,
        likes,
        reactions,
        counts.comments,
        counts.shares,
    )


class _Load:
    """Posts on their way from the database, and what was said of them meanwhile.

    Until it has a connection, others may add what they miss: the more is asked for, the more comes at once.
    """

    def __init__(self) -> None:
        self.post_ids: set[int] = set()
        self.spoilt_posts: set[int] = set()
        self.spoilt_people: set[int] = set()
        self.task: asyncio.Task[dict[int, Fragment | None]] = asyncio.create_task(self._run())
        self.task.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def _run(self) -> dict[int, Fragment | None]:
        try:
            while len(_reading) >= LOADS:
                await asyncio.wait([one.task for one in _reading], return_when=asyncio.FIRST_COMPLETED)
            _reading.add(self)
            async with db.read() as r:
                _close(self)
                hydrated = await card.hydrate(r, list(self.post_ids))
            found: dict[int, Fragment | None] = dict.fromkeys(self.post_ids)
            found |= {one.row.id: Fragment(one) for one in hydrated if one.row.status == "published"}
            for post_id, fragment in found.items():
                if post_id in self.spoilt_posts or (fragment and not fragment.people.isdisjoint(self.spoilt_people)):
                    continue
                if fragment is None and self.spoilt_people:
                    continue
                _keep(post_id, fragment)
            return found
        finally:
            _reading.discard(self)
            _close(self)
            _forget_load(self)


_GONE: Any = object()
_kept: dict[int, Fragment] = {}
_ends: deque[tuple[float, int, Fragment]] = deque()
_by_person: defaultdict[int, set[int]] = defaultdict(set)
_loading: dict[int, _Load] = {}
_reading: set[_Load] = set()
_open: _Load | None = None


def at_hand(post_ids: Iterable[int], *, stale: bool = False) -> list[Fragment] | None:
    """The fragments of these posts in order, without those that are gone; None unless all are here.

    With `stale` also those whose minute is over.
    """
    if not stale and _ends and _ends[0][0] <= time.monotonic():
        _let_go()
    found: list[Any] = list(map(_kept.get, post_ids))
    if None in found:
        return None
    if _GONE in found:
        found = [one for one in found if one is not _GONE]
    _hit.inc(len(found))
    return found


async def fetched(post_ids: Sequence[int]) -> list[Fragment]:
    """The fragments of these posts in order, without those that are gone. Nothing is read twice at the same time."""
    if _ends and _ends[0][0] <= time.monotonic():
        _let_go()
    got: dict[int, Fragment | None] = {}
    waiting: set[_Load] = set()
    missing = []
    for post_id in post_ids:
        fragment = _kept.get(post_id)
        if fragment is not None:
            got[post_id] = None if fragment is _GONE else fragment
        elif post_id in _loading:
            waiting.add(_loading[post_id])
        else:
            missing.append(post_id)
    _hit.inc(len(got))
    _missed.inc(len(post_ids) - len(got))
    if missing:
        load = _opened()
        load.post_ids.update(missing)
        _loading.update(dict.fromkeys(missing, load))
        waiting.add(load)
    for one in waiting:
        got |= await asyncio.shield(one.task)
    return [fragment for post_id in post_ids if (fragment := got.get(post_id)) is not None]


def heard(event: Any) -> None:
    """A fact of the log: what it makes untrue is forgotten; counts are taken over."""
    match event:
        case PostCounted():
            _recount(event)
        case AccountApproved() | AccountUnsuspended() | AccountReactivated():
            for post_id in [post_id for post_id, fragment in _kept.items() if fragment is _GONE]:
                del _kept[post_id]
            _forget_person(event.account_id)
        case _:
            if hasattr(event, "post_id"):
                _forget_post(event.post_id)
            elif hasattr(event, "account_id"):
                _forget_person(event.account_id)


def recount(post_id: int, counts: engagement.PostCounts) -> None:
    """Take counts that were just read."""
    fragment = _kept.get(post_id)
    if fragment is not None and fragment is not _GONE:
        fragment.recount(counts)


def are_current(found: Iterable[Fragment]) -> bool:
    """Whether nothing was said of these since they were asked for."""
    return all(_kept.get(one.post_id) is one for one in found)


def clear() -> None:
    """Forget everything: the log was not followed for a while."""
    global _open
    _open = None
    for load in set(_loading.values()):
        load.spoilt_posts.update(load.post_ids)
    _loading.clear()
    _reading.clear()
    _kept.clear()
    _ends.clear()
    _by_person.clear()


def _recount(event: PostCounted) -> None:
    if load := _loading.get(event.post_id):
        load.spoilt_posts.add(event.post_id)
    recount(event.post_id, engagement.PostCounts(event.likes, event.comments, event.shares, event.reactions))


def _forget_post(post_id: int) -> None:
    if load := _loading.pop(post_id, None):
        load.spoilt_posts.add(post_id)
    _drop(post_id)


def _forget_person(account_id: int) -> None:
    for load in set(_loading.values()):
        load.spoilt_people.add(account_id)
    _loading.clear()
    for post_id in list(_by_person.get(account_id, ())):
        _drop(post_id)


def _opened() -> _Load:
    """The load that still takes posts."""
    global _open
    if _open is None or len(_open.post_ids) >= LOADED_AT_ONCE:
        _open = _Load()
    return _open


def _close(load: _Load) -> None:
    global _open
    if _open is load:
        _open = None


def _forget_load(load: _Load) -> None:
    for post_id in load.post_ids:
        if _loading.get(post_id) is load:
            del _loading[post_id]


def _keep(post_id: int, fragment: Fragment | None) -> None:
    _drop(post_id)
    while len(_kept) >= MOST:
        _drop(next(iter(_kept)))
    kept = _GONE if fragment is None else fragment
    _kept[post_id] = kept
    _ends.append((time.monotonic() + KEPT_SECONDS, post_id, kept))
    for person in fragment.people if fragment else ():
        _by_person[person].add(post_id)


def _let_go() -> None:
    """Forget those whose minute is over. While the log is not heard they stay, to be served as stale."""
    if age_of_view() > LONG_AGO_SECONDS:
        return
    now = time.monotonic()
    while _ends and _ends[0][0] <= now:
        _, post_id, fragment = _ends.popleft()
        if _kept.get(post_id) is fragment:
            _drop(post_id)


def _drop(post_id: int) -> None:
    fragment = _kept.pop(post_id, _GONE)
    for person in () if fragment is _GONE else fragment.people:
        posts = _by_person[person]
        posts.discard(post_id)
        if not posts:
            del _by_person[person]
