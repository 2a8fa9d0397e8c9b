"""Who reacted to a post, newest first."""

from tintype.platform.db import Reader
from tintype.platform.paging import Page, Place


async def likers(r: Reader, post_id: int, where: Place, reaction: str | None = None) -> Page[tuple[int, str]]:
    """(account, reaction) of a post, newest first; only of one kind where `reaction` says so."""
    after = where.after[0] if where.after else None
    rows = await r.rows(LIKERS, post_id, after, where.limit + 1, where.viewer, reaction)
    page = where.page(rows, lambda row: (row["reaction_id"],))
    return page.map(lambda kept: [(row["user_id"], row["reaction"]) for row in kept])


async def likers_now(r: Reader, viewer_id: int, post_id: int, page: Page[tuple[int, str]]) -> Page[tuple[int, str]]:
    """A page that may be a moment old, as it is now: without what was taken back since, and whom a block hides."""
    rows = await r.rows(LIKERS_NOW, [account_id for account_id, _ in page.items], post_id, viewer_id)
    now = {row["user_id"]: row["reaction"] for row in rows}
    return page.map(lambda kept: [(one, now[one]) for one, _ in kept if one in now])


LIKERS_NOW = """
-- engagement: how some accounts react to a post now
select user_id, reaction from reactions
where user_id = any($1::bigint[]) and post_id = $2 and reaction is not null and not is_blocked($3, user_id)
"""

LIKERS = """
-- engagement: a page of who reacted to a post
select r.user_id, r.reaction, r.reaction_id from reactions r join live_accounts a on a.id = r.user_id
where r.post_id = $1 and r.reaction is not null and ($2::bigint is null or r.reaction_id < $2)
  and ($5::text is null or r.reaction = $5) and not is_blocked($4, r.user_id)
order by r.reaction_id desc limit $3
"""
