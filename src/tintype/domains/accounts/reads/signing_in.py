"""Selects about logging in: accounts by what people type, open sessions, second steps, accounts elsewhere."""

from datetime import datetime

import msgspec

from tintype.domains.accounts import rules
from tintype.platform import clock
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import NotSignedIn


class SessionInfo(msgspec.Struct, frozen=True):
    """A place where one is logged in: device, and address with country (where known) of the last renewal of tokens."""

    session_id: str
    created_at: str
    last_used_at: str
    user_agent: str
    browser: str
    system: str
    ip: str
    country: str
    current: bool


class LoginRow(msgspec.Struct, frozen=True):
    """What decides whether somebody may log in; also of accounts that are suspended or wait for approval."""

    id: int
    username: str
    password_hash: str | None
    status: str
    role: str
    two_steps: bool


class PasskeyInfo(msgspec.Struct, frozen=True):
    """A passkey of one's own."""

    passkey_id: str
    name: str
    created_at: str
    last_used_at: str | None


class IdentityInfo(msgspec.Struct, frozen=True):
    """An account elsewhere by which one may log in."""

    provider: str
    email: str
    created_at: str
    last_used_at: str | None


class Security(msgspec.Struct, frozen=True):
    """How one's account is protected. `pending_email` waits for its link to be opened."""

    has_password: bool
    email: str
    email_verified: bool
    pending_email: str | None
    totp: bool
    recovery_codes_left: int
    passkeys: list[PasskeyInfo]
    identities: list[IdentityInfo]


class PasskeyRow(msgspec.Struct, frozen=True):
    """What verifying needs of a passkey."""

    account_id: int
    id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


class Owner(msgspec.Struct, frozen=True):
    """An account as acts on its safety need it."""

    id: int
    username: str
    email: str
    email_verified: bool
    password_hash: str | None
    language: str | None
    status: str
    role: str
    erase_at: datetime | None


async def by_login(r: Reader, login: str) -> LoginRow | None:
    """The account with this username (with or without @) or e-mail, whatever its state."""
    name = login.strip().lower()
    if not name.isprintable():
        return None
    row = await r.row(BY_LOGIN, name.removeprefix("@"), name)
    return None if row is None else LoginRow(**row)


async def sessions(r: Reader, account_id: int, current_id: int) -> list[SessionInfo]:
    """Where an account is logged in, last used first."""
    return [
        SessionInfo(
            session_id=str(row["id"]),
            created_at=clock.iso(row["created_at"]),
            last_used_at=clock.iso(row["last_used_at"]),
            user_agent=row["user_agent"],
            browser=browser,
            system=system,
            ip=row["ip"],
            country=row["country"],
            current=row["id"] == current_id,
        )
        for row in await r.rows(SESSIONS, account_id, clock.now())
        for browser, system in [rules.device(row["user_agent"])]
    ]


async def owner(r: Reader, account_id: int) -> Owner:
    """The account itself, whatever its state. Raises NotSignedIn where it is gone."""
    row = await r.row(OWNER, account_id)
    if row is None:
        raise NotSignedIn
    return Owner(**row)


async def check_verified(r: Reader, account_id: int) -> None:
    """Raise EmailUnverified unless the account's address is verified."""
    if not (await owner(r, account_id)).email_verified:
        raise rules.EmailUnverified


async def is_fresh(r: Reader, actor: Actor) -> bool:
    """Whether the actor logged in just now, which stands for a password where there is none."""
    opened = await r.value(OPENED, actor.id, actor.session_id)
    return opened is not None and clock.now() - opened <= rules.FRESH


async def security(r: Reader, account_id: int) -> Security:
    """How an account is protected."""
    found = await owner(r, account_id)
    row = await r.row(STEPS, account_id, clock.now())
    assert row is not None
    return Security(
        has_password=found.password_hash is not None,
        email=found.email,
        email_verified=found.email_verified,
        pending_email=row["pending_email"],
        totp=row["totp"],
        recovery_codes_left=row["codes"],
        passkeys=[
            PasskeyInfo(str(one["id"]), one["name"], clock.iso(one["created_at"]), _time(one["last_used_at"]))
            for one in await r.rows(PASSKEYS, account_id)
        ],
        identities=[
            IdentityInfo(one["provider"], one["email"], clock.iso(one["created_at"]), _time(one["last_used_at"]))
            for one in await r.rows(IDENTITIES, account_id)
        ],
    )


async def methods(r: Reader, account_id: int) -> list[str]:
    """By what an account's second step can be taken: totp, passkey, recovery; empty without one."""
    row = await r.row(STEPS, account_id, clock.now())
    assert row is not None
    found = [name for name in ("totp", "passkey") if row[name]]
    return [*found, "recovery"] if found and row["codes"] else found


async def passkeys(r: Reader, account_id: int) -> list[PasskeyRow]:
    """The passkeys of an account."""
    return [_passkey(row) for row in await r.rows(PASSKEYS, account_id)]


async def passkey(r: Reader, credential_id: bytes) -> PasskeyRow | None:
    """Whose passkey this is."""
    row = await r.row(PASSKEY, credential_id)
    return None if row is None else _passkey(row)


async def identity(r: Reader, provider: str, subject: str) -> int | None:
    """The account here that an account elsewhere belongs to."""
    found: int | None = await r.value(IDENTITY, provider, subject)
    return found


async def by_email(r: Reader, email: str) -> Owner | None:
    """Whose address this is."""
    account_id = await r.value(BY_EMAIL, email)
    return None if account_id is None else await owner(r, account_id)


async def overdue(r: Reader, after: int, limit: int) -> list[int]:
    """Accounts whose erasure should have begun an hour ago, or that are back from a backup, in order."""
    return [row["account_id"] for row in await r.rows(OVERDUE, after, clock.now() - rules.OVERDUE, limit)]


def _passkey(row: object) -> PasskeyRow:
    return msgspec.convert(dict(row), PasskeyRow)  # type: ignore[call-overload]


def _time(at: datetime | None) -> str | None:
    return None if at is None else clock.iso(at)


BY_LOGIN = """
-- accounts: who logs in
select a.id, a.username, a.password_hash, a.status, a.role,
  exists (select from totp_secrets where account_id = a.id and confirmed_at is not null)
    or exists (select from passkeys where account_id = a.id) as two_steps
from accounts a
where a.deleted_at is null and a.id = coalesce(
  (select account_id from usernames where username = $1 and released_at is null),
  (select account_id from emails where email = $2))
"""

SESSIONS = """
-- accounts: where an account is logged in
select id, created_at, last_used_at, user_agent, ip, country from sessions
where account_id = $1 and revoked_at is null and expires_at > $2 order by last_used_at desc, id desc limit 100
"""

OWNER = """
-- accounts: an account as acts on its safety need it
select id, username, email, email_verified_at is not null as email_verified, password_hash,
  preferences->>'language' as language, status, role, erase_at
from accounts where id = $1 and deleted_at is null
"""

OPENED = """
-- accounts: when a session was opened
select created_at from sessions where account_id = $1 and id = $2
"""

STEPS = """
-- accounts: which second steps an account has
select exists (select from totp_secrets where account_id = $1 and confirmed_at is not null) as totp,
  exists (select from passkeys where account_id = $1) as passkey,
  (select count(*) from recovery_codes where account_id = $1 and used_at is null) as codes,
  (select l.email from email_links l join accounts a on a.id = l.account_id
   where l.account_id = $1 and l.used_at is null and l.expires_at > $2 and l.email <> a.email
   order by l.expires_at desc limit 1) as pending_email
"""

PASSKEYS = """
-- accounts: an account's passkeys
select account_id, id, credential_id, public_key, sign_count, transports, name, created_at, last_used_at
from passkeys where account_id = $1 order by id
"""

PASSKEY = """
-- accounts: a passkey by its credential
select account_id, id, credential_id, public_key, sign_count, transports from passkeys where credential_id = $1
"""

IDENTITIES = """
-- accounts: accounts elsewhere that belong to one here
select provider, email, created_at, last_used_at from identities where account_id = $1 order by created_at
"""

IDENTITY = """
-- accounts: whose account elsewhere this is
select account_id from identities where provider = $1 and subject = $2
"""

BY_EMAIL = """
-- accounts: whose address this is
select account_id from emails where email = $1
"""

OVERDUE = """
-- accounts: erasures that should have begun, or that a backup has undone
select id as account_id from accounts a
where id > $1 and (erase_at < $2 or exists (select from erasures where account_id = a.id and erased_at is not null))
order by id limit $3
"""
