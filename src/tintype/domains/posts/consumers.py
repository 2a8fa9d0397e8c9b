"""What posts make of other domains' facts, and of their own."""

from tintype.domains.media.events import MediaReady, MediaRejected
from tintype.domains.posts import actions
from tintype.domains.posts.events import (
    PostArchived,
    PostDeleted,
    PostPublished,
    PostRemoved,
    PostRestored,
    PostUnarchived,
)
from tintype.platform.db import Tx


async def media_finished(tx: Tx, batch: list[MediaReady | MediaRejected]) -> None:
    """Kind tx: posts whose last medium became ready are published, those with a rejected one fail."""
    for one in batch:
        await actions.media_finished(tx, one.media_id)


Counted = PostPublished | PostDeleted | PostRestored | PostRemoved | PostArchived | PostUnarchived


async def count_posts(tx: Tx, batch: list[Counted]) -> None:
    """Kind tx: post counts of accounts, one statement a batch."""
    await actions.count(tx, [one.post_id for one in batch])
