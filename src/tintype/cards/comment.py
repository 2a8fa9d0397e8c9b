"""Comments as the API shows them."""

from collections.abc import Sequence

import msgspec

from tintype.cards import account as account_card
from tintype.domains.accounts import reads as accounts
from tintype.domains.accounts.reads import Account
from tintype.domains.engagement import reads as engagement
from tintype.domains.graph import reads as graph
from tintype.domains.posts import rules as post_rules
from tintype.platform import clock
from tintype.platform.db import Reader


class CommentViewer(msgspec.Struct, frozen=True):
    """What the viewer has done and may do with a comment."""

    reaction: str | None
    can_delete: bool


class Comment(msgspec.Struct, frozen=True):
    """A comment as api.md gives it."""

    comment_id: str
    post_id: str
    parent_id: str | None
    author: Account
    text: str
    mentions: list[Account]
    like_count: int
    reaction_counts: dict[str, int]
    reply_count: int
    created_at: str
    edited_at: str | None
    viewer: CommentViewer | None


async def show(r: Reader, viewer_id: int, rows: Sequence[engagement.CommentRow], post_author_id: int) -> list[Comment]:
    """Comments of one post, whose viewer may see it; those of accounts that are gone are left out."""
    named = {row.id: post_rules.mentions(row.text)[: post_rules.MENTIONS] for row in rows}
    by_name = await _mentioned(r, viewer_id, {name for names in named.values() for name in names})
    people = await account_card.accounts(r, {row.author_id for row in rows} | set(by_name.values()))
    counts = await engagement.comment_counts(r, [row.id for row in rows])
    own = await engagement.own_comment_reactions(r, viewer_id, [row.id for row in rows]) if viewer_id else {}
    shown = []
    for row in rows:
        if row.author_id not in people:
            continue
        may_delete = viewer_id in {row.author_id, post_author_id}
        mine = own.get(row.id, engagement.NO_REACTION)
        shown.append(
            Comment(
                comment_id=str(row.id),
                post_id=str(row.post_id),
                parent_id=None if row.parent_id is None else str(row.parent_id),
                author=people[row.author_id],
                text=row.text,
                mentions=[people[by_name[name]] for name in named[row.id] if by_name.get(name) in people],
                like_count=counts[row.id].likes + mine.likes_delta,
                reaction_counts=mine.merged(counts[row.id].reactions),
                reply_count=counts[row.id].replies,
                created_at=clock.iso(row.created_at),
                edited_at=None if row.edited_at is None else clock.iso(row.edited_at),
                viewer=CommentViewer(mine.reaction, may_delete) if viewer_id else None,
            )
        )
    return shown


async def _mentioned(r: Reader, viewer_id: int, names: set[str]) -> dict[str, int]:
    """Who these names are now, without those that have blocked the viewer or are blocked by the viewer."""
    found = await accounts.ids_by_username(r, names) if names else {}
    blocked = await graph.among_blocked(r, viewer_id, found.values())
    return {name: account_id for name, account_id in found.items() if account_id not in blocked}
