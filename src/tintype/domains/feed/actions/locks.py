"""The order in which feeds lock: authors first, in the order of their locks, then one reader's state, then timelines.

A chunk reads its recipients and writes their timelines while it shares its author's lock. Who takes an author out of a
timeline holds that lock alone and reads the follow afterwards: no chunk that saw the follow is then still on its way.
"""

from collections.abc import Iterable

from tintype.platform.db import Tx
from tintype.platform.ids import LARGEST
from tintype.platform.timelines.port import timelines

LOCK_CLASS = 0x7118  # advisory locks (LOCK_CLASS, hash of the author)


async def share_authors(tx: Tx, author_ids: Iterable[int]) -> None:
    """Deliver posts of these authors, until the transaction ends."""
    await tx.rows(SHARE, LOCK_CLASS, list(author_ids))


async def hold_authors(tx: Tx, author_ids: Iterable[int]) -> None:
    """Keep everybody from delivering posts of these authors, until the transaction ends."""
    await tx.rows(HOLD, LOCK_CLASS, list(author_ids))


async def hold_reader(tx: Tx, user_id: int) -> int:
    """Keep the reader's timeline from being rebuilt by anybody else, until the transaction ends; returns its floor.

    Nothing below is in the timeline for sure, also where that goes with its age. Of a reader who is gone there is no
    state and none is made: nothing is above its floor.
    """
    floor: int | None = await tx.value(HOLD_STATE, user_id)
    return LARGEST if floor is None else max(floor, timelines().reaches())


SHARE = """
-- feed: share the locks of some authors, in order
select pg_advisory_xact_lock_shared($1, h) from (
  select distinct hashint8(author_id) as h from unnest($2::bigint[]) as author_id order by h
) each
"""

HOLD = """
-- feed: hold the locks of some authors, in order
select pg_advisory_xact_lock($1, h) from (
  select distinct hashint8(author_id) as h from unnest($2::bigint[]) as author_id order by h
) each
"""

HOLD_STATE = """
-- feed: a reader's state, there and locked
insert into timeline_state as s (user_id) select id from accounts where id = $1
on conflict (user_id) do update set user_id = s.user_id returning floor_id
"""
