"""Timelines start over where they are in another store than before, and only there."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from tests.domains.seen import account
from tests.engines.cassandra import Cassandra, sockets_closed
from tintype.entry import timeline_store
from tintype.platform import clock, db, ids
from tintype.platform.clients.cassandra import CassandraClient
from tintype.platform.clients.cassandra_schema import Marks
from tintype.platform.config import Settings
from tintype.platform.guard import EngineDown
from tintype.platform.ids import LARGEST
from tintype.platform.timelines.cassandra import CassandraTimelines
from tintype.platform.timelines.port import Entry, Timelines
from tintype.platform.timelines.postgres import PostgresTimelines

pytestmark = pytest.mark.timeout(300)  # an engine is started, or started again
UNKNOWN = {LARGEST}


async def floors() -> set[int]:
    """The floors of all accounts; none is 0."""
    async with db.read() as r:
        rows = await r.rows(
            "-- tests: floors\nselect coalesce(floor_id, 0) as floor_id"
            " from accounts left join timeline_state on user_id = id"
        )
    return {row["floor_id"] for row in rows}


async def run(sql: str) -> None:
    async with db.act(db.SYSTEM) as tx:
        await tx.run(f"-- tests: damage\n{sql}")


async def put(store: Timelines, user: int) -> None:
    async with db.act(db.SYSTEM) as tx:
        await store.add(tx, user, [Entry(ids.at(clock.now()), 1, 2)])


async def read(store: Timelines, user: int) -> int:
    async with db.read() as r:
        return len(await store.read(r, user, None, 10))


async def test_timelines_start_over_in_a_store_that_is_new_wiped_or_another_and_otherwise_not(
    database: str, cassandra_node: Cassandra, tmp_path: Path
) -> None:
    embedded = Settings(data_dir=tmp_path)
    at_scale = Settings(data_dir=tmp_path, cassandra_url=cassandra_node.url_of(f"t{uuid4().hex[:10]}"))
    client = CassandraClient(at_scale.cassandra_url, seconds=10)
    there, here = CassandraTimelines(client), PostgresTimelines()
    ana = await account("ana")
    await account("ben")
    await put(here, ana.id)

    async def prepared(settings: Settings, *, takes: bool = False) -> set[int]:
        await run("update timeline_state set floor_id = 5")
        assert await timeline_store.prepare(settings, database, takes=takes)
        return await floors()

    assert await prepared(embedded) == {0}, "nothing changed"
    assert await prepared(at_scale) == UNKNOWN
    assert await read(there, ana.id) == 0
    await put(there, ana.id)
    assert await prepared(at_scale) == {5}, "it is the same"
    assert await read(there, ana.id) == 1
    async with Marks.opened(at_scale.cassandra_url) as marks:
        await marks.begin("of another installation")
    await put(there, ana.id)
    with pytest.raises(timeline_store.Taken):
        await prepared(at_scale)
    assert await floors() == {5}
    assert await read(there, ana.id) == 1, "what is another's stays"
    assert await prepared(at_scale, takes=True) == UNKNOWN
    assert await read(there, ana.id) == 0
    await put(there, ana.id)
    await run("update timeline_store set name = name || ' of a cluster that was dumped'")
    assert await prepared(at_scale) == UNKNOWN
    assert await read(there, ana.id) == 0, "what a database of another time has written is gone"
    assert await read(here, ana.id) == 1
    assert await prepared(embedded) == UNKNOWN
    assert await read(here, ana.id) == 0, "so is what was left behind"
    await client.close()


@pytest.mark.parametrize("when", ["before the mark", "after the mark"])
async def test_a_start_that_was_interrupted_is_done_again(
    database: str, cassandra_node: Cassandra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    settings = Settings(data_dir=tmp_path, cassandra_url=cassandra_node.url_of(f"t{uuid4().hex[:10]}"))
    await account("ana")
    begin = Marks.begin

    async def interrupted(marks: Marks, mark: str) -> None:
        if when == "after the mark":
            await begin(marks, mark)
        raise EngineDown("gone")

    monkeypatch.setattr(Marks, "begin", interrupted)
    with pytest.raises(EngineDown):
        await timeline_store.prepare(settings, database)
    assert await floors() == {0}
    monkeypatch.setattr(Marks, "begin", begin)
    assert await timeline_store.prepare(settings, database)
    assert await floors() == UNKNOWN


async def test_many_may_prepare_at_once(database: str, cassandra_node: Cassandra, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, cassandra_url=cassandra_node.url_of(f"t{uuid4().hex[:10]}"))
    await account("ana")
    assert await asyncio.gather(*(timeline_store.prepare(settings, database) for _ in range(3))) == [True] * 3
    assert await floors() == UNKNOWN


async def test_without_cassandra_it_is_not_begun_with_and_may_be_down_later(database: str, tmp_path: Path) -> None:
    down = Settings(data_dir=tmp_path, cassandra_url="cassandra://127.0.0.1:9/tintype?replication=1")
    await account("ana")
    with sockets_closed():
        with pytest.raises(EngineDown, match="cassandra"):
            await timeline_store.prepare(down, database)
        assert await floors() == {0}
        await run("update timeline_store set name = 'cassandra mark incarnation'")
        assert not await timeline_store.prepare(down, database)
    assert await floors() == {0}


async def test_stories_and_activity_have_their_shape_and_their_time_to_live(
    database: str, cassandra_node: Cassandra
) -> None:
    url = cassandra_node.url_of(f"t{uuid4().hex[:10]}")
    async with Marks.opened(url) as marks:
        assert await marks.mark() is None
    client = CassandraClient(url, seconds=10)
    for story in (5, 9, 7):
        await client.write("insert into stories (user_id, story_id) values (?, ?)", [(1, story)])
        await client.write(
            "insert into activity (user_id, month, id, kind) values (?, 202611, ?, 'LIKE')", [(1, story)]
        )
    assert await client.rows("select story_id from stories where user_id = ?", 1) == [(9,), (7,), (5,)]
    assert await client.rows("select id from activity where user_id = ? and month = 202611", 1) == [(9,), (7,), (5,)]
    view = "insert into story_views (story_id, bucket, viewer_id, viewed_at) values (?, ?, ?, toTimestamp(now()))"
    await client.write(view, [(1, 0, viewer) for viewer in (8, 8, 6)])
    assert await client.rows("select viewer_id from story_views where story_id = ? and bucket = 0", 1) == [(6,), (8,)]
    lives = "select default_time_to_live from system_schema.tables where keyspace_name = ? and table_name = ?"
    for table, seconds in (
        ("user_feed", 2_592_000),
        ("stories", 86_400),
        ("story_views", 86_400),
        ("activity", 7_776_000),
    ):
        assert await client.rows(lives, client.place.keyspace, table) == [(seconds,)]
    await client.close()
