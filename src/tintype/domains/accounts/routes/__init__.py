"""Registering, logging in and out, sessions, profiles, finding people."""

from tintype.domains.accounts.routes import passwords, people, registering, sessions
from tintype.domains.accounts.routes.registering import use

ROUTES = [*registering.ROUTES, *sessions.ROUTES, *passwords.ROUTES, *people.ROUTES]

__all__ = ["ROUTES", "use"]
