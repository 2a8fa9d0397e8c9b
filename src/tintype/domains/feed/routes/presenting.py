"""From fragments to what is sent: what the reader did spliced in, and one's own act added to the counts."""

from typing import Any

import msgspec

from tintype.cards import fragments
from tintype.cards.fragments import Fragment
from tintype.cards.post import PostViewer
from tintype.domains.engagement import reads as engagement
from tintype.domains.feed.reads import viewers
from tintype.domains.feed.reads.viewers import NOTHING, Own, Viewer
from tintype.domains.posts import reads as posts
from tintype.platform import db
from tintype.platform.event_log.tail import while_fresh


class Read(msgspec.Struct, frozen=True):
    """What was just read of a reader and a post: their acts, and the counts with their reaction, if there is one."""

    own: Own
    counts: engagement.PostCounts | None


Acts = dict[int, Read]


async def acts_of(viewer: Viewer, shown: list[Fragment]) -> Acts:
    """The reader's acts that are not remembered, or that no count holds yet."""
    if not viewer.unsettled and min((one.feed_id for one in shown), default=viewer.reaches) >= viewer.reaches:
        return {}
    unsettled = [one.post_id for one in shown if one.post_id in viewer.unsettled]
    wanted = [one.post_id for one in shown if one.post_id in viewer.unsettled or one.feed_id < viewer.reaches]
    if not wanted:
        return {}
    viewer.unsettled.difference_update(unsettled)
    try:
        acts, saved = await while_fresh(_read(viewer.id, wanted))
    except BaseException:
        viewer.unsettled.update(unsettled)
        raise
    mine = {one.post_id for one in shown if one.author_id == viewer.id}
    viewers.take_over(viewer, acts, saved, mine, unsettled)
    for post_id, act in acts.items():
        fragments.recount(post_id, act.stored)
    found: Acts = {}
    for post_id in wanted:
        own = Own(None, post_id in saved, post_id in mine)
        known = acts.get(post_id)
        found[post_id] = Read(own._replace(reaction=known.own.reaction), known.counts) if known else Read(own, None)
    return found


async def _read(viewer_id: int, post_ids: list[int]) -> tuple[dict[int, engagement.Act], set[int]]:
    async with db.read() as r:
        return await engagement.acts(r, viewer_id, post_ids), await posts.saved_among(r, viewer_id, post_ids)


def items(viewer: Viewer, shown: list[Fragment], acts: Acts) -> list[Any]:
    """The cards, most of them as they lie in memory."""
    own = viewer.own
    if acts or viewer.blocked:
        return [_item(viewer, one, acts.get(one.post_id)) for one in shown]
    return [_own_item(viewer, one, own[one.post_id]) if one.post_id in own else one.card for one in shown]


def _item(viewer: Viewer, one: Fragment, read: Read | None) -> Any:
    if read is not None:
        return _own_item(viewer, one, read.own, read.counts)
    return _own_item(viewer, one, viewer.own.get(one.post_id, NOTHING))


def _own_item(viewer: Viewer, one: Fragment, own: Own, counts: engagement.PostCounts | None = None) -> Any:
    return one.shown(viewer.id, counts, PostViewer(own.reaction, own.saved), viewer.blocked)
