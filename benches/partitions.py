"""What partitions cost the statements that read and write them: five years of months and quarters against plain tables.

    python -m benches.partitions

The same rows twice in one database: 12,000 posts spread over five years with 40 reactions and 10 comments each, in
partitions, and in plain tables with the same indexes in another schema. Each statement is prepared once and run 200
times, in turn on both, with arguments around posts of the last months. Milliseconds are of the whole call, buffers of
one; where PostgreSQL plans a statement at every call, because its plan for any arguments would look everywhere, that
is in the milliseconds.

Last figures (2 free cores, November 2026), 66 partitions of reactions and 24 of comments, milliseconds plain and in
partitions: a viewer's reactions on a page 0.13 and 0.22, on one post 0.09 and 0.18; who liked 0.17 and 0.53; reacting
0.13 and 0.07; counting 100 reactions 0.45 and 0.62; one comment 0.06 and 0.13; a page of comments as they are now 0.22
and 0.31; a post's comments 0.16 and 0.26; replies 0.05 and 0.17; writing a comment 0.11 and 0.11; counting 50 comments
0.18 and 0.33; median ratio 1.52.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import asyncpg

from benches.harness import database, report
from tintype.domains.engagement.actions import commenting, counting, reacting
from tintype.domains.engagement.actions.partitions import COMMENTS, REACTIONS
from tintype.domains.engagement.reads import comments, counts
from tintype.domains.engagement.reads.likers import LIKERS, LIKERS_NOW
from tintype.platform import clock, db, ids

POSTS, PEOPLE, CALLS, WARM = 12_000, 5_000, 200, 20
SPAN = timedelta(days=5 * 365)
Arguments = Callable[[], list[object]]


async def main() -> None:
    async with database(durable=False) as url:
        parted = await db.connect(url, name="bench")
        for one in (REACTIONS, COMMENTS):
            while await parted.fetch(MAKE, one.table, one.unit, clock.now() + SPAN + one.ahead):
                pass
        for statement in (ACCOUNTS, POSTED, REACTED, COMMENTED, PLAIN, "vacuum analyze"):
            text = statement.format(posts=POSTS, people=PEOPLE, span=SPAN // timedelta(milliseconds=1))
            await parted.execute(text, timeout=300)
        plain = await db.connect(url, name="bench")
        await plain.execute("set search_path = plain, public")
        print(await parted.fetchval(COUNTED))
        ratios = []
        for what, (statement, arguments) in (await _statements(parted)).items():
            (ms, buffers), (parted_ms, parted_buffers) = await _measured(plain, parted, statement, arguments)
            ratios.append(parted_ms / ms)
            print(
                f"{what}: {ms:.3f} ms and {buffers} buffers plain, {parted_ms:.3f} and {parted_buffers} in partitions"
            )
        report("partitions.median_ratio_to_plain", statistics.median(ratios))
        await plain.close()
        await parted.close()


async def _statements(connection: asyncpg.Connection) -> dict[str, tuple[str, Arguments]]:
    posts = [row["id"] for row in await connection.fetch("select id from posts order by id desc limit 1000")]
    said = [row["id"] for row in await connection.fetch("select id from comments order by id desc limit 2000")]
    some = random.Random(7)

    def who() -> int:
        return some.randint(1, PEOPLE)

    def pairs() -> list[object]:
        return [sorted(some.choices(range(1, PEOPLE), k=100)), some.sample(posts, 100)]

    return {
        "a viewer's reactions on a page": (counts.OWN_REACTIONS, lambda: [who(), some.sample(posts[:400], 20)]),
        "a viewer's reaction on one post": (counts.OWN_REACTIONS, lambda: [who(), [some.choice(posts)]]),
        "who liked, a page": (LIKERS, lambda: [some.choice(posts), None, 21, who(), None]),
        "who of them likes now": (LIKERS_NOW, lambda: [[who() for _ in range(20)], some.choice(posts), who()]),
        "reacting": (reacting.SET_REACTION, lambda: [who(), some.choice(posts), "WOW", 99]),
        "taking it back": (reacting.UNSET_REACTION, lambda: [who(), some.choice(posts)]),
        "counting 100 reactions": (counting.COUNT_REACTIONS, pairs),
        "one comment": (comments.COMMENT, lambda: [some.choice(said), who()]),
        "a page of comments as they are now": (comments.COMMENTS_NOW, lambda: [some.sample(said[:500], 20), who()]),
        "a post's comments": (comments.TOP_COMMENTS, lambda: [some.choice(posts), 0, 21, who()]),
        "replies": (comments.REPLIES, lambda: [some.choice(said), 0, 21, who()]),
        "writing a comment": (
            commenting.INSERT,
            lambda: [some.choice(posts), ids.new(7), None, who(), "x", clock.now()],
        ),
        "the comment to reply to": (commenting.LOCK_PARENT, lambda: [some.choice(posts), some.choice(said), who()]),
        "counting 50 comments": (counting.COUNT_COMMENTS, lambda: [some.sample(said, 50)]),
    }


async def _measured(
    plain: asyncpg.Connection, parted: asyncpg.Connection, statement: str, arguments: Arguments
) -> list[tuple[float, int]]:
    """Median milliseconds and buffers, plain and in partitions; nothing that is written stays."""
    prepared = [(one, await one.prepare(statement), list[float]()) for one in (plain, parted)]
    for _ in range(CALLS):
        given = arguments()
        for connection, call, took in prepared:
            async with _undone(connection):
                began = time.perf_counter()
                await call.fetch(*given)
                took.append((time.perf_counter() - began) * 1000)
    found = []
    for connection, _, took in prepared:
        async with _undone(connection):
            (plan,) = await connection.fetchval(f"explain (analyze, buffers, format json) {statement}", *given)
        top: dict[str, Any] = plan["Plan"]
        found.append((statistics.median(took[WARM:]), top["Shared Hit Blocks"] + top["Shared Read Blocks"]))
    return found


class _undone:
    """A transaction that is rolled back."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._transaction = connection.transaction()

    async def __aenter__(self) -> None:
        await self._transaction.start()

    async def __aexit__(self, *_: object) -> None:
        await self._transaction.rollback()


MAKE = "select * from partitions_make($1, $2, null, $3) as name"

ACCOUNTS = """
insert into accounts (id, username, email)
select n, 'p' || n, n || '@example.org' from generate_series(1, {people} + 1) n
"""

POSTED = """
insert into posts (id, author_id, feed_id, type, status, caption)
select id, 1 + n % {people}, id, 'TEXT', 'published', 'hello' from (
  select n, id_at(now()) + ((random() * {span})::bigint << 22) + n as id from generate_series(1, {posts}) n) made
"""

REACTED = """
insert into reactions (user_id, post_id, reaction, counted, reaction_id)
select 1 + (random() * {people})::int, p.id, 'LIKE', 'LIKE', p.id + (random() * 259200000)::bigint * 4194304
from posts p, generate_series(1, 40) on conflict do nothing
"""

COMMENTED = """
insert into comments (post_id, id, author_id, text, counted)
select p.id, p.id + ((random() * 1728000000)::bigint << 22) + n, 1 + (random() * {people})::int, 'said', true
from posts p, generate_series(1, 8) n;
insert into comments (post_id, id, parent_id, author_id, text, counted)
select post_id, id + ((random() * 86400000)::bigint << 22) + 77, id, author_id, 'answered', true
from comments where id % 5 = 0 on conflict do nothing
"""

PLAIN = """
create schema plain;
create table plain.reactions (like public.reactions including all);
create table plain.comments (like public.comments including all);
create view plain.live_comments as select * from plain.comments where deleted_at is null;
insert into plain.reactions select * from public.reactions;
insert into plain.comments select * from public.comments
"""

COUNTED = """
select format('%s reactions in %s partitions, %s comments in %s', (select count(*) from reactions),
  (select count(*) from partitions_of('reactions')), (select count(*) from comments),
  (select count(*) from partitions_of('comments')))
"""

if __name__ == "__main__":
    asyncio.run(main())
