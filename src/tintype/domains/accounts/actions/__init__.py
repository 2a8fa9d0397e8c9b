"""Writes to accounts: registering, sessions, profiles, passwords, and what operators do."""

from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.operators import approve, invite, promote, suspend, unsuspend
from tintype.domains.accounts.actions.passwords import keep_hash, reset_link, reset_password
from tintype.domains.accounts.actions.profile import update
from tintype.domains.accounts.actions.register import create, register
from tintype.domains.accounts.actions.sessions import (
    Session,
    open_session,
    refresh,
    revoke_all_sessions,
    revoke_session,
)

__all__ = [
    "Session",
    "approve",
    "audit",
    "create",
    "invite",
    "keep_hash",
    "open_session",
    "promote",
    "refresh",
    "register",
    "reset_link",
    "reset_password",
    "revoke_all_sessions",
    "revoke_session",
    "suspend",
    "unsuspend",
    "update",
]
