"""What a home feed has to be, by SQL, and how a timeline differs from it."""

import msgspec

from tintype.domains.feed.reads import entries
from tintype.platform.db import Reader
from tintype.platform.timelines.port import Entry, timelines

STRETCH = 1_000


async def truth(r: Reader, user_id: int) -> list[int]:
    """The SQL definition of a home feed in order `latest`: feed_ids of own and followed posts, newest first."""
    return [row["feed_id"] for row in await r.rows(TRUTH, user_id)]


class Difference(msgspec.Struct, frozen=True):
    """How a reader's feed differs from the truth.

    `missing` would not be shown; `foreign` and `orphaned` stand in the timeline and should not. What is hidden
    (deleted and not yet purged, archived, removed, of a suspended account) may stand there. `cut_off`: the follows say
    that the reader is away, and the reader is not.
    """

    missing: list[Entry]
    foreign: list[Entry]
    orphaned: list[Entry]
    cut_off: bool = False


async def difference(r: Reader, user_id: int) -> Difference:
    """What the reader would be shown on scrolling to the very end, against the definition of a home feed."""
    due = {row["feed_id"]: Entry(**row) for row in await r.rows(TRUTH, user_id)}
    shown = await _shown(r, user_id)
    missing = [one for one in due.values() if shown.get(one.feed_id) != one]
    odd = [one for one in await _timeline(r, user_id) if due.get(one.feed_id) != one or one.author_id == user_id]
    states = {
        row["feed_id"]: row for row in await r.rows(STANDING, user_id, *(list(column) for column in _columns(odd)))
    }
    orphaned = [one for one in odd if not states[one.feed_id]["has_post"]]
    foreign = [one for one in odd if states[one.feed_id]["has_post"] and not states[one.feed_id]["follows"]]
    return Difference(missing, foreign, orphaned, bool(await r.value(CUT_OFF, user_id)))


async def _shown(r: Reader, user_id: int) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    before: int | None = None
    more = True
    while more:
        page = await entries.page(r, user_id, before, STRETCH)
        found |= {one.feed_id: one for one in page.entries}
        before, more = min(found, default=None), page.more
    return found


async def _timeline(r: Reader, user_id: int) -> list[Entry]:
    found: list[Entry] = []
    before: int | None = None
    while page := await timelines().read(r, user_id, before, STRETCH):
        found += page
        before = page[-1].feed_id
    return found


def _columns(entries: list[Entry]) -> tuple[list[int], list[int], list[int]]:
    return [one.feed_id for one in entries], [one.post_id for one in entries], [one.author_id for one in entries]


async def readers(r: Reader, after: int, limit: int) -> list[int]:
    """Accounts in order of their ids: who may have a timeline."""
    return [row["id"] for row in await r.rows(READERS, after, limit)]


TRUTH = """
-- feed: the definition of a home feed: own and followed, not muted and not blocked, visible to the reader
select p.feed_id, p.id as post_id, p.author_id from (
  select $1::bigint as author_id union all
  select followee_id from live_follows
  where follower_id = $1 and not is_blocked($1, followee_id)
    and not exists (select from mutes where muter_id = $1 and muted_id = followee_id)
) due
join live_accounts a on a.id = due.author_id
join live_posts p on p.author_id = due.author_id
where p.status = 'published' and p.feed_id is not null
order by p.feed_id desc
"""

STANDING = """
-- feed: whether entries of a timeline have their post, and whether the reader follows its author
select e.feed_id, p.id is not null as has_post,
  exists (select from follows where follower_id = $1 and followee_id = e.author_id
    and state = 'ACCEPTED' and not muted) as follows
from unnest($2::bigint[], $3::bigint[], $4::bigint[]) as e (feed_id, post_id, author_id)
left join posts p on p.id = e.post_id and p.feed_id = e.feed_id and p.author_id = e.author_id
"""

CUT_OFF = """
-- feed: whether follows say that a reader is away who is not
select exists (select from follows where follower_id = $1 and away)
  and not coalesce((select away from timeline_state where user_id = $1), false)
"""

READERS = """
-- feed: accounts in order
select id from accounts where id > $1 order by id limit $2
"""
