"""Registering, logging in and out, second steps, sessions, profiles, addresses, leaving, finding people."""

from tintype.domains.accounts.routes import (
    answers,
    elsewhere,
    emails,
    leaving,
    passkeys,
    passwords,
    people,
    registering,
    second_factors,
    sessions,
)
from tintype.platform.config import Settings

ROUTES = [
    *registering.ROUTES,
    *sessions.ROUTES,
    *passkeys.ROUTES,
    *elsewhere.ROUTES,
    *passwords.ROUTES,
    *emails.ROUTES,
    *second_factors.ROUTES,
    *leaving.ROUTES,
    *people.ROUTES,
]


def use(settings: Settings) -> None:
    """How accounts come about here, and what links lead to."""
    registering.use(settings)
    answers.use(settings)


__all__ = ["ROUTES", "use"]
