"""Seeding a graph: the people and follows of a file, with counts that the oracle agrees with."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.world import World
from tintype.entry import seed, verify
from tintype.platform import db


def edge_list(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


async def test_people_and_follows_with_right_counts(world: World, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    followers, followees = rng.integers(0, 40, 300).astype("int32"), rng.integers(0, 40, 300).astype("int32")
    path = edge_list(tmp_path / "graph.npz", follower=followers, followee=followees)
    wanted = {(a, b) for a, b in zip(followers.tolist(), followees.tolist(), strict=True) if a != b}

    found = await seed.graph(world.url, path)

    assert found.follows == len(wanted)
    number = {account_id: n for n, account_id in enumerate(found.account_ids)}
    async with db.read() as r:
        rows = await r.rows("-- tests: follows\nselect follower_id, followee_id from live_follows")
        assert {(number[row[0]], number[row[1]]) for row in rows} == wanted
        assert await r.value("-- tests: events\nselect count(*) from event_inbox") == 0
    profile = await world.visitor.ask("GET", "/users/@person7")
    assert profile["follower_count"] == sum(b == 7 for _, b in wanted)
    assert await verify.run() == []
    with pytest.raises(seed.AlreadySeeded):
        await seed.graph(world.url, path)
    await seed.graph(world.url, path, prefix="other")


async def test_many_people_of_a_file(world: World, tmp_path: Path) -> None:
    ring = np.arange(5000, dtype="int64")
    path = edge_list(tmp_path / "ring.npz", follower=ring, followee=np.roll(ring, 1))
    assert (await seed.graph(world.url, path)).follows == 5000


async def test_files_of_another_form_are_refused(database: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="follower"):
        await seed.graph(database, edge_list(tmp_path / "a.npz", board=np.zeros(3)))
    with pytest.raises(ValueError, match="not a list of integers"):
        await seed.graph(database, edge_list(tmp_path / "b.npz", follower=np.zeros(3), followee=np.zeros(3)))
    bad = tmp_path / "c.npz"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("follower.npy", io.BytesIO(b"nothing").getvalue())
        archive.writestr("followee.npy", b"nothing")
    with pytest.raises(ValueError, match="NumPy"):
        await seed.graph(database, bad)
