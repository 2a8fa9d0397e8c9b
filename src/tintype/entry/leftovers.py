"""What `tintype verify` finds of accounts that are gone, or should be."""

from functools import partial

from tintype.domains.accounts import reads as accounts
from tintype.entry.chores import ERASING
from tintype.entry.differences import Difference, Found, then, walk
from tintype.platform.db import Tx
from tintype.platform.jobs.port import enqueue


async def gone(only: int | None) -> Found:
    """Accounts that should be erased, and what is left of those that are."""
    if only is not None:
        return
    async for batch in walk(accounts.overdue, 0, int):
        for account_id in batch:
            again = partial(_erase, account_id)
            yield Difference("orphan.account", f"account {account_id}", None, "to be erased", again)
    for domain in ERASING:
        async for batch in walk(domain.ownerless, 0, int):
            for account_id in batch:
                mend = partial(then, domain.erase, account_id)
                name = domain.__name__.split(".")[2]
                yield Difference(f"orphan.{name}", f"account {account_id}", "an account", None, mend)


async def _erase(account_id: int, tx: Tx) -> None:
    await enqueue(tx, "accounts.erase", {"account_id": account_id})
