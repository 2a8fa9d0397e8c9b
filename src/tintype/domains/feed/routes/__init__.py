"""The home feed and what belongs to it."""

from tintype.domains.feed.routes import home, impressions, why
from tintype.domains.feed.routes.ranked import use

ROUTES = [*home.ROUTES, *impressions.ROUTES, *why.ROUTES]

__all__ = ["ROUTES", "use"]
