"""Whom and what a post names: hashtags and people in its caption, people in its pictures."""

from collections.abc import Sequence
from typing import Any

from tintype.domains.accounts import reads as accounts
from tintype.domains.graph import reads as graph
from tintype.domains.posts import rules
from tintype.domains.posts.actions.hashtags import name_hashtags
from tintype.platform import ids
from tintype.platform.db import Actor, Tx


async def tags(tx: Tx, actor: Actor, given: Sequence[rules.TagGiven]) -> list[dict[str, Any]]:
    """The tags as they are stored, without people who are gone or may not be named."""
    places = [(ids.parse(one.user_id), one) for one in given]
    if not places:
        return []
    people = [user_id for user_id, _ in places]
    named = set(await accounts.by_ids(tx, people)) - await graph.among_blocked(tx, actor.id, people)
    return [
        {"user_id": str(user_id), "x": one.x, "y": one.y, "n": one.n} for user_id, one in places if user_id in named
    ]


async def name(tx: Tx, author_id: int, post_id: int, caption: str) -> None:
    """What the caption names: hashtags, and people who exist and have no block between them and the author."""
    await name_hashtags(tx, post_id, rules.hashtags(caption))
    people = await mentioned(tx, author_id, caption)
    await tx.run(DROP_MENTIONS, post_id, people)
    await tx.run(INSERT_MENTIONS, post_id, people)


async def mentioned(tx: Tx, author_id: int, caption: str) -> list[int]:
    """The people whom the caption names, without those who have a block between them and the author."""
    people = set((await accounts.ids_by_username(tx, rules.mentions(caption))).values())
    return sorted(people - await graph.among_blocked(tx, author_id, people))


DROP_MENTIONS = """
-- posts: people whom the caption no longer names
delete from post_mentions where post_id = $1 and account_id <> all($2::bigint[])
"""

INSERT_MENTIONS = """
-- posts: the people of its caption
insert into post_mentions (post_id, account_id) select $1, unnest($2::bigint[]) on conflict do nothing
"""
