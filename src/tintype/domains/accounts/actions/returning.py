"""Coming back to an account that one had left."""

from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.events import AccountReactivated
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish


async def come_back(tx: Tx, account_id: int) -> None:
    """Whoever logs in again is back, with everything that was there. Twice is once."""
    if await tx.value(COME_BACK, account_id):
        await tx.run(FORGET, account_id)
        await audit(tx, "account.reactivated", f"account {account_id}")
        await publish(tx, AccountReactivated(account_id=account_id))


FORGET = """
-- accounts: somebody does not want to be forgotten any more
delete from erasures where account_id = $1 and erased_at is null
"""

COME_BACK = """
-- accounts: back, unless the week is over
update accounts set status = 'active', erase_at = null
where id = $1 and deleted_at is null and status = 'deactivated' returning true
"""
