"""Tables in ranges of time: each partition is made before it is needed, and dropped when nothing in it is kept.

The work is done by functions of the database (`migrations/sql/0021_partitions.sql`). Rows for which there is no range,
because nobody made one, go to `NAME_rest` and are found there, so that no write ever fails for want of a partition.
"""

from datetime import datetime, timedelta
from typing import Literal

import asyncpg
import msgspec

from tintype.platform import clock, db
from tintype.platform.db import Reader
from tintype.platform.telemetry import log

ANALYZED_AFTER = timedelta(days=1)
ANALYZE_LOCK = 0x7117_0022
REST = (
    "They are found like all others. Up to 100,000 of a range move into it when a worker makes it; "
    "more stay where they are, in NAME_rest."
)


class Ranges(msgspec.Struct, frozen=True):
    """A partitioned table: how wide each range is, how long before its time it is made, how long after it is kept."""

    table: str
    unit: Literal["day", "month", "quarter"]
    ahead: timedelta
    keep: timedelta | None = None


class Reach(msgspec.Struct, frozen=True):
    """Up to when a table has ranges, how many, and whether rows came for which there was none."""

    table: str
    until: datetime
    count: int
    has_rest: bool

    @property
    def is_short(self) -> bool:
        """Less than a day ahead, where a running worker keeps a week and more."""
        return self.until < clock.now() + timedelta(days=1)


async def keep_up(ranges: Ranges) -> None:
    """Make what is missing and drop what is over; safe in several processes at once, of which one does it.

    Who would have to wait for a lock for long leaves all of it to who holds it, and for the next time.
    """
    try:
        await _kept_up(ranges)
    except asyncpg.LockNotAvailableError:
        log.info("partitions.busy", table=ranges.table)


async def _kept_up(ranges: Ranges) -> None:
    now = clock.now()
    since = None if ranges.keep is None else now - ranges.keep
    while await _changed("partitions.made", MAKE, ranges.table, ranges.unit, since, now + ranges.ahead):
        pass
    if since is not None:
        await _changed("partitions.dropped", DROP, ranges.table, since)
        trimmed = 1
        while trimmed:
            async with db.act(db.SYSTEM) as tx:
                trimmed = await tx.value(TRIM, ranges.table, since)
    await _analyze(ranges.table)


async def reaches(r: Reader) -> list[Reach]:
    """How far every partitioned table that has a partition for the rest reaches."""
    found = []
    for row in await r.rows(REACHES):
        statement = HAS_REST.format(rest=f'"{row["table"]}_rest"')
        found.append(Reach(row["table"], row["until"], row["count"], await r.value(statement)))
    return found


async def _changed(what: str, statement: str, table: str, *args: object) -> bool:
    async with db.act(db.SYSTEM) as tx:
        names = [row["name"] for row in await tx.rows(statement, table, *args)]
    if names:
        log.info(what, table=table, names=names)
    return bool(names)


async def _analyze(table: str) -> None:
    """PostgreSQL looks at partitions by itself, and never at the table as a whole, by which joins are planned."""
    async with db.act(db.SYSTEM) as tx:
        if await tx.value(IS_STALE, table, ANALYZE_LOCK, ANALYZED_AFTER):
            await tx.run(ANALYZE.format(table=f'"{table}"'))


MAKE = """
-- partitions: make what is missing
select * from partitions_make($1, $2, $3, $4) as name
"""

DROP = """
-- partitions: drop what is over
select * from partitions_drop($1, $2) as name
"""

TRIM = """
-- partitions: delete what is over and in no range of its own
select partitions_trim($1, $2)
"""

REACHES = """
-- partitions: how far they reach
select c.relname::text as table, max(p.until) as until, count(*) - 1 as count
from pg_partitioned_table t join pg_class c on c.oid = t.partrelid
cross join lateral partitions_of(quote_ident(c.relname)) p
where t.partdefid <> 0 group by c.relname order by c.relname
"""

HAS_REST = """
-- partitions: whether any row has no range
select exists (select from {rest})
"""

IS_STALE = """
-- partitions: whether nobody has looked at a table as a whole for long, nor does so now
select pg_try_advisory_xact_lock($2, hashtext($1)) and not exists (
  select from pg_stat_user_tables where relid = $1::regclass and last_analyze > clock_timestamp() - $3::interval)
"""

ANALYZE = """
-- partitions: look at a table as a whole
analyze only {table}
"""
