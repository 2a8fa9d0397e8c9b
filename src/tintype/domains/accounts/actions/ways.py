"""On the way in: what has to be remembered between two requests of somebody who is not logged in yet."""

import hashlib
import secrets
from typing import TypeVar

import msgspec

from tintype.domains.accounts import rules
from tintype.platform import clock, sealing
from tintype.platform.db import Tx

T = TypeVar("T", bound=msgspec.Struct)


async def open_way(tx: Tx, kind: str, detail: msgspec.Struct, account_id: int = 0, *, token: str = "") -> str:
    """Remember something for ten minutes; returns the token that finds it again."""
    token = token or secrets.token_urlsafe(32)
    sealed = sealing.seal(msgspec.json.encode(detail), f"way {kind}")
    await tx.run(OPEN, _hash(token), kind, account_id, sealed, clock.now() + rules.WAY_IN_LIVES)
    return token


async def try_way(tx: Tx, kind: str, token: str, like: type[T], *, most: int = rules.TRIES_MOST) -> tuple[int, T]:
    """What was remembered, and of which account; counts as a try, so that codes cannot be guessed.

    Raises ChallengeExpired. It stays until `close_way`.
    """
    row = await tx.row(TRY, _hash(token), kind, clock.now(), most)
    if row is None:
        raise rules.ChallengeExpired
    return row["account_id"], msgspec.json.decode(sealing.unseal(row["detail"], f"way {kind}"), type=like)


async def close_way(tx: Tx, token: str) -> None:
    """It has been gone to its end: of two that do so at once, one gets ChallengeExpired."""
    if not await tx.run(CLOSE, _hash(token)):
        raise rules.ChallengeExpired


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


OPEN = """
-- accounts: somebody is on the way in
insert into ways_in (token_hash, kind, account_id, detail, expires_at) values ($1, $2, $3, $4, $5)
"""

TRY = """
-- accounts: a try to go on
update ways_in set tries = tries + 1 where token_hash = $1 and kind = $2 and expires_at > $3 and tries < $4
returning account_id, detail
"""

CLOSE = """
-- accounts: somebody is in
delete from ways_in where token_hash = $1
"""
