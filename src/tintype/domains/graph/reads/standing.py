"""How accounts stand to each other, always fresh."""

from collections.abc import Iterable

import msgspec

from tintype.domains.graph import rules
from tintype.platform.db import Reader


class Relation(msgspec.Struct, frozen=True):
    """How a viewer stands to an account."""

    following: rules.FollowState = "NONE"
    followed_by: bool = False
    blocking: bool = False
    muting: bool = False


class Circle(msgspec.Struct, frozen=True):
    """Whom a viewer follows (accepted), has muted (followed or not), and is blocked from (by either side)."""

    follows: list[int]
    muted: list[int]
    blocked: list[int]


async def relations(r: Reader, viewer_id: int, ids: Iterable[int]) -> dict[int, Relation]:
    """The viewer's relation to each of these accounts, fresh."""
    rows = await r.rows(RELATIONS, viewer_id, list(set(ids)))
    return {row["id"]: Relation(row["following"], row["followed_by"], row["blocking"], row["muting"]) for row in rows}


async def circle(r: Reader, viewer_id: int) -> Circle:
    """Everybody whom the viewer's feed depends on."""
    row = await r.row(CIRCLE, viewer_id)
    assert row is not None
    return Circle(**row)


async def followed_among(r: Reader, viewer_id: int, ids: Iterable[int]) -> set[int]:
    """Which of these accounts the viewer follows, fresh."""
    return {row["followee_id"] for row in await r.rows(FOLLOWED_AMONG, viewer_id, list(set(ids)))}


async def is_following(r: Reader, follower_id: int, followee_id: int) -> bool:
    return bool(await followed_among(r, follower_id, [followee_id]))


async def among_blocked(r: Reader, viewer_id: int, ids: Iterable[int]) -> set[int]:
    """Which of these accounts have blocked the viewer or are blocked by the viewer, fresh."""
    wanted = list(set(ids))
    return {row["id"] for row in await r.rows(AMONG_BLOCKED, viewer_id, wanted)} if viewer_id and wanted else set()


async def is_blocked(r: Reader, viewer_id: int, account_id: int) -> bool:
    """Whether one of the two has blocked the other."""
    return bool(await among_blocked(r, viewer_id, [account_id]))


async def check_may_see(r: Reader, viewer_id: int, account_id: int, *, is_private: bool) -> None:
    """Raise AccountPrivate where an account shows its posts and lists to followers only, and the viewer is none."""
    if is_private and account_id != viewer_id and not await is_following(r, viewer_id, account_id):
        raise rules.AccountPrivate


RELATIONS = """
-- graph: how a viewer stands to some accounts
select ids.id,
  coalesce((select state from follows where follower_id = $1 and followee_id = ids.id), 'NONE') as following,
  exists (select from live_follows where follower_id = ids.id and followee_id = $1) as followed_by,
  exists (select from blocks where blocker_id = $1 and blocked_id = ids.id) as blocking,
  exists (select from mutes where muter_id = $1 and muted_id = ids.id) as muting
from unnest($2::bigint[]) as ids (id)
"""

CIRCLE = """
-- graph: whom a viewer follows, has muted, and is blocked from
select
  array(select followee_id from live_follows where follower_id = $1) as follows,
  array(select muted_id from mutes where muter_id = $1) as muted,
  array(select blocked_id from blocks where blocker_id = $1
    union select blocker_id from blocks where blocked_id = $1) as blocked
"""

FOLLOWED_AMONG = """
-- graph: which of these a viewer follows
select followee_id from live_follows where follower_id = $1 and followee_id = any($2::bigint[])
"""

AMONG_BLOCKED = """
-- graph: which of these have blocked a viewer, or are blocked by them
select blocked_id as id from blocks where blocker_id = $1 and blocked_id = any($2::bigint[])
union select blocker_id from blocks where blocked_id = $1 and blocker_id = any($2::bigint[])
"""
