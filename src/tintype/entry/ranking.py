"""`tintype ranking …`: models that rank the feed are trained, measured, activated and taken back here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from tintype.domains.feed.reads import examples as recorded
from tintype.domains.feed.rules import model, training
from tintype.domains.feed.rules.model import Choice, Comparison, Model, Quality, Report
from tintype.domains.feed.rules.training import Examples
from tintype.entry import ranking_world, running
from tintype.entry.command import LOOK_AFTER, Failed, Json, Positive, app, say, say_json, settings
from tintype.platform import db

Version = Annotated[int | None, Parameter(help="The number of the model, as `train` printed it.")]

ranking = App(name="ranking", help="Models that rank the feed: train, measure, activate, take back.", group=LOOK_AFTER)
app.command(ranking)


class Told(msgspec.Struct, frozen=True):
    """What `evaluate` and `activate` say."""

    version: int
    active: int | None
    better: bool
    test: Comparison


@ranking.command
async def train(*, json: Json = False) -> None:
    """Learn from recorded impressions which posts readers engage with; `activate` then uses the model.

    The last fifth by time is kept apart to measure with.
    """
    given = settings()
    async with _reading("ranking train") as r:
        found = await recorded.examples(r, given.ranking_engaged_dwell_ms)
    report = _trained(given.data_dir, found, given.ranking_half_life_hours)
    if json:
        say_json(report)
    else:
        say(f"Model {report.version:04d} learned from {report.rows} impressions ({report.trees} trees).")
        _print(report.test)
        better = report.test.is_better
        say("It beats both: `tintype ranking activate` uses it." if better else "It does not beat both on both.")


@ranking.command
async def evaluate(version: Version = None, *, json: Json = False) -> int:
    """Measure a model on what came after it was trained; exits with 1 when it is no longer the best."""
    given = settings()
    found = _loaded(given.data_dir, version)
    async with _reading("ranking evaluate") as r:
        fresh = await recorded.examples(r, given.ranking_engaged_dwell_ms, found.report.learned_until)
    try:
        test = training.evaluate(fresh, found, given.ranking_half_life_hours)
    except training.TooLittle as error:
        raise Failed(str(error)) from error
    _tell(Told(found.report.version, _choice(given.data_dir).active, test.is_better, test), json)
    return int(not test.is_better)


@ranking.command
def activate(version: Version = None, *, json: Json = False) -> None:
    """Rank feeds with a model, the newest unless named; processes follow within seconds.

    Refused unless it beat the chronological and the hand-weighted order, by AUC and by NDCG.
    """
    given = settings()
    found = _loaded(given.data_dir, version or max(model.versions(given.data_dir), default=0))
    now = _choice(given.data_dir)
    report = found.report
    if not report.test.is_better:
        raise Failed(f"Model {report.version:04d} does not beat both orders on both measures, so it is not activated.")
    if now.active != report.version:
        before = now.previous if now.active is None else (*now.previous, now.active)
        model.choose(given.data_dir, Choice(report.version, before))
    _tell(Told(report.version, report.version, report.test.is_better, report.test), json)


@ranking.command
def rollback(*, json: Json = False) -> None:
    """Go back to the model that was active before, or to the weights by hand."""
    given = settings()
    now = _choice(given.data_dir)
    if now.active is None:
        raise Failed("No model is active: the weights by hand count.")
    then = Choice(now.previous[-1] if now.previous else None, now.previous[:-1])
    model.choose(given.data_dir, then)
    if json:
        say_json(then)
    else:
        say("The weights by hand count again." if then.active is None else f"Model {then.active:04d} is active again.")


@ranking.command
async def simulate(
    *,
    people: Positive = 300,
    days: Positive = 21,
    seed: int = 1,
    into: Path | None = None,
    json: Json = False,
) -> int:
    """Make a world whose people's taste is known, train on it, and show how near the model comes to the best possible.

    Uses a database of its own, nothing of this installation; exits with 1 when the model does not win.

    Parameters
    ----------
    people
        How many live there.
    days
        For how long they read.
    seed
        Another number is another world.
    into
        A folder to keep its database and model in; a temporary one unless given.
    """
    given = settings()
    async with ranking_world.opened(into) as folder:
        world = await ranking_world.live(ranking_world.Size(people, days, seed))
        async with db.read() as r:
            found = await recorded.examples(r, given.ranking_engaged_dwell_ms)
        report = _trained(folder, found, given.ranking_half_life_hours)
    test = training.split(found)[1]
    best = training.quality(test, world.best_scores(test))
    if json:
        say_json({"report": report, "best_possible": best, "better": report.test.is_better})
    else:
        say(f"{people} people, {days} days, {world.post_count} posts, {len(found)} impressions that are a day old.")
        _print(report.test, best)
        for name in ("auc", "ndcg"):
            hand, learned, most = (getattr(one, name) for one in (report.test.by_hand, report.test.model, best))
            share = (learned - hand) / (most - hand)
            say(f"{name}: {share:.0%} of the way from the weights by hand to the best possible.")
        say("The model beats both." if report.test.is_better else "The model does not beat both.")
    return int(not report.test.is_better)


def _trained(data_dir: Path, examples: Examples, half_life: float) -> Report:
    """Train the next version and keep it."""
    version = max(model.versions(data_dir), default=0) + 1
    try:
        report, text = training.train(examples, version, half_life)
    except (training.TooLittle, model.Unusable) as error:
        raise Failed(str(error)) from error
    model.save(data_dir, report, text)
    return report


def _loaded(data_dir: Path, version: int | None) -> Model:
    """A version, or the active one."""
    wanted = version or _choice(data_dir).active
    if not wanted:
        raise Failed("No model is active, and none is named." if version is None else "There is no model yet.")
    try:
        return model.load(data_dir, wanted)
    except model.Unusable as error:
        raise Failed(str(error)) from error


def _choice(data_dir: Path) -> Choice:
    try:
        return model.choice(data_dir)
    except model.Unusable as error:
        raise Failed(str(error)) from error


@asynccontextmanager
async def _reading(who: str) -> AsyncIterator[db.Reader]:
    async with running.opened(settings(), who), db.read(has_deadline=False) as r:
        yield r


def _tell(told: Told, json: bool) -> None:
    if json:
        say_json(told)
        return
    say(f"Model {told.version:04d} is {'active' if told.active == told.version else 'not active'}.")
    _print(told.test)


def _print(test: Comparison, best: Quality | None = None) -> None:
    rows = [("newest first", test.chronological), ("weights by hand", test.by_hand), ("the model", test.model)]
    table = Table("order", "AUC", "NDCG@10", box=None, header_style="bold")
    for name, one in [*rows, *([("the best possible", best)] if best else [])]:
        table.add_row(name, f"{one.auc:.4f}", f"{one.ndcg:.4f}")
    Console(highlight=False, markup=False).print(table)
    say(f"On {test.rows} impressions of {test.sessions} sessions, {test.engaged} with engagement.")
