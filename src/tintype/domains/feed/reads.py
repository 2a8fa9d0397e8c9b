"""The home feed's skeleton: ids, before anything is hydrated."""

import msgspec

from tintype.domains.posts import reads as posts
from tintype.platform.db import Reader
from tintype.platform.timelines.port import timelines

UNPUBLISHED, PUBLISHED = 0, 1


class Skeleton(msgspec.Struct, frozen=True):
    """Post ids in order, each with the cursor position behind it; `more` when the list goes on."""

    posts: list[tuple[int, tuple[int, int]]]
    more: bool


async def home_skeleton(r: Reader, viewer_id: int, after: tuple[int, ...] | None, limit: int) -> Skeleton:
    """First the viewer's posts that were never visible to others, then own and followed posts by feed_id."""
    phase, position = after or (UNPUBLISHED, None)
    found: list[tuple[int, tuple[int, int]]] = []
    if phase == UNPUBLISHED:
        pending = await posts.unpublished_by(r, viewer_id, position, limit + 1)
        found = [(post_id, (UNPUBLISHED, post_id)) for post_id in pending]
        position = None
    if len(found) <= limit:
        wanted = limit + 1 - len(found)
        own = await posts.published_by(r, viewer_id, position, wanted)
        pushed = await timelines().read(viewer_id, position, wanted)
        merged = dict(own) | {one.feed_id: one.post_id for one in pushed}
        found += [(merged[feed_id], (PUBLISHED, feed_id)) for feed_id in sorted(merged, reverse=True)[:wanted]]
    return Skeleton(found[:limit], len(found) > limit)


async def truth(r: Reader, user_id: int) -> list[int]:
    """The SQL definition of a home feed in order `latest`: feed_ids of own and followed posts, newest first."""
    return [row["feed_id"] for row in await r.rows(TRUTH, user_id)]


TRUTH = """
-- feed: the definition of a home feed: own and followed, visible to the reader
select p.feed_id from live_posts p
join live_accounts a on a.id = p.author_id
where p.status = 'published' and p.feed_id is not null
  and (p.author_id = $1 or exists (select from live_follows where follower_id = $1 and followee_id = p.author_id))
order by p.feed_id desc
"""
