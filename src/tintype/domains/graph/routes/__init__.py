"""Follows, requests, blocks, mutes, and the lists of both sides."""

from tintype.domains.graph.routes import blocking, following, lists, requests, suggestions

ROUTES = [*following.ROUTES, *lists.ROUTES, *requests.ROUTES, *blocking.ROUTES, *suggestions.ROUTES]
