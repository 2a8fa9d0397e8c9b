"""Ranking: what is known of a post and its reader as numbers, how they are weighed, and the order that follows.

Everything here is pure and works on whole columns: two hundred candidates cost about a tenth of a millisecond.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from tintype.platform.ids import EPOCH_MS

FEATURES_VERSION = 1
FEATURES = (
    "age_hours",  # since it became visible
    "velocity",  # log(1 + engagement an hour)
    "engagement",  # log(1 + likes + 2 comments + 3 shares)
    "affinity_likes",  # log(1 + decayed number) of the reader's likes of posts by this author
    "affinity_comments",  # the same of comments
    "affinity_visits",  # of visits of the author's profile
    "affinity_dwell",  # of minutes spent with the author's posts
    "video",
    "image",
    "text",
)
TYPES = ("VIDEO", "IMAGE", "TEXT")
IN_A_ROW = 2
REASONS = 3

_VELOCITY_HOURS = 2.0  # a post of this moment with one like is not yet the fastest of all
_AGE, _VELOCITY, _ENGAGEMENT, _AFFINITY, _TYPE = 0, 1, 2, 3, 7
_NAMES = ("recency", *FEATURES[1:_TYPE])
_WEIGHTS = np.array([3.0, 0.6, 0.1, 0.5, 0.7, 0.3, 0.4, 0.4, 0.25, 0.0])
_RAW = np.array([[1.0], [2.0], [3.0]])
_ROWS = {name: n for n, name in enumerate(TYPES)}
_MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(31)

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


class Affinity(NamedTuple):
    """How much a reader has had to do with an author, decayed to now: numbers of acts, and minutes of dwell."""

    likes: float = 0.0
    comments: float = 0.0
    visits: float = 0.0
    dwell: float = 0.0


STRANGER = Affinity()


class Affinities(Mapping[int, Affinity]):
    """A reader's affinities by author, kept as columns: 24 bytes an author, and looked up for a whole page at once."""

    __slots__ = ("_authors", "_values")

    def __init__(self, authors: Longs, values: NDArray[np.float32]) -> None:
        """`authors` in ascending order, and a row of four values for each."""
        self._authors, self._values = authors, values

    @classmethod
    def of(cls, known: Mapping[int, Affinity]) -> "Affinities":
        authors = sorted(known)
        values = np.array([known[one] for one in authors], dtype=np.float32).reshape(len(authors), len(STRANGER))
        return cls(np.array(authors, dtype=np.int64), values)

    def __getitem__(self, author_id: int) -> Affinity:
        at = int(np.searchsorted(self._authors, author_id))
        if at == len(self._authors) or self._authors[at] != author_id:
            raise KeyError(author_id)
        return Affinity(*self._values[at].tolist())

    def __iter__(self) -> Iterator[int]:
        return iter(self._authors.tolist())

    def __len__(self) -> int:
        return len(self._authors)

    def gather(self, authors: Longs) -> NDArray[np.float32]:
        """The four values of each of these authors, as columns; zeros for strangers."""
        if not len(self._authors):
            return np.zeros((len(STRANGER), len(authors)), dtype=np.float32)
        at = self._authors.searchsorted(authors)
        at[at == len(self._authors)] = 0
        found: NDArray[np.float32] = self._values[at].T * (self._authors[at] == authors)
        return found


NO_AFFINITIES = Affinities.of({})


class Candidates(msgspec.Struct, frozen=True):
    """Posts to be ranked, as columns of equal length. The age of a post is that of its feed_id."""

    post_ids: Longs
    feed_ids: Longs
    author_ids: Longs
    types: NDArray[np.int8]
    counts: Longs  # three rows: likes, comments, shares

    @classmethod
    def of(
        cls,
        post_ids: Sequence[int],
        feed_ids: Sequence[int],
        author_ids: Sequence[int],
        types: Sequence[str],
        likes: Sequence[int],
        comments: Sequence[int],
        shares: Sequence[int],
    ) -> "Candidates":
        """From plain lists."""
        ids = np.array((post_ids, feed_ids, author_ids), dtype=np.int64)
        counts = np.array((likes, comments, shares), dtype=np.int64)
        rows = np.array([_ROWS[one] for one in types], dtype=np.int8)
        return cls(ids[0], ids[1], ids[2], rows, counts)

    def __len__(self) -> int:
        return len(self.post_ids)


class Model(Protocol):
    """What predicts engagement from features instead of the weights by hand."""

    def scores(self, features: Floats) -> Floats:
        """One score a row; more is better."""

    def contributions(self, features: Floats) -> Floats:
        """What each feature added to the score of each row."""


class Reason(msgspec.Struct, frozen=True):
    """Why a post stands where it does: what, how much it added to the score, and that in a sentence."""

    name: str
    weight: float
    text: str


def rank(
    candidates: Candidates,
    affinities: Affinities,
    now: int,
    half_life: float,
    model: Model | None = None,
    *,
    seed: int = 0,
) -> list[int]:
    """Positions in `candidates`, best first, with no more than two of one author in a row where that is possible.

    `now` in milliseconds since 1970, `half_life` of recency in hours. The seed alone decides between equal scores.
    """
    found = features(candidates, affinities.gather(candidates.author_ids), now)
    weighed = scores(found, half_life) if model is None else model.scores(found.T)
    order = np.lexsort((_ties(candidates.post_ids, seed), -weighed))
    authors = candidates.author_ids[order]
    same = authors[1:] == authors[:-1]
    if not (same[1:] & same[:-1]).any():
        return order.tolist()  # type: ignore[no-any-return]
    return spread(order.tolist(), candidates.author_ids.tolist())


def features(candidates: Candidates, affinity: NDArray[np.float32], now: int | Longs) -> Floats:
    """One row a feature, in the order of FEATURES, one column a candidate.

    `affinity` is what `Affinities.gather` gives; `now` is one moment for all, or one for each.
    """
    found = np.zeros((len(FEATURES), len(candidates)))
    age = np.maximum(now - EPOCH_MS - (candidates.feed_ids >> 22), 0) / 3_600_000
    engagement = (candidates.counts * _RAW).sum(axis=0)
    found[_AGE] = age
    found[_VELOCITY] = engagement / (age + _VELOCITY_HOURS)
    found[_ENGAGEMENT] = engagement
    found[_AFFINITY:_TYPE] = affinity
    np.log1p(found[_VELOCITY:_TYPE], out=found[_VELOCITY:_TYPE])
    found[_TYPE + candidates.types, np.arange(len(candidates))] = 1.0
    return found


def scores(found: Floats, half_life: float) -> Floats:
    """The default: what each candidate's features weigh by hand."""
    weighed: Floats = _WEIGHTS @ _terms(found, half_life)
    return weighed


def contributions(
    candidates: Candidates, affinities: Affinities, now: int, half_life: float, model: Model | None = None
) -> Floats:
    """What each feature (rows, as FEATURES) adds to each candidate's score (columns)."""
    found = features(candidates, affinities.gather(candidates.author_ids), now)
    if model is not None:
        return model.contributions(found.T).T
    return _WEIGHTS[:, None] * _terms(found, half_life)


def reasons(column: Floats, kind: str) -> list[Reason]:
    """The strongest of what speaks for one post of this type, from its column of `contributions`.

    Three, unless fewer speak for it.
    """
    added = dict(zip(_NAMES, column[:_TYPE].tolist(), strict=True)) | {"type": float(column[_TYPE:].sum())}
    strongest = sorted(added.items(), key=lambda one: -one[1])[:REASONS]
    texts = _TEXTS | {"type": _TEXTS[kind]}
    return [Reason(name, round(weight, 4), texts[name]) for name, weight in strongest if weight > 0]


def spread(order: list[int], authors: Sequence[int]) -> list[int]:
    """The order with as few changes as keep an author from standing more than two times in a row.

    Who would be third waits for the next of another author. What still waits at the end goes into gaps from behind.
    """
    placed: list[int] = []
    waiting: list[int] = []
    last, run, first = -1, 0, 0
    for one in order:
        author = authors[one]
        if author == last:
            if run == IN_A_ROW:
                waiting.append(one)
                continue
            run += 1
        else:
            last, run = author, 1
        placed.append(one)
        if first < len(waiting):
            last, run = authors[waiting[first]], min(IN_A_ROW, len(waiting) - first)
            placed += waiting[first : first + run]
            first += run
    return _woven(placed, waiting[first:], authors) if first < len(waiting) else placed


def _woven(placed: list[int], waiting: list[int], authors: Sequence[int]) -> list[int]:
    """`placed` with the rest of one author in the last gaps that have room; what finds none stands at the end."""
    author, rest = authors[waiting[0]], len(waiting)
    slots: list[int | None] = []  # from the end; None is a place of this author's
    run = 0
    for one in reversed([None, *placed]):
        if one is not None and authors[one] == author:
            slots.append(None)
            run += 1
            continue
        room = min(IN_A_ROW - run, rest)
        slots += [None] * room
        rest -= room
        run = 0
        if one is not None:
            slots.append(one)
    own = iter([one for one in placed if authors[one] == author] + waiting)
    return [next(own) if one is None else one for one in reversed(slots)] + list(own)


def _terms(found: Floats, half_life: float) -> Floats:
    """Features as the weights by hand take them: age as recency, 1 when new and half as much each half-life."""
    terms = found.copy()
    terms[_AGE] = np.exp2(found[_AGE] / -half_life)
    return terms


def _ties(post_ids: Longs, seed: int) -> NDArray[np.uint64]:
    """An order of posts that the seed decides."""
    mixed = (post_ids.astype(np.uint64) ^ np.uint64(seed & 0xFFFFFFFFFFFFFFFF)) * _MIX[0]
    return (mixed ^ (mixed >> _MIX[2])) * _MIX[1]


_TEXTS = {
    "recency": "It is new.",
    "velocity": "It is getting many reactions right now.",
    "engagement": "Many people have reacted to it.",
    "affinity_likes": "You often like posts by this account.",
    "affinity_comments": "You often comment on posts by this account.",
    "affinity_visits": "You often visit this profile.",
    "affinity_dwell": "You spend time with posts by this account.",
    "VIDEO": "It is a video.",
    "IMAGE": "It is a picture.",
    "TEXT": "It is a text.",
}
