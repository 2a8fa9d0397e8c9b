"""The home feed's skeleton from the database alone: ids, before anything is hydrated."""

import msgspec

from tintype.domains.feed.reads.entries import entries
from tintype.domains.posts import reads as posts
from tintype.platform import db
from tintype.platform.ids import LARGEST

UNPUBLISHED, PUBLISHED = 0, 1


class Skeleton(msgspec.Struct, frozen=True):
    """Post ids in order, each with the cursor position behind it; `more` when the list goes on."""

    posts: list[tuple[int, tuple[int, int, int]]]
    more: bool


async def home_skeleton(viewer_id: int, after: tuple[int, ...] | None, limit: int) -> Skeleton:
    """First the viewer's posts that were never visible to others, then own and followed posts by feed_id.

    A position is (part, id, newest): `newest` is the first feed_id there was on the first page, so that a post that is
    published while one scrolls does not come again. Takes no connection: while one is held, the entries must not wait
    for another of the same pool.
    """
    if after is None:
        first = (await entries(viewer_id, None, 1)).entries
        after = (UNPUBLISHED, LARGEST, first[0].feed_id if first else 0)
    part, position, newest = after
    deep = part == PUBLISHED
    found: list[tuple[int, tuple[int, int, int]]] = []
    if part == UNPUBLISHED:
        async with db.read() as r:
            pending = await posts.unpublished_by(r, viewer_id, position, limit + 1)
        found = [(post_id, (UNPUBLISHED, post_id, newest)) for post_id in pending]
        position = newest + 1
    more = len(found) > limit
    if not more:
        stretch = await entries(viewer_id, position, limit + 1 - len(found), deep=deep)
        found += [(one.post_id, (PUBLISHED, one.feed_id, newest)) for one in stretch.entries]
        more = len(found) > limit or stretch.more
    return Skeleton(found[:limit], more)
