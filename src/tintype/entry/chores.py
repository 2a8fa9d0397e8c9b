"""Work that spans several domains: final deletion, in the order engagement, posts, media; and keeping the log small."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tintype.domains.accounts import actions as accounts
from tintype.domains.engagement import actions as engagement
from tintype.domains.engagement.actions import erasing as engagement_erasing
from tintype.domains.engagement.actions.partitions import COMMENTS, REACTIONS
from tintype.domains.feed import actions as feed
from tintype.domains.feed.actions import connections, exploring
from tintype.domains.feed.actions import erasing as feed_erasing
from tintype.domains.feed.actions.impressions import IMPRESSIONS
from tintype.domains.graph.actions import erasing as graph_erasing
from tintype.domains.media.actions import erasing as media_erasing
from tintype.domains.posts import actions as posts
from tintype.domains.posts.actions import erasing as posts_erasing
from tintype.entry import erased
from tintype.platform import db, partitions
from tintype.platform.config import Settings
from tintype.platform.event_log import admin
from tintype.platform.jobs.port import enqueue
from tintype.platform.objects import keeping

ERASE_AGAIN, ERASE_LAST = timedelta(seconds=5), timedelta(minutes=10)
ERASING = [engagement_erasing, posts_erasing, media_erasing, graph_erasing, feed_erasing]
PARTITIONED = [REACTIONS, COMMENTS, IMPRESSIONS]

Topics = Mapping[str, Sequence[str]]

_keep_log = timedelta(days=7)
_topics: Topics = {}
_is_relayed = False


def use(settings: Settings, topics: Topics) -> None:
    """How long the log is kept, and which groups handle it."""
    global _keep_log, _topics, _is_relayed
    _keep_log, _topics = timedelta(days=settings.log_keep_days), topics
    _is_relayed = bool(settings.kafka_url)


async def purge_post(payload: dict[str, Any]) -> None:
    """A deletion that was not taken back becomes final: timelines, engagement, the post, then its files."""
    post_id = int(payload["post_id"])
    async with db.act(db.SYSTEM) as tx:
        if not await posts.lock_deleted(tx, post_id):
            return
    await erased.remember("posts", [post_id])
    await feed.forget(post_id)
    async with db.act(db.SYSTEM) as tx:
        if not await posts.lock_deleted(tx, post_id):
            return
        await engagement.purge_post(tx, post_id)
        await posts.purge(tx, post_id)


async def erase_account(payload: dict[str, Any]) -> None:
    """The week in which one may think again is over: everything of an account goes, domain by domain.

    Each says what of it is left, since counts of others follow by the log first; while there is any, this comes again,
    and once more when the account is gone, for what consumers of the log wrote that were late.
    """
    account_id, again = int(payload["account_id"]), bool(payload.get("again"))
    async with db.act(db.SYSTEM) as tx:
        if not again and not await accounts.erase_begin(tx, account_id):
            return
    await erased.remember("accounts", [account_id])
    left = 0
    for domain in ERASING:
        async with db.act(db.SYSTEM) as tx:
            left += await domain.erase(tx, account_id)
    async with db.act(db.SYSTEM) as tx:
        if left:
            await enqueue(tx, "accounts.erase", {"account_id": account_id, "again": again}, delay=ERASE_AGAIN)
        elif not again:
            await accounts.erase(tx, account_id)
            await enqueue(tx, "accounts.erase", {"account_id": account_id, "again": True}, delay=ERASE_LAST)


async def drop_old_log() -> None:
    """Drop partitions of the log that are old and that nobody needs; not while a backup reads them."""
    if await keeping.is_kept():
        return
    async with db.act(db.SYSTEM) as tx:
        await admin.drop_old(tx, _topics, _keep_log)


async def measure_lag() -> None:
    """Set the gauges of the log's lag."""
    async with db.read() as r:
        await admin.measure(r, _topics, is_relayed=_is_relayed)


async def reckon_explored() -> None:
    """After the half-life of exploring was changed: the heat of every post anew, some at a time."""
    reckoned = 1
    while reckoned:
        async with db.act(db.SYSTEM) as tx:
            reckoned = await exploring.heat_otherwise(tx)


async def keep_closest() -> None:
    """Trim top connections."""
    reader: int | None = 0
    while reader is not None:
        async with db.act(db.SYSTEM) as tx:
            reader = await connections.trim(tx, reader)


async def keep_partitions() -> None:
    """Partitions that will be needed are made, and what is old enough is dropped; not while a backup reads them."""
    if await keeping.is_kept():
        return
    for one in PARTITIONED:
        await partitions.keep_up(one)


async def forget_expired() -> None:
    """Rows that only had to live for a while: idempotency keys, rate windows, used links, old sessions."""
    async with db.act(db.SYSTEM) as tx:
        for statement in EXPIRED:
            await tx.run(statement)
        gone = await engagement.due_comments(tx)
    await erased.remember("comments", gone)
    async with db.act(db.SYSTEM) as tx:
        await engagement.purge_comments(tx, gone)


EXPIRED = [
    "-- entry: answers kept for repeated requests\n"
    "delete from idempotency_keys where created_at < clock_timestamp() - interval '24 hours'",
    "-- entry: rate windows that are over\n"
    "delete from rate_windows where starts_at < clock_timestamp() - interval '2 days'",
    "-- entry: invitations that ran out\ndelete from invites where expires_at < clock_timestamp() - interval '30 days'",
    "-- entry: reset links that ran out\n"
    "delete from reset_links where expires_at < clock_timestamp() - interval '7 days'",
    "-- entry: links to addresses that ran out\n"
    "delete from email_links where expires_at < clock_timestamp() - interval '7 days'",
    "-- entry: ways in that nobody went to the end\ndelete from ways_in where expires_at < clock_timestamp()",
    "-- entry: sessions that ended\n"
    "delete from sessions where expires_at < clock_timestamp() - interval '7 days'\n"
    "or revoked_at < clock_timestamp() - interval '7 days'",
    "-- entry: usernames that are free again\n"
    "delete from usernames where released_at < clock_timestamp() - interval '14 days'",
]
