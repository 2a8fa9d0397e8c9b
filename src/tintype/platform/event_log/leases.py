"""Who handles what: workers share the partitions of each group evenly and take over from one that is gone.

A lease lasts six seconds and is renewed every two; a killed worker's partitions are another's within ten.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import asyncpg

from tintype.platform import db
from tintype.platform.event_log.lanes import Lane
from tintype.platform.event_log.port import PARTITIONS, Delivered, Subscription
from tintype.platform.event_log.sources import PostgresSource, Sources
from tintype.platform.telemetry import Outage

LEASE = timedelta(seconds=6)
RENEW_SECONDS = 2.0


class Consumers:
    """All groups that this worker takes part in: their lanes, and the leases on their partitions."""

    def __init__(self, url: str, subscriptions: list[Subscription], sources: Sources = PostgresSource) -> None:
        self._url = url
        self.worker = uuid4()
        self.lanes: dict[str, list[Lane]] = {}
        for group in dict.fromkeys(one.group for one in subscriptions):
            members = [one for one in subscriptions if one.group == group]
            self.lanes[group] = [Lane(url, group, members, sources) for _ in range(max(one.lanes for one in members))]
        self._kinds = {one.group: one.kind for one in subscriptions}
        self._connection: asyncpg.Connection | None = None

    def hand_over(self, events: list[Delivered]) -> None:
        """Events that this process's sequencer has just moved."""
        before = events[0].pos - 1
        for lanes in self.lanes.values():
            for lane in lanes:
                lane.source.hand_over(before, events)

    def wake(self) -> None:
        """Let every lane look for new events (a ring from another process's sequencer)."""
        for lanes in self.lanes.values():
            for lane in lanes:
                lane.wake()

    async def run(self) -> None:
        """Handle events until cancelled; then give the leases back."""
        tasks = [asyncio.create_task(lane.run()) for lanes in self.lanes.values() for lane in lanes]
        outage = Outage("leases.go_on")
        try:
            while True:
                with suppress(TimeoutError):
                    try:
                        await self.renew()
                        outage.over()
                    except db.CONNECTION_LOST as error:
                        outage.lost("leases.lost", error)
                        await self._disconnect()
                for task in tasks:
                    if task.done():
                        task.result()
                await asyncio.sleep(RENEW_SECONDS)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.close()

    async def renew(self) -> None:
        """Renew, take what is free up to a fair share, give back what is above it."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await db.connect(self._url, name="leases")
            await self._connection.executemany(
                ADD_GROUP, [(group, PARTITIONS, kind == "once") for group, kind in self._kinds.items()]
            )
        async with self._connection.transaction():
            await self._connection.execute(SEEN, self.worker, list(self.lanes))
            shares = {row["name"]: row["workers"] for row in await self._connection.fetch(ALIVE, LEASE)}
            rows = await self._connection.fetch(HELD, list(self.lanes))
            held = {group: self._share(group, rows, shares.get(group, 1)) for group in self.lanes}
            keep = [(group, part) for group, parts in held.items() for part in parts]
            groups, parts = [group for group, _ in keep], [part for _, part in keep]
            leased = await self._connection.fetch(TAKE, self.worker, LEASE, groups, parts)
            await self._connection.execute(RELEASE_OTHERS, self.worker, groups, parts)
        for group, lanes in self.lanes.items():
            mine = [row for row in leased if row["group_name"] == group]
            for n, lane in enumerate(lanes):
                own = [row for row in mine if row["part"] % len(lanes) == n]
                lane.hold({row["part"]: row["pos"] for row in own}, {row["part"]: row["epoch"] for row in own})

    async def close(self) -> None:
        """Stop the lanes and give the leases back, so that another worker takes them at once."""
        for lanes in self.lanes.values():
            for lane in lanes:
                await lane.close()
        with suppress(*db.CONNECTION_LOST, TimeoutError):
            if self._connection is not None and not self._connection.is_closed():
                await self._connection.execute(LEAVE, self.worker)
        await self._disconnect()

    async def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(Exception):
                await connection.close(timeout=1)

    def _share(self, group: str, rows: list[asyncpg.Record], workers: int) -> list[int]:
        fair = -(-PARTITIONS // max(workers, 1))
        mine = [row["part"] for row in rows if row["group_name"] == group and row["worker"] == self.worker]
        free = [row["part"] for row in rows if row["group_name"] == group and row["free"]]
        return [*mine, *(part for part in free if part not in mine)][:fair]


ADD_GROUP = """
-- event log: the rows of a group; one that sends things out of the house begins now, others with what is kept
insert into log_groups (group_name, part, pos)
select $1, part, case when $3 then (select pos from log_state) else 0 end from generate_series(0, $2::int - 1) as part
on conflict do nothing
"""

SEEN = """
-- event log: this worker lives
insert into log_workers (worker, groups, seen_at) values ($1, $2, clock_timestamp())
on conflict (worker) do update set groups = excluded.groups, seen_at = clock_timestamp()
"""

ALIVE = """
-- event log: how many workers each group has
with gone as (delete from log_workers where seen_at < clock_timestamp() - $1::interval * 10)
select name, count(*) as workers from log_workers, unnest(groups) as name
where seen_at > clock_timestamp() - $1::interval group by name
"""

HELD = """
-- event log: who holds what, locked while it is shared out
select group_name, part, worker, (leased_until is null or leased_until < clock_timestamp()) as free
from log_groups where group_name = any($1) order by group_name, part for update
"""

TAKE = """
-- event log: renew or take leases; a new holder gets a new epoch
update log_groups g set leased_until = clock_timestamp() + $2::interval, worker = $1,
  epoch = case when g.worker is distinct from $1 then g.epoch + 1 else g.epoch end
from unnest($3::text[], $4::smallint[]) as k (group_name, part)
where g.group_name = k.group_name and g.part = k.part
returning g.group_name, g.part, g.pos, g.epoch
"""

RELEASE_OTHERS = """
-- event log: give back what is above the fair share
update log_groups g set worker = null, leased_until = null, epoch = epoch + 1
where worker = $1 and not exists (
  select 1 from unnest($2::text[], $3::smallint[]) as k (group_name, part)
  where g.group_name = k.group_name and g.part = k.part)
"""

LEAVE = """
-- event log: a worker that ends gives everything back
with left_behind as (delete from log_workers where worker = $1)
update log_groups set worker = null, leased_until = null, epoch = epoch + 1 where worker = $1
"""
