"""While a backup is taken, the store keeps what the backup's snapshot still names: whoever deletes asks here first.

A deletion is begun by a transaction that has committed before its job runs. So what was asked for before the lock was
taken is unknown to the snapshot, which is taken after it, and everything else waits.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tintype.platform import db

LOCK = 0x7117_BAC0


@asynccontextmanager
async def kept(url: str) -> AsyncIterator[None]:
    """Nothing is deleted from the store, in any process, until the block ends, however it does."""
    connection = await db.connect(url, name="backup")
    try:
        await connection.execute("set idle_in_transaction_session_timeout = 0")
        async with connection.transaction():
            await connection.execute(HOLD, LOCK)
            yield
    finally:
        await connection.close(timeout=2)


async def is_kept() -> bool:
    """Whether deleting has to wait."""
    async with db.act(db.SYSTEM) as tx:
        return not await tx.value(ASK, LOCK)


HOLD = "select pg_advisory_xact_lock($1)"

ASK = """
-- objects: whether no backup is being taken
select pg_try_advisory_xact_lock_shared($1)
"""
