"""Events a second through inbox, sequencer and one `tx` consumer, against bare inserts of the same rows.

    python -m benches.event_log

Last figures (2 cores, November 2026): bare 54 k rows/s, through the log 24 k events/s, ratio 0.50 (goal >= 0.25).
"""

import asyncio
from typing import Any

from benches.harness import database, interleaved, report
from tintype.platform import db
from tintype.platform.db import Tx
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.port import Event, on, publish, tx
from tintype.platform.event_log.sequencer import Sequencer

EVENTS = 20_000
A_TRANSACTION = 200


class Benched(Event, frozen=True):
    """About as large as the product's events."""

    topic = "engagement"
    key = "post_id"

    post_id: int
    user_id: int
    reaction: str


async def main() -> None:
    async with database() as url:
        handled = 0

        async def consume(_: Tx, batch: list[Benched]) -> None:
            nonlocal handled
            handled += len(batch)

        consumers = Consumers(url, [on("engagement", "bench", consume, tx, batch=1000)])
        sequencer = Sequencer(url, consumers.hand_over)
        await sequencer.elect()
        await consumers.renew()
        (lane,) = consumers.lanes["bench"]
        async with db.act(db.SYSTEM) as setup:
            await setup.run("create table bare (like event_inbox including all)")

        async def write(bare: bool) -> None:
            for start in range(0, EVENTS, A_TRANSACTION):
                async with db.act(db.SYSTEM) as one:
                    for n in range(start, start + A_TRANSACTION):
                        await publish(one, Benched(post_id=n % 997, user_id=n, reaction="LIKE"))
                    if bare:
                        columns: Any = zip(
                            *((e.topic, e.part, e.key, e.type, e.payload) for e in one.outgoing), strict=True
                        )
                        one.outgoing = []
                        await one.run(BARE, *map(list, columns))

        async def through_the_log() -> None:
            nonlocal handled
            handled = 0
            writing = asyncio.create_task(write(bare=False))
            while handled < EVENTS:
                moved = await sequencer.step()
                if not moved + await lane.step():
                    await asyncio.sleep(0.001)
            await writing

        bare, log, ratio = await interleaved(lambda: write(bare=True), through_the_log)
        print(f"bare {EVENTS / bare:,.0f} rows/s, through the log {EVENTS / log:,.0f} events/s")
        report("event_log.ratio", 1 / ratio, ">=0.25")
        await sequencer.close()
        await consumers.close()


BARE = """
-- bench: the same rows, inserted and nothing else
insert into bare (topic, part, key, type, payload)
select * from unnest($1::text[], $2::smallint[], $3::bigint[], $4::text[], $5::bytea[])
"""

if __name__ == "__main__":
    asyncio.run(main())
