"""Whose posts are pulled: so many follow them that much of what is read is theirs."""

from tintype.platform.db import Reader


async def popular(r: Reader) -> frozenset[int]:
    """The accounts that are popular now."""
    return frozenset(row["author_id"] for row in await r.rows(POPULAR))


POPULAR = """
-- feed: authors whose posts are pulled
select author_id from author_delivery where has_pull and mode = 'pull'
"""
