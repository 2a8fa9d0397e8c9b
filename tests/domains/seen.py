"""What tests of the domains look at: what was published to the log, and accounts made without HTTP."""

from typing import Any

import msgspec

from tintype.domains.accounts import actions as accounts
from tintype.platform import db
from tintype.platform.db import Actor, Reader


async def published(r: Reader, *types: str) -> list[dict[str, Any]]:
    """Events of these types, in the order in which they were appended."""
    rows = await r.rows(EVENTS, list(types))
    return [{"type": row["type"], **msgspec.msgpack.decode(row["payload"])} for row in rows]


async def account(name: str, role: str = "user") -> Actor:
    """A new account, as the actor that it is."""
    async with db.act(db.SYSTEM) as tx:
        account_id = await accounts.create(tx, name, f"{name}@example.org", None)
    return Actor(account_id, role=role)


async def counts(account_id: int) -> tuple[int, int, int]:
    """Posts, followers and following as they are stored."""
    async with db.read() as r:
        row = await r.row("-- tests: counts\nselect * from account_counts where account_id = $1", account_id)
    assert row is not None
    return row["posts"], row["followers"], row["following"]


EVENTS = """
-- tests: what was published
select type, payload from (
  select pos, null::bigint as id, type, payload from event_log
  union all select null, id, type, payload from event_inbox
) events where type = any($1::text[]) order by pos nulls last, id
"""
