"""The home feed and what belongs to it."""

from tintype.domains.feed.routes import home

ROUTES = [*home.ROUTES]
