"""`tintype verify`: everything derived against the truth in the tables; differences are reported, and repaired.

The checks only compose what the domains read and do. A difference that is only the log's lag is none: where anything
differs, the log is given time to catch up, and only what then still differs is a finding.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import msgspec

from tintype.domains.accounts import reads as accounts
from tintype.domains.engagement import actions as engagement
from tintype.domains.engagement import reads as engaged
from tintype.domains.feed import actions as feed
from tintype.domains.feed import reads as feeds
from tintype.domains.feed.actions import exploring as heating
from tintype.domains.feed.reads import exploring
from tintype.domains.graph import actions as graph
from tintype.domains.graph import reads as follows
from tintype.domains.media import actions as media
from tintype.domains.media import reads as stored
from tintype.domains.posts import actions as posts
from tintype.domains.posts import reads as posted
from tintype.domains.posts.reads import hashtags
from tintype.entry.differences import Difference, Found
from tintype.entry.differences import then as _then
from tintype.entry.differences import walk as _walk
from tintype.entry.leftovers import gone
from tintype.entry.subscriptions import SUBSCRIPTIONS
from tintype.platform import db
from tintype.platform.db import Tx
from tintype.platform.event_log import admin
from tintype.platform.objects import port as objects
from tintype.platform.telemetry import DIFFERENCES

PATIENCE = 10.0


class Finding(msgspec.Struct, frozen=True):
    """One difference: of what kind and in what, what should be there and what is, and whether it was repaired."""

    kind: str
    subject: str
    expected: Any
    found: Any
    repaired: bool = False


class LogBehind(RuntimeError):
    """The log does not catch up, so that nothing derived can be judged."""


async def run(*, what: str | None = None, user: str | None = None, repair: bool = False) -> list[Finding]:
    """Every finding of one check (`feeds`, `graph`, `explore`, `counts`, `storage`, `orphans`, `events`), or of all.

    `user` (an id or @username) looks at one account's feed and counts only. Needs an open database, a node for ids
    and the timelines adapter, as `process.opened` gives them. Raises LogBehind, ValueError for an unknown check, and
    NotFound for an unknown user.
    """
    if what is not None and what not in CHECKS:
        raise ValueError(f"there is no check {what!r}, only {', '.join(CHECKS)}")
    only = None
    if user is not None:
        async with db.read() as r:
            only = (await accounts.find(r, user)).id
    suspects = {(one.kind, one.subject) for one in await _look(what, only)}
    if not suspects:
        return []
    if not await admin.wait(admin.topics_of(SUBSCRIPTIONS), PATIENCE):
        raise LogBehind("the log has not caught up: see `tintype log lag` and `tintype log dlq list`")
    lasting = [one for one in await _look(what, only) if (one.kind, one.subject) in suspects]
    for one in lasting:
        DIFFERENCES.labels(one.kind).inc()
    return [
        Finding(one.kind, one.subject, one.expected, one.found, repaired=repair and await _mended(one))
        for one in lasting
    ]


async def _mended(one: Difference) -> bool:
    """Each in a transaction of its own."""
    if one.mend is None:
        return False
    async with db.act(db.SYSTEM) as tx:
        await one.mend(tx)
    return True


async def _look(what: str | None, only: int | None) -> list[Difference]:
    checks = [what] if what else list(CHECKS)
    return [one for name in checks for check in CHECKS[name] async for one in check(only)]


async def _accounts(only: int | None) -> AsyncIterator[list[int]]:
    if only is not None:
        yield [only]
        return
    async for batch in _walk(feeds.readers, 0, int):
        yield batch


async def _feeds(only: int | None) -> Found:
    """Timelines, merged with own posts, are what SQL defines a home feed to be."""
    async for readers in _accounts(only):
        for reader in readers:
            async with db.read() as r:
                found = await feeds.difference(r, reader)
            for one in found.missing:
                mend = partial(_repair_feed, reader, feeds.Difference([one], [], []))
                yield Difference("feed.missing", f"account {reader} post {one.post_id}", "in the feed", "not", mend)
            if found.cut_off:
                mend = partial(_repair_feed, reader, feeds.Difference([], [], [], cut_off=True))
                yield Difference("feed.cut_off", f"account {reader}", "pushed to", "not", mend)
            for one in found.foreign:
                mend = partial(_repair_feed, reader, feeds.Difference([], [one], []))
                yield Difference("feed.foreign", f"account {reader} post {one.post_id}", "not in the feed", "is", mend)


async def _orphaned_entries(only: int | None) -> Found:
    async for readers in _accounts(only):
        for reader in readers:
            async with db.read() as r:
                found = await feeds.difference(r, reader)
            for one in found.orphaned:
                mend = partial(_repair_feed, reader, feeds.Difference([], [], [one]))
                yield Difference("orphan.entry", f"account {reader} post {one.post_id}", "a post", None, mend)


async def _repair_feed(reader: int, difference: feeds.Difference, _: Tx) -> None:
    await feed.repair(reader, difference)


async def _follow_counts(only: int | None) -> Found:
    async for batch in _accounts(only):
        async with db.read() as r:
            wrong = [one for one in await follows.follow_counts(r, batch) if not one.right]
        for one in wrong:
            expected = {"followers": one.followers, "following": one.following}
            stored = {"followers": one.stored_followers, "following": one.stored_following}
            mend = partial(_then, graph.recount, one.account_id)
            yield Difference("count.follows", f"account {one.account_id}", expected, stored, mend)


async def _post_counts(only: int | None) -> Found:
    async for batch in _accounts(only):
        async with db.read() as r:
            wrong = [one for one in await posted.post_counts(r, batch) if one.posts != one.stored_posts]
        for one in wrong:
            mend = partial(_then, posts.recount, one.account_id)
            yield Difference("count.posts", f"account {one.account_id}", one.posts, one.stored_posts, mend)


async def _engagement_counts(only: int | None) -> Found:
    if only is not None:
        return
    async for batch in _walk(engaged.post_tallies, 0, lambda one: one.post_id):
        for one in batch:
            if not one.right:
                mend = partial(_then, engagement.recount_post, one.post_id)
                rows, stored = one.sides()
                yield Difference("count.post", f"post {one.post_id}", rows, stored, mend)
    async for batch in _walk(engaged.comment_tallies, 0, lambda one: one.comment_id):
        for one in batch:
            if not one.right:
                mend = partial(_then, engagement.recount_comment, one.comment_id)
                rows, stored = one.sides()
                yield Difference("count.comment", f"comment {one.comment_id}", rows, stored, mend)


async def _counts_at_hand(only: int | None) -> Found:
    """What every process has at hand, in Redis, is what is stored."""
    if only is not None:
        return
    async for batch in _walk(engaged.posts_at_hand, 0, lambda one: one.post_id):
        for one in batch:
            if not one.right:
                mend = partial(_then, engagement.recount_post, one.post_id)
                stored, found = msgspec.to_builtins((one.stored, one.at_hand))
                yield Difference("count.at_hand", f"post {one.post_id}", stored, found, mend)


async def _hashtag_counts(only: int | None) -> Found:
    if only is not None:
        return
    async for batch in _walk(hashtags.uncounted, (0, ""), tuple):
        for post_id, tag in batch:
            mend = partial(_count_hashtag, post_id, tag)
            yield Difference("uncounted.hashtag", f"post {post_id} hashtag {tag}", "as it is", "not", mend)
    async for batch in _walk(hashtags.tallies, "", lambda one: one.tag):
        for one in batch:
            if one.posts != one.stored:
                mend = partial(_recount_hashtag, one.tag)
                yield Difference("count.hashtag", f"hashtag {one.tag}", one.posts, one.stored, mend)


async def _count_hashtag(post_id: int, tag: str, tx: Tx) -> None:
    await posts.count_hashtags(tx, [post_id])
    await posts.recount_hashtag(tx, tag)


async def _recount_hashtag(tag: str, tx: Tx) -> None:
    await posts.recount_hashtag(tx, tag)


async def _explored(only: int | None) -> Found:
    """What is found by exploring, and in which order."""
    if only is not None:
        return
    async for batch in _walk(exploring.heats, 0, lambda one: one.post_id):
        for one in batch:
            if not one.right:
                mend = partial(_heat, one.post_id)
                yield Difference("explore.heat", f"post {one.post_id}", one.heat, one.stored, mend)


async def _heat(post_id: int, tx: Tx) -> None:
    await heating.heat(tx, [post_id])


async def _uncounted(only: int | None) -> Found:
    """Rows whose mark says otherwise than the row: counted again as their consumer does, then the counts are set."""
    if only is not None:
        return
    kinds: list[tuple[str, Any, Any, Any]] = [
        ("follow", follows.uncounted, (0, 0), _count_follow),
        ("post", posted.uncounted, 0, _count_post),
        ("reaction", engaged.uncounted_reactions, (0, 0), _count_reaction),
        ("share", engaged.uncounted_shares, (0, 0), _count_share),
        ("comment", engaged.uncounted_comments, 0, _count_comment),
        ("comment_reaction", engaged.uncounted_comment_reactions, (0, 0), _count_comment_reaction),
    ]
    for kind, find, start, count in kinds:
        async for batch in _walk(find, start, tuple if start else lambda one: one[0]):
            for one in batch:
                subject = " ".join(str(part) for part in one if part is not None)
                yield Difference(f"uncounted.{kind}", f"{kind} {subject}", "as it is", "not", partial(count, one))


async def _count_follow(pair: tuple[int, int], tx: Tx) -> None:
    await graph.count(tx, [pair])
    for account_id in sorted(pair):
        await graph.recount(tx, account_id)


async def _count_post(found: tuple[int, int], tx: Tx) -> None:
    post_id, author_id = found
    await posts.count(tx, [post_id])
    await posts.recount(tx, author_id)


async def _count_reaction(pair: tuple[int, int], tx: Tx) -> None:
    await engagement.count_reactions(tx, [pair])
    await engagement.recount_post(tx, pair[1])


async def _count_share(pair: tuple[int, int], tx: Tx) -> None:
    await engagement.count_shares(tx, [pair])
    await engagement.recount_post(tx, pair[1])


async def _count_comment(found: tuple[int, int, int | None], tx: Tx) -> None:
    comment_id, post_id, parent_id = found
    await engagement.count_comments(tx, [comment_id])
    await engagement.recount_post(tx, post_id)
    await engagement.recount_comment(tx, parent_id or comment_id)


async def _count_comment_reaction(pair: tuple[int, int], tx: Tx) -> None:
    await engagement.count_comment_reactions(tx, [pair])
    await engagement.recount_comment(tx, pair[1])


async def _orphans(only: int | None) -> Found:
    """Rows whose other half is gone."""
    if only is not None:
        return
    async for batch in _walk(posted.lost_places, (0, 0), lambda row: (row["post_id"], row["n"])):
        for row in batch:
            missing = "a medium" if row["has_post"] else "a post"
            mend = partial(_forget_place, row["post_id"], row["n"])
            yield Difference("orphan.place", f"post {row['post_id']} medium {row['media_id']}", missing, None, mend)
    async for batch in _walk(posted.lost_media, 0, int):
        for media_id in batch:
            yield Difference("orphan.media", f"medium {media_id}", "a post", None, partial(_purge_medium, media_id))
    async for batch in _walk(engaged.without_post, 0, int):
        for post_id in batch:
            mend = partial(_then, engagement.purge_post, post_id)
            yield Difference("orphan.engagement", f"post {post_id}", "a post", None, mend)
    async for batch in _walk(posted.unready_media, 0, lambda row: row["media_id"]):
        for row in batch:
            again = row["status"] in {"uploaded", "processing"}
            subject = f"post {row['post_id']} medium {row['media_id']}"
            retry = partial(_process_again, row["media_id"]) if again else None
            yield Difference("orphan.unready", subject, "ready", row["status"], retry)


async def _storage(only: int | None) -> Found:
    """What media take by their rows, which storage is counted by, is what the store holds of them."""
    if only is not None:
        return
    store = objects.store()
    async for batch in _walk(stored.weighed, 0, lambda one: one.id):
        for one in batch:
            there = await store.sizes(objects.files_prefix(one.id))
            upload = await store.stat(objects.upload_key(one.id))
            expected = [(upload.size if upload else 0), sum(there.get(name, 0) for name in one.files)]
            if expected != [one.size or 0, one.made]:
                mend = partial(media.weigh, media_id=one.id, upload=expected[0], sizes=there)
                yield Difference("storage.media", f"medium {one.id}", expected, [one.size or 0, one.made], mend)


async def _avatars(only: int | None) -> Found:
    """What accounts are shown with is there, under that address."""
    async for batch in _walk(stored.wrong_avatars, 0, lambda one: one.id):
        for one in batch:
            if only in (None, one.id):
                mend = partial(_mend_avatar, one.id)
                yield Difference("accounts.avatar", f"account {one.id}", one.expected, one.shown, mend)


async def _mend_avatar(account_id: int, tx: Tx) -> None:
    await media.mend_avatar(tx, account_id)


async def _forget_place(post_id: int, n: int, tx: Tx) -> None:
    await posts.forget_place(tx, post_id, n)


async def _purge_medium(media_id: int, tx: Tx) -> None:
    await media.mark_purge(tx, [media_id])


async def _process_again(media_id: int, tx: Tx) -> None:
    await media.process_again(tx, media_id)


async def _events(only: int | None) -> Found:
    """Posts that an event should have moved on."""
    if only is not None:
        return
    async for batch in _walk(posted.lost, 0, lambda one: one[0]):
        for post_id, why in batch:
            if why == "undelivered":
                mend = partial(_plan, post_id)
                yield Difference("event.undelivered", f"post {post_id}", "a fan-out", None, mend)
            else:
                mend = partial(_then, posts.try_publish, post_id)
                yield Difference("event.unpublished", f"post {post_id}", "published", "processing", mend)


async def _plan(post_id: int, tx: Tx) -> None:
    await feed.plan(tx, [post_id])


async def _graph(only: int | None) -> Found:
    """Marks of mutes on follows, and follows that a block should have ended."""
    if only is not None:
        return
    async for batch in _walk(follows.mutes_unlike_follows, (0, 0), tuple):
        for muter, muted in batch:
            mend = partial(_both, graph.mark_muted, muter, muted)
            yield Difference("graph.muted", f"follow {muter} {muted}", "marked as mutes says", "not", mend)
    async for batch in _walk(follows.follows_between_blocked, (0, 0), tuple):
        for blocker, blocked in batch:
            mend = partial(_both, graph.end_between, blocker, blocked)
            yield Difference("graph.blocked", f"block {blocker} {blocked}", "no follows between them", "some", mend)


async def _both(act: Callable[[Tx, int, int], Awaitable[object]], one: int, other: int, tx: Tx) -> None:
    await act(tx, one, other)


CHECKS: dict[str, list[Callable[[int | None], Found]]] = {
    "events": [_events],
    "feeds": [_feeds],
    "graph": [_graph],
    "explore": [_explored],
    "counts": [_uncounted, _follow_counts, _post_counts, _engagement_counts, _counts_at_hand, _hashtag_counts],
    "storage": [_storage],
    "orphans": [_orphans, _orphaned_entries, _avatars, gone],
}
