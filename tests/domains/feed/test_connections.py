"""Top connections: what brings a reader closer to an author, how that fades, and why a post stands where it does."""

from datetime import timedelta

import pytest

from tests.domains.seen import account
from tests.world import Person, Refused, World
from tintype.domains.accounts.events import ProfileVisited
from tintype.domains.engagement.events import CommentChanged, ReactionChanged
from tintype.domains.feed import consumers
from tintype.domains.feed.actions import connections
from tintype.domains.feed.actions.connections import Act
from tintype.domains.feed.events import ViewsRecorded
from tintype.domains.feed.reads import connections as reads
from tintype.domains.feed.rules.ranking import STRANGER, Affinity
from tintype.domains.posts import actions as posts
from tintype.domains.posts.rules import NewPost
from tintype.entry import chores
from tintype.platform import clock, db, write_behind


async def affinity(reader: Person, author: Person) -> Affinity:
    async with db.read() as r:
        return (await reads.affinities(r, int(reader.id))).get(int(author.id), STRANGER)


async def test_likes_and_comments_bring_closer_and_less_close(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    first, second = await ana.post("one"), await ana.post("two")
    await world.settle()
    await ben.like(first)
    await ben.like(second)
    said = await ben.comment(first, "so good")
    await ana.like(first)
    await world.settle()
    assert await affinity(ben, ana) == pytest.approx(Affinity(likes=2, comments=1), abs=1e-3)
    assert await affinity(ana, ana) == STRANGER
    await ben.unlike(second)
    await ben.ask("DELETE", f"/comments/{said['comment_id']}")
    await world.settle()
    assert await affinity(ben, ana) == pytest.approx(Affinity(likes=1), abs=1e-3)


async def test_visits_and_dwell_come_by_the_log(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("hello")
    await world.settle()
    await ben.ask("GET", "/users/@ana")
    await ben.ask("GET", f"/users/{ana.id}")  # the same moment: once
    await ben.ask("GET", "/users/me")
    await ben.ask("GET", f"/users/{ben.id}")
    await world.visitor.ask("GET", "/users/@ana")
    at = clock.iso(clock.now())
    items = [{"post_id": post["post_id"], "dwell_ms": 90_000, "at": at}]
    await ben.ask("POST", "/feed/impressions", json={"items": items})
    await write_behind.write()
    await world.settle()
    assert await affinity(ben, ana) == pytest.approx(Affinity(visits=1, dwell=1.5), abs=1e-3)
    async with db.read() as r:
        assert len(await reads.affinities(r, int(ana.id))) == 0


async def test_what_was_long_ago_weighs_less(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    act = Act(ben.id, ana.id, likes=8, comments=4, visits=2, dwell=1)
    async with db.act(db.SYSTEM) as tx:
        await connections.add(tx, [act])
    try:
        clock.shift(reads.half_life())
        async with db.act(db.SYSTEM) as tx:
            assert (await reads.affinities(tx, ben.id))[ana.id] == pytest.approx((4, 2, 1, 0.5), rel=1e-3)
            await connections.add(tx, [Act(ben.id, ana.id, likes=1)])
            assert (await reads.affinities(tx, ben.id))[ana.id] == pytest.approx((5, 2, 1, 0.5), rel=1e-3)
        clock.shift(reads.half_life() * 200)
        async with db.act(db.SYSTEM) as tx:
            assert (await reads.affinities(tx, ben.id))[ana.id] == pytest.approx(STRANGER, abs=1e-9)
            await connections.trim(tx)
            assert len(await reads.affinities(tx, ben.id)) == 0
    finally:
        clock.shift(timedelta())


async def test_taking_back_what_has_faded_leaves_nothing_owed(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    async with db.act(db.SYSTEM) as tx:
        await connections.add(tx, [Act(ben.id, ana.id, likes=-1)])
        assert (await reads.affinities(tx, ben.id))[ana.id] == STRANGER
        await connections.add(tx, [Act(ben.id, ana.id, likes=1)])
        assert (await reads.affinities(tx, ben.id))[ana.id].likes == 1


async def test_the_closest_are_kept(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT", 3)
    monkeypatch.setattr(connections, "READERS_AT_ONCE", 1)
    async with db.act(db.SYSTEM) as tx:
        await connections.add(tx, [Act(1, 10 + n, likes=n) for n in range(1, 6)])
        await connections.add(tx, [Act(2, 10, visits=1), Act(1, 11, comments=9)])
        assert await reads.top(tx, 1) == [11, 15, 14, 13, 12]
    await chores.keep_closest()
    async with db.read() as tx:
        assert await reads.top(tx, 1) == [11, 15, 14]
        assert await reads.top(tx, 1, limit=1) == [11]
        assert await reads.top(tx, 2) == [10]


async def test_another_reaction_is_not_another_like(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    async with db.act(ana) as tx:
        post_id = await posts.create(tx, ana, NewPost("TEXT", "hello"))
        love = ReactionChanged(post_id=post_id, user_id=ben.id, reaction="LOVE", before="LIKE")
        like = ReactionChanged(post_id=post_id, user_id=ben.id, reaction="LIKE")
        await consumers.connect_engaged(tx, [like, love])
        assert (await reads.affinities(tx, ben.id))[ana.id] == Affinity(likes=1)


async def test_facts_about_what_is_gone_change_nothing(database: str) -> None:
    async with db.act(db.SYSTEM) as tx:
        await consumers.connect_engaged(
            tx,
            [
                ReactionChanged(post_id=7, user_id=1, reaction="LIKE"),
                CommentChanged(post_id=7, comment_id=8),
            ],
        )
        await consumers.connect_viewed(tx, [ProfileVisited(visitor_id=1, account_id=1)])
        await consumers.connect_viewed(tx, [ViewsRecorded(user_id=1, dwell_ms={})])
        assert len(await reads.affinities(tx, 1)) == 0


async def test_why_a_post_stands_where_it_does(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    made = [await ana.post(f"number {n}") for n in range(4)]
    await world.settle()
    for one in made[:3]:
        await ben.like(one)
    await world.settle()
    path = f"/posts/{made[3]['post_id']}/why"
    told = (await ben.ask("GET", path))["reasons"]
    assert [one["name"] for one in told] == ["recency", "affinity_likes"]
    assert told[1]["text"] == "You often like posts by this account."
    assert told[0]["weight"] > told[1]["weight"] > 0
    assert [one["name"] for one in (await eve.ask("GET", path))["reasons"]] == ["recency"]
    liked = (await eve.ask("GET", f"/posts/{made[0]['post_id']}/why"))["reasons"]
    assert [one["name"] for one in liked] == ["recency", "velocity", "engagement"]


async def test_why_tells_nothing_of_what_may_not_be_seen(world: World) -> None:
    ana, eve = await world.people("ana", "eve")
    post = await ana.post("mine")
    await world.settle()
    await ana.ask("PATCH", "/users/me", json={"is_private": True})
    for path in (f"/posts/{post['post_id']}/why", "/posts/7/why", "/posts/none/why"):
        with pytest.raises(Refused) as refused:
            await eve.ask("GET", path)
        assert refused.value.status == 404
    assert (await ana.ask("GET", f"/posts/{post['post_id']}/why"))["reasons"][0]["name"] == "recency"
    with pytest.raises(Refused) as refused:
        await world.visitor.ask("GET", f"/posts/{post['post_id']}/why")
    assert refused.value.status == 401
