"""Forgetting an account: every medium that it uploaded, with its files."""

from tintype.domains.media.actions.using import mark_purge
from tintype.platform.db import Reader, Tx

ERASES = frozenset({"media"})
BATCH = 1_000


async def erase(tx: Tx, account_id: int) -> int:
    """Hand an account's media over to be purged, files first; returns how many are left."""
    await mark_purge(tx, [row["id"] for row in await tx.rows(UNUSED, account_id, BATCH)])
    left: int = await tx.value(LEFT, account_id)
    return left


async def ownerless(r: Reader, after: int, limit: int) -> list[int]:
    """Accounts that are gone and of which there are rows here, in order."""
    return [row["id"] for row in await r.rows(OWNERLESS, after, limit)]


UNUSED = """
-- media: erase: what no post holds any more
select id from media where owner_id = $1 and purge_at is null
  and not exists (select from post_media pm join posts p on p.id = pm.post_id where pm.media_id = media.id)
order by id limit $2
"""

LEFT = """
-- media: erase: what is left of an account
select count(*) from media where owner_id = $1
"""

OWNERLESS = """
-- media: what is left of accounts that are gone
select distinct id from (
  select owner_id as id from media
) named
where id > $1 and not exists (select from accounts a where a.id = named.id) order by id limit $2
"""
