"""Posts to be ranked: what the features need of them, and nothing that is only shown."""

from collections.abc import Sequence

from tintype.domains.feed.rules.ranking import Candidates
from tintype.platform.db import Reader

COLUMNS = ("post_id", "feed_id", "author_id", "type", "likes", "comments", "shares")


async def candidates(r: Reader, post_ids: Sequence[int]) -> Candidates:
    """Those of these posts that are published, as columns."""
    rows = await r.rows(CANDIDATES, list(post_ids))
    return Candidates.of(*([row[name] for row in rows] for name in COLUMNS))


CANDIDATES = """
-- feed: what ranking needs of some posts
select p.id as post_id, p.feed_id, p.author_id, p.type, coalesce(c.likes, 0) as likes,
  coalesce(c.comments, 0) as comments, coalesce(c.shares, 0) as shares
from live_posts p left join post_counts c on c.post_id = p.id
where p.id = any($1::bigint[]) and p.status = 'published' and p.feed_id is not null
"""
