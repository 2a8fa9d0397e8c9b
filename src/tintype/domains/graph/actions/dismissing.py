"""Suggestions that somebody does not want to see again."""

from tintype.domains.graph.events import SuggestionDismissed
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


async def dismiss(tx: Tx, actor: Actor, account_id: int) -> None:
    """Suggest this account to the actor no more. Twice is once."""
    if await tx.run(DISMISS, actor.id, account_id):
        await publish(tx, SuggestionDismissed(account_id=actor.id, dismissed_id=account_id))


DISMISS = """
-- graph: a suggestion that is not wanted
insert into suggestions_dismissed (account_id, dismissed_id) select $1::bigint, $2::bigint
where $1::bigint <> $2::bigint on conflict do nothing
"""
