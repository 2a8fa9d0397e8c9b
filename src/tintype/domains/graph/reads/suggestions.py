"""Whom one might follow: followees of one's followees, and, where those are few, popular public accounts.

Common friends are weighed as Adamic and Adar do (Friends and neighbors on the Web, 2003): who follows few says more by
each. A viewer who may see that somebody is followed by a friend follows that friend, so the reason tells nothing new.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from tintype.platform.cache.port import cache
from tintype.platform.db import Reader

FRIENDS, OF_EACH, FOUND, PEOPLE = 200, 100, 100, 4
KEPT, POPULAR_KEPT = timedelta(minutes=5), timedelta(minutes=10)
FEW_KEPT = timedelta(seconds=15)


class Suggested(msgspec.Struct, frozen=True, array_like=True):
    """An account, how many of one's followees follow it, and some of these; nobody where it is just popular."""

    account_id: int
    count: int = 0
    people: list[int] = []


async def suggestions(r: Reader, viewer_id: int) -> list[Suggested]:
    """Accounts that the viewer might follow, best first; some minutes old, to be hidden by fresh rows."""
    key = _key(viewer_id)
    stored = await cache().get(key)
    if stored is not None:
        return msgspec.msgpack.decode(stored, type=list[Suggested])
    rows = await r.rows(FRIENDS_OF_FRIENDS, viewer_id, FRIENDS, OF_EACH, FOUND, PEOPLE)
    found = [Suggested(row["account_id"], row["count"], row["people"]) for row in rows]
    await cache().set(key, msgspec.msgpack.encode(found), KEPT)
    return found


async def popular(r: Reader) -> list[Suggested]:
    """Public accounts with the most followers."""
    stored = await cache().get("popular")
    if stored is None:
        rows = await r.rows(POPULAR, FOUND)
        stored = msgspec.msgpack.encode([Suggested(row["account_id"]) for row in rows])
        # A young installation has few, cheap to find, and its newcomers should see each other soon.
        await cache().set("popular", stored, POPULAR_KEPT if len(rows) == FOUND else FEW_KEPT)
    return msgspec.msgpack.decode(stored, type=list[Suggested])


async def forget_suggestions(viewer_id: int) -> None:
    """The next read looks anew."""
    await cache().delete(_key(viewer_id))


async def dismissed_among(r: Reader, viewer_id: int, ids: Sequence[int]) -> set[int]:
    """Which of these the viewer does not want to be suggested, fresh."""
    return {row["dismissed_id"] for row in await r.rows(DISMISSED, viewer_id, list(ids))}


def _key(viewer_id: int) -> str:
    return f"suggestions:{viewer_id}"


FRIENDS_OF_FRIENDS = """
-- graph: whom the newest followees follow of late, without whom a viewer follows, has asked, blocked or dismissed
with friends as (
  select followee_id as id from follows where follower_id = $1 and state = 'ACCEPTED' and not muted
  order by follow_id desc limit $2
), edges as (
  select friends.id as friend, e.followee_id as candidate, count(*) over (partition by friends.id) as follows
  from friends cross join lateral (
    select followee_id from follows where follower_id = friends.id and state = 'ACCEPTED'
    order by follow_id desc limit $3
  ) e
), scored as (
  select candidate, count(*)::int as count, sum(1 / ln(1 + follows)) as score,
    (array_agg(friend order by follows, friend))[1:$5::int] as people
  from edges where candidate <> $1
    and candidate not in (select followee_id from follows where follower_id = $1 and state <> 'NONE')
    and candidate not in (select dismissed_id from suggestions_dismissed where account_id = $1)
  group by candidate order by score desc, candidate limit 2 * $4::int
)
select s.candidate as account_id, s.count, s.people from scored s join live_accounts a on a.id = s.candidate
where not is_blocked($1, s.candidate) order by s.score desc, s.candidate limit $4
"""

POPULAR = """
-- graph: public accounts with the most followers
select c.account_id from (
  select account_id, followers, posts from account_counts where followers > 0 or posts > 0
  order by followers desc, posts desc, account_id limit 2 * $1::int
) c join live_accounts a on a.id = c.account_id
where not a.is_private order by c.followers desc, c.posts desc, c.account_id limit $1
"""

DISMISSED = """
-- graph: suggestions that a viewer does not want
select dismissed_id from suggestions_dismissed where account_id = $1 and dismissed_id = any($2::bigint[])
"""
