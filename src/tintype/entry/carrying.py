"""Carrying every object of an installation from one store to another; what is there in the right size stays."""

import asyncio
from collections.abc import Iterable

import asyncpg

from tintype.entry import erased
from tintype.platform.guard import EngineDown
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import Objects
from tintype.platform.together import task_group

BATCH, AT_ONCE = 500, 8
LARGE_BYTES = 16 * 1024 * 1024  # objects are held in memory: of those that are larger, one at a time
RESTS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds, while the store to write to does not answer


class Carrier:
    """From `source` to `target`."""

    def __init__(self, source: Objects, target: Objects) -> None:
        self.source, self.target = source, target
        self._gate, self._alone = asyncio.Semaphore(AT_ONCE), asyncio.Lock()

    async def carry(self, url: str) -> int:
        """Everything of the media in this database, and the list of what was erased; returns how many objects.

        Raises EngineDown when the store has not answered for half a minute.
        """
        count, last = 0, 0
        connection = await asyncpg.connect(url, timeout=10, command_timeout=60)
        try:
            while rows := await connection.fetch(MEDIA, last, BATCH):
                count += await self._all([key for row in rows for key in await self._of_medium(row["id"])])
                last = rows[-1]["id"]
        finally:
            await connection.close(timeout=5)
        for kind in erased.KINDS:
            count += await self._all(erased.key(kind, name) for name in await self.source.sizes(f"erased/{kind}"))
        return count

    async def one(self, key: str) -> bool:
        """Carry one object over; False where it is there already, in the right size, or is not here."""
        have = await self.source.stat(key)
        if have is None or have == await self.target.stat(key):
            return False
        if have.size <= LARGE_BYTES:
            await self._put(key)
        else:
            async with self._alone:
                await self._put(key)
        return True

    async def _all(self, keys: Iterable[str]) -> int:
        async def one(key: str) -> None:
            async with self._gate:
                await self._patiently(key)

        wanted = list(keys)
        async with task_group() as group:
            for key in wanted:
                group.create_task(one(key))
        return len(wanted)

    async def _patiently(self, key: str) -> None:
        for rest in RESTS:
            try:
                await self.one(key)
            except EngineDown:
                await asyncio.sleep(rest)
            else:
                return
        await self.one(key)

    async def _put(self, key: str) -> None:
        await self.target.put({key: b"".join([part async for part in self.source.iter_range(key)])})

    async def _of_medium(self, media_id: int) -> list[str]:
        """The upload, what was made of it, and the parts of an upload that goes on."""
        upload = objects.upload_key(media_id)
        found = [upload] if await self.source.stat(upload) is not None else []
        for folder in (objects.files_prefix(media_id), objects.parts_prefix(media_id)):
            found += [f"{folder}/{name}" for name in await self.source.sizes(folder)]
        return found


MEDIA = """
-- entry: every medium
select id from media where id > $1 order by id limit $2
"""
