"""After a cut: whether everything that was acknowledged is there, once, and feeds are what SQL says they are."""

import asyncio

import asyncpg
import httpx2
import msgspec

from tests.engines.product import Product
from tests.faults.acknowledged import doubled, lost
from tests.faults.cuts.traffic import Traffic
from tintype.domains.feed.reads.truth import truth
from tintype.platform import db

DRAIN_SECONDS, TRIES = 80, 3
SCROLLED = 1_000  # beyond what a timeline keeps


class Found(msgspec.Struct):
    """How many writes were acknowledged so far; what of them is lost, what was done twice, what differs in the end."""

    acknowledged: int
    lost: list[str]
    doubled: list[str]
    differs: list[str]

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.differs)


async def found(traffic: Traffic, product: Product, database: str) -> Found:
    """Let everything come to its end, and compare it: nobody writes meanwhile."""
    settled = await asyncio.to_thread(product.command, "log", "lag", "--wait", str(DRAIN_SECONDS))
    differs = [] if settled.returncode == 0 else [f"not settled: {settled.stdout} {settled.stderr}"]
    differs += await asyncio.to_thread(_verified, product)
    connection = await asyncpg.connect(database)
    try:
        differs += await _feeds(traffic, connection)
        return Found(
            len(traffic.said_yes), await lost(connection, traffic.said_yes), await doubled(connection), differs
        )
    finally:
        await connection.close()


def _verified(product: Product) -> list[str]:
    """What `tintype verify` finds; asked again where it could not look, since an engine took its time."""
    for _ in range(TRIES):
        done = product.command("verify", "--json")
        if done.returncode == 0 or done.stdout:
            break
    return [] if done.returncode == 0 else [f"verify: {done.stdout} {done.stderr}"[:2_000]]


async def _feeds(traffic: Traffic, connection: asyncpg.Connection) -> list[str]:
    """Each person's home feed, as the API gives it on scrolling, against the definition of a home feed."""
    wrong = []
    for one in traffic.people:
        due = (await truth(db.Reader(connection), one.id))[:SCROLLED]
        rows = await connection.fetch("select id, feed_id from posts where feed_id = any($1::bigint[])", due)
        posts = {row["feed_id"]: row["id"] for row in rows}
        try:
            shown = await traffic.home(one, SCROLLED)
        except httpx2.HTTPError as error:
            wrong.append(f"feed of {one.name}: {error!r}")
            continue
        if shown != [posts[feed_id] for feed_id in due]:
            wrong.append(f"feed of {one.name}: {len(shown)} posts shown, {len(due)} due")
    return wrong
