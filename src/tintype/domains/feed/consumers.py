"""From a published post to the timelines of its author's followers."""

from tintype.domains.accounts.events import AccountRegistered, AccountRoleChanged, ProfileChanged, ProfileVisited
from tintype.domains.engagement.events import CommentChanged, ReactionChanged
from tintype.domains.feed import actions
from tintype.domains.feed.actions import connections, exploring
from tintype.domains.feed.actions.connections import Act
from tintype.domains.feed.events import FanOutPlanned, ViewsRecorded
from tintype.domains.graph.events import FollowChanged, MuteChanged
from tintype.domains.posts.events import PostPublished
from tintype.platform.db import Tx
from tintype.platform.event_log.port import Event


async def plan_fan_out(tx: Tx, batch: list[PostPublished]) -> None:
    """Kind tx: how posts are delivered, and their chunks, commit with the position."""
    await actions.plan(tx, [one.post_id for one in batch])


async def deliver(batch: list[FanOutPlanned]) -> None:
    """Kind state: an entry that is there already stays as it is."""
    await actions.deliver(batch)


async def follow_up(batch: list[FollowChanged | MuteChanged]) -> None:
    """Kind state: timelines follow what the graph says now. A block has ended the follows, each a fact of its own."""
    await actions.follow_up(
        (one.follower_id, one.followee_id) if isinstance(one, FollowChanged) else (one.muter_id, one.muted_id)
        for one in batch
    )


async def connect_engaged(tx: Tx, batch: list[ReactionChanged | CommentChanged]) -> None:
    """Kind tx: likes and comments, and those taken back, bring a reader closer to an author or less close."""
    reactions = [one for one in batch if isinstance(one, ReactionChanged)]
    likes = [(o.user_id, o.post_id, (o.reaction is not None) - (o.before is not None)) for o in reactions]
    await connections.add_likes(tx, [one for one in likes if one[2]])
    comments = [one for one in batch if isinstance(one, CommentChanged)]
    await connections.add_comments(tx, [(one.comment_id, -1 if one.deleted else 1) for one in comments])


# Facts about accounts that change nothing of who sees their posts.
QUIET = (AccountRegistered, ProfileChanged, AccountRoleChanged)


async def heat(tx: Tx, batch: list[Event]) -> None:
    """Kind tx: what is explored follows the counts of posts, what becomes of posts, and their authors' accounts."""
    posts = {one.post_id for one in batch if hasattr(one, "post_id")}
    authors = {one.account_id for one in batch if hasattr(one, "account_id") and not isinstance(one, QUIET)}
    if posts:
        await exploring.heat(tx, sorted(posts))
    if authors:
        await exploring.heat_of(tx, sorted(authors))


async def connect_viewed(tx: Tx, batch: list[ViewsRecorded | ProfileVisited]) -> None:
    """Kind tx: visits of profiles and time spent with posts do so too."""
    acts = [Act(one.visitor_id, one.account_id, visits=1) for one in batch if isinstance(one, ProfileVisited)]
    for one in batch:
        if isinstance(one, ViewsRecorded):
            acts += [Act(one.user_id, author, dwell=ms / 60_000) for author, ms in one.dwell_ms.items()]
    await connections.add(tx, acts)
