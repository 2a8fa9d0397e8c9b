"""What a home feed has to be, by SQL, and how a timeline differs from it."""

import msgspec

from tintype.platform.db import Reader
from tintype.platform.timelines.port import Entry, timelines

STRETCH = 1_000


async def truth(r: Reader, user_id: int) -> list[int]:
    """The SQL definition of a home feed in order `latest`: feed_ids of own and followed posts, newest first."""
    return [row["feed_id"] for row in await r.rows(TRUTH, user_id)]


class Difference(msgspec.Struct, frozen=True):
    """How a timeline differs from the truth.

    What is hidden for now (deleted and not yet purged, removed, of a suspended account) may stand in a timeline.
    """

    missing: list[Entry]
    foreign: list[Entry]
    orphaned: list[Entry]


async def difference(r: Reader, user_id: int) -> Difference:
    """The reader's timeline, merged with own posts, against the definition of a home feed."""
    due = {row["feed_id"]: Entry(**row) for row in await r.rows(TRUTH, user_id)}
    there: dict[int, Entry] = {}
    before: int | None = None
    while found := await timelines().read(user_id, before, STRETCH):
        there |= {one.feed_id: one for one in found}
        before = found[-1].feed_id
    missing = [one for one in due.values() if one.author_id != user_id and one.feed_id not in there]
    odd = [one for one in there.values() if due.get(one.feed_id) != one or one.author_id == user_id]
    states = {
        row["feed_id"]: row for row in await r.rows(STANDING, user_id, *(list(column) for column in _columns(odd)))
    }
    orphaned = [one for one in odd if not states[one.feed_id]["has_post"]]
    foreign = [one for one in odd if states[one.feed_id]["has_post"] and not states[one.feed_id]["follows"]]
    return Difference(missing, foreign, orphaned)


def _columns(entries: list[Entry]) -> tuple[list[int], list[int], list[int]]:
    return [one.feed_id for one in entries], [one.post_id for one in entries], [one.author_id for one in entries]


async def readers(r: Reader, after: int, limit: int) -> list[int]:
    """Accounts in order of their ids: who may have a timeline."""
    return [row["id"] for row in await r.rows(READERS, after, limit)]


TRUTH = """
-- feed: the definition of a home feed: own and followed, visible to the reader
select p.feed_id, p.id as post_id, p.author_id from live_posts p
join live_accounts a on a.id = p.author_id
where p.status = 'published' and p.feed_id is not null
  and (p.author_id = $1 or exists (select from live_follows where follower_id = $1 and followee_id = p.author_id))
order by p.feed_id desc
"""

STANDING = """
-- feed: whether entries of a timeline have their post, and whether the reader follows its author
select e.feed_id, p.id is not null as has_post,
  exists (select from live_follows where follower_id = $1 and followee_id = e.author_id) as follows
from unnest($2::bigint[], $3::bigint[], $4::bigint[]) as e (feed_id, post_id, author_id)
left join posts p on p.id = e.post_id and p.feed_id = e.feed_id and p.author_id = e.author_id
"""

READERS = """
-- feed: accounts in order
select id from accounts where id > $1 order by id limit $2
"""
