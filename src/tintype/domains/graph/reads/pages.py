"""First pages of follower lists, kept for an hour: ids only, before anything is hidden from anybody.

The log's tail forgets them (`forget_lists`). A page that was being read meanwhile is not kept, since it may be older.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec

from tintype.domains.graph.events import FollowChanged
from tintype.platform.cache.port import cache

TTL = timedelta(hours=1)

Ids = list[tuple[int, int]]
_reading: dict[str, set[object]] = {}
_forgetting: dict[str, asyncio.Task[None]] = {}


def followers_key(account_id: int) -> str:
    return f"followers:{account_id}"


def following_key(account_id: int) -> str:
    return f"following:{account_id}"


async def first(key: str, read: Callable[[], Awaitable[Ids]]) -> Ids:
    """The kept page, or what `read` gives, which is then kept."""
    if key not in _forgetting and (kept := await cache().get(key)) is not None:
        return msgspec.msgpack.decode(kept, type=Ids)
    token = object()
    _reading.setdefault(key, set()).add(token)
    try:
        found = await read()
        if token in _reading.get(key, ()):
            await cache().set(key, msgspec.msgpack.encode(found), TTL)
            if token not in _reading.get(key, ()):
                await cache().delete(key)
        return found
    finally:
        others = _reading.get(key, set())
        others.discard(token)
        if not others:
            _reading.pop(key, None)


def forget_lists(event: Any) -> None:
    """A fact of the log: who follows whom has changed. Takes effect at once, whatever the cache takes to delete."""
    if isinstance(event, FollowChanged) and event.state != "PENDING":
        _forget(following_key(event.follower_id))
        _forget(followers_key(event.followee_id))


def _forget(key: str) -> None:
    _reading.pop(key, None)
    task = asyncio.get_running_loop().create_task(_deleted(key))
    _forgetting[key] = task


async def _deleted(key: str) -> None:
    try:
        await cache().delete(key)
    finally:
        if _forgetting.get(key) is asyncio.current_task():
            del _forgetting[key]
