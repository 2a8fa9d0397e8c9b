"""The home feed's skeleton: ids, before anything is hydrated."""

import msgspec

from tintype.domains.posts import reads as posts
from tintype.platform import db
from tintype.platform.ids import LARGEST
from tintype.platform.timelines.port import timelines

UNPUBLISHED, PUBLISHED = 0, 1


class Skeleton(msgspec.Struct, frozen=True):
    """Post ids in order, each with the cursor position behind it; `more` when the list goes on."""

    posts: list[tuple[int, tuple[int, int, int]]]
    more: bool


async def home_skeleton(viewer_id: int, after: tuple[int, ...] | None, limit: int) -> Skeleton:
    """First the viewer's posts that were never visible to others, then own and followed posts by feed_id.

    A position is (part, id, newest): `newest` is the first feed_id there was on the first page, so that a post that is
    published while one scrolls does not come again. Takes no connection: while one is held, the timelines must not wait
    for another of the same pool.
    """
    if after is None:
        after = (UNPUBLISHED, LARGEST, max((feed_id for feed_id, _ in await _published(viewer_id, None, 1)), default=0))
    part, position, newest = after
    found: list[tuple[int, tuple[int, int, int]]] = []
    if part == UNPUBLISHED:
        async with db.read() as r:
            pending = await posts.unpublished_by(r, viewer_id, position, limit + 1)
        found = [(post_id, (UNPUBLISHED, post_id, newest)) for post_id in pending]
        position = newest + 1
    if len(found) <= limit:
        published = await _published(viewer_id, position, limit + 1 - len(found))
        found += [(post_id, (PUBLISHED, feed_id, newest)) for feed_id, post_id in published]
    return Skeleton(found[:limit], len(found) > limit)


async def _published(viewer_id: int, before: int | None, limit: int) -> list[tuple[int, int]]:
    """(feed_id, post_id) of own and pushed posts, newest first."""
    async with db.read() as r:
        own = await posts.published_by(r, viewer_id, before, limit)
    pushed = await timelines().read(viewer_id, before, limit)
    merged = dict(own) | {one.feed_id: one.post_id for one in pushed}
    return sorted(merged.items(), reverse=True)[:limit]
