"""Selects about accounts, and the objects that the API shows of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

from tintype.domains.accounts import rules
from tintype.domains.accounts.rules import Preferences
from tintype.platform import clock, ids
from tintype.platform.db import Reader
from tintype.platform.errors import NotFound, NotSignedIn


class Account(msgspec.Struct, frozen=True):
    """An account as every list shows it."""

    user_id: str
    username: str
    full_name: str
    avatar_url: str | None
    is_verified: bool
    is_private: bool


class ProfileViewer(msgspec.Struct, frozen=True):
    """How the viewer stands to an account."""

    following: Literal["NONE", "PENDING", "ACCEPTED"]
    followed_by: bool
    blocking: bool
    muting: bool


class Profile(Account, frozen=True):
    """An account's page. Nothing private is in it."""

    bio: str
    website: str
    post_count: int
    follower_count: int
    following_count: int
    created_at: str
    viewer: ProfileViewer | None


class Me(Profile, frozen=True):
    """One's own profile, with what only oneself sees."""

    email: str
    email_verified: bool
    phone: str | None
    role: str
    preferences: Preferences


class AccountRow(msgspec.Struct, frozen=True):
    """What cards need of an account."""

    id: int
    username: str
    full_name: str
    is_private: bool
    is_verified: bool
    avatar_id: int | None
    avatar_key: str | None


class ProfileRow(AccountRow, frozen=True):
    """A whole account with its counts. Only `Me` shows its e-mail, phone, role and preferences."""

    bio: str
    website: str
    email: str
    email_verified: bool
    phone: str | None
    role: str
    preferences: dict[str, Any]
    created_at: datetime
    posts: int
    followers: int
    following: int


async def by_ids(r: Reader, ids: Iterable[int]) -> dict[int, AccountRow]:
    """Live accounts by id; those that are gone, suspended or not yet approved are left out."""
    rows = await r.rows(BY_IDS, list(set(ids)))
    return {row["id"]: AccountRow(**row) for row in rows}


async def find(r: Reader, ref: str, viewer_id: int = 0) -> ProfileRow:
    """The live account of an id, `@username` or `me`; a name of before leads to it for 14 days.

    Raises NotFound, or NotSignedIn for `me` of a visitor.
    """
    if ref == "me":
        if not viewer_id:
            raise NotSignedIn
        return await profile(r, viewer_id)
    if ref.startswith("@"):
        return await profile(r, await _named(r, ref[1:].lower()))
    return await profile(r, ids.parse(ref))


async def _named(r: Reader, username: str) -> int:
    found: int | None = None
    if username.isascii() and username.isprintable():
        found = await r.value(NAMED, username, clock.now() - rules.NAME_BLOCKED)
    if found is None:
        raise NotFound
    return found


async def profile(r: Reader, account_id: int, *, live: bool = True) -> ProfileRow:
    """One account with its counts. Raises NotFound; `live=False` finds suspended and waiting ones too."""
    row = await r.row(PROFILE, account_id, live)
    if row is None:
        raise NotFound
    return ProfileRow(**row)


async def ids_by_username(r: Reader, usernames: Iterable[str]) -> dict[str, int]:
    """Live accounts that have these names."""
    rows = await r.rows(IDS_BY_USERNAME, [name for name in set(usernames) if name.isascii() and name.isprintable()])
    return {row["username"]: row["id"] for row in rows}


async def check_free(r: Reader, username: str, email: str) -> None:
    """Raise UsernameTaken or EmailTaken before any work is done; the directories decide in the end."""
    row = await r.row(TAKEN, username, email, clock.now() - rules.NAME_BLOCKED)
    assert row is not None
    if row["username"]:
        raise rules.UsernameTaken
    if row["email"]:
        raise rules.EmailTaken


async def lookup(r: Reader, viewer_id: int, prefix: str, limit: int) -> list[int]:
    """Accounts whose username or full name begins so; the exact username first, then usernames, then names.

    Without those that have blocked the viewer or are blocked by the viewer.
    """
    wanted = prefix.strip().removeprefix("@").lower()
    if not wanted or not wanted.isprintable():
        return []
    return [row["id"] for row in await r.rows(LOOKUP, wanted, wanted + "\U0010ffff", limit, viewer_id)]


BY_IDS = """
-- accounts: what cards need of live accounts
select id, username, full_name, is_private, is_verified, avatar_id, avatar_key
from live_accounts where id = any($1::bigint[])
"""

PROFILE = """
-- accounts: one account with its counts
select a.id, a.username, a.full_name, a.is_private, a.is_verified, a.avatar_id, a.avatar_key, a.bio, a.website, a.email,
  a.email_verified_at is not null as email_verified, a.phone, a.role, a.preferences, a.created_at,
  coalesce(c.posts, 0) as posts, coalesce(c.followers, 0) as followers, coalesce(c.following, 0) as following
from accounts a left join account_counts c on c.account_id = a.id
where a.id = $1 and a.deleted_at is null and (a.status = 'active' or not $2)
"""

IDS_BY_USERNAME = """
-- accounts: who has these usernames
select u.username, a.id from usernames u join live_accounts a on a.id = u.account_id
where u.username = any($1::text[]) and u.released_at is null
"""

NAMED = """
-- accounts: who has this username, or had it of late
select account_id from usernames where username = $1 and account_id <> 0 and (released_at is null or released_at > $2)
"""

TAKEN = """
-- accounts: whether a new account's names are taken
select
  exists (select from usernames where username = $1 and (released_at is null or released_at > $3)) as username,
  exists (select from emails where email = $2) as email
"""

LOOKUP = """
-- accounts: whose username or full name begins so
with by_username as materialized (
  select id, 1 as place, username as word from live_accounts
  where username ~>=~ $1 and username ~<~ $2 and not is_blocked($4, id) order by username using ~<~ limit $3
), by_name as materialized (
  select id, 2 as place, lower(full_name) as word from live_accounts
  where lower(full_name) ~>=~ $1 and lower(full_name) ~<~ $2 and not is_blocked($4, id)
  order by lower(full_name) using ~<~ limit $3
)
select id from (select * from by_username union all select * from by_name) found
group by id order by min(place), min(word) collate "C", id limit $3
"""
