"""What a client tells about posts that were seen."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from tintype.domains.feed.actions import impressions
from tintype.domains.feed.rules.impressions import Impressions, views
from tintype.platform import clock
from tintype.platform.db import Actor
from tintype.platform.ratelimit import IMPRESSIONS_PER_MINUTE


@post("/feed/impressions", operation_id="recordImpressions", limit=IMPRESSIONS_PER_MINUTE, status_code=202)
async def record(actor: NamedDependency[Actor], data: JSONBody[Impressions]) -> None:
    """Posts that were seen, when and for how long; for one's own ranking only, unless switched off by preference.

    Written a moment later. What cannot be recorded is left out without a word.
    """
    impressions.note(views(actor.id, data.items, clock.now()))


ROUTES = [record]
