"""The home feed."""

from typing import Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from tintype.cards import post as card
from tintype.cards.post import Post
from tintype.domains.feed import reads
from tintype.domains.graph import reads as graph
from tintype.platform import db
from tintype.platform.db import Actor, Reader
from tintype.platform.paging import Page, place

ROUNDS = 8


Order = Literal["latest"]


@get("/feed/home", operation_id="homeFeed")
async def home(
    actor: NamedDependency[Actor],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
    order: FromQuery[Order] = "latest",
) -> Page[Post]:
    """Own and followed posts, newest first; one's own that are not yet published stand first."""
    return await _home(actor, cursor, limit, order)


@get("/feed", operation_id="homeFeedAlias", include_in_schema=False)
async def home_alias(
    actor: NamedDependency[Actor],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
    order: FromQuery[Order] = "latest",
) -> Page[Post]:
    """The same as `/feed/home`."""
    return await _home(actor, cursor, limit, order)


async def _home(actor: Actor, cursor: str | None, limit: int, order: Order) -> Page[Post]:
    where = place(f"home {order}", actor.id, cursor, limit, width=3)
    shown: list[Post] = []
    after = where.after
    for _ in range(ROUNDS):
        skeleton = await reads.home_skeleton(actor.id, after, limit - len(shown))
        async with db.read() as r:
            shown += await _visible(r, actor.id, [post_id for post_id, _ in skeleton.posts])
        after = skeleton.posts[-1][1] if skeleton.posts else after
        if not skeleton.more or len(shown) >= limit:
            break
    return Page(shown, where.next(*after) if skeleton.more and after else None)


async def _visible(r: Reader, viewer_id: int, post_ids: list[int]) -> list[Post]:
    """Hydrate, hide, present: what is still followed, and still visible, at this very moment."""
    found = await card.hide(r, viewer_id, await card.hydrate(r, post_ids))
    follows = await graph.followed_among(r, viewer_id, {one.row.author_id for one in found})
    kept = [one for one in found if one.row.author_id == viewer_id or one.row.author_id in follows]
    return await card.present(r, viewer_id, kept)


ROUTES = [home, home_alias]
