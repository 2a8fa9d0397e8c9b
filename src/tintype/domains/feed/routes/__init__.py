"""The home feed and what belongs to it."""

from tintype.domains.feed.routes import home, impressions, why

ROUTES = [*home.ROUTES, *impressions.ROUTES, *why.ROUTES]
