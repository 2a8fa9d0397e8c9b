"""The only place that asks for the time, so that tests and drills can set it."""

import time
from datetime import UTC, datetime, timedelta

_MILLISECOND = timedelta(milliseconds=1)
_offset = timedelta()
_stamped = (0, "")


def now() -> datetime:
    """The wall clock in UTC, moved by `shift`."""
    return datetime.now(UTC) + _offset


def millis() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1000) + _offset // _MILLISECOND


def monotonic() -> float:
    """Seconds for measuring durations; never set back."""
    return time.monotonic()


def shift(by: timedelta) -> None:
    """Move the wall clock of this process (clock faults in tests)."""
    global _offset
    _offset = by


def stamp() -> str:
    """The present moment as every answer writes it; made anew once a millisecond."""
    global _stamped
    millisecond = millis()
    if millisecond != _stamped[0]:
        _stamped = millisecond, iso(now())
    return _stamped[1]


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as every answer writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
