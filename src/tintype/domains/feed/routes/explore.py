"""Exploring: public posts of everybody by how much is done with them of late.

Who begins to explore gets the ranking of that moment and scrolls through it, whatever is done with posts meanwhile;
behind it, or where it was forgotten, come the posts as they stand now. A cursor tells the ranking and the place in it,
and the last posts that were shown, which do not come again when they have sunk below it.
"""

from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from tintype.cards.post import Post
from tintype.cards.shown import ROUNDS, shown_to
from tintype.domains.feed.reads import exploring
from tintype.domains.feed.reads.exploring import Found, Ranking
from tintype.domains.graph import reads as graph
from tintype.platform import db, replicas
from tintype.platform.db import Actor
from tintype.platform.paging import CursorInvalid, Page, Place, place

REMEMBERED = 40


class _At(msgspec.Struct, frozen=True):
    """Which ranking, the place in it, the last post's heat and id, and the last posts that were shown."""

    as_of: int
    place: int
    heat: int
    post_id: int
    shown: tuple[int, ...]

    def behind(self, taken: list[Found]) -> "_At":
        """The position after these."""
        if not taken:
            return self
        shown = (*self.shown, *(one.post_id for one in taken))[-REMEMBERED:]
        return _At(self.as_of, self.place + len(taken), taken[-1].heat, taken[-1].post_id, shown)


@get("/feed/explore", operation_id="explore", public=True)
async def explore(
    viewer: NamedDependency[Actor | None],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
    without_followed: FromQuery[bool] = False,
) -> Page[Post]:
    """Public posts by recent engagement, without one's own; with `without_followed`, of strangers only."""
    viewer_id = viewer.id if viewer else 0
    where = place(f"explore {without_followed}", viewer_id, cursor, limit, width=None)
    ranking, at = await _begin(where)
    shown: list[Any] = []
    for _ in range(ROUNDS):
        taken, more = await _next(ranking, at, limit - len(shown))
        fresh = [one for one in taken if one.post_id not in _seen(ranking, at)]
        wanted = await _without(viewer_id, fresh, without_followed=without_followed)
        shown += [item for _, item in await shown_to(viewer_id, wanted)]
        at = at.behind(taken)
        if not more:
            return Page(shown)
        if len(shown) >= limit:
            break
    return Page(shown, where.next(at.as_of, at.place, at.heat, at.post_id, *at.shown))


async def _begin(where: Place) -> tuple[Ranking | None, _At]:
    if where.after is None:
        async with db.read() as r:
            ranking = await exploring.newest_ranking(r)
        return ranking, _At(ranking.as_of, 0, 0, 0, ())
    if len(where.after) < 4:
        raise CursorInvalid
    as_of, at, heat, post_id, *shown = where.after
    return await exploring.ranking_of(as_of), _At(as_of, at, heat, post_id, tuple(shown))


async def _next(ranking: Ranking | None, at: _At, count: int) -> tuple[list[Found], bool]:
    """The next posts, and whether there are more."""
    if ranking is not None and at.place < len(ranking.found):
        taken = ranking.found[at.place : at.place + count]
        is_whole = len(ranking.found) < exploring.RANKED
        return taken, not is_whole or at.place + len(taken) < len(ranking.found)
    async with db.read() as r:
        place = (at.heat, at.post_id) if at.place else None
        found = await replicas.aside(r, lambda copy: exploring.below(copy, place, count + 1))
    return found[:count], len(found) > count


def _seen(ranking: Ranking | None, at: _At) -> set[int]:
    """What must not come again: the last posts, and behind a ranking all that was in it."""
    if ranking is None or at.place < len(ranking.found):
        return set(at.shown)
    return {one.post_id for one in ranking.found} | set(at.shown)


async def _without(viewer_id: int, found: list[Found], *, without_followed: bool) -> list[int]:
    """The posts without one's own, those of muted accounts, and, if so wished, those of accounts one follows."""
    if not viewer_id:
        return [one.post_id for one in found]
    async with db.read() as r:
        relations = await graph.relations(r, viewer_id, {one.author_id for one in found})
    hidden = {
        author_id
        for author_id, one in relations.items()
        if one.muting or (without_followed and one.following == "ACCEPTED")
    } | {viewer_id}
    return [one.post_id for one in found if one.author_id not in hidden]


ROUTES = [explore]
