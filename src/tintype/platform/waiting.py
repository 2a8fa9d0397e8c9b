"""Long polls: wait until something about one key is true, woken by the log instead of by asking again and again."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

LONGEST_SECONDS = 30.0
RECHECK_SECONDS = 2.0

_stopping = False
_bells: defaultdict[tuple[str, int], set[asyncio.Event]] = defaultdict(set)


def notify(kind: str, key: int) -> None:
    """Something happened to this key: let those who wait for it look again."""
    for bell in _bells.get((kind, key), ()):
        bell.set()


def heard(event: Any) -> None:
    """A fact of the log about a medium or a post."""
    if event.topic == "media":
        notify("media", event.media_id)
    else:
        notify("post", event.post_id)


def stop() -> None:
    """The process ends: every waiting request is answered now, with what is so now."""
    global _stopping
    _stopping = True
    for bells in _bells.values():
        for bell in bells:
            bell.set()


async def until(kind: str, key: int, seconds: float, check: Callable[[], Awaitable[T | None]]) -> T | None:
    """The first value that `check` gives which is not None, or None when the time is up.

    `check` runs at once, after every `notify` of this key, and every two seconds in case a notification was lost.
    """
    deadline = asyncio.get_running_loop().time() + (min(seconds, LONGEST_SECONDS) if seconds > 0 else 0)
    bell = asyncio.Event()
    _bells[kind, key].add(bell)
    try:
        while True:
            bell.clear()
            found = await check()
            left = deadline - asyncio.get_running_loop().time()
            if found is not None or left <= 0 or _stopping:
                return found
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, RECHECK_SECONDS)):
                    await bell.wait()
    finally:
        _bells[kind, key].discard(bell)
        if not _bells[kind, key]:
            del _bells[kind, key]
