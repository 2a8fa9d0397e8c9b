"""Sessions: opened by logging in, renewed by rotation, ended by revocation."""

from datetime import timedelta
from functools import partial

import msgspec

from tintype.domains.accounts import rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.returning import come_back
from tintype.domains.accounts.events import SessionOpened, SessionRevoked
from tintype.platform import auth, clock, ids
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


class Session(msgspec.Struct, frozen=True):
    """A session as it is now: enough to make its tokens of."""

    actor: Actor
    generation: int

    @property
    def access_token(self) -> str:
        return auth.access_token(self.actor)

    @property
    def refresh_token(self) -> str:
        return auth.refresh_token(self.actor.id, self.actor.session_id, self.generation)


async def open_session(
    tx: Tx, account_id: int, password_hash: str | None, *, user_agent: str, ip: str, country: str = ""
) -> Session:
    """Log an account in whose password was found right against this hash; who had left is back by that.

    Raises LoginFailed if the password was changed meanwhile, or what else keeps the account out.
    """
    row = await tx.row(LOCK_ACCOUNT, account_id)
    if row is not None and row["status"] == "deactivated":
        await come_back(tx, account_id)
        row = await tx.row(LOCK_ACCOUNT, account_id)
    if row is None or row["password_hash"] != password_hash:
        raise rules.LoginFailed
    if row["status"] != "active":
        raise rules.AccountPendingError if row["status"] == "pending" else rules.AccountSuspendedError
    session_id, now = ids.new(account_id), clock.now()
    expires = now + timedelta(seconds=auth.REFRESH_SECONDS)
    await tx.run(OPEN, account_id, session_id, now, expires, _short(user_agent), ip, country)
    await publish(tx, SessionOpened(account_id=account_id, session_id=session_id))
    return Session(Actor(account_id, row["role"], session_id), 1)


async def refresh(
    tx: Tx, token: auth.RefreshToken, *, user_agent: str = "", ip: str = "", country: str = ""
) -> Session | None:
    """Renew a session: its next generation, or None when the token is not good. Where from is written down.

    The token before the present one still gives the present one for ten seconds (two tabs, a lost reply). Any older one
    was stolen, from us or from the thief: the session ends. That must be committed, so it is no exception.
    """
    row = await tx.row(LOCK_SESSION, token.account_id, token.session_id)
    now = clock.now()
    if row is None or row["revoked_at"] is not None or row["role"] is None:
        return None
    actor = Actor(token.account_id, row["role"], token.session_id)
    if token.generation == row["generation"]:
        if row["expires_at"] <= now:
            return None
        expires = now + timedelta(seconds=auth.REFRESH_SECONDS)
        place = (_short(user_agent), ip, country)
        await tx.run(ROTATE, token.account_id, token.session_id, now, expires, *place)
        return Session(actor, token.generation + 1)
    if token.generation == row["generation"] - 1 and now - row["rotated_at"] <= rules.GRACE:
        return Session(actor, row["generation"])
    await revoke_session(tx, token.account_id, token.session_id, "reuse")
    await audit(tx, "session.reuse", f"session {token.session_id}", {"generation": token.generation})
    return None


async def revoke_session(tx: Tx, account_id: int, session_id: int, why: str) -> bool:
    """End a session, everywhere within a second; False when there is none of this account."""
    return bool(await _revoke(tx, account_id, session_id, why)) or bool(await tx.value(EXISTS, account_id, session_id))


async def revoke_all_sessions(tx: Tx, account_id: int, why: str, *, but: int = 0) -> int:
    """End all sessions of an account, or all but one."""
    return len(await _revoke(tx, account_id, None, why, but))


async def _revoke(tx: Tx, account_id: int, session_id: int | None, why: str, but: int = 0) -> list[int]:
    ended: list[int] = [row["id"] for row in await tx.rows(REVOKE, account_id, session_id, clock.now(), why, but)]
    for one in ended:
        await publish(tx, SessionRevoked(account_id=account_id, session_id=one))
        tx.after_commit.append(partial(auth.revoke, one))
    return ended


def _short(user_agent: str) -> str:
    return user_agent[:300].replace("\0", "")


LOCK_ACCOUNT = """
-- accounts: hold an account as it is while a session is opened, so that a suspension finds the session
select status, role, password_hash from accounts where id = $1 and deleted_at is null for share
"""

OPEN = """
-- accounts: open a session
insert into sessions (account_id, id, created_at, last_used_at, rotated_at, expires_at, user_agent, ip, country)
values ($1, $2, $3, $3, $3, $4, $5, $6, $7)
"""

LOCK_SESSION = """
-- accounts: a session to renew, with its account's role if that is live
select s.generation, s.rotated_at, s.expires_at, s.revoked_at,
  (select role from live_accounts where id = s.account_id) as role
from sessions s where s.account_id = $1 and s.id = $2 for update of s
"""

ROTATE = """
-- accounts: the next generation of a session
update sessions set generation = generation + 1, rotated_at = $3, last_used_at = $3, expires_at = $4,
  user_agent = coalesce(nullif($5, ''), user_agent), ip = coalesce(nullif($6, ''), ip),
  country = case when $6 = '' then country else $7 end
where account_id = $1 and id = $2
"""

REVOKE = """
-- accounts: end one session, or all
update sessions set revoked_at = $3, revoked_why = $4
where account_id = $1 and ($2::bigint is null or id = $2) and id <> $5 and revoked_at is null returning id
"""

EXISTS = """
-- accounts: whether there was such a session
select true from sessions where account_id = $1 and id = $2
"""
