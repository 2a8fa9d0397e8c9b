"""The fan-out, and timelines as the graph changes."""

import asyncio

import pytest

from tests.domains.feed.making import (
    chunks,
    follow,
    plan,
    post,
    publish,
    put,
    rebuilt,
    run,
    timeline,
    unfollow,
    value,
)
from tests.domains.seen import account, published
from tintype.domains.feed import actions, consumers, reads
from tintype.domains.feed.actions import fan_out, locks
from tintype.domains.feed.rules import delivery
from tintype.domains.feed.rules.delivery import Limits
from tintype.domains.graph.events import FollowChanged, MuteChanged
from tintype.domains.posts import actions as posts
from tintype.domains.posts.rules import NewPost
from tintype.platform import db
from tintype.platform.cache import port as cache
from tintype.platform.cache.memory import MemoryCache
from tintype.platform.event_log.port import part_of
from tintype.platform.timelines import port as timelines
from tintype.platform.timelines.port import Entry
from tintype.platform.timelines.postgres import PostgresTimelines


@pytest.fixture(autouse=True)
def adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_limits", Limits())
    timelines.use(PostgresTimelines())
    cache.use(MemoryCache())


def changed(one: db.Actor, other: db.Actor) -> FollowChanged:
    return FollowChanged(follower_id=one.id, followee_id=other.id, state="ACCEPTED")


async def test_a_post_is_planned_in_chunks_and_delivered(database: str) -> None:
    ana = await account("ana")
    fans = [await account(f"fan{n}") for n in range(5)]
    for fan in fans:
        await follow(fan, ana)
    await run("update account_counts set followers = 5 where account_id = $1", ana.id)
    event = await publish(ana)
    await plan(event, chunk=2)
    planned = await chunks()
    assert planned[0].low == 0
    assert [one.high for one in planned] == [*(one.low for one in planned[1:]), None]
    assert len({part_of(one.chunk) % 2 for one in planned[:2]}) == 2, "neighbours go to different lanes"
    await consumers.deliver(planned)
    await consumers.deliver(planned[:1])
    for fan in fans:
        assert await timeline(fan) == [event.post_id]
    assert await value("select delivery from posts") == "push"
    async with db.read() as r:
        assert await reads.truth(r, fans[0].id) == [event.feed_id]


async def test_who_has_most_to_do_with_an_author_comes_first(database: str) -> None:
    ana = await account("ana")
    fans = [await account(f"fan{n}") for n in range(5)]
    for fan in fans:
        await follow(fan, ana)
    await run("update account_counts set followers = 5 where account_id = $1", ana.id)
    for fan in (fans[1], fans[4], await account("stranger")):
        await run("insert into affinities (user_id, author_id, likes, as_of) values ($1, $2, 3, now())", fan.id, ana.id)
    event = await publish(ana)
    await plan(event, chunk=2)
    planned = await chunks()
    assert set(planned[0].only) > {fans[1].id, fans[4].id}
    assert len({part_of(one.chunk) % 2 for one in planned[:2]}) == 2
    await consumers.deliver(planned[:1])
    assert [await timeline(fan) for fan in fans] == [[], [event.post_id], [], [], [event.post_id]]
    for one in planned[1:]:
        await fan_out._deliver([one])  # raises where an entry is there already
    assert [await timeline(fan) for fan in fans] == [[event.post_id]] * 5


async def test_small_chunks_of_many_authors_are_delivered_together(database: str) -> None:
    authors = [await account(f"author{n}") for n in range(4)]
    fans = [await account(f"fan{n}") for n in range(3)]
    for fan in fans:
        for author in authors:
            await follow(fan, author)
    events = [await publish(author) for author in authors]
    await plan(*events)
    planned = await chunks()
    assert len(list(fan_out._merged(planned))) == 1
    await consumers.deliver(planned)
    for fan in fans:
        assert sorted(await timeline(fan)) == sorted(one.post_id for one in events)
    many = planned * 2_000
    most = timelines.timelines().at_once
    assert all(sum(one.followers + 1 for one in each) <= most for each in fan_out._merged(many))


async def test_what_is_deleted_is_delivered_as_it_may_come_back_and_not_once_that_is_final(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    event = await publish(ana)
    await plan(event)
    async with db.act(ana) as tx:
        await posts.delete(tx, ana, event.post_id)
    await run("update posts set deleted_at = deleted_at - interval '2 hours'")
    await consumers.deliver(await chunks())
    assert await timeline(ben) == []
    await run("update posts set deleted_at = clock_timestamp()")
    await consumers.deliver(await chunks())
    assert await timeline(ben) == [event.post_id]
    await run("delete from posts")
    await run("delete from timelines")
    await consumers.deliver(await chunks())
    assert await timeline(ben) == []
    await plan(event)
    assert len(await chunks()) == 1


async def test_a_post_without_followers_reaches_nobody_and_one_not_yet_visible_is_not_planned(database: str) -> None:
    ana = await account("ana")
    await post(ana)
    assert await timeline(ana) == []
    async with db.act(ana) as tx:
        post_id = await posts.create(tx, ana, NewPost("TEXT", "waiting"))
        await actions.plan(tx, [post_id])
    assert len(await chunks()) == 1
    await actions.forget(post_id)
    await actions.forget(404)


async def test_authors_are_pulled_and_pushed_again_with_hysteresis(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_limits", Limits(3, 2))
    ana = await account("ana")
    found = []
    for followers in (2, 3, 2, 1, 2):
        await run(
            "insert into account_counts (account_id, followers) values ($1, $2) "
            "on conflict (account_id) do update set followers = $2",
            ana.id,
            followers,
        )
        event = await publish(ana)
        await plan(event)
        found.append(await value("select delivery from posts where id = $1", event.post_id))
        await plan(event)
        assert await value("select delivery from posts where id = $1", event.post_id) == found[-1], "for ever"
    assert found == ["push", "pull", "pull", "push", "push"]
    assert len(await chunks()) == 6
    assert await value("select (mode, has_pull)::text from author_delivery") == "(push,t)"


def test_limits_decide_and_about_one_in_an_eighth_is_sampled() -> None:
    given = Limits(10_000, 8_000)
    assert [delivery.mode("push", n, given) for n in (0, 8_000, 9_999, 10_000)] == ["push", "push", "push", "pull"]
    assert [delivery.mode("pull", n, given) for n in (7_999, 8_000, 9_999)] == ["push", "pull", "pull"]
    readers = range(7)
    sampled = [one for feed in range(10_000) for one in delivery.sampled(readers, feed << 22 | 0x5000, given)]
    assert all(60 < sampled.count(one) < 140 for one in readers)
    assert delivery.sampled(readers, 1 << 40, Limits(keep=5)) == readers


async def test_timelines_follow_the_graph(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    events = [await post(ana) for _ in range(3)]
    theirs = await post(eve)
    for one in (ana, eve):
        await follow(ben, one)
    await consumers.follow_up([changed(ben, ana), changed(ben, eve), changed(ben, ana)])
    assert await timeline(ben) == [theirs.post_id, *(one.post_id for one in events[::-1])]
    await run("update follows set muted = true where followee_id = $1", eve.id)
    await consumers.follow_up([MuteChanged(muter_id=ben.id, muted_id=eve.id, muting=True)])
    assert await timeline(ben) == [one.post_id for one in events[::-1]]
    await unfollow(ben, ana)
    await run("update follows set muted = false where followee_id = $1", eve.id)
    await consumers.follow_up([changed(ben, ana), changed(ben, eve)])
    assert await timeline(ben) == [theirs.post_id]
    assert await rebuilt() == [ben.id] * 3


async def test_an_unfollow_is_never_overtaken_by_a_chunk_on_its_way(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    event = await publish(ana)
    async with db.act(db.SYSTEM) as chunk:
        await locks.share_authors(chunk, [ana.id])
        await unfollow(ben, ana)
        following_up = asyncio.create_task(actions.follow_up([(ben.id, ana.id)]))
        await asyncio.sleep(0.1)
        assert not following_up.done()
        await timelines.timelines().deliver(chunk, [([ben.id], Entry(event.feed_id, event.post_id, ana.id))])
    await following_up
    assert await timeline(ben) == []


async def test_only_what_stands_above_the_floor_comes_with_a_follow_and_too_much_raises_it(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_limits", Limits(keep=8))
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    events = [await post(ana) for _ in range(6)]
    await run("insert into timeline_state values ($1, $2)", ben.id, events[2].feed_id)
    await follow(ben, ana)
    await actions.follow_up([(ben.id, ana.id)])
    assert await timeline(ben) == [one.post_id for one in events[:1:-1]]
    await follow(eve, ana)
    events += [await publish(ana) for _ in range(6)]
    await plan(*events)
    await actions.follow_up([(eve.id, ana.id)])
    assert await timeline(eve) == [one.post_id for one in events[:3:-1]]
    assert await value("select floor_id from timeline_state where user_id = $1", eve.id) == events[4].feed_id
    async with db.read() as r:
        assert await reads.difference(r, eve.id) == reads.Difference([], [], [])


async def test_a_thousand_follows_in_a_row_are_quick(database: str) -> None:
    ben = await account("ben")
    await run(
        "insert into follows (follower_id, followee_id, state, follow_id) select $1, n, 'ACCEPTED', n "
        "from generate_series(1, 1000) n",
        ben.id,
    )
    await run(
        "insert into posts (id, author_id, feed_id, type, status, delivery) "
        "select n * 10 + m, n, n * 10 + m, 'TEXT', 'published', 'push' "
        "from generate_series(1, 1000) n, generate_series(1, 5) m"
    )
    async with asyncio.timeout(5):
        await actions.follow_up([(ben.id, n) for n in range(1, 1_001)])
    assert len(await timeline(ben)) == 800


async def test_a_timeline_that_grows_too_long_is_cut(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_limits", Limits(keep=8))  # so few that each delivery looks
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    events = [await post(ana) for _ in range(40)]
    kept = await timeline(ben)
    assert 8 <= len(kept) <= 9
    assert kept == [one.post_id for one in events[::-1]][: len(kept)]
    assert await value("select floor_id from timeline_state") > events[0].feed_id
    async with db.read() as r:
        assert await reads.difference(r, ben.id) == reads.Difference([], [], [])


async def test_who_comes_late_is_told_of(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    await post(ana)
    monkeypatch.setattr(fan_out, "LATE_SECONDS", -1)
    event = await post(ana)
    async with db.read() as r:
        assert [one["feed_id"] for one in await published(r, "PostDeliveredLate")] == [event.feed_id]
    await actions.deliver(await chunks())
    async with db.read() as r:
        assert len(await published(r, "PostDeliveredLate")) == 1, "nothing was new"


async def test_a_purged_post_is_forgotten(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    events = [await post(ana) for _ in range(2)]
    await actions.forget(events[0].post_id)
    assert await timeline(ben) == [events[1].post_id]


async def test_the_skeleton_has_waiting_posts_first_and_pages(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    shown = [await post(ana if n % 2 else ben) for n in range(5)]
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
    due, foreign, own, pulled = await post(ana), await post(eve), await post(ben), await post(ana)
    await run("update posts set delivery = 'pull' where id = $1", pulled.post_id)
    await run("delete from timelines")
    gone = Entry(1, 2, ana.id)
    strange = [Entry(one.feed_id, one.post_id, one.author_id) for one in (foreign, own)]
    await put(ben, gone, *strange)
    await run("update follows set away = true")
    async with db.read() as r:
        found = await reads.difference(r, ben.id)
        assert await reads.readers(r, 0, 10) == sorted([ana.id, ben.id, eve.id])
    assert found.missing == [Entry(one.feed_id, one.post_id, ana.id) for one in (pulled, due)]
    assert sorted(found.foreign, key=lambda one: one.feed_id) == strange
    assert found.orphaned == [gone]
    assert found.cut_off
    await actions.repair(ben.id, found)
    async with db.read() as r:
        assert await reads.difference(r, ben.id) == reads.Difference([], [], [])
    assert ben.id in await rebuilt()
