"""Who is away is not pushed to: their follows say so, for the fan-out's index."""

from tintype.platform.db import Tx


async def set_away(tx: Tx, follower_id: int, *, away: bool) -> None:
    """Mark all follows of an account that went away, or came back."""
    await tx.run(SET_AWAY, follower_id, away)


SET_AWAY = """
-- graph: an account went away or came back
update follows set away = $2 where follower_id = $1 and away <> $2
"""
