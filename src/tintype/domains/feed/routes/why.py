"""Why a post stands where it does in the ranked feed."""

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tintype.domains.engagement import reads as engagement
from tintype.domains.feed.reads import connections
from tintype.domains.feed.rules import model, ranking
from tintype.domains.feed.rules.ranking import Candidates, Reason
from tintype.domains.posts import reads as posts
from tintype.platform import clock, db, ids
from tintype.platform.config import Settings
from tintype.platform.db import Actor
from tintype.platform.errors import NotFound


class Why(msgspec.Struct, frozen=True):
    """The strongest reasons, strongest first."""

    reasons: list[Reason]


@get("/posts/{post_id:str}/why", operation_id="whyPost")
async def why(actor: NamedDependency[Actor], settings: NamedDependency[Settings], post_id: FromPath[str]) -> Why:
    """The three strongest reasons for a post's place in the ranked feed, with what each added to its score."""
    async with db.read() as r:
        post = await posts.find_visible(r, actor.id, ids.parse(post_id))
        if post is None:
            raise NotFound
        counts = (await engagement.post_counts(r, [post.id]))[post.id]
        known = await connections.affinities(r, actor.id)
    one = Candidates.of(
        [post.id],
        [post.feed_id or post.id],
        [post.author_id],
        [post.type],
        [counts.likes],
        [counts.comments],
        [counts.shares],
    )
    added = ranking.contributions(
        one, known, clock.millis(), settings.ranking_half_life_hours, model.active(settings.data_dir)
    )
    return Why(ranking.reasons(added[:, 0], post.type))


ROUTES = [why]
