"""What posts make of other domains' facts, and of their own."""

from tintype.domains.accounts.events import AccountRegistered, AccountRoleChanged, ProfileChanged
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
from tintype.platform.event_log.port import Event


async def media_finished(tx: Tx, batch: list[MediaReady | MediaRejected]) -> None:
    """Kind tx: posts whose last medium became ready are published, those with a rejected one fail."""
    for one in batch:
        await actions.media_finished(tx, one.media_id)


Counted = PostPublished | PostDeleted | PostRestored | PostRemoved | PostArchived | PostUnarchived


async def count_posts(tx: Tx, batch: list[Counted]) -> None:
    """Kind tx: post counts of accounts, one statement a batch."""
    await actions.count(tx, [one.post_id for one in batch])


# Facts about accounts that change nothing of who sees their posts.
QUIET = (AccountRegistered, ProfileChanged, AccountRoleChanged)


async def count_hashtags(tx: Tx, batch: list[Event]) -> None:
    """Kind tx: counts of hashtags follow what becomes of posts, of their captions, and of their authors' accounts."""
    posts = {one.post_id for one in batch if hasattr(one, "post_id")}
    authors = {one.account_id for one in batch if hasattr(one, "account_id") and not isinstance(one, QUIET)}
    if posts:
        await actions.count_hashtags(tx, sorted(posts))
    if authors:
        await actions.count_hashtags_of(tx, sorted(authors))
