"""Measures by hand-worked examples; a model that learns what there is to learn, and nothing where there is nothing."""

import math
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tintype.domains.feed.reads.examples import examples as read_examples
from tintype.domains.feed.rules import model, ranking, training
from tintype.domains.feed.rules.model import Choice, Comparison, Quality, Report, Unusable
from tintype.domains.feed.rules.ranking import FEATURES, FEATURES_VERSION, Affinities, Affinity, Candidates
from tintype.domains.feed.rules.training import Examples, TooLittle
from tintype.platform import clock, db, ids

A_DAY_MS = 24 * 3600 * 1000
HALF_LIFE = 12.0


def flags(*values: int) -> Any:
    return np.array(values, dtype=bool)


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert training.auc(flags(0, 0, 1, 1), np.array([1.0, 2, 3, 4])) == 1.0
    assert training.auc(flags(1, 1, 0, 0), np.array([1.0, 2, 3, 4])) == 0.0
    # of the pairs (0.8, 0.6), (0.8, 0.1), (0.4, 0.6), (0.4, 0.1) three are right
    assert training.auc(flags(1, 0, 1, 0), np.array([0.8, 0.6, 0.4, 0.1])) == 0.75
    # one right, and one draw that counts half
    assert training.auc(flags(1, 0, 0), np.array([0.5, 0.5, 0.1])) == 0.75
    assert training.auc(flags(1, 0, 1, 0), np.zeros(4)) == 0.5


def test_ndcg_counts_what_stands_in_front() -> None:
    one = np.zeros(3, dtype=np.int64)
    assert training.ndcg(one, flags(1, 0, 0), np.array([3.0, 2, 1])) == 1.0
    assert training.ndcg(one, flags(0, 1, 0), np.array([3.0, 2, 1])) == pytest.approx(1 / math.log2(3))
    found = training.ndcg(one, flags(1, 0, 1), np.array([3.0, 2, 1]))
    assert found == pytest.approx((1 + 1 / math.log2(4)) / (1 + 1 / math.log2(3)))
    # equal scores share both places
    assert training.ndcg(one[:2], flags(1, 0), np.array([1.0, 1.0])) == pytest.approx((1 + 1 / math.log2(3)) / 2)


def test_ndcg_looks_at_the_first_places_of_each_session() -> None:
    eleven = np.zeros(11, dtype=np.int64)
    last = np.arange(11) == 10
    assert training.ndcg(eleven, last, -np.arange(11.0)) == 0.0
    # two sessions, mixed in time: one perfect, one with its only hit in second place; a third tells nothing
    sessions = np.array([0, 1, 0, 1, 2, 2])
    found = training.ndcg(sessions, flags(1, 0, 0, 1, 1, 1), np.array([2.0, 2, 1, 1, 2, 1]))
    assert found == pytest.approx((1 + 1 / math.log2(3)) / 2)
    # more hits than places
    twelve = np.zeros(12, dtype=np.int64)
    assert training.ndcg(twelve, np.arange(12) < 11, -np.arange(12.0)) == 1.0


def test_a_session_is_what_a_reader_saw_on_a_day() -> None:
    at = np.array([5, 6, A_DAY_MS + 5, 7], dtype=np.int64)
    found = Examples(at, np.array([1, 1, 1, 2]), np.zeros((4, len(FEATURES))), flags(0, 0, 0, 0))
    sessions = found.sessions.tolist()
    assert sessions[0] == sessions[1]
    assert len(set(sessions)) == 3


def test_chronological_is_by_when_posts_were_made() -> None:
    features = np.zeros((2, len(FEATURES)))
    features[:, 0] = [1.0, 3.0]
    found = Examples(np.array([A_DAY_MS, A_DAY_MS + 3_600_000]), np.array([1, 1]), features, flags(0, 0))
    assert found.chronological.tolist() == [23.0, 22.0]


def world(rows: int = 6_000, seed: int = 3, taste: float = 3.0) -> Examples:
    """Readers who like what has many likes already when it is a picture, and nothing else."""
    random = np.random.default_rng(seed)
    features = np.zeros((rows, len(FEATURES)))
    features[:, 0] = random.random(rows) * 48
    features[:, 2] = random.random(rows) * 5
    kind = random.integers(0, 3, rows)
    features[np.arange(rows), 7 + kind] = 1
    chance = 1 / (1 + np.exp(-(taste * np.where(kind == 1, features[:, 2] - 2, -0.5) - 0.5)))
    start = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp() * 1000)
    at = start + np.sort(random.integers(0, 20 * A_DAY_MS, rows))
    return Examples(at, random.integers(1, 30, rows), features, random.random(rows) < chance)


@pytest.fixture(scope="module")
def trained() -> tuple[Report, str]:
    return training.train(world(), 1, HALF_LIFE)


def test_a_model_learns_what_there_is_to_learn(trained: tuple[Report, str]) -> None:
    report, _ = trained
    assert report.test.is_better
    assert report.test.model.auc > 0.8
    assert report.test.rows == pytest.approx(1_200, abs=2)
    assert report.learned_until < report.trained_at
    assert (report.features, report.features_version) == (FEATURES, FEATURES_VERSION)


def test_the_same_examples_make_the_same_model(trained: tuple[Report, str]) -> None:
    assert training.train(world(), 1, HALF_LIFE)[1] == trained[1]


def test_nothing_is_learned_from_chance() -> None:
    report, _ = training.train(world(taste=0.0), 1, HALF_LIFE)
    assert report.test.model.auc == pytest.approx(0.5, abs=0.08)


def test_too_little_is_said(trained: tuple[Report, str], tmp_path: Path) -> None:
    with pytest.raises(TooLittle, match="There are 999 impressions"):
        training.train(world(999), 1, HALF_LIFE)
    with pytest.raises(TooLittle, match="nothing to measure"):
        training.check(world().part(0, 1))
    model.save(tmp_path, *trained)
    with pytest.raises(TooLittle, match="nothing to measure"):
        training.evaluate(world().part(0, 3_000), model.load(tmp_path, 1), HALF_LIFE)


def test_a_kept_model_predicts_and_explains(trained: tuple[Report, str], tmp_path: Path) -> None:
    model.save(tmp_path, *trained)
    found = model.load(tmp_path, 1)
    assert model.versions(tmp_path) == [1]
    test = training.evaluate(world(), found, HALF_LIFE)
    assert (test.model, test.rows) == (trained[0].test.model, trained[0].test.rows)
    few = world().features[:5]
    added = found.contributions(few)
    assert added.shape == (5, len(FEATURES))
    rest = found.scores(few) - added.sum(axis=1)
    assert np.allclose(rest, rest[0])  # what every post gets


def test_a_model_ranks_and_gives_its_reasons(trained: tuple[Report, str], tmp_path: Path) -> None:
    model.save(tmp_path, *trained)
    found = model.load(tmp_path, 1)
    now = clock.millis()
    feed_ids = [(now - ids.EPOCH_MS - 3_600_000) << 22] * 3
    posts = Candidates.of([1, 2, 3], feed_ids, [7, 8, 9], ["TEXT", "IMAGE", "IMAGE"], [9, 1, 30], [0] * 3, [0] * 3)
    known = Affinities.of({7: Affinity(likes=9)})
    assert ranking.rank(posts, known, now, HALF_LIFE, found)[0] == 2
    assert ranking.rank(posts, known, now, HALF_LIFE)[0] == 0
    added = ranking.contributions(posts, known, now, HALF_LIFE, found)
    told = ranking.reasons(added[:, 2], "IMAGE")
    assert {"engagement", "type"} <= {one.name for one in told}


def changed(folder: Path, **fields: Any) -> None:
    report = model.report(folder, 1)
    body = msgspec.json.encode(msgspec.structs.replace(report, **fields))
    (folder / "ranking/0001/report.json").write_bytes(body)


def test_what_cannot_be_used_is_refused(trained: tuple[Report, str], tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no model 0001"):
        model.load(tmp_path, 1)
    model.save(tmp_path, *trained)
    changed(tmp_path, features_version=FEATURES_VERSION + 1)
    with pytest.raises(Unusable, match="other features"):
        model.load(tmp_path, 1)
    changed(tmp_path, features_version=FEATURES_VERSION)
    (tmp_path / "ranking/0001/model.txt").write_text("not a model")
    with pytest.raises(Unusable, match="cannot be read"):
        model.load(tmp_path, 1)
    (tmp_path / "ranking/0001/report.json").write_text("{")
    with pytest.raises(Unusable, match="report"):
        model.load(tmp_path, 1)
    (tmp_path / "ranking/active.json").write_text("{")
    with pytest.raises(Unusable, match="cannot be read"):
        model.choice(tmp_path)


def test_a_model_of_another_width_is_refused(trained: tuple[Report, str], tmp_path: Path) -> None:
    import lightgbm

    few = world()
    narrow = lightgbm.train({"verbosity": -1}, lightgbm.Dataset(few.features[:, :3], few.engaged), num_boost_round=1)
    model.save(tmp_path, trained[0], narrow.model_to_string())
    with pytest.raises(Unusable, match="another number"):
        model.load(tmp_path, 1)


def until_active(folder: Path, version: int | None) -> None:
    deadline = time.monotonic() + 10
    while True:
        found = model.active(folder)
        if (found.report.version if found else None) == version:
            return
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_process_follows_what_is_active(
    trained: tuple[Report, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "LOOK_SECONDS", 0.0)
    assert model.active(tmp_path) is None
    model.save(tmp_path, *trained)
    model.choose(tmp_path, Choice(1))
    until_active(tmp_path, 1)
    model.choose(tmp_path, Choice(None, ()))
    until_active(tmp_path, None)
    model.choose(tmp_path, Choice(1))
    until_active(tmp_path, 1)
    (tmp_path / "ranking/0001/model.txt").write_text("not a model")
    model.choose(tmp_path, Choice(1, (1,)))
    until_active(tmp_path, None)  # the weights by hand
    for one in threading.enumerate():
        if one.name == "ranking-model":
            one.join()


def test_better_is_better_than_both_on_both() -> None:
    low, high = Quality(0.6, 0.6), Quality(0.7, 0.7)
    assert Comparison(high, low, low, 1, 1, 1).is_better
    assert not Comparison(high, low, high, 1, 1, 1).is_better
    assert not Comparison(Quality(0.7, 0.5), low, low, 1, 1, 1).is_better


async def test_examples_are_a_day_old_and_know_what_came_of_them(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tintype.domains.feed.reads.examples.A_STRETCH", 2)
    seen = clock.now() - timedelta(hours=30)
    features = [float(n) for n in range(len(FEATURES))]

    async def saw(post_id: int, *, at: datetime = seen, dwell_ms: int = 0, version: int = FEATURES_VERSION) -> None:
        async with db.act(db.SYSTEM) as tx:
            await tx.run(SAW, 1, at, post_id, 9, dwell_ms, version, features)

    async def liked(post_id: int, after: timedelta, reaction: str | None = "LIKE") -> None:
        async with db.act(db.SYSTEM) as tx:
            await tx.run(LIKED, 1, post_id, reaction, ids.at(seen + after))

    for post_id in range(1, 8):
        await saw(post_id, dwell_ms=10_000 if post_id == 1 else 9_999)
    await liked(2, timedelta(hours=23))
    await liked(3, timedelta(hours=25))
    await liked(4, timedelta(hours=-1))
    await liked(5, timedelta(hours=1), None)
    async with db.act(db.SYSTEM) as tx:
        later = seen + timedelta(minutes=1)
        await tx.run(COMMENTED, 6, ids.at(later), 1, later)
        await tx.run(COMMENTED, 7, ids.at(later) + 1, 2, later)
    await saw(8, at=seen + timedelta(hours=1), version=FEATURES_VERSION + 1)
    await saw(9, at=clock.now() - timedelta(hours=23), dwell_ms=20_000)
    async with db.read() as r:
        found = await read_examples(r, 10_000)
        assert found.engaged.tolist() == [True, True, False, False, False, True, False]
        assert found.features.tolist() == [features] * 7
        assert np.all(np.diff(found.at) >= 0)
        assert len(await read_examples(r, 10_000, most=3)) == 3
        assert len(await read_examples(r, 10_000, seen)) == 0


SAW = "-- tests: feed\ninsert into impressions values ($1, $2, $3, $4, $5, $6, $7)"
LIKED = "-- tests: feed\ninsert into reactions (user_id, post_id, reaction, reaction_id) values ($1, $2, $3, $4)"
COMMENTED = """
-- tests: feed
insert into comments (post_id, id, author_id, text, created_at) values ($1, $2, $3, 'so good', $4)
"""
