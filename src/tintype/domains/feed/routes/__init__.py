"""The home feed and what belongs to it, exploring, hashtags."""

from tintype.domains.feed.routes import explore, hashtags, home, impressions, why
from tintype.domains.feed.routes.ranked import use

ROUTES = [*home.ROUTES, *explore.ROUTES, *hashtags.ROUTES, *impressions.ROUTES, *why.ROUTES]

__all__ = ["ROUTES", "use"]
