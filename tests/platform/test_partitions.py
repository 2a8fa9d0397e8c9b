"""Partitions: rows find theirs at every border, ranges are made ahead by one of many, and what is over is dropped."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from tests.entry.test_doctor import findings, settings
from tintype.domains.engagement.actions import commenting, counting, reacting
from tintype.domains.engagement.actions.partitions import REACTIONS
from tintype.domains.engagement.reads import comments, counts
from tintype.domains.engagement.reads.likers import LIKERS, LIKERS_NOW
from tintype.domains.feed.actions import impressions
from tintype.domains.feed.actions.impressions import IMPRESSIONS
from tintype.domains.feed.reads import examples
from tintype.entry import chores, doctor
from tintype.platform import clock, db, ids, partitions, secrets
from tintype.platform.objects import keeping

REACT = "insert into reactions (user_id, post_id, reaction, reaction_id) values ($1, $2, 'LIKE', $3)"
COMMENT = "insert into comments (post_id, id, author_id, text) values ($1, $2, $3, 'so good')"
MANY = (
    "insert into reactions (user_id, post_id, reaction, reaction_id) select n, $1, 'A', n from generate_series(1, $2) n"
)
SEE = "insert into impressions values ($1, $2, $3, 4, 5, 6, '{}')"
TABLES = [one.table for one in chores.PARTITIONED]


@pytest.fixture
def later() -> Iterator[None]:
    """The clock is set back afterwards."""
    yield
    clock.shift(timedelta())


async def where(table: str) -> dict[str, int]:
    """How many rows lie in which partition."""
    async with db.read() as r:
        rows = await r.rows(f"select tableoid::regclass::text as name, count(*) as n from {table} group by 1")
    return {row["name"]: row["n"] for row in rows}


async def ranges(table: str) -> dict[str, datetime]:
    """The ranges in order, with the moment that each ends at."""
    async with db.read() as r:
        rows = await r.rows("select * from partitions_of($1) where until is not null order by until", table)
    return {row["name"]: row["until"] for row in rows}


async def run(statement: str, *args: object) -> int:
    async with db.act(db.SYSTEM) as tx:
        return await tx.run(statement, *args)


def months_on(moment: datetime, months: int) -> datetime:
    """The first moment of a month."""
    number = moment.year * 12 + moment.month - 1 + months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)


async def test_a_new_database_has_ranges_for_what_comes_next(database: str) -> None:
    now = clock.now()
    for one in chores.PARTITIONED:
        found = await ranges(one.table)
        names = list(found)
        assert names[0] == f"{one.table}_before"
        assert found[names[0]] <= now < now + one.ahead <= found[names[-1]]
        assert len(names) >= 3
    month = months_on(now, 0)
    assert f"reactions_{month:%Y_%m}" in await ranges("reactions")
    assert f"impressions_{now:%Y_%m_%d}" in await ranges("impressions")
    assert (await ranges("comments"))[f"comments_{now.year}_{(now.month - 1) // 3 * 3 + 1:02}"] > now


async def test_rows_find_their_range_at_its_borders(database: str) -> None:
    here, there = months_on(clock.now(), 1), months_on(clock.now(), 2)
    border = ids.at(there)
    for n, post_id in enumerate((border - 1, border, 80, ids.at(here))):
        await run(REACT, 1, post_id, n)
    assert await where("reactions") == {
        f"reactions_{here:%Y_%m}": 2,
        f"reactions_{there:%Y_%m}": 1,
        "reactions_before": 1,
    }
    day = datetime.combine(clock.now().date() + timedelta(days=2), datetime.min.time(), UTC)
    for at in (day, day - timedelta(microseconds=1)):
        await run(SEE, 1, at, 2)
    assert await where("impressions") == {
        f"impressions_{day:%Y_%m_%d}": 1,
        f"impressions_{day - timedelta(days=1):%Y_%m_%d}": 1,
    }
    border = ids.at(next(iter((await ranges("comments")).values())))
    for comment_id in (border - 1, border):
        await run(COMMENT, 5, comment_id, 1)
    assert list((await where("comments")).values()) == [1, 1]


async def test_what_is_unique_stays_so(database: str) -> None:
    new, old = ids.at(clock.now()), 80
    for post_id in (new, old):
        await run(REACT, 1, post_id, 7)
        with pytest.raises(asyncpg.UniqueViolationError):
            await run(REACT, 1, post_id, 8)
        await run(COMMENT, 5, post_id, 1)
        with pytest.raises(asyncpg.UniqueViolationError):
            await run(COMMENT, 6, post_id, 1)
        async with db.act(db.SYSTEM) as tx:
            assert await tx.value(reacting.SET_REACTION, 1, post_id, "WOW", 9) == "LIKE"
    assert sum((await where("reactions")).values()) == 2


async def test_a_row_beyond_every_range_is_kept_and_moves_when_its_range_is_made(
    database: str, later: None, tmp_path: Any
) -> None:
    moment = clock.now() + timedelta(days=200)
    post_id, comment_id = ids.at(moment), ids.at(moment) + 1
    await run(REACT, 1, post_id, 7)
    await run(COMMENT, post_id, comment_id, 1)
    await run(SEE, 1, moment, 2)
    for table in TABLES:
        assert await where(table) == {f"{table}_rest": 1}
    with pytest.raises(asyncpg.UniqueViolationError):
        await run(REACT, 1, post_id, 8)
    given = settings(tmp_path, database_url=database)
    secrets.load(given)
    said = [one for one in await doctor.examine(given) if one.name == "partitions"]
    assert [(one.state, one.said.partition(": ")[2]) for one in said] == [("note", "comments, impressions, reactions")]

    clock.shift(timedelta(days=200))
    said = [one for one in await doctor.examine(given) if one.name == "partitions"]
    assert [one.state for one in said] == ["wrong", "note"]
    await chores.keep_partitions()
    assert "partitions" not in await findings(given)
    month = months_on(moment, 0)
    assert await where("reactions") == {f"reactions_{month:%Y_%m}": 1}
    assert await where("impressions") == {f"impressions_{moment:%Y_%m_%d}": 1}
    assert list(await where("comments")) != ["comments_rest"]
    async with db.read() as r:
        assert await r.value("select count(*) from live_comments where id = $1", comment_id) == 1


async def test_more_than_can_be_moved_at_once_stays_and_is_found(database: str, later: None) -> None:
    first = ids.at(clock.now() + timedelta(days=200))
    await run(MANY, first, 100_001)
    clock.shift(timedelta(days=201))
    await partitions.keep_up(REACTIONS)
    assert await where("reactions") == {"reactions_rest": 100_001}
    found = await ranges("reactions")
    assert list(found.values())[-1] >= clock.now() + REACTIONS.ahead
    assert f"reactions_{ids.made_at(first):%Y_%m}" not in found
    async with db.read() as r:
        assert len(await counts.own_reactions(r, 7, [first])) == 1
    assert await run("delete from reactions where user_id > 100000") == 1
    await partitions.keep_up(REACTIONS)
    assert await where("reactions") == {"reactions_rest": 100_000}, "who comes later leaves it there"


async def test_many_at_once_make_each_range_once(database: str, later: None) -> None:
    clock.shift(timedelta(days=365))
    before = {table: await ranges(table) for table in TABLES}
    await asyncio.gather(*(chores.keep_partitions() for _ in range(8)))
    for one in chores.PARTITIONED:
        made = await ranges(one.table)
        assert list(made.values())[-1] >= clock.now() + one.ahead
        if one.keep is None:
            assert made.keys() > before[one.table].keys()
        bounds = list(made.values())
        assert bounds == sorted(set(bounds))
        assert len(bounds) < 45
    again = {table: await ranges(table) for table in TABLES}
    await chores.keep_partitions()
    assert {table: await ranges(table) for table in TABLES} == again


async def test_people_write_while_ranges_are_made(database: str, later: None) -> None:
    """Into the very range that is made, from what is kept apart."""
    clock.shift(timedelta(days=120))
    stop = asyncio.Event()
    written: list[tuple[int, int]] = []

    async def react(user: int) -> None:
        while not stop.is_set():
            post_id = ids.at(clock.now()) + len(written)
            await run(REACT, user, post_id, 1)
            written.append((user, post_id))

    crowd = [asyncio.create_task(react(user)) for user in range(4)]
    while len(written) < 100:
        await asyncio.sleep(0.01)
    made = len(await ranges("reactions"))
    for _ in range(20):
        await partitions.keep_up(REACTIONS)
        if len(await ranges("reactions")) > made:
            break
    seen = len(written)
    while len(written) < seen + 100:
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.gather(*crowd)
    assert await where("reactions") == {f"reactions_{clock.now():%Y_%m}": len(written)}


async def test_who_would_have_to_wait_leaves_it_for_the_next_time(database: str, later: None) -> None:
    clock.shift(timedelta(days=60))
    before = await ranges("reactions")
    reader = await asyncpg.connect(database)
    async with reader.transaction():
        await reader.execute("select from reactions_rest")
        began = time.monotonic()
        await partitions.keep_up(REACTIONS)
        assert time.monotonic() - began < 2
        assert await ranges("reactions") == before
    await reader.close()
    await partitions.keep_up(REACTIONS)
    assert len(await ranges("reactions")) > len(before)


async def test_days_of_impressions_are_dropped_when_they_are_over(database: str, later: None) -> None:
    today = clock.now()
    for ago in (0, 1, 35):
        await run(SEE, 1, today - timedelta(days=ago), ago)
    clock.shift(timedelta(days=31))
    oldest = datetime.combine(clock.now().date() - timedelta(days=29), datetime.min.time(), UTC)
    kept = f"impressions_{oldest:%Y_%m_%d}"
    for at in (oldest, oldest - timedelta(microseconds=1)):
        await run(SEE, 1, at, 9)
    await partitions.keep_up(IMPRESSIONS)
    assert await where("impressions") == {kept: 1}
    assert next(iter(await ranges("impressions"))) == kept
    await run(SEE, 1, today, 9)
    assert await where("impressions") == {kept: 1, "impressions_rest": 1}
    await partitions.keep_up(IMPRESSIONS)
    assert await where("impressions") == {kept: 1}


async def test_reactions_and_comments_are_never_dropped(database: str, later: None) -> None:
    await run(REACT, 1, 80, 7)
    await run(COMMENT, 80, 81, 1)
    clock.shift(timedelta(days=1000))
    await chores.keep_partitions()
    assert await where("reactions") == {"reactions_before": 1}
    assert await where("comments") == {"comments_before": 1}


async def test_storage_settings_of_the_rest_are_taken_over(database: str, later: None) -> None:
    await run("alter table reactions_rest set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)")
    clock.shift(timedelta(days=60))
    await partitions.keep_up(REACTIONS)
    newest = list(await ranges("reactions"))[-1]
    async with db.read() as r:
        found = await r.value("select reloptions from pg_class where relname = $1", newest)
    assert found == ["fillfactor=80", "autovacuum_vacuum_scale_factor=0.02"]


async def test_a_table_as_a_whole_is_looked_at_once_a_day(database: str) -> None:
    looked = "select n_distinct from pg_stats where tablename = 'reactions' and attname = 'user_id' and inherited"
    async with db.read() as r:
        assert await r.value(looked) is None
    for user in range(20):
        await run(REACT, user % 4, ids.at(clock.now()) + user, user)
    await asyncio.gather(*(partitions.keep_up(REACTIONS) for _ in range(3)))
    async with db.read() as r:
        assert await r.value(looked) is not None
        last = "select last_analyze from pg_stat_user_tables where relname = 'reactions'"
        first = await r.value(last)
        await partitions.keep_up(REACTIONS)
        assert await r.value(last) == first


# A statement, what it is asked with (a post of now), and the tables of which it may look at one partition only.
NOW = ids.at(datetime.now(UTC))
POST, USER = NOW, 5
HOT: dict[str, tuple[str, list[Any], dict[str, int]]] = {
    "a viewer's reactions on a page": (counts.OWN_REACTIONS, [USER, [POST, POST + 1]], {"reactions": 1}),
    "with the counts": (counts.ACTS, [USER, [POST, POST + 1]], {"reactions": 1}),
    "who liked": (LIKERS, [POST, None, 20, USER, None], {"reactions": 1}),
    "of some, who likes now": (LIKERS_NOW, [[1, 2], POST, USER], {"reactions": 1}),
    "reacting": (reacting.SET_REACTION, [USER, POST, "LIKE", 9], {"reactions": 0}),
    "taking it back": (reacting.UNSET_REACTION, [USER, POST], {"reactions": 1}),
    "counting": (counting.COUNT_REACTIONS, [[USER], [POST]], {"reactions": 1}),
    "dropping what is uncounted": (counting.DROP_REACTIONS, [[USER], [POST]], {"reactions": 1}),
    "one comment": (comments.COMMENT, [NOW, USER], {"comments": 1}),
    "comments of a page": (comments.COMMENTS_NOW, [[NOW, NOW + 1], USER], {"comments": 1}),
    "recording impressions": (impressions.WRITE, [[]], {"impressions": 0}),
}


@pytest.mark.parametrize("what", HOT)
async def test_hot_statements_look_at_one_partition(database: str, what: str) -> None:
    statement, args, wanted = HOT[what]
    seen = await looked_at(database, statement, args)
    for table, number in wanted.items():
        found = {name for name in seen if name.startswith(f"{table}_")}
        assert len(found) <= number, seen


@pytest.mark.parametrize("statement", [comments.COMMENT, commenting.POST_OF], ids=["one comment", "its post"])
async def test_what_asks_for_one_comment_keeps_its_plan(database: str, statement: str) -> None:
    connection = await db.connect(database, name="tests")
    prepared = await connection.prepare(statement)
    args = [NOW, USER][: len(prepared.get_parameters())]
    for _ in range(10):
        await prepared.fetch(*args)
    kept = "select generic_plans from pg_prepared_statements where statement = $1"
    assert await connection.fetchval(kept, statement) >= 4
    await connection.close()


async def test_training_reads_the_days_it_asks_for(database: str) -> None:
    since = clock.now() - timedelta(days=2)
    args = [clock.now(), 0, 0, since, 1, 10_000, timedelta(days=1), 100]
    seen = await looked_at(database, examples.EXAMPLES, args)
    later = {f"impressions_{clock.now() + timedelta(days=n):%Y_%m_%d}" for n in range(1, 8)}
    assert seen & later == set()


async def looked_at(url: str, statement: str, args: list[Any]) -> set[str]:
    """The tables that a statement really looks at, with these arguments, in a transaction that is rolled back."""
    connection = await db.connect(url, name="tests")
    try:
        transaction = connection.transaction()
        await transaction.start()
        plan = await connection.fetchval(f"explain (analyze, costs off, timing off, format json) {statement}", *args)
        await transaction.rollback()
    finally:
        await connection.close()
    (top,) = plan if isinstance(plan, list) else msgspec.json.decode(plan)
    found: set[str] = set()

    def walk(node: dict[str, Any]) -> None:
        if node.get("Actual Loops") and "Scan" in node["Node Type"] and "Relation Name" in node:
            found.add(node["Relation Name"])
        for below in node.get("Plans", ()):
            walk(below)

    walk(top["Plan"])
    return found


async def test_nothing_is_changed_while_a_backup_is_taken(database: str, later: None) -> None:
    clock.shift(timedelta(days=60))
    before = {table: await ranges(table) for table in TABLES}
    async with keeping.kept(database):
        await chores.keep_partitions()
        assert {table: await ranges(table) for table in TABLES} == before
    await chores.keep_partitions()
    assert {table: await ranges(table) for table in TABLES} != before
