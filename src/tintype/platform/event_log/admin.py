"""What an operator asks of the log: lag, parked events, redrive, replay, and dropping what is old."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from tintype.platform import clock, db, telemetry
from tintype.platform.db import Reader, Tx
from tintype.platform.event_log.port import Subscription
from tintype.platform.jobs.postgres import DUE

BEHIND = timedelta(days=3)


class Lag(msgspec.Struct, frozen=True):
    """How far one group is behind: events, age of the oldest in seconds, events being retried, events given up."""

    group: str
    events: int
    oldest_seconds: float
    retrying: int
    dead: int


class Parked(msgspec.Struct, frozen=True):
    """An event that holds back its key."""

    group: str
    topic: str
    key: int
    pos: int
    type: str
    state: str
    tries: int
    waiting: int
    error: str


class NotReplayable(ValueError):
    """Only groups of kind `state` may be replayed."""


def topics_of(subscriptions: Sequence[Subscription]) -> dict[str, list[str]]:
    """The topics of each group."""
    found: dict[str, list[str]] = {}
    for one in subscriptions:
        found.setdefault(one.group, []).append(one.topic)
    return found


async def lag(r: Reader, topics: Mapping[str, Sequence[str]], *, is_relayed: bool = False) -> list[Lag]:
    """Every group's lag; what is still in the inbox counts as `sequencer`, what no broker has yet as `relay`."""
    waiting = await r.row(INBOX)
    assert waiting is not None
    found = [Lag("sequencer", waiting["events"], waiting["oldest"], 0, 0)]
    if is_relayed and (row := await r.row(UNRELAYED)) is not None:
        found.append(Lag("relay", row["events"], row["oldest"], 0, 0))
    parked = {row["group_name"]: row for row in await r.rows(PARKED_COUNTS)}
    for group, names in topics.items():
        row = await r.row(LAG, group, list(names))
        assert row is not None
        stuck = parked.get(group, {"retrying": 0, "dead": 0})
        found.append(Lag(group, row["events"], row["oldest"], stuck["retrying"], stuck["dead"]))
    return found


async def measure(r: Reader, topics: Mapping[str, Sequence[str]], *, is_relayed: bool = False) -> None:
    """Set the gauges of every group."""
    for one in await lag(r, topics, is_relayed=is_relayed):
        telemetry.LOG_LAG.labels(one.group).set(one.events)
        telemetry.LOG_AGE.labels(one.group).set(one.oldest_seconds)
        telemetry.LOG_PARKED.labels(one.group).set(one.retrying + one.dead)


async def caught_up(r: Reader, topics: Mapping[str, Sequence[str]]) -> bool:
    """Whether every event has had its effect and no due job waits."""
    behind = any(one.events or one.retrying or one.dead for one in await lag(r, topics))
    return not behind and not await r.value(DUE)


async def wait(topics: Mapping[str, Sequence[str]], seconds: float) -> bool:
    """Wait until everything derived has caught up; False when it has not in that time."""
    deadline = clock.monotonic() + seconds
    while True:
        async with db.read() as r:
            if await caught_up(r, topics):
                return True
        if clock.monotonic() >= deadline:
            return False
        await asyncio.sleep(0.05)


async def parked(r: Reader, limit: int = 100) -> list[Parked]:
    """The events that hold back their keys, those given up first."""
    return [Parked(**dict(row)) for row in await r.rows(PARKED, limit)]


async def redrive(tx: Tx, group: str | None = None) -> int:
    """Try given-up events again, each key in order; returns how many keys."""
    return await tx.run(REDRIVE, group)


async def replay(tx: Tx, subscriptions: Sequence[Subscription], group: str, since: int = 0) -> int:
    """Let a `state` group handle everything again that came after position `since`; its lease holders start anew."""
    kinds = {one.group: one.kind for one in subscriptions}
    if kinds.get(group) != "state":
        raise NotReplayable(
            f"{group} is no group of kind state: {', '.join(g for g, k in kinds.items() if k == 'state')}"
        )
    return await tx.run(REPLAY, group, since)


async def drop_old(tx: Tx, topics: Mapping[str, Sequence[str]], keep: timedelta) -> list[str]:
    """Drop whole partitions that are older than `keep` and below every live group; release groups days behind."""
    await tx.run(
        RELEASE_BEHIND, BEHIND, list(topics), msgspec.json.encode({g: list(t) for g, t in topics.items()}).decode()
    )
    dropped = []
    floor = await tx.value(OLDEST_NEEDED, keep)
    for row in await tx.rows(PARTITIONS_BELOW, floor):
        await tx.run(f'drop table "{row["name"]}"')
        dropped.append(row["name"])
    return dropped


INBOX = """
-- event log: what the sequencer has not moved
select count(*) as events, coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as oldest
from event_inbox
"""

UNRELAYED = """
-- event log: what the relay has not handed on
select count(*) as events, coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as oldest
from event_log where pos > (select pos from log_relay)
"""

LAG = """
-- event log: what a group has not handled
select count(*) as events, coalesce(extract(epoch from clock_timestamp() - min(e.created_at)), 0)::float8 as oldest
from log_groups g join event_log e on e.part = g.part and e.pos > g.pos and e.topic = any($2)
where g.group_name = $1 and not g.rebuild
"""

PARKED_COUNTS = """
-- event log: parked events by group
select group_name, count(*) filter (where state <> 'dead') as retrying, count(*) filter (where state = 'dead') as dead
from log_parked group by group_name
"""

PARKED = """
-- event log: what holds back a key
select p.group_name as "group", p.topic, p.key, p.pos, p.type, p.state, p.tries::int, coalesce(p.error, '') as error,
  (select count(*) from log_parked q
   where q.group_name = p.group_name and q.topic = p.topic and q.key = p.key and q.pos > p.pos) as waiting
from log_parked p where p.state <> 'queued' order by p.state, p.group_name, p.pos limit $1
"""

REDRIVE = """
-- event log: try given-up events again
update log_parked set state = 'retrying', tries = 0, due_at = clock_timestamp()
where state = 'dead' and ($1::text is null or group_name = $1)
"""

REPLAY = """
-- event log: set a group back
update log_groups set pos = least(pos, $2), epoch = epoch + 1, worker = null, leased_until = null, rebuild = false
where group_name = $1
"""

RELEASE_BEHIND = """
-- event log: a group days behind holds the log no longer; its state is to be rebuilt
update log_groups g set rebuild = true where not g.rebuild and g.group_name = any($2) and exists (
  select from event_log e
  where e.part = g.part and e.pos > g.pos and e.created_at < clock_timestamp() - $1::interval
    and ($3::jsonb -> g.group_name) ? e.topic)
"""

OLDEST_NEEDED = """
-- event log: the first position that age or a live group still needs
select least(
  (select min(pos) from event_log where created_at > clock_timestamp() - $1::interval),
  (select min(e.pos) from log_groups g join event_log e on e.part = g.part and e.pos > g.pos where not g.rebuild),
  (select min(pos) from log_parked),
  (select pos from log_state))
"""

PARTITIONS_BELOW = """
-- event log: partitions that end at or below a position
select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'event_log'::regclass
  and (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''(\\d+)''\\)'))[1]::bigint <= $1
"""
