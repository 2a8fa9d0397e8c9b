"""Redis in front of timelines: `feed:{reader}`, the newest entries of those who read, for a day, made again on a miss.

What stands here is what the store behind holds, or is not used:

- Posts are put into feeds that are there, in the transaction that delivers them; where there is none, nobody builds one
  until it has ended. A feed that went meanwhile (a flush, its day was over) may have been built anew of what was not
  committed yet: its token is another, and it is taken away after the commit.
- What changes one reader's timeline closes the feed before the commit and takes it away after it.
- A write that Redis may not have heard of raises the epoch with the commit. A feed of another epoch is none, and so is
  one that a server took over from another, or from a disk: it may lack the last writes.
- A feed is marked before the store behind is read to fill it, and what is delivered meanwhile is put in.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from tintype.platform.clients.redis import Command, RedisClient
from tintype.platform.db import Reader, Tx
from tintype.platform.guard import EngineDown
from tintype.platform.ids import LARGEST
from tintype.platform.redis_epoch import WRITE_SECONDS, Epoch
from tintype.platform.telemetry import CACHE
from tintype.platform.timelines import packed
from tintype.platform.timelines.packed import ADD, BEGIN, CLOSE, ENDED, FILL, READ, REMOVE
from tintype.platform.timelines.port import Entry, Timelines

FULL, KEEP, AT_ONCE = 900, 800, 500
TOGETHER = 50  # feeds that one function on one server is given: 2 ms, in which nobody else is answered
LIVES, BUILDS, CLOSED = timedelta(days=1), timedelta(seconds=10), timedelta(seconds=20)
AUTHORS_MOST = 100_000
Authors = Callable[[Reader, Sequence[int]], Awaitable[Mapping[int, int]]]
_hit, _missed = (CACHE.labels("feeds", outcome) for outcome in ("hit", "miss"))


class FrontedTimelines:
    """Any other store of timelines, with Redis before it."""

    is_joined = False

    def __init__(
        self, behind: Timelines, client: RedisClient, authors: Authors, *, full: int = FULL, keep: int = KEEP
    ) -> None:
        """`authors` finds whose posts some are; those that it does not know are looked up behind."""
        self.behind, self._client, self._find_authors = behind, client, authors
        self._full, self._keep = full, keep
        self.at_once = min(behind.at_once, AT_ONCE)
        self._epoch = Epoch(client)
        self._authors: dict[int, int] = {}
        client.knows(*packed.SCRIPTS)

    def reaches(self) -> int:
        return self.behind.reaches()

    async def deliver(self, tx: Tx, deliveries: Sequence[tuple[Sequence[int], Entry]], *, again: bool = False) -> int:
        fresh = await self.behind.deliver(tx, deliveries, again=again)
        self._remember([one for _, one in deliveries])
        together, mark = 1 if self._client.is_cluster else TOGETHER, new_mark()
        asked = [
            part
            for user_ids, one in deliveries
            for part in to_add(user_ids, one, mark, together, self._full, self._keep)
        ]
        answers = await self._client.many([command for _, command in asked], seconds=WRITE_SECONDS)
        await self._epoch.heard(tx, answers)
        self._epoch.after(tx, after_adding(asked, answers, mark))
        return fresh

    async def add(self, tx: Tx, user_id: int, entries: Sequence[Entry]) -> None:
        await self.behind.add(tx, user_id, entries)
        await self._close(tx, [user_id])

    async def remove_authors(self, tx: Tx, user_id: int, author_ids: Sequence[int]) -> None:
        await self.behind.remove_authors(tx, user_id, author_ids)
        await self._close(tx, [user_id])

    async def remove_post(self, tx: Tx, user_ids: Sequence[int], feed_id: int) -> None:
        await self.behind.remove_post(tx, user_ids, feed_id)
        low, high = feed_id.to_bytes(8, "big"), (feed_id + 1).to_bytes(8, "big")
        self._epoch.after(tx, [REMOVE.on(_key(user_id), b"[" + low, b"(" + high) for user_id in user_ids])

    async def cut(self, tx: Tx, floors: Mapping[int, int]) -> None:
        await self.behind.cut(tx, floors)
        await self._close(tx, [user_id for user_id, floor in floors.items() if floor == LARGEST])
        self._epoch.after(
            tx,
            [
                REMOVE.on(_key(user_id), b"[" + (1).to_bytes(8, "big"), b"(" + floor.to_bytes(8, "big"))
                for user_id, floor in floors.items()
                if floor < LARGEST
            ],
        )

    async def overfull(self, r: Reader, user_ids: Sequence[int], full: int, keep: int) -> Mapping[int, int]:
        return await self.behind.overfull(r, user_ids, full, keep)

    async def read(self, r: Reader, user_id: int, before: int | None, limit: int, since: int = 0) -> list[Entry]:
        """From Redis where it has the whole page, else from behind; a newest page then fills Redis again."""
        found, is_ours, epoch, mark = None, False, b"", b""
        if since >= self.behind.reaches():
            with suppress(EngineDown):
                epoch = await self._epoch.now(r)
                found, is_there = await self._page(r, user_id, epoch, before, limit, since)
                if not is_there and before in (None, LARGEST):
                    mark = new_mark()
                    is_ours = await self._begun(user_id, epoch, mark)
        (_missed if found is None else _hit).inc()
        if is_ours:
            return await self._filled(r, user_id, epoch, mark, limit, since)
        return await self.behind.read(r, user_id, before, limit, since) if found is None else found

    async def settled(self) -> None:
        """Wait for what is told to Redis after commits, and for the store behind."""
        await self._epoch.settled()
        await self.behind.settled()

    async def _page(
        self, r: Reader, user_id: int, epoch: bytes, before: int | None, limit: int, since: int
    ) -> tuple[list[Entry] | None, bool]:
        """The page, where Redis has all of it, and whether it has a feed at all."""
        bounds = packed.page_bounds(None if before == LARGEST else before, since)
        answer = await self._client.run(*READ.on(_key(user_id), packed.dated(epoch), *bounds, limit))
        if not answer:
            return None, False
        whole, members = answer
        if len(members) < limit and whole != packed.WHOLE:
            return None, True
        return await self._entries(r, [packed.unpacked(member) for member in members]), True

    async def _begun(self, user_id: int, epoch: bytes, mark: bytes) -> bool:
        """Whether the feed is ours to build."""
        command = BEGIN.on(_key(user_id), mark, _milliseconds(BUILDS), packed.dated(epoch))
        return bool(await self._client.run(*command))

    async def _filled(self, r: Reader, user_id: int, epoch: bytes, mark: bytes, limit: int, since: int) -> list[Entry]:
        """The newest page from behind, once Redis has what it is to have of it."""
        low = self.behind.reaches()
        found = await self.behind.read(r, user_id, None, max(self._keep + 1, limit), low)
        kept = found[: self._keep]
        self._remember(kept)
        whole = packed.TRIMMED if len(found) > len(kept) else packed.WHOLE
        members = packed.parts([packed.packed(one) for one in reversed(kept)])
        mine = (self._full, self._keep, mark, packed.dated(epoch), whole, _milliseconds(LIVES))
        command = FILL.on(_key(user_id), *mine, *members)
        with suppress(EngineDown):
            await self._client.run(*command)
        return [one for one in found if one.feed_id >= since][:limit]

    async def _entries(self, r: Reader, found: list[tuple[int, int]]) -> list[Entry] | None:
        """Entries with their authors, unless one of these is not to be found."""
        if unknown := [post_id for _, post_id in found if post_id not in self._authors]:
            self._make_room()
            self._authors |= await self._find_authors(r, unknown)
        authors = self._authors
        if any(post_id not in authors for _, post_id in found):
            return None
        return [Entry(feed_id, post_id, authors[post_id]) for feed_id, post_id in found]

    def _remember(self, entries: Sequence[Entry]) -> None:
        self._make_room()
        self._authors |= {one.post_id: one.author_id for one in entries}

    def _make_room(self) -> None:
        if len(self._authors) > AUTHORS_MOST:
            self._authors = dict(list(self._authors.items())[AUTHORS_MOST // 2 :])

    async def _close(self, tx: Tx, user_ids: Sequence[int]) -> None:
        """Nobody reads or builds these feeds from Redis until the transaction has ended."""
        commands = [CLOSE.on(_key(user_id), new_mark(), _milliseconds(CLOSED)) for user_id in user_ids]
        await self._epoch.heard(tx, await self._client.many(commands))
        self._epoch.after(tx, [("UNLINK", _key(user_id)) for user_id in user_ids])


Asked = tuple[Sequence[str], Command]


def to_add(
    user_ids: Sequence[int], one: Entry, mark: bytes, together: int = TOGETHER, full: int = FULL, keep: int = KEEP
) -> Iterator[Asked]:
    """What puts a post into the feeds of many readers, and trims those that are full: some feeds a command."""
    rest = (full, keep, packed.packed(one), mark, _milliseconds(CLOSED))
    for n in range(0, len(user_ids), together):
        keys = [_key(user_id) for user_id in user_ids[n : n + together]]
        yield keys, ADD.on_each(keys, *rest)


def after_adding(asked: Sequence[Asked], answers: Sequence[bytes | EngineDown], mark: bytes) -> list[Command]:
    """What is told of the same feeds once the transaction has ended."""
    told = zip(asked, answers, strict=True)
    return [ENDED.on_each(keys, mark, tokens) for (keys, _), tokens in told if not isinstance(tokens, EngineDown)]


def new_mark() -> bytes:
    """What nobody else writes into a feed that is being built, or that nobody may build."""
    return packed.BUILDING + secrets.token_bytes(packed.TOKEN)


def _key(user_id: int) -> str:
    return f"feed:{{{user_id}}}"


def _milliseconds(time: timedelta) -> int:
    return round(time.total_seconds() * 1000)
