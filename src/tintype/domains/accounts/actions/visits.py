"""Visits of profiles, told on the log: write-behind, so that looking at a profile writes nothing by itself."""

from tintype.domains.accounts.events import ProfileVisited
from tintype.platform import db
from tintype.platform.event_log.port import publish
from tintype.platform.write_behind import Buffer


def note(visitor_id: int, account_id: int) -> None:
    """Remember that somebody looked at another's profile; visitors who are signed out are nobody."""
    if visitor_id and visitor_id != account_id:
        waiting.put([(visitor_id, account_id)])


async def tell(visits: list[tuple[int, int]]) -> None:
    """Publish each pair once, unless the visitor does not want views to be recorded."""
    async with db.act(db.SYSTEM) as tx:
        willing = {row["id"] for row in await tx.rows(WILLING, list({visitor for visitor, _ in visits}))}
        for visitor_id, account_id in dict.fromkeys(visits):
            if visitor_id in willing:
                await publish(tx, ProfileVisited(visitor_id=visitor_id, account_id=account_id))


waiting = Buffer("visits", tell)

WILLING = """
-- accounts: whose views are recorded
select id from live_accounts where id = any($1::bigint[]) and preferences->>'impressions' is distinct from 'false'
"""
