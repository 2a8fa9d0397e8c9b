"""The fan-out and the home feed's skeleton."""

from itertools import count

import pytest

from tests.domains.seen import account, published
from tintype.domains.feed import actions, consumers, reads
from tintype.domains.feed.events import FanOutPlanned
from tintype.domains.graph import actions as graph
from tintype.domains.graph.events import FollowChanged
from tintype.domains.posts import actions as posts
from tintype.domains.posts.events import PostPublished, PostRestored
from tintype.domains.posts.rules import NewPost
from tintype.platform import db
from tintype.platform.db import Actor
from tintype.platform.timelines import port as timelines
from tintype.platform.timelines.port import Entry
from tintype.platform.timelines.postgres import PostgresTimelines

NUMBER = count()


@pytest.fixture(autouse=True)
def adapter() -> None:
    timelines.use(PostgresTimelines())


async def post(actor: Actor) -> PostPublished:
    async with db.act(actor) as tx:
        post_id = await posts.create(tx, actor, NewPost("TEXT", f"number {next(NUMBER)}"))
        await posts.approve(tx, post_id, 1, {})
        feed_id = await tx.value("-- tests: feed\nselect feed_id from posts where id = $1", post_id)
    return PostPublished(author_id=actor.id, post_id=post_id, feed_id=feed_id)


async def follow(one: Actor, other: Actor) -> None:
    async with db.act(one) as tx:
        await graph.follow(tx, one, other.id)


async def chunks() -> list[FanOutPlanned]:
    async with db.read() as r:
        rows = await published(r, "FanOutPlanned")
    return [FanOutPlanned(**{name: value for name, value in row.items() if name != "type"}) for row in rows]


async def timeline(actor: Actor) -> list[int]:
    return [one.post_id for one in await timelines.timelines().read(actor.id, None, 100)]


async def test_a_post_is_planned_in_chunks_and_delivered(database: str) -> None:
    ana = await account("ana")
    fans = [await account(f"fan{n}") for n in range(5)]
    for fan in fans:
        await follow(fan, ana)
    event = await post(ana)
    async with db.act(db.SYSTEM) as tx:
        await actions.plan(tx, event.post_id, 2)
    planned = await chunks()
    assert planned[0].low == 0
    assert [one.high for one in planned] == [*(one.low for one in planned[1:]), None]
    await consumers.deliver(planned)
    await consumers.deliver(planned[:1])
    for fan in fans:
        assert await timeline(fan) == [event.post_id]
    async with db.read() as r:
        assert await r.value("-- tests: delivery\nselect delivery from posts") == "push"
        assert await reads.truth(r, fans[0].id) == [event.feed_id]


async def test_what_is_gone_is_neither_planned_nor_delivered(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    event = await post(ana)
    async with db.act(db.SYSTEM) as tx:
        await consumers.plan_fan_out(tx, [event])
    async with db.act(ana) as tx:
        await posts.delete(tx, ana, event.post_id)
    await consumers.deliver(await chunks())
    assert await timeline(ben) == []
    async with db.act(db.SYSTEM) as tx:
        await actions.plan(tx, event.post_id)
        await actions.plan(tx, 404)
    assert len(await chunks()) == 1
    await consumers.restore([PostRestored(author_id=ana.id, post_id=event.post_id)])
    assert await timeline(ben) == [], "it is still deleted"
    async with db.act(ana) as tx:
        await posts.restore(tx, ana, event.post_id)
    await consumers.restore([PostRestored(author_id=ana.id, post_id=event.post_id)])
    assert await timeline(ben) == [event.post_id]


async def test_a_post_without_followers_reaches_nobody(database: str) -> None:
    ana = await account("ana")
    event = await post(ana)
    async with db.act(db.SYSTEM) as tx:
        await consumers.plan_fan_out(tx, [event])
    await consumers.deliver(await chunks())
    assert await timeline(ana) == []


async def test_a_post_not_yet_visible_is_not_restored_to_timelines(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    async with db.act(ana) as tx:
        post_id = await posts.create(tx, ana, NewPost("TEXT", "waiting"))
    async with db.act(db.SYSTEM) as tx:
        await actions.plan(tx, post_id)
    await actions.restore(post_id)
    assert await timeline(ben) == []
    await actions.forget(post_id)
    await actions.forget(404)


async def test_timelines_follow_the_graph(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    events = [await post(ana) for _ in range(3)]
    await follow(ben, ana)
    changed = FollowChanged(follower_id=ben.id, followee_id=ana.id, state="ACCEPTED")
    await consumers.follow_up([changed, changed])
    assert await timeline(ben) == [one.post_id for one in events[::-1]]
    async with db.act(ben) as tx:
        await graph.unfollow(tx, ben, ana.id)
    await consumers.follow_up([changed])
    assert await timeline(ben) == []


async def test_a_follow_of_somebody_without_posts_adds_nothing(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    await actions.follow_up(ben.id, ana.id)
    assert await timeline(ben) == []


async def test_a_purged_post_is_forgotten(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    events = [await post(ana) for _ in range(2)]
    await actions.follow_up(ben.id, ana.id)
    await actions.forget(events[0].post_id)
    assert await timeline(ben) == [events[1].post_id]


async def test_the_skeleton_has_waiting_posts_first_and_pages(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    shown = [await post(ana if n % 2 else ben) for n in range(5)]
    await actions.follow_up(ben.id, ana.id)
    async with db.act(ben) as tx:
        waiting = [await posts.create(tx, ben, NewPost("TEXT", f"waiting {n}")) for n in range(3)]
    expected = [*waiting[::-1], *(one.post_id for one in shown[::-1])]
    for limit in (1, 2, 3, 4, 8, 9):
        found: list[int] = []
        after: tuple[int, ...] | None = None
        while True:
            page = await reads.home_skeleton(ben.id, after, limit)
            found += [post_id for post_id, _ in page.posts]
            if not page.more:
                break
            after = page.posts[-1][1]
        assert found == expected, limit


async def test_differences_are_told_and_repaired(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    await follow(ben, ana)
    due, foreign, own = await post(ana), await post(eve), await post(ben)
    gone = Entry(1, 2, ana.id)
    strange = [Entry(one.feed_id, one.post_id, one.author_id) for one in (foreign, own)]
    await timelines.timelines().add(ben.id, [gone, *strange])
    async with db.read() as r:
        found = await reads.difference(r, ben.id)
        assert await reads.readers(r, 0, 10) == sorted([ana.id, ben.id, eve.id])
    assert found.missing == [Entry(due.feed_id, due.post_id, ana.id)]
    assert sorted(found.foreign, key=lambda one: one.feed_id) == strange
    assert found.orphaned == [gone]
    await actions.repair(ben.id, found)
    async with db.read() as r:
        assert await reads.difference(r, ben.id) == reads.Difference([], [], [])
