"""The last posts of authors whose posts are pulled: kept for a day, as all of an author's readers want the same ones.

The log's tail forgets an author's when there is a new one (`heard`). What was being read meanwhile is not kept.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from tintype.domains.posts.events import PostPublished, PostPurged
from tintype.platform.cache.port import cache
from tintype.platform.db import Reader
from tintype.platform.timelines.port import Entry

MOST = 100
TTL = timedelta(days=1)

Posts = list[tuple[int, int]]
_decoder = msgspec.msgpack.Decoder(Posts)
_reading: dict[int, set[object]] = {}
_forgetting: dict[int, asyncio.Task[None]] = {}


async def below(r: Reader, author_ids: Sequence[int], before: int) -> tuple[list[Entry], int]:
    """Posts of these authors with feed_id < before, and down to which feed_id these are all (0: to the first)."""
    found: list[Entry] = []
    low = 0
    for author_id, posts in (await _of(r, author_ids)).items():
        found += [Entry(feed_id, post_id, author_id) for feed_id, post_id in posts if feed_id < before]
        if len(posts) == MOST:
            low = max(low, posts[-1][0])
    return found, low


async def _of(r: Reader, author_ids: Sequence[int]) -> dict[int, Posts]:
    found: dict[int, Posts] = {}
    for one, kept in zip(author_ids, await cache().get_many([_key(one) for one in author_ids]), strict=True):
        if one not in _forgetting and kept is not None:
            found[one] = _decoder.decode(kept)
    missing = [one for one in author_ids if one not in found]
    return found | await _read(r, missing) if missing else found


async def _read(r: Reader, author_ids: list[int]) -> dict[int, Posts]:
    token = object()
    for one in author_ids:
        _reading.setdefault(one, set()).add(token)
    try:
        rows = await r.rows(RECENT, author_ids, MOST)
        found: dict[int, Posts] = {one: [] for one in author_ids}
        for row in rows:
            found[row["author_id"]].append((row["feed_id"], row["id"]))
        for one, posts in found.items():
            if token in _reading.get(one, ()):
                await cache().set(_key(one), msgspec.msgpack.encode(posts), TTL)
        return found
    finally:
        for one in author_ids:
            tokens = _reading.get(one, set())
            tokens.discard(token)
            if not tokens:
                _reading.pop(one, None)


def heard(event: Any) -> None:
    """A fact of the log: an author has other last posts now."""
    if isinstance(event, PostPublished | PostPurged):
        _reading.pop(event.author_id, None)
        if event.author_id not in _forgetting:
            _forgetting[event.author_id] = asyncio.create_task(_forget(event.author_id))


async def _forget(author_id: int) -> None:
    try:
        await cache().delete(_key(author_id))
    finally:
        del _forgetting[author_id]


def _key(author_id: int) -> str:
    return f"recent:{author_id}"


RECENT = """
-- feed: the last posts of some authors
select p.* from unnest($1::bigint[]) as one (author_id) cross join lateral (
  select author_id, feed_id, id from posts where author_id = one.author_id and feed_id is not null
  order by feed_id desc limit $2
) p
"""
