"""The record of acts that matter to security."""

from typing import Any

from tintype.platform import clock, ids
from tintype.platform.db import Tx


async def audit(tx: Tx, action: str, subject: str, detail: dict[str, Any] | None = None) -> None:
    """Write down who did what to whom; without an account it was the operator at the command line, or the product.

    `subject` is a kind and an id (`account 123`); `detail` holds ids and small facts, never text or addresses.
    """
    await tx.run(AUDIT, ids.new(tx.actor.id), tx.actor.id or None, action, subject, detail or {}, clock.now())


AUDIT = """
-- accounts: write to the audit log
insert into audit_log (id, actor_id, action, subject, detail, created_at) values ($1, $2, $3, $4, $5, $6)
"""
