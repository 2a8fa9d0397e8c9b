"""Hashtags and their posts."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from tintype.cards.post import Post
from tintype.cards.shown import ROUNDS, shown_to
from tintype.domains.posts.reads import hashtags as reads
from tintype.domains.posts.reads.hashtags import Hashtag
from tintype.platform import db, replicas
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import OUT_OF_RANGE, Invalid
from tintype.platform.paging import LARGEST_LIMIT, Page, place


@get("/hashtags/lookup", operation_id="lookupHashtags", public=True)
async def lookup(
    q: Annotated[str, QueryParameter(max_length=100)],
    limit: FromQuery[int] = 10,
) -> Page[Hashtag]:
    """Hashtags that begin so, those with the most posts first."""
    if not 1 <= limit <= LARGEST_LIMIT:
        raise Invalid.fields(limit=OUT_OF_RANGE(least=1, most=LARGEST_LIMIT))
    async with db.read() as r:
        return Page(await reads.lookup(r, q, limit))


@get("/hashtags/{name:str}", operation_id="getHashtag", public=True)
async def read(name: FromPath[str]) -> Hashtag:
    """A hashtag, also one that no post has. The one named lookup is read as `%23lookup`."""
    wanted = reads.folded(name)
    async with db.read() as r:
        return await reads.hashtag(r, wanted)


@get("/hashtags/{name:str}/posts", operation_id="listHashtagPosts", public=True)
async def posts(
    viewer: NamedDependency[Actor | None],
    name: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[Post]:
    """Public posts with a hashtag, newest first."""
    wanted, viewer_id = reads.folded(name), viewer.id if viewer else 0
    where = place(f"hashtag {wanted}", viewer_id, cursor, limit)
    before = where.after[0] if where.after else None
    shown: list[Any] = []
    for _ in range(ROUNDS):
        left = limit - len(shown)
        async with db.read() as r:
            found = await _posts(r, wanted, before, left + 1)
        taken, more = found[:left], len(found) > left
        shown += [item for _, item in await shown_to(viewer_id, [post_id for _, post_id in taken])]
        before = taken[-1][0] if taken else before
        if not more or len(shown) >= limit:
            return Page(shown, where.next(before) if more and before is not None else None)
    return Page(shown, where.next(before) if before is not None else None)


async def _posts(r: Reader, name: str, before: int | None, limit: int) -> list[tuple[int, int]]:
    return await replicas.aside(r, lambda copy: reads.posts(copy, name, before, limit))


ROUTES = [lookup, read, posts]
