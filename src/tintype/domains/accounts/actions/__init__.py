"""Writes to accounts: registering, logging in, second steps, profiles, addresses, leaving, and what operators do."""

from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.avatar import lock_avatar, set_avatar
from tintype.domains.accounts.actions.emails import ask_verification, change_email, mark_verified, verify_email
from tintype.domains.accounts.actions.erasing import erase, erase_again, erase_begin
from tintype.domains.accounts.actions.factors import (
    add_passkey,
    confirm_totp,
    new_recovery_codes,
    remove_passkey,
    remove_totp,
    rename_passkey,
    set_up_totp,
    use_code,
    use_passkey,
)
from tintype.domains.accounts.actions.identities import link, unlink, used
from tintype.domains.accounts.actions.leaving import deactivate, delete
from tintype.domains.accounts.actions.operators import approve, invite, promote, suspend, unsuspend
from tintype.domains.accounts.actions.passwords import (
    ask_forgot,
    change_password,
    forgot,
    keep_hash,
    reset_link,
    reset_password,
)
from tintype.domains.accounts.actions.profile import update
from tintype.domains.accounts.actions.register import create, register
from tintype.domains.accounts.actions.returning import come_back
from tintype.domains.accounts.actions.sessions import (
    Session,
    open_session,
    refresh,
    revoke_all_sessions,
    revoke_session,
)
from tintype.domains.accounts.actions.ways import close_way, open_way, try_way

__all__ = [
    "Session",
    "add_passkey",
    "approve",
    "ask_forgot",
    "ask_verification",
    "audit",
    "change_email",
    "change_password",
    "close_way",
    "come_back",
    "confirm_totp",
    "create",
    "deactivate",
    "delete",
    "erase",
    "erase_again",
    "erase_begin",
    "forgot",
    "invite",
    "keep_hash",
    "link",
    "lock_avatar",
    "mark_verified",
    "new_recovery_codes",
    "open_session",
    "open_way",
    "promote",
    "refresh",
    "register",
    "remove_passkey",
    "remove_totp",
    "rename_passkey",
    "reset_link",
    "reset_password",
    "revoke_all_sessions",
    "revoke_session",
    "set_avatar",
    "set_up_totp",
    "suspend",
    "try_way",
    "unlink",
    "unsuspend",
    "update",
    "use_code",
    "use_passkey",
    "used",
    "verify_email",
]
