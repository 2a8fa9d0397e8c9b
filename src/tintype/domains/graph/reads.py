"""Selects about follows."""

from collections.abc import Iterable, Sequence

import msgspec

from tintype.domains.graph import rules
from tintype.platform.db import Reader
from tintype.platform.paging import Page, Place


class Relation(msgspec.Struct, frozen=True):
    """How a viewer stands to an account."""

    following: rules.FollowState = "NONE"
    followed_by: bool = False
    blocking: bool = False
    muting: bool = False


async def relations(r: Reader, viewer_id: int, ids: Iterable[int]) -> dict[int, Relation]:
    """The viewer's relation to each of these accounts, fresh."""
    wanted = list(set(ids))
    rows = await r.rows(RELATIONS, viewer_id, wanted)
    found = {row["id"]: Relation(row["following"], row["followed_by"]) for row in rows}
    return {one: found.get(one, Relation()) for one in wanted}


async def followed_among(r: Reader, viewer_id: int, ids: Iterable[int]) -> set[int]:
    """Which of these accounts the viewer follows, fresh."""
    return {row["followee_id"] for row in await r.rows(FOLLOWED_AMONG, viewer_id, list(set(ids)))}


class Circle(msgspec.Struct, frozen=True):
    """Whom a viewer follows, has muted, and is blocked with in either direction."""

    follows: list[int]
    muted: list[int]
    blocked: list[int]


async def circle(r: Reader, viewer_id: int) -> Circle:
    """All of it in one statement, fresh."""
    row = await r.row(CIRCLE, viewer_id)
    assert row is not None
    return Circle(row["follows"], row["muted"], row["blocked"])


async def is_following(r: Reader, follower_id: int, followee_id: int) -> bool:
    return bool(await followed_among(r, follower_id, [followee_id]))


async def check_may_see(r: Reader, viewer_id: int, account_id: int, *, is_private: bool) -> None:
    """Raise AccountPrivate where an account shows its posts and lists to followers only, and the viewer is none."""
    if is_private and account_id != viewer_id and not await is_following(r, viewer_id, account_id):
        raise rules.AccountPrivate


async def followers(r: Reader, account_id: int, place: Place) -> Page[int]:
    """Accounts that follow this one, newest first."""
    rows = await r.rows(FOLLOWERS, account_id, place.after[0] if place.after else None, place.limit + 1)
    page = place.page(rows, lambda row: (row["follow_id"],))
    return page.map(lambda kept: [row["id"] for row in kept])


async def following(r: Reader, account_id: int, place: Place) -> Page[int]:
    """Accounts that this one follows, newest first."""
    rows = await r.rows(FOLLOWING, account_id, place.after[0] if place.after else None, place.limit + 1)
    page = place.page(rows, lambda row: (row["follow_id"],))
    return page.map(lambda kept: [row["id"] for row in kept])


async def chunk_starts(r: Reader, followee_id: int, size: int) -> list[int]:
    """The follower ids at which chunks of `size` begin; the first is 0, so that the ranges cover every id."""
    return [0, *(row["follower_id"] for row in await r.rows(CHUNK_STARTS, followee_id, size))]


async def followers_between(r: Reader, followee_id: int, low: int, high: int | None) -> list[int]:
    """Followers with low <= id < high."""
    return [row["follower_id"] for row in await r.rows(FOLLOWERS_BETWEEN, followee_id, low, high)]


class FollowCounts(msgspec.Struct, frozen=True):
    """Followers and followees of an account: by the rows, and as they are stored."""

    account_id: int
    followers: int
    following: int
    stored_followers: int
    stored_following: int

    @property
    def right(self) -> bool:
        return (self.followers, self.following) == (self.stored_followers, self.stored_following)


async def follow_counts(r: Reader, account_ids: Sequence[int]) -> list[FollowCounts]:
    """What the rows say of these accounts beside what is stored."""
    return [FollowCounts(**row) for row in await r.rows(FOLLOW_COUNTS, list(account_ids))]


async def uncounted(r: Reader, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
    """(follower, followee) of follows that the counts do not hold as they are, in order."""
    return [(row["follower_id"], row["followee_id"]) for row in await r.rows(UNCOUNTED, *after, limit)]


RELATIONS = """
-- graph: how a viewer stands to some accounts
select ids.id,
  coalesce((select state from follows where follower_id = $1 and followee_id = ids.id), 'NONE') as following,
  exists (select from live_follows where follower_id = ids.id and followee_id = $1) as followed_by
from unnest($2::bigint[]) as ids (id)
"""

FOLLOWED_AMONG = """
-- graph: which of these a viewer follows
select followee_id from live_follows where follower_id = $1 and followee_id = any($2::bigint[])
"""

CIRCLE = """
-- graph: whom a viewer follows, has muted, and is blocked with
select array(select followee_id from follows where follower_id = $1 and state = 'ACCEPTED') as follows,
  array(select muted_id from mutes where muter_id = $1) as muted,
  array(select blocked_id from blocks where blocker_id = $1
        union select blocker_id from blocks where blocked_id = $1) as blocked
"""

FOLLOWERS = """
-- graph: a page of followers
select f.follower_id as id, f.follow_id from live_follows f join live_accounts a on a.id = f.follower_id
where f.followee_id = $1 and ($2::bigint is null or f.follow_id < $2) order by f.follow_id desc limit $3
"""

FOLLOWING = """
-- graph: a page of followees
select f.followee_id as id, f.follow_id from live_follows f join live_accounts a on a.id = f.followee_id
where f.follower_id = $1 and ($2::bigint is null or f.follow_id < $2) order by f.follow_id desc limit $3
"""

CHUNK_STARTS = """
-- graph: where chunks of followers begin, after the first
select follower_id from (
  select follower_id, row_number() over (order by follower_id) as n from live_follows where followee_id = $1
) numbered
where n > 1 and (n - 1) % $2 = 0 order by follower_id
"""

FOLLOWERS_BETWEEN = """
-- graph: the followers of one chunk
select follower_id from live_follows
where followee_id = $1 and follower_id >= $2 and ($3::bigint is null or follower_id < $3) order by follower_id
"""

FOLLOW_COUNTS = """
-- graph: followers and followees of some accounts, by the rows and as stored
select ids.id as account_id,
  (select count(*) from live_follows where followee_id = ids.id) as followers,
  (select count(*) from live_follows where follower_id = ids.id) as following,
  coalesce(c.followers, 0) as stored_followers, coalesce(c.following, 0) as stored_following
from unnest($1::bigint[]) as ids (id) left join account_counts c on c.account_id = ids.id order by ids.id
"""

UNCOUNTED = """
-- graph: follows that the counts do not hold as they are
select follower_id, followee_id from follows
where (follower_id, followee_id) > ($1, $2) and counted <> (state = 'ACCEPTED')
order by follower_id, followee_id limit $3
"""
