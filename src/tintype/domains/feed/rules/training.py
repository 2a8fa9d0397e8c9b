"""Learning from recorded impressions, and measuring orders by how well they foretold what readers engaged with."""

from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from tintype.domains.feed.rules import model, ranking
from tintype.domains.feed.rules.model import Comparison, Quality, Report
from tintype.domains.feed.rules.ranking import FEATURES, FEATURES_VERSION, Floats, Longs
from tintype.platform import clock

TEST_SHARE = 0.2
STOP_SHARE = 0.1
LEAST_ROWS, LEAST_ENGAGED = 1_000, 50
TREES, PATIENCE = 600, 40
NDCG_AT = 10
A_DAY_MS = 24 * 3600 * 1000

PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.9,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "seed": 7,
    "verbosity": -1,
}


class TooLittle(RuntimeError):
    """There is not enough to learn from or to measure with; says what there is."""


class Examples(msgspec.Struct, frozen=True):
    """Impressions by time, each with its features and whether the reader engaged."""

    at: Longs  # milliseconds since 1970
    user_ids: Longs
    features: Floats  # a row an impression
    engaged: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.at)

    def part(self, first: int, last: int | None = None) -> "Examples":
        """Those from one position to another."""
        here = slice(first, last)
        return Examples(self.at[here], self.user_ids[here], self.features[here], self.engaged[here])

    @property
    def sessions(self) -> Longs:
        """What was seen by one reader on one day is judged as one list."""
        pairs = np.stack((self.user_ids, self.at // A_DAY_MS))
        found: Longs = np.unique(pairs, axis=1, return_inverse=True)[1].reshape(-1)
        return found

    @property
    def chronological(self) -> Floats:
        """The newest post first, as a score."""
        age = self.features[:, FEATURES.index("age_hours")]
        found: Floats = self.at / 3_600_000 - age
        return found


def split(examples: Examples) -> tuple[Examples, Examples]:
    """To learn from, and the last fifth by time to measure with. Raises TooLittle."""
    if len(examples) < LEAST_ROWS or examples.engaged.sum() < LEAST_ENGAGED:
        raise TooLittle(
            f"There are {len(examples)} impressions that are a day old, {int(examples.engaged.sum())} of them with "
            f"engagement: at least {LEAST_ROWS} and {LEAST_ENGAGED} are needed."
        )
    at = examples.at[round(len(examples) * (1 - TEST_SHARE))]
    cut = int(np.searchsorted(examples.at, at))  # what happened at one moment stays on one side
    return examples.part(0, cut), examples.part(cut)


def train(examples: Examples, version: int, half_life: float) -> tuple[Report, str]:
    """A model of these, with its report and its text. Raises TooLittle, and Unusable without LightGBM."""
    lightgbm = model.library()
    known, test = split(examples)
    check(test)
    stop = round(len(known) * (1 - STOP_SHARE))
    columns = list(FEATURES)
    learned = lightgbm.Dataset(known.features[:stop], known.engaged[:stop], feature_name=columns)
    watched = lightgbm.Dataset(known.features[stop:], known.engaged[stop:], feature_name=columns, reference=learned)
    booster = lightgbm.train(
        PARAMETERS,
        learned,
        num_boost_round=TREES,
        valid_sets=[watched],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    trees = booster.best_iteration or booster.num_trees()
    predicted: Floats = np.asarray(booster.predict(test.features, num_iteration=trees, raw_score=True))
    report = Report(
        version=version,
        features_version=FEATURES_VERSION,
        features=FEATURES,
        trained_at=clock.now(),
        learned_until=datetime.fromtimestamp(int(known.at[-1]) / 1000, UTC),
        rows=len(known),
        trees=trees,
        test=compare(test, predicted, half_life),
    )
    return report, booster.model_to_string(num_iteration=trees)


def evaluate(examples: Examples, found: model.Model, half_life: float) -> Comparison:
    """A model on impressions that came after what it has learned from. Raises TooLittle."""
    since = int(found.report.learned_until.timestamp() * 1000)
    fresh = examples.part(int(np.searchsorted(examples.at, since, side="right")))
    check(fresh)
    return compare(fresh, found.scores(fresh.features), half_life)


def compare(examples: Examples, predicted: Floats, half_life: float) -> Comparison:
    """A model's scores beside the orders that it has to beat."""
    by_hand = ranking.scores(np.ascontiguousarray(examples.features.T), half_life)
    return Comparison(
        model=quality(examples, predicted),
        chronological=quality(examples, examples.chronological),
        by_hand=quality(examples, by_hand),
        rows=len(examples),
        engaged=int(examples.engaged.sum()),
        sessions=len(np.unique(examples.sessions)),
    )


def quality(examples: Examples, scores: Floats) -> Quality:
    """Both measures of one order."""
    return Quality(auc(examples.engaged, scores), ndcg(examples.sessions, examples.engaged, scores))


def check(examples: Examples) -> None:
    """Raises TooLittle unless these can tell a good order from a bad one."""
    if not _telling(examples.sessions, examples.engaged).any():
        raise TooLittle("No reader engaged with some posts of a day and not with others: there is nothing to measure.")


def auc(engaged: NDArray[np.bool_], scores: Floats) -> float:
    """How often what was engaged with has the higher score than what was not; a draw counts half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse.reshape(-1)]
    positives = int(engaged.sum())
    negatives = len(engaged) - positives
    return float((ranks[engaged].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def ndcg(sessions: Longs, engaged: NDArray[np.bool_], scores: Floats, at: int = NDCG_AT) -> float:
    """The mean, over sessions, of discounted gain in the first places, 1 being the best order.

    Equal scores share their places. Sessions where every order is as good are left out.
    """
    order = np.lexsort((-scores, sessions))
    session, gain, score = sessions[order], engaged[order].astype(float), scores[order]
    starts = np.r_[True, session[1:] != session[:-1]]
    place = np.arange(len(order)) - np.flatnonzero(starts)[np.cumsum(starts) - 1]
    tie = np.cumsum(starts | np.r_[True, score[1:] != score[:-1]]) - 1
    shared = (np.bincount(tie, gain) / np.bincount(tie))[tie]
    discounts = 1 / np.log2(np.arange(at) + 2)
    weight = np.where(place < at, discounts[np.minimum(place, at - 1)], 0.0)
    reached = np.bincount(session, shared * weight)
    hits = np.minimum(np.bincount(session, gain).astype(int), at)
    best = np.r_[0.0, np.cumsum(discounts)][hits]
    telling = _telling(sessions, engaged)
    return float((reached[telling] / best[telling]).mean())


def _telling(sessions: Longs, engaged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which sessions hold both."""
    positives = np.bincount(sessions, engaged)
    found: NDArray[np.bool_] = (positives > 0) & (positives < np.bincount(sessions))
    return found
