"""From fragments to what is sent: the reader's own reactions spliced in, and one's own act added to the counts."""

from typing import Any

from tintype.cards import fragments
from tintype.cards.fragments import Fragment
from tintype.domains.engagement import reads as engagement
from tintype.domains.feed.reads import viewers
from tintype.domains.feed.reads.viewers import Viewer
from tintype.platform import db

Acts = dict[int, engagement.Act]


async def acts_of(viewer: Viewer, shown: list[Fragment]) -> Acts:
    """The reader's reactions that are not remembered, or that no count holds yet."""
    if not viewer.unsettled and min((one.feed_id for one in shown), default=viewer.reaches) >= viewer.reaches:
        return {}
    unsettled = [one.post_id for one in shown if one.post_id in viewer.unsettled]
    beyond = [one.post_id for one in shown if one.feed_id < viewer.reaches]
    if not unsettled and not beyond:
        return {}
    viewer.unsettled.difference_update(unsettled)
    try:
        async with db.read() as r:
            acts = await engagement.acts(r, viewer.id, unsettled + beyond)
    except BaseException:
        viewer.unsettled.update(unsettled)
        raise
    viewers.take_over(viewer, acts, unsettled)
    for post_id, act in acts.items():
        fragments.recount(post_id, act.stored)
    return acts


def items(viewer: Viewer, shown: list[Fragment], acts: Acts) -> list[Any]:
    """The cards, most of them as they lie in memory."""
    own, blocked = viewer.own, viewer.blocked
    if acts or blocked:
        return [_item(viewer, one, acts.get(one.post_id)) for one in shown]
    return [one.shown(None, own[one.post_id], blocked) if one.post_id in own else one.card for one in shown]


def _item(viewer: Viewer, one: Fragment, act: engagement.Act | None) -> Any:
    if act is not None:
        return one.shown(act.counts, act.own.reaction, viewer.blocked)
    return one.shown(None, viewer.own.get(one.post_id), viewer.blocked)
