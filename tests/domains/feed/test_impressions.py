"""Impressions: who may record what, what becomes of it, and that nobody else sees it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.domains.seen import published
from tests.engines.product import installed
from tests.world import Person, Refused, World, opened
from tintype.domains.feed.actions import impressions
from tintype.domains.feed.rules import ranking
from tintype.domains.feed.rules.impressions import LONGEST_MS, Impression, View, views
from tintype.entry import chores
from tintype.platform import clock, db, write_behind

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def tell(person: Person, *posts: dict[str, Any], dwell_ms: int = 5_000, ago: float = 1.0) -> None:
    at = clock.iso(clock.now() - timedelta(seconds=ago))
    items = [{"post_id": one["post_id"], "dwell_ms": dwell_ms, "at": at} for one in posts]
    await person.ask("POST", "/feed/impressions", json={"items": items})


async def recorded() -> list[dict[str, Any]]:
    await write_behind.write()
    async with db.read() as r:
        return [dict(row) for row in await r.rows("-- tests: feed\nselect * from impressions order by at, post_id")]


async def posted(world: World, person: Person, caption: str = "hello", **more: Any) -> dict[str, Any]:
    post = await person.post(caption, **more)
    await world.settle()
    return post


def test_claims_are_kept_within_bounds() -> None:
    given = [
        Impression("7", -5, NOW - timedelta(days=3)),
        Impression("8", 10**12, NOW + timedelta(days=3)),
        Impression("9", 1_500, (NOW - timedelta(hours=1)).replace(tzinfo=None)),
        Impression("no id", 1, NOW),
        Impression("99999999999999999999", 1, NOW),
    ]
    found = views(1, given, NOW)
    assert [(one.post_id, one.dwell_ms, one.at) for one in found] == [
        (7, 0, NOW - timedelta(days=1)),
        (8, LONGEST_MS, NOW),
        (9, 1_500, NOW - timedelta(hours=1)),
    ]


async def test_an_impression_is_recorded_with_what_was_known(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await posted(world, ana)
    await tell(ben, post)
    (row,) = await recorded()
    assert (row["user_id"], row["post_id"], row["author_id"]) == (int(ben.id), int(post["post_id"]), int(ana.id))
    assert (row["dwell_ms"], row["features_version"]) == (5_000, ranking.FEATURES_VERSION)
    known = dict(zip(ranking.FEATURES, row["features"], strict=True))
    assert (known["text"], known["image"], known["engagement"], known["affinity_likes"]) == (1, 0, 0, 0)
    async with db.read() as r:
        events = await published(r, "ViewsRecorded")
    assert [(one["user_id"], one["dwell_ms"]) for one in events] == [(int(ben.id), {int(ana.id): 5_000})]


async def test_a_batch_that_is_sent_again_is_recorded_once(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await posted(world, ana)
    body = {"items": [{"post_id": post["post_id"], "dwell_ms": 3_000, "at": clock.iso(clock.now())}] * 2}
    for _ in range(2):
        await ben.ask("POST", "/feed/impressions", json=body)
        assert len(await recorded()) == 1
    async with db.read() as r:
        assert [one["dwell_ms"] for one in await published(r, "ViewsRecorded")] == [{int(ana.id): 3_000}]


async def test_what_the_reader_did_afterwards_is_not_what_was_known(world: World) -> None:
    ana, ben, cleo = await world.people("ana", "ben", "cleo")
    post = await posted(world, ana)
    await cleo.like(post)
    await world.settle()
    await ben.like(post)
    await ben.comment(post, "so good")
    await world.settle()
    await tell(ben, post, ago=3_600)
    (row,) = await recorded()
    known = dict(zip(ranking.FEATURES, row["features"], strict=True))
    assert known["engagement"] == pytest.approx(0.6931, abs=1e-3)  # one like: cleo's
    assert known["affinity_likes"] < 1e-3
    assert known["affinity_comments"] < 1e-3


async def test_what_may_not_be_seen_or_is_ones_own_is_left_out_without_a_word(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    own = await posted(world, ben)
    gone = await posted(world, ana, "gone")
    await ana.delete(gone)
    hidden = await posted(world, ana, "hidden")
    await ana.ask("PATCH", "/users/me", json={"is_private": True})
    await tell(ben, own, gone, hidden, {"post_id": "7"}, {"post_id": "none"})
    assert await recorded() == []


async def test_a_follower_of_a_private_account_is_recorded_and_a_blocked_one_is_not(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    await ana.ask("PATCH", "/users/me", json={"is_private": True})
    post = await posted(world, ana)
    await tell(ben, post)
    assert len(await recorded()) == 1
    async with db.act(db.SYSTEM) as tx:
        await tx.run(
            "insert into blocks (blocker_id, blocked_id, block_id) values ($1, $2, 1)", int(ana.id), int(ben.id)
        )
    await tell(ben, post, ago=2)
    assert len(await recorded()) == 1


async def test_who_switches_it_off_is_not_recorded(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await posted(world, ana)
    await ben.ask("PATCH", "/users/me", json={"preferences": {"impressions": False}})
    await tell(ben, post)
    await ben.ask("GET", f"/users/{ana.id}")
    assert await recorded() == []
    async with db.read() as r:
        assert await published(r, "ViewsRecorded", "ProfileVisited") == []
    await ben.ask("PATCH", "/users/me", json={"preferences": {"impressions": True}})
    await tell(ben, post)
    assert len(await recorded()) == 1


async def test_a_hundred_at_once_and_so_many_batches_a_minute(world: World) -> None:
    (ben,) = await world.people("ben")
    item = {"post_id": "7", "dwell_ms": 1, "at": clock.iso(clock.now())}
    with pytest.raises(Refused) as refused:
        await ben.ask("POST", "/feed/impressions", json={"items": [item] * 101})
    assert refused.value.status == 422
    with pytest.raises(Refused) as refused:
        await world.visitor.ask("POST", "/feed/impressions", json={"items": []})
    assert refused.value.status == 401


async def test_batches_are_limited(database: str, tmp_path: Any) -> None:
    async with opened(database, tmp_path / "data", limit_impressions_per_minute=2) as world:
        (ben,) = await world.people("ben")
        world.settings.__dict__["rate_limits"] = True
        try:
            for _ in range(2):
                await ben.ask("POST", "/feed/impressions", json={"items": []})
            with pytest.raises(Refused) as refused:
                await ben.ask("POST", "/feed/impressions", json={"items": []})
            assert refused.value.status == 429
        finally:
            world.settings.__dict__["rate_limits"] = False


async def test_old_ones_are_forgotten(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await posted(world, ana)
    await tell(ben, post)
    await recorded()
    await tell(ben, post, ago=2)
    assert len(await recorded()) == 2
    async with db.act(db.SYSTEM) as tx:
        await tx.run("insert into impressions values (1, $1, 2, 3, 4, 5, '{}')", clock.now() - timedelta(days=31))
    assert len(await recorded()) == 3
    await chores.keep_partitions()
    assert len(await recorded()) == 2
    clock.shift(timedelta(days=28))
    try:
        await impressions.record([View(int(ben.id), clock.now(), int(post["post_id"]), 1_000)])
        await chores.keep_partitions()
        assert len(await recorded()) == 3
        clock.shift(timedelta(days=31))
        await chores.keep_partitions()
        assert len(await recorded()) == 1
    finally:
        clock.shift(timedelta())


async def test_a_process_that_is_stopped_writes_first(database: str) -> None:
    with installed(DATABASE_URL=database) as product:
        product.start()
        with httpx2.Client(base_url=f"{product.url}/api/v1", timeout=30) as http:
            for name in ("ana", "ben"):
                form = {"username": name, "email": f"{name}@example.org", "password": "a long password"}
                told = http.post("/users/register", json=form | {"session": "token"}).json()["data"]
                http.headers["Authorization"] = f"Bearer {told['access_token']}"
                if name == "ana":
                    post_id = http.post("/posts", json={"type": "TEXT", "caption": "hello"}).json()["data"]["post_id"]
                    assert http.get(f"/posts/{post_id}/wait?seconds=30").json()["data"]["status"] == "published"
            items = [{"post_id": post_id, "dwell_ms": 1_000, "at": clock.iso(clock.now())}]
            assert http.post("/feed/impressions", json={"items": items}).status_code == 202
        assert product.stop() == 0
    async with db.read() as r:
        assert await r.value("-- tests: feed\nselect count(*) from impressions") == 1
