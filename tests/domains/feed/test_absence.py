"""Readers who are away for long, and those who come back; stretches below the floor, built ahead of who scrolls."""

from datetime import timedelta

import pytest

from tests.domains.feed.making import chunks, follow, plan, post, publish, rebuilt, run, timeline, value
from tests.domains.seen import account
from tintype.domains.feed import actions, reads
from tintype.domains.feed.actions import stretches
from tintype.domains.feed.reads import entries
from tintype.domains.feed.rules import delivery
from tintype.domains.feed.rules.delivery import Limits
from tintype.platform import db
from tintype.platform.cache import port as cache
from tintype.platform.cache.memory import MemoryCache
from tintype.platform.db import Actor
from tintype.platform.ids import LARGEST
from tintype.platform.timelines import port as timelines
from tintype.platform.timelines.postgres import PostgresTimelines


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    timelines.use(PostgresTimelines())
    monkeypatch.setattr(delivery, "_limits", Limits(keep=16))
    cache.use(MemoryCache())
    monkeypatch.setattr(stretches, "SETTLED", timedelta(days=-1))


async def unseen(user: Actor, days: int) -> None:
    columns = [("accounts set created_at = created_at", "id"), ("timeline_state set seen_at = seen_at", "user_id")]
    for change, key in columns:
        await run(f"update {change} - make_interval(days => $2) where {key} = $1", user.id, days)


async def is_exact(user: Actor) -> bool:
    async with db.read() as r:
        return await reads.difference(r, user.id) == reads.Difference([], [], [])


async def scrolled(user: Actor, limit: int) -> list[str]:
    """The sources of every page, the background given time after each."""
    found: list[str] = []
    before: int | None = None
    while True:
        page = await entries.entries(user.id, before, limit)
        found.append(page.source)
        await actions.tended()
        if not page.more:
            return found
        before = page.entries[-1].feed_id


async def test_who_was_not_seen_for_a_month_is_not_pushed_to_and_comes_back_to_a_full_feed(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    for one in (ben, eve):
        await follow(one, ana)
    events = [await post(ana) for _ in range(4)]
    await actions.seen([ben.id, eve.id])
    await unseen(ben, 31)
    await unseen(eve, 29)
    await actions.leave()
    assert await timeline(ben) == []
    assert await value("select array_agg(follower_id) from follows where away") == [ben.id]
    events += [await post(ana) for _ in range(20)]
    assert await timeline(ben) == []
    assert await is_exact(ben)
    page = await entries.entries(ben.id, None, 5)
    assert (page.source, page.returning) == ("sql", True)
    assert [one.post_id for one in page.entries] == [one.post_id for one in events[:-6:-1]]
    await actions.come_back(ben.id)
    assert await timeline(ben) == [one.post_id for one in events[::-1]][: len(await timeline(ben))]
    assert len(await timeline(ben)) == 16
    assert (await entries.entries(ben.id, None, 5)).source == "timeline"
    assert await is_exact(ben)
    assert ben.id in await rebuilt()
    late = await post(ana)
    assert (await timeline(ben))[0] == late.post_id
    await actions.come_back(ben.id)
    await actions.leave()
    assert await value("select count(*) from follows where away") == 0


async def test_a_return_that_was_interrupted_goes_on_and_loses_nothing(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    await post(ana)
    await unseen(ben, 40)
    await actions.leave()
    await run("update timeline_state set away = false, seen_at = clock_timestamp()")
    await run("update follows set away = false")
    planned = await publish(ana)
    await plan(planned)
    assert (await entries.entries(ben.id, None, 5)).returning
    await actions.come_back(ben.id)
    await actions.deliver(await chunks())
    assert await is_exact(ben)
    assert await value("select floor_id from timeline_state where user_id = $1", ben.id) == 0
    assert len(await timeline(ben)) == 2


async def test_scrolling_below_the_floor_is_prepared_ahead_down_to_the_first_post(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "_tend", actions.tend)
    monkeypatch.setattr(stretches, "PER_AUTHOR", 5)
    monkeypatch.setattr(stretches, "MOST", 12)
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    for one in (ana, eve):
        await follow(ben, one)
    for n in range(90):
        await post(ana if n % 3 else eve)
    assert await value("select floor_id from timeline_state where user_id = $1", ben.id) > 0
    sources = await scrolled(ben, 3)
    assert sources[0] == "timeline"
    assert sources.count("backfill") > 10
    assert sources.count("sql") <= 2, "a stretch is there before it is reached"
    assert await value("select cardinality(feed_ids) from timeline_backfills") <= 24
    assert await is_exact(ben)
    assert set(await scrolled(ben, 20)) <= {"timeline", "backfill", "sql"}
    await run("update timeline_backfills set built_at = built_at - interval '25 hours'")
    await actions.expire()
    assert await value("select count(*) from timeline_backfills") == 0


async def test_a_new_follow_drops_the_stretch_that_does_not_know_of_it(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    theirs = [await post(eve) for _ in range(3)]
    await follow(ben, ana)
    for _ in range(30):
        await post(ana)
    await stretches.build(ben.id, LARGEST)
    assert await value("select count(*) from timeline_backfills") == 1
    await follow(ben, eve)
    await actions.follow_up([(ben.id, eve.id)])
    assert await value("select count(*) from timeline_backfills") == 0
    assert await is_exact(ben)
    found = await entries.entries(ben.id, None, 100)
    assert {one.post_id for one in theirs} <= {one.post_id for one in found.entries}


async def test_nothing_is_built_where_all_is_there_or_the_reader_is_away(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    await post(ana)
    for floor in (0, LARGEST):
        await run("delete from timeline_state")
        await run("insert into timeline_state values ($1, $2)", ben.id, floor)
        await stretches.build(ben.id, LARGEST)
    assert await value("select count(*) from timeline_backfills") == 0


async def test_the_background_does_one_thing_a_reader_and_survives_what_fails(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[int] = []

    async def fails(user_id: int) -> None:
        began.append(user_id)
        raise RuntimeError("no database")

    monkeypatch.setattr(stretches, "come_back", fails)
    returning = entries.Stretch([], False, "sql", returning=True)
    for user_id in (1, 1, 2, 3, 4, 5):
        actions.tend(user_id, returning)
    actions.tend(6, entries.Stretch([], False, "timeline"))
    await actions.tended()
    assert began == [1, 2, 3, 4]
