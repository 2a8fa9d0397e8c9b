"""Learned models: numbered files with their report, one of them active, followed by every process within seconds.

`ranking/0001/model.txt` and `report.json` below the data folder; `ranking/active.json` names the active version and
those before it, and is replaced as a whole. LightGBM is imported only when there is a model to use or to train.
"""

import importlib
import os
import threading
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from tintype.domains.feed.rules.ranking import FEATURES, FEATURES_VERSION, Floats
from tintype.platform import clock
from tintype.platform.telemetry import log

if TYPE_CHECKING:
    from lightgbm import Booster

LOOK_SECONDS = 5.0


class Unusable(RuntimeError):
    """Why a model cannot be used, in a sentence."""


class Quality(msgspec.Struct, frozen=True):
    """How well an order foretold what readers engaged with."""

    auc: float
    ndcg: float


class Comparison(msgspec.Struct, frozen=True):
    """A model beside the orders that it has to beat, on impressions that it has not learned from."""

    model: Quality
    chronological: Quality
    by_hand: Quality
    rows: int
    engaged: int
    sessions: int

    @property
    def is_better(self) -> bool:
        """Whether the model beats both on both measures."""
        return all(
            self.model.auc > other.auc and self.model.ndcg > other.ndcg for other in (self.chronological, self.by_hand)
        )


class Report(msgspec.Struct, frozen=True):
    """What a model was made of, and how good it was."""

    version: int
    features_version: int
    features: tuple[str, ...]
    trained_at: datetime
    learned_until: datetime
    rows: int
    trees: int
    test: Comparison


class Choice(msgspec.Struct, frozen=True):
    """Which version is active, if any, and which ones were before it, the last one last."""

    active: int | None = None
    previous: tuple[int, ...] = ()


class Model:
    """A trained model, ready to predict."""

    def __init__(self, report: Report, booster: "Booster") -> None:
        self.report, self._booster = report, booster

    def scores(self, features: Floats) -> Floats:
        """One score a row of features; more is better."""
        found = self._booster.predict(np.ascontiguousarray(features), raw_score=True, num_threads=1)
        one: Floats = np.asarray(found)
        return one

    def contributions(self, features: Floats) -> Floats:
        """What each feature added to the score of each row, beyond what every post gets."""
        found = self._booster.predict(np.ascontiguousarray(features), pred_contrib=True, num_threads=1)
        columns: Floats = np.asarray(found)[:, : len(FEATURES)]
        return columns


def active(data_dir: Path) -> Model | None:
    """The active model as this process knows it; None where the weights by hand count.

    Looks for a change every few seconds and loads it on a thread of its own, so that no request waits for it.
    """
    now = clock.monotonic()
    if now >= _known.look_at or _known.data_dir != data_dir:
        if _known.data_dir != data_dir:
            _known.model, _known.stamp, _known.data_dir = None, None, data_dir
        _known.look_at = now + LOOK_SECONDS
        stamp = _stamp(data_dir)
        if stamp != _known.stamp:
            _known.stamp = stamp
            threading.Thread(target=_follow, args=(data_dir, stamp), name="ranking-model", daemon=True).start()
    return _known.model


def load(data_dir: Path, version: int) -> Model:
    """One version from its files. Raises Unusable, also for one that was made for other features."""
    lightgbm = library()
    found = report(data_dir, version)
    if (found.features_version, found.features) != (FEATURES_VERSION, FEATURES):
        raise Unusable(f"Model {version:04d} was trained on other features than this version computes.")
    try:
        booster = lightgbm.Booster(model_file=_folder(data_dir) / f"{version:04d}" / "model.txt")
        if booster.num_feature() != len(FEATURES):
            raise Unusable(f"Model {version:04d} takes another number of features.")
    except (lightgbm.basic.LightGBMError, OSError, ValueError) as error:
        raise Unusable(f"Model {version:04d} cannot be read: {error}") from error
    return Model(found, booster)


def library() -> ModuleType:
    """LightGBM, imported now. Raises Unusable where a library of the system that it needs is missing."""
    try:
        return importlib.import_module("lightgbm")
    except OSError as error:
        raise Unusable(f"LightGBM cannot be loaded ({error}). On Debian, install libgomp1.") from error


def report(data_dir: Path, version: int) -> Report:
    """What is known of one version. Raises Unusable."""
    try:
        return msgspec.json.decode((_folder(data_dir) / f"{version:04d}" / "report.json").read_bytes(), type=Report)
    except FileNotFoundError:
        raise Unusable(f"There is no model {version:04d}.") from None
    except (msgspec.DecodeError, OSError) as error:
        raise Unusable(f"The report of model {version:04d} cannot be read.") from error


def versions(data_dir: Path) -> list[int]:
    """Every version there is, oldest first."""
    return sorted(int(one.parent.name) for one in _folder(data_dir).glob("[0-9]*/report.json"))


def choice(data_dir: Path) -> Choice:
    """What is active, as the file says. Raises Unusable where it cannot be read."""
    try:
        return msgspec.json.decode(_pointer(data_dir).read_bytes(), type=Choice)
    except FileNotFoundError:
        return Choice()
    except (msgspec.DecodeError, OSError) as error:
        raise Unusable(f"{_pointer(data_dir)} cannot be read.") from error


def save(data_dir: Path, found: Report, text: str) -> None:
    """Keep a trained model as a version of its own; its report comes last, so that a half-written one is none."""
    folder = _folder(data_dir) / f"{found.version:04d}"
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / "model.txt", text.encode())
    _replace(folder / "report.json", msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def choose(data_dir: Path, chosen: Choice) -> None:
    """Switch every process to this choice."""
    _folder(data_dir).mkdir(parents=True, exist_ok=True)
    _replace(_pointer(data_dir), msgspec.json.encode(chosen) + b"\n")


class _Known:
    """What this process knows of the choice."""

    data_dir: Path | None = None
    model: Model | None = None
    stamp: tuple[int, int] | None = None
    look_at = 0.0


_known = _Known()


def _follow(data_dir: Path, stamp: tuple[int, int] | None) -> None:
    found: Model | None = None
    try:
        version = None if stamp is None else choice(data_dir).active
        found = None if version is None else load(data_dir, version)
        log.info("ranking.model", version=version)
    except Exception as error:
        log.warning("ranking.model_unusable", error=str(error), instead="weights by hand")
    if (_known.data_dir, _known.stamp) == (data_dir, stamp):
        _known.model = found


def _stamp(data_dir: Path) -> tuple[int, int] | None:
    """What changes whenever the choice is replaced."""
    try:
        found = _pointer(data_dir).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _folder(data_dir: Path) -> Path:
    return data_dir / "ranking"


def _pointer(data_dir: Path) -> Path:
    return _folder(data_dir) / "active.json"


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
