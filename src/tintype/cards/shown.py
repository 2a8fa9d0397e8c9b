"""Posts as one viewer sees them, outside the home feed: from fragments where the view is fresh, else from rows."""

from collections.abc import Sequence
from typing import Any

from tintype.cards import fragments
from tintype.cards import post as card
from tintype.cards.fragments import Fragment
from tintype.cards.post import PostViewer
from tintype.domains.engagement import reads as engagement
from tintype.domains.graph import reads as graph
from tintype.domains.posts import reads as posts
from tintype.platform import db
from tintype.platform.event_log.tail import age_of_view

FRESH_SECONDS = 1.0
ROUNDS = 8


async def shown_to(viewer_id: int, post_ids: Sequence[int], author_id: int | None = None) -> list[tuple[int, Any]]:
    """(post, card) of those of these that are public, and that this viewer may see; hidden last, by fresh rows.

    With `author_id` those of this one author, whom the caller has found this viewer may see: then private ones too.
    """
    if age_of_view() <= FRESH_SECONDS:
        found = [one for one in await fragments.fetched(post_ids) if author_id or not one.author_private]
        shown = await _presented(viewer_id, found) if viewer_id else [(one.post_id, one.signed_out()) for one in found]
        if fragments.are_current(found):
            return shown
    async with db.read() as r:
        cards = await card.show(r, viewer_id, post_ids)
    return [
        (int(one.post_id), one)
        for one in cards
        if one.status == "published" and (author_id or not one.author.is_private)
    ]


async def _presented(viewer_id: int, found: list[Fragment]) -> list[tuple[int, Any]]:
    people = frozenset[int]().union(*(one.people for one in found))
    async with db.read() as r:
        blocked = frozenset(await graph.among_blocked(r, viewer_id, people))
        seen = [one for one in found if one.author_id not in blocked]
        ids = [one.post_id for one in seen]
        acts = await engagement.acts(r, viewer_id, ids)
        saved = await posts.saved_among(r, viewer_id, ids)
    shown: list[tuple[int, Any]] = []
    for one in seen:
        act = acts.get(one.post_id)
        did = PostViewer(act.own.reaction if act else None, saved=one.post_id in saved)
        shown.append((one.post_id, one.shown(viewer_id, act.counts if act else None, did, blocked)))
    return shown
