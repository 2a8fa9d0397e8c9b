"""The fan-out: planned in chunks in the log's transaction, delivered to timelines."""

from itertools import pairwise

from tintype.domains.feed.events import FanOutPlanned
from tintype.domains.feed.reads.truth import Difference
from tintype.domains.graph import reads as graph
from tintype.domains.posts import actions as posts
from tintype.domains.posts import reads
from tintype.platform import db
from tintype.platform.db import Reader, Tx
from tintype.platform.event_log.port import publish
from tintype.platform.timelines.port import Entry, timelines

CHUNK = 2_500
A_BATCH = 1_000


async def plan(tx: Tx, post_id: int, chunk: int = CHUNK) -> None:
    """Plan a published post's fan-out. The ranges cover every id, so that who follows meanwhile is in one of them."""
    post = (await reads.by_ids(tx, [post_id])).get(post_id)
    if post is None or post.status != "published" or post.feed_id is None:
        return
    await posts.set_delivery(tx, post_id, "push")
    for one in await _chunks(tx, post, post.feed_id, chunk):
        await publish(tx, one)


async def _chunks(r: Reader, post: reads.PostRow, feed_id: int, size: int = CHUNK) -> list[FanOutPlanned]:
    """The fan-out of a post, in ranges of follower ids that together cover every id."""
    starts = await graph.chunk_starts(r, post.author_id, size)
    return [
        FanOutPlanned(chunk=post.id + n, post_id=post.id, feed_id=feed_id, author_id=post.author_id, low=low, high=high)
        for n, (low, high) in enumerate(zip(starts, [*starts[1:], None], strict=True))
    ]


async def deliver(chunk: FanOutPlanned) -> None:
    """Put a post into the timelines of one chunk of followers; nothing, if it is gone by now."""
    async with db.read() as r:
        post = (await reads.by_ids(r, [chunk.post_id])).get(chunk.post_id)
        if post is None or post.status != "published":
            return
        readers = await graph.followers_between(r, chunk.author_id, chunk.low, chunk.high)
    if readers:
        await timelines().deliver(readers, Entry(chunk.feed_id, chunk.post_id, chunk.author_id))


async def follow_up(follower_id: int, followee_id: int) -> None:
    """Bring a timeline in line with a follow as it is now: all of the followee's posts come, or go.

    The follow committed before this reads posts, and a fan-out reads followers after its post committed: one of the two
    always sees the other.
    """
    async with db.read() as r:
        follows = await graph.is_following(r, follower_id, followee_id)
    if not follows:
        await timelines().remove_author(follower_id, followee_id)
        return
    before: int | None = None
    while True:
        async with db.read() as r:
            found = await reads.published_by(r, followee_id, before, A_BATCH)
        await timelines().add(follower_id, [Entry(feed_id, post_id, followee_id) for feed_id, post_id in found])
        if len(found) < A_BATCH:
            return
        before = found[-1][0]


async def restore(post_id: int) -> None:
    """A deletion was taken back: a fan-out that came meanwhile skipped the post, so it is delivered again."""
    async with db.read() as r:
        post = (await reads.by_ids(r, [post_id])).get(post_id)
        if post is None or post.feed_id is None:
            return
        chunks = await _chunks(r, post, post.feed_id)
    for one in chunks:
        await deliver(one)


async def forget(post_id: int) -> None:
    """Take a post that is to be purged out of the timelines of all who follow its author."""
    async with db.read() as r:
        row = await r.row(AUTHOR_AND_FEED_ID, post_id)
        if row is None or row["feed_id"] is None:
            return
        starts = await graph.chunk_starts(r, row["author_id"], CHUNK)
    for low, high in pairwise([*starts, None]):
        assert low is not None
        async with db.read() as r:
            readers = await graph.followers_between(r, row["author_id"], low, high)
        await timelines().remove_post(readers, row["feed_id"])


async def repair(user_id: int, found: Difference) -> None:
    """Make a timeline what it should be."""
    for one in [*found.foreign, *found.orphaned]:
        await timelines().remove_post([user_id], one.feed_id)
    await timelines().add(user_id, found.missing)


AUTHOR_AND_FEED_ID = """
-- feed: where a post stands in timelines
select author_id, feed_id from posts where id = $1
"""
