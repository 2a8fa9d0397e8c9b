"""Parked keys: an event that fails holds back its own key only, is tried five times, then waits for an operator.

The first row of a key is `retrying` or `dead`; the others are `queued` behind it, in order of position.
"""

import asyncpg

from tintype.platform.db import Tx
from tintype.platform.event_log.port import Delivered
from tintype.platform.event_log.sequencer import delivered

TRIES = 5
BACK_OFF_SECONDS = (0.05, 0.2, 0.8, 3.2)


async def queue_behind(tx: Tx, group: str, events: list[Delivered]) -> list[Delivered]:
    """Put events of parked keys behind what holds them back; returns the others."""
    if not events:
        return events
    rows = await tx.rows(PARKED_KEYS, group, [one.topic for one in events], [one.key for one in events])
    parked = {(row["topic"], row["key"]) for row in rows}
    if not parked:
        return events
    for event in events:
        if (event.topic, event.key) in parked:
            await _insert(tx, group, event, "queued", 0, None, None)
    return [event for event in events if (event.topic, event.key) not in parked]


async def park(tx: Tx, group: str, event: Delivered, error: Exception) -> None:
    """The first failure of a key: it is tried again after a moment, while others flow."""
    await _insert(tx, group, event, "retrying", 1, BACK_OFF_SECONDS[0], repr(error)[:2000])


async def due(connection: asyncpg.Connection, group: str, parts: list[int]) -> list[tuple[str, int]]:
    """Keys whose first event may be tried now."""
    return [(row["topic"], row["key"]) for row in await connection.fetch(DUE, group, parts)]


async def next_due(connection: asyncpg.Connection, group: str, parts: list[int]) -> float | None:
    """Seconds until the next try, or None when nothing is being tried."""
    found: float | None = await connection.fetchval(NEXT_DUE, group, parts)
    return found


async def head(tx: Tx, group: str, topic: str, key: int) -> Delivered | None:
    """The event that holds the key back, if it may be tried."""
    row = await tx.row(HEAD, group, topic, key)
    return delivered(row) if row is not None and row["state"] != "dead" else None


async def release(tx: Tx, group: str, event: Delivered) -> None:
    """This event had its effect: the next of its key comes to the front."""
    await tx.run(RELEASE, group, event.topic, event.key, event.pos)
    await tx.run(PROMOTE, group, event.topic, event.key)


async def failed(tx: Tx, group: str, topic: str, key: int, error: Exception) -> None:
    """Another failure: back off, or give up after five tries."""
    await tx.run(FAILED, group, topic, key, TRIES, list(BACK_OFF_SECONDS), repr(error)[:2000])


async def _insert(
    tx: Tx, group: str, event: Delivered, state: str, tries: int, delay: float | None, error: str | None
) -> None:
    await tx.run(
        INSERT, group, event.topic, event.part, event.key, event.pos, event.event_id, event.type, event.payload,
        event.headers, event.created_at, state, tries, delay, error,
    )  # fmt: skip


PARKED_KEYS = """
-- event log: which of these keys are held back
select distinct p.topic, p.key from log_parked p
join unnest($2::text[], $3::bigint[]) as asked (topic, key) on p.topic = asked.topic and p.key = asked.key
where p.group_name = $1
"""

INSERT = """
-- event log: park an event
insert into log_parked (group_name, topic, part, key, pos, event_id, type, payload, headers, created_at, state, tries,
                        due_at, error)
values ($1, $2, $3, $4, $5, $6::text::uuid, $7, $8, $9, to_timestamp($10), $11, $12,
        clock_timestamp() + make_interval(secs => $13::float8), $14)
on conflict do nothing
"""

DUE = """
-- event log: keys to try again now
select topic, key from log_parked
where group_name = $1 and part = any($2::smallint[]) and state = 'retrying' and due_at <= clock_timestamp()
order by due_at limit 20
"""

NEXT_DUE = """
-- event log: when the next try is
select extract(epoch from min(due_at) - clock_timestamp())::float8 from log_parked
where group_name = $1 and part = any($2::smallint[]) and state = 'retrying'
"""

HEAD = """
-- event log: the first parked event of a key
select * from log_parked where group_name = $1 and topic = $2 and key = $3 order by pos limit 1 for update
"""

RELEASE = """
-- event log: a parked event had its effect
delete from log_parked where group_name = $1 and topic = $2 and key = $3 and pos = $4
"""

PROMOTE = """
-- event log: the next event of a key comes to the front
update log_parked set state = 'retrying', tries = 0, due_at = clock_timestamp()
where group_name = $1 and topic = $2 and key = $3
  and pos = (select min(pos) from log_parked where group_name = $1 and topic = $2 and key = $3)
"""

FAILED = """
-- event log: a parked event failed again
update log_parked set tries = tries + 1, error = $6,
  state = case when tries + 1 >= $4 then 'dead' else 'retrying' end,
  due_at = clock_timestamp() + make_interval(secs => ($5::float8[])[least(tries + 1, array_length($5::float8[], 1))])
where group_name = $1 and topic = $2 and key = $3
  and pos = (select min(pos) from log_parked where group_name = $1 and topic = $2 and key = $3)
"""
