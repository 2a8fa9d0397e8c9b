"""What an impression may claim."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from tintype.platform import ids
from tintype.platform.errors import NotFound

A_DAY = timedelta(days=1)
LONGEST_MS = 10 * 60 * 1000
AT_ONCE = 100


class Impression(msgspec.Struct, frozen=True):
    """A post that was seen, for how long, and when."""

    post_id: str
    dwell_ms: int
    at: datetime


class Impressions(msgspec.Struct, frozen=True):
    """What a client saw since it last told."""

    items: Annotated[list[Impression], msgspec.Meta(max_length=AT_ONCE)]


class View(msgspec.Struct, frozen=True):
    """An impression of a reader, within bounds."""

    user_id: int
    at: datetime
    post_id: int
    dwell_ms: int


def views(user_id: int, items: list[Impression], now: datetime) -> list[View]:
    """Times within the last day, dwell up to ten minutes; what cannot be a post is left out."""
    found = []
    for one in items:
        try:
            post_id = ids.parse(one.post_id)
        except NotFound:
            continue
        at = one.at if one.at.tzinfo else one.at.replace(tzinfo=now.tzinfo)
        dwell_ms = min(max(one.dwell_ms, 0), LONGEST_MS)
        found.append(View(user_id, min(max(at, now - A_DAY), now), post_id, dwell_ms))
    return found
