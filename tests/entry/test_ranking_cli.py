"""`tintype ranking …`: from impressions to an active model and back, and a simulated world that is learned."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.domains.feed.test_training import world
from tests.engines.product import Product, installed
from tintype.domains.feed.rules import model, training
from tintype.entry import ranking, ranking_world
from tintype.entry.command import Failed
from tintype.platform import db

SMALL = ranking_world.Size(people=60, days=7, seed=2)


@pytest.fixture
def product(database: str) -> Iterator[Product]:
    with installed(DATABASE_URL=database) as found:
        yield found


def done(product: Product, *arguments: str) -> str:
    answer = product.command("ranking", *arguments)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def refused(product: Product, *arguments: str) -> str:
    answer = product.command("ranking", *arguments)
    assert answer.returncode == 1, answer.stdout
    assert answer.stderr.startswith("tintype: "), answer.stderr
    return answer.stderr


async def test_a_model_from_its_training_to_its_end(
    product: Product, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path(product.environment["TINTYPE_DATA_DIR"])
    monkeypatch.setenv("TINTYPE_DATA_DIR", str(data))

    def said() -> str:
        return capsys.readouterr().out

    assert "at least 1000 and 50 are needed" in refused(product, "train")
    with pytest.raises(Failed, match="There is no model yet"):
        ranking.activate()
    with pytest.raises(Failed, match="No model is active"):
        await ranking.evaluate()
    with pytest.raises(Failed, match="No model is active"):
        ranking.rollback()
    await ranking_world.live(SMALL)
    report = json.loads(done(product, "train", "--json"))
    assert (report["version"], report["features_version"]) == (1, 1)
    ranking.activate()
    assert "Model 0001 is active" in said()
    told = json.loads(done(product, "evaluate", "--json"))
    assert (told["version"], told["active"], told["better"]) == (1, 1, True)
    assert told["test"]["model"] == pytest.approx(report["test"]["model"])
    assert "Model 0002 learned from" in done(product, "train")
    for _ in range(2):
        ranking.activate(2, json=True)
        assert json.loads(said())["active"] == 2
    assert model.choice(data) == model.Choice(2, (1,))
    ranking.rollback()
    assert "Model 0001 is active again" in said()
    ranking.rollback(json=True)
    assert json.loads(said()) == {"active": None, "previous": []}
    ranking.activate(2)
    ranking.rollback()
    assert "weights by hand count again" in said()


def test_a_model_that_does_not_win_is_not_activated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINTYPE_DATA_DIR", str(tmp_path))
    report, text = training.train(world(), 1, 12.0)
    lost = msgspec.structs.replace(report.test, model=report.test.by_hand)
    model.save(tmp_path, msgspec.structs.replace(report, test=lost), text)
    with pytest.raises(Failed, match="does not beat both"):
        ranking.activate()
    assert model.choice(tmp_path).active is None
    (tmp_path / "ranking/0001/report.json").write_bytes(b"{")
    with pytest.raises(Failed, match="cannot be read"):
        ranking.activate(1)
    model.choose(tmp_path, model.Choice(1))
    (tmp_path / "ranking/active.json").write_bytes(b"{")
    with pytest.raises(Failed, match="cannot be read"):
        ranking.rollback()


async def test_impressions_of_the_world_are_the_products_own(database: str) -> None:
    lived = await ranking_world.live(ranking_world.Size(people=20, days=2, seed=1))
    async with db.read() as r:
        seen = await r.value("-- tests: feed\nselect count(*) from impressions")
        told = await r.value("-- tests: feed\nselect count(*) from event_inbox where type = 'ViewsRecorded'")
        close = await r.value("-- tests: feed\nselect count(*) from affinities where likes + comments > 0")
    assert seen == len(lived._chances)
    assert told > 0
    assert close > 0


def test_a_simulated_world_is_learned(tmp_path: Path) -> None:
    with installed() as product:
        into = str(tmp_path / "world")
        told = json.loads(
            done(product, "simulate", "--people", "60", "--days", "7", "--seed", "2", "--into", into, "--json")
        )
        assert told["better"] is True
        test, best = told["report"]["test"], told["best_possible"]
        for name in ("auc", "ndcg"):
            assert test["chronological"][name] < test["model"][name] < best[name]
            assert test["by_hand"][name] < test["model"][name]
        assert (tmp_path / "world/ranking/0001/model.txt").exists()
        assert "File exists" in refused(product, "simulate", "--into", into)
        assert not Path(product.environment["TINTYPE_DATA_DIR"]).joinpath("ranking").exists()
