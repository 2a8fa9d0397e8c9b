"""Post cards as byte fragments: kept in this process for a minute, joined into answers as they are.

A fragment is the JSON of a post as every reader gets it, up to its `viewer`. It goes the moment an event speaks of its
post or of anybody in it: what is here is as the log's tail says. The minute bounds what an event may have missed.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from tintype.cards import post as card
from tintype.domains.accounts.events import AccountApproved, AccountUnsuspended
from tintype.domains.engagement import reads as engagement
from tintype.domains.engagement.events import PostCounted
from tintype.platform import db, ids
from tintype.platform.telemetry import CACHE

KEPT_SECONDS = 60.0
MOST = 40_000
NO_VIEWER = msgspec.json.encode(card.PostViewer(None, saved=False)) + b"}"
_COUNTS, _AFTER_COUNTS = b',"like_count":', b',"created_at":'
_hit, _missed = (CACHE.labels("post_fragments", outcome) for outcome in ("hit", "miss"))


class Fragment:
    """A published post: what hiding, ranking and joining need of it."""

    __slots__ = ("author_id", "author_private", "body", "counts", "feed_id", "people", "post_id", "type", "until")

    def __init__(self, found: card.Hydrated, until: float) -> None:
        row = found.row
        assert row.feed_id is not None
        self.post_id, self.feed_id, self.author_id, self.type = row.id, row.feed_id, row.author_id, row.type
        self.author_private = found.author_private
        self.people = frozenset(found.people_in)
        self.counts = found.counts
        self.until = until
        shown = msgspec.json.encode(card.presented(found, viewer_id=0))
        self.body = shown[: shown.rindex(b"null")]

    def recount(self, counts: engagement.PostCounts) -> None:
        """Take other counts; everything else stays."""
        self.counts = counts
        self.body = self.with_counts(counts)

    def with_counts(self, counts: engagement.PostCounts) -> bytes:
        """The body with other counts: as one reader sees them who has just acted."""
        before, _, rest = self.body.partition(_COUNTS)
        return before + _counts(counts) + rest[rest.index(_AFTER_COUNTS) :]

    def shown(self, counts: engagement.PostCounts | None, reaction: str | None, without: frozenset[int]) -> Any:
        """The card for one reader: with the counts as they see them, their reaction, and without these people."""
        body = self.body if counts is None else self.with_counts(counts)
        if not without or without.isdisjoint(self.people):
            viewer = NO_VIEWER if reaction is None else _viewer(reaction)
            return msgspec.Raw(body + viewer)
        post = msgspec.json.decode(body + NO_VIEWER, type=card.Post)
        return msgspec.structs.replace(
            post,
            mentions=[one for one in post.mentions if int(one.user_id) not in without],
            tagged=[one for one in post.tagged if int(one.user.user_id) not in without],
            viewer=card.PostViewer(reaction, saved=False),
        )

    def made_at(self) -> float:
        """Seconds since 1970 at which others could first see it."""
        return ids.made_at(self.feed_id).timestamp()


def _viewer(reaction: str) -> bytes:
    return msgspec.json.encode(card.PostViewer(reaction, saved=False)) + b"}"


def _counts(counts: engagement.PostCounts) -> bytes:
    reactions = msgspec.json.encode(counts.reactions)
    return b'%s%d,"reaction_counts":%s,"comment_count":%d,"share_count":%d' % (
        _COUNTS,
        counts.likes,
        reactions,
        counts.comments,
        counts.shares,
    )


class _Load:
    """Posts on their way from the database, and what was said of them meanwhile."""

    def __init__(self, post_ids: Sequence[int]) -> None:
        self.post_ids = frozenset(post_ids)
        self.spoilt_posts: set[int] = set()
        self.spoilt_people: set[int] = set()
        self.task: asyncio.Task[dict[int, Fragment | None]] = asyncio.create_task(self._run())

    async def _run(self) -> dict[int, Fragment | None]:
        try:
            async with db.read() as r:
                hydrated = await card.hydrate(r, list(self.post_ids))
            until = time.monotonic() + KEPT_SECONDS
            found: dict[int, Fragment | None] = dict.fromkeys(self.post_ids)
            found |= {one.row.id: Fragment(one, until) for one in hydrated if one.row.status == "published"}
            for post_id, fragment in found.items():
                if post_id in self.spoilt_posts or (fragment and not fragment.people.isdisjoint(self.spoilt_people)):
                    continue
                if fragment is None and self.spoilt_people:
                    continue
                _keep(post_id, fragment)
            return found
        finally:
            _forget_load(self)


_kept: dict[int, Fragment | None] = {}
_by_person: defaultdict[int, set[int]] = defaultdict(set)
_loading: dict[int, _Load] = {}


def at_hand(post_ids: Iterable[int], *, stale: bool = False) -> list[Fragment] | None:
    """The fragments of these posts in order, without those that are gone; None unless all are here.

    With `stale` also those whose minute is over.
    """
    now = 0.0 if stale else time.monotonic()
    found: list[Fragment] = []
    for post_id in post_ids:
        fragment = _kept.get(post_id, _ABSENT)
        if fragment is _ABSENT or (fragment is not None and fragment.until <= now):
            return None
        if fragment is not None:
            found.append(fragment)
    _hit.inc(len(found))
    return found


async def fetched(post_ids: Sequence[int]) -> list[Fragment]:
    """The fragments of these posts in order, without those that are gone. Nothing is read twice at the same time."""
    now = time.monotonic()
    got: dict[int, Fragment | None] = {}
    waiting: set[_Load] = set()
    missing = []
    for post_id in post_ids:
        fragment = _kept.get(post_id, _ABSENT)
        if fragment is not _ABSENT and (fragment is None or fragment.until > now):
            got[post_id] = fragment
        elif post_id in _loading:
            waiting.add(_loading[post_id])
        else:
            missing.append(post_id)
    _hit.inc(len(got))
    _missed.inc(len(post_ids) - len(got))
    if missing:
        load = _Load(missing)
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
        case AccountApproved() | AccountUnsuspended():
            for post_id in [post_id for post_id, fragment in _kept.items() if fragment is None]:
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
    if fragment is not None:
        fragment.recount(counts)


def are_current(found: Iterable[Fragment]) -> bool:
    """Whether nothing was said of these since they were asked for."""
    return all(_kept.get(one.post_id) is one for one in found)


def clear() -> None:
    """Forget everything: the log was not followed for a while."""
    for load in set(_loading.values()):
        load.spoilt_posts.update(load.post_ids)
    _loading.clear()
    _kept.clear()
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


def _forget_load(load: _Load) -> None:
    for post_id in load.post_ids:
        if _loading.get(post_id) is load:
            del _loading[post_id]


def _keep(post_id: int, fragment: Fragment | None) -> None:
    _drop(post_id)
    while len(_kept) >= MOST:
        _drop(next(iter(_kept)))
    _kept[post_id] = fragment
    for person in fragment.people if fragment else ():
        _by_person[person].add(post_id)


def _drop(post_id: int) -> None:
    fragment = _kept.pop(post_id, None)
    for person in fragment.people if fragment else ():
        posts = _by_person[person]
        posts.discard(post_id)
        if not posts:
            del _by_person[person]


_ABSENT: Any = object()
