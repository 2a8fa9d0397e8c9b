"""Ranking: every candidate once, authors spread where that can be, better features never worse, the same each time."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tintype.domains.feed.rules import ranking
from tintype.domains.feed.rules.ranking import FEATURES, Affinities, Affinity, Candidates
from tintype.platform.ids import EPOCH_MS

NOW = EPOCH_MS + 1_000_000_000_000
HALF_LIFE = 12.0
IDS = st.integers(1, (1 << 62))
SMALL = st.floats(0, 1e4, width=32)
AFFINITIES = st.dictionaries(st.integers(1, 8), st.builds(Affinity, SMALL, SMALL, SMALL, SMALL), max_size=8).map(
    Affinities.of
)
POST = st.tuples(
    st.integers(0, 10_000_000),  # minutes old
    st.integers(1, 12),
    st.sampled_from(ranking.TYPES),
    *[st.integers(0, 1_000_000)] * 3,
)
ORDERS = st.lists(st.integers(0, 4), max_size=40)


def candidates(posts: Sequence[tuple[int, int, str, int, int, int]]) -> Candidates:
    ages, authors, types, likes, comments, shares = list(zip(*posts, strict=True)) or [()] * 6
    feed_ids = [max(0, NOW - EPOCH_MS - age * 60_000) << 22 for age in ages]
    return Candidates.of(range(1, len(posts) + 1), feed_ids, authors, types, likes, comments, shares)


def runs(authors: Sequence[int]) -> int:
    """The longest stretch of one author."""
    return max((len(list(same)) for _, same in groupby(authors)), default=0)


def can_be_spread(authors: Sequence[int]) -> bool:
    most = max(Counter(authors).values(), default=0)
    return most <= 2 * (len(authors) - most + 1)


@given(st.lists(POST, max_size=60), AFFINITIES, st.integers(0, 1 << 64))
def test_every_candidate_once_and_the_same_each_time(
    posts: list[tuple[int, int, str, int, int, int]], affinities: Affinities, seed: int
) -> None:
    given_ = candidates(posts)
    order = ranking.rank(given_, affinities, NOW, HALF_LIFE, seed=seed)
    assert sorted(order) == list(range(len(posts)))
    assert order == ranking.rank(given_, affinities, NOW, HALF_LIFE, seed=seed)
    authors = [posts[one][1] for one in order]
    if can_be_spread(authors):
        assert runs(authors) <= 2


@given(ORDERS)
def test_authors_are_spread_wherever_that_is_possible(authors: list[int]) -> None:
    order = ranking.spread(list(range(len(authors))), authors)
    assert sorted(order) == list(range(len(authors)))
    spread = [authors[one] for one in order]
    if can_be_spread(authors):
        assert runs(spread) <= 2
    else:
        alone = Counter(authors).most_common(1)[0][0]
        assert all(len(list(same)) <= 2 for author, same in groupby(spread) if author != alone)
    for author in set(authors):  # of one author, the better stands first
        own = [one for one in order if authors[one] == author]
        assert own == sorted(own)


@given(ORDERS.filter(lambda authors: runs(authors) <= 2))
def test_what_is_spread_already_stays(authors: list[int]) -> None:
    assert ranking.spread(list(range(len(authors))), authors) == list(range(len(authors)))


@pytest.mark.parametrize(("name", "sign"), [("age_hours", -1), *((name, 1) for name in FEATURES[1:])])
@given(st.lists(SMALL, min_size=len(FEATURES), max_size=len(FEATURES)), SMALL)
def test_more_of_a_feature_is_never_worse(name: str, sign: int, values: list[float], more: float) -> None:
    found = np.array([values, values]).T
    found[FEATURES.index(name), 1] += more
    before, after = ranking.scores(found, HALF_LIFE)
    assert sign * (after - before) >= -1e-9 * abs(before)


@given(st.lists(POST, min_size=1, max_size=20), AFFINITIES)
def test_contributions_add_up_to_the_score(
    posts: list[tuple[int, int, str, int, int, int]], affinities: Affinities
) -> None:
    given_ = candidates(posts)
    added = ranking.contributions(given_, affinities, NOW, HALF_LIFE)
    weighed = ranking.scores(ranking.features(given_, affinities.gather(given_.author_ids), NOW), HALF_LIFE)
    assert np.allclose(added.sum(axis=0), weighed)
    for one, (_, _, kind, *_) in enumerate(posts):
        told = ranking.reasons(added[:, one], kind)
        assert len(told) <= 3
        assert [reason.weight for reason in told] == sorted((reason.weight for reason in told), reverse=True)
        assert all(reason.weight >= 0 and reason.text for reason in told)


@given(st.dictionaries(IDS, st.builds(Affinity, SMALL, SMALL, SMALL, SMALL), max_size=20), st.lists(IDS, max_size=20))
def test_affinities_are_a_mapping_that_gathers(known: dict[int, Affinity], others: list[int]) -> None:
    found = Affinities.of(known)
    assert dict(found) == known
    assert len(found) == len(known)
    asked = [*known, *others]
    gathered = found.gather(np.array(asked, dtype=np.int64))
    assert [Affinity(*column) for column in gathered.T.tolist()] == [known.get(one, ranking.STRANGER) for one in asked]


def test_the_seed_decides_between_equals_only() -> None:
    equal = candidates([(60, author, "TEXT", 0, 0, 0) for author in range(1, 9)])
    orders = {tuple(ranking.rank(equal, ranking.NO_AFFINITIES, NOW, HALF_LIFE, seed=seed)) for seed in range(20)}
    assert len(orders) > 10
    better = candidates([(60 * n, n, "TEXT", 0, 0, 0) for n in range(1, 9)])
    assert {tuple(ranking.rank(better, ranking.NO_AFFINITIES, NOW, HALF_LIFE, seed=seed)) for seed in range(20)} == {
        tuple(range(8))
    }


def test_each_feature_is_what_it_says() -> None:
    posts = candidates([(120, 7, "IMAGE", 10, 4, 2)])
    known = Affinities.of({7: Affinity(1, 2, 3, 4)})
    values = ranking.features(posts, known.gather(posts.author_ids), NOW)[:, 0].tolist()
    column = dict(zip(FEATURES, values, strict=True))
    assert column == pytest.approx(
        {
            "age_hours": 2.0,
            "velocity": np.log1p(24 / 4),
            "engagement": np.log1p(24),
            "affinity_likes": np.log(2),
            "affinity_comments": np.log(3),
            "affinity_visits": np.log(4),
            "affinity_dwell": np.log(5),
            "video": 0,
            "image": 1,
            "text": 0,
        },
        rel=1e-6,
    )


def test_reasons_name_what_speaks_for_a_post() -> None:
    posts = candidates([(0, 7, "VIDEO", 0, 0, 0), (600_000, 8, "TEXT", 0, 0, 0)])
    known = Affinities.of({7: Affinity(likes=50)})
    added = ranking.contributions(posts, known, NOW, HALF_LIFE)
    assert [one.name for one in ranking.reasons(added[:, 0], "VIDEO")] == ["recency", "affinity_likes", "type"]
    assert ranking.reasons(added[:, 0], "VIDEO")[2].text == "It is a video."
    assert [one.name for one in ranking.reasons(added[:, 1], "TEXT")] in ([], ["recency"])
