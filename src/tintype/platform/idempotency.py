"""`Idempotency-Key`: a creating request sent twice creates once, and answers alike.

A key belongs to an account and an operation and is kept for 24 hours, as status and resource id; the row is written in
the action's own transaction, and the answer to a repetition is presented anew.
"""

import hashlib
from datetime import timedelta

from tintype.platform import clock
from tintype.platform.db import Tx
from tintype.platform.errors import Conflict, Invalid, Rule

KEPT = timedelta(hours=24)
LONGEST = 255

KEY_CHARACTERS = Rule("KEY_CHARACTERS", "must be 1 to {most} printable ASCII characters")


class KeyReused(Invalid):
    code, message = "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was used for another request."


class InProgress(Conflict):
    code, message = "IDEMPOTENCY_IN_PROGRESS", "The same request is being worked on. Ask again in a moment."


async def begin(tx: Tx, operation: str, key: str | None, body: bytes) -> int | None:
    """What the first request with this key created, or None: then do it, and `keep`.

    Raises InProgress while a twin is open in another transaction, and KeyReused where the body was another.
    """
    if key is None:
        return None
    if not (1 <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise Invalid.fields(**{"Idempotency-Key": KEY_CHARACTERS(most=LONGEST)})
    if not await tx.value(LOCK, f"{tx.actor.id} {operation} {key}"):
        raise InProgress(headers={"Retry-After": "1"})
    # A statement of its own: its snapshot must be newer than the lock, or it would miss the twin's row.
    row = await tx.row(FIND, tx.actor.id, operation, key, clock.now() - KEPT)
    if row is None:
        return None
    if row["body_hash"] != _hash(body):
        raise KeyReused
    found: int | None = row["resource_id"]
    return found


async def keep(tx: Tx, operation: str, key: str | None, body: bytes, status: int, resource_id: int) -> None:
    """Remember what this request has created. Failures roll back with everything else, so only success is kept."""
    if key is not None:
        await tx.run(KEEP, tx.actor.id, operation, key, _hash(body), status, resource_id, clock.now())


def _hash(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


LOCK = """
-- idempotency: one request with this key at a time
select pg_try_advisory_xact_lock(hashtextextended($1, 7117))
"""

FIND = """
-- idempotency: what the first request created
select body_hash, resource_id from idempotency_keys
where account_id = $1 and operation = $2 and key = $3 and created_at > $4
"""

KEEP = """
-- idempotency: remember what was created
insert into idempotency_keys (account_id, operation, key, body_hash, status, resource_id, created_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (account_id, operation, key) do update set
  body_hash = excluded.body_hash, status = excluded.status,
  resource_id = excluded.resource_id, created_at = excluded.created_at
"""
