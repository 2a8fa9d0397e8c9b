"""How an author's posts reach followers, pushed into timelines or pulled on reading, and how much a timeline holds."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

import msgspec

from tintype.platform.config import Settings

Mode = Literal["push", "pull"]


class Limits(msgspec.Struct, frozen=True):
    """The settings of the fan-out, as docs/operations.md explains them."""

    pull_at: int = 10_000
    push_below: int = 8_000
    keep: int = 800
    away: timedelta = timedelta(days=30)

    @property
    def full(self) -> int:
        """A timeline with more entries is trimmed: an eighth above what is kept, so that it happens rarely."""
        return self.keep * 9 // 8


_limits = Limits()


def use(settings: Settings) -> None:
    """The limits of this process, chosen once at the edge."""
    global _limits
    away = timedelta(days=settings.feed_away_days)
    _limits = Limits(settings.feed_pull_at, settings.feed_push_below, settings.feed_keep, away)


def limits() -> Limits:
    """The limits in use."""
    return _limits


def mode(before: Mode, followers: int, given: Limits) -> Mode:
    """An author's mode by the number of followers; between the two thresholds it stays what it was."""
    if followers >= given.pull_at:
        return "pull"
    return "push" if followers < given.push_below else before


def sampled(readers: Sequence[int], feed_id: int, given: Limits) -> Sequence[int]:
    """Whose timelines the delivery of this post looks at for being too full: one in an eighth of what is kept."""
    apart = max(given.keep // 8, 1)
    return readers[(feed_id * _ODD >> 32 & _MASK) % apart :: apart]


_ODD, _MASK = 0x9E3779B97F4A7C15, (1 << 32) - 1
