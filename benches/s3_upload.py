"""What does the way to a bucket cost over bare obstore? Files as they are made, a film in parts, a picture by its form.

Films: addresses, parts put there four at a time, joined; against obstore's own multipart upload of the same bytes.
Files: a medium's eight through the port, against eight puts. Pictures: form and settling, of which the copy that
makes them unchangeable is the larger part, so it has no goal. Median of pairs run in turn, over a real store.

Last figures (2 free cores, five runs on two machines, November 2026): files 0.94-1.03 of the bare rate, a film
0.88-0.99 (goal >= 0.9), pictures 0.42-0.44 on the one machine, and 0.27-0.29 on the other, whose disk is slower. With
5 pairs instead of 25 a run says anything between 0.85 and 1.7.
"""

import asyncio
import os
import tempfile
from datetime import timedelta
from pathlib import Path

import httpx2
import obstore
from obstore.store import S3Store
from tests.engines import s3

from benches.harness import interleaved, report
from tintype.platform import clock
from tintype.platform.objects.port import PART_BYTES, Ticket, file_key, upload_key
from tintype.platform.objects.s3 import S3Objects

GOAL = ">=0.9"
FILES, FILE_BYTES, MEDIA = 8, 150_000, 12
FILM_PARTS, PICTURE_BYTES, PICTURES = 6, 3_000_000, 8
AT_ONCE, PAIRS = 4, 25


class Way:
    """Both ways to one store."""

    def __init__(self, engine: s3.Store, folder: Path) -> None:
        self.ours = S3Objects(engine.bucket, b"k" * 32, folder, public=engine.bucket)
        self.bare = S3Store(
            engine.bucket.name,
            endpoint=engine.bucket.origin,
            access_key_id=engine.bucket.key,
            secret_access_key=engine.bucket.secret,
            region=engine.bucket.region,
            client_options={"allow_http": True},
        )
        self.client = httpx2.AsyncClient(trust_env=False, timeout=60)
        self._numbers = iter(range(1, 1_000_000))

    async def files(self) -> None:
        for n in range(MEDIA):
            await self.ours.put({file_key(n + 1, f"{one}.jpg"): FILE for one in range(FILES)})

    async def bare_files(self) -> None:
        for n in range(MEDIA):
            puts = (obstore.put_async(self.bare, f"bare/{n}/{one}.jpg", FILE) for one in range(FILES))
            await asyncio.gather(*puts)

    async def film(self) -> None:
        ticket = self._ticket("video/mp4", len(FILM))
        upload_id = await self.ours.begin_parts(ticket)
        gate = asyncio.Semaphore(AT_ONCE)

        async def put(number: int, url: str) -> None:
            async with gate:
                part = FILM[(number - 1) * PART_BYTES : number * PART_BYTES]
                (await self.client.put(url, content=part)).raise_for_status()

        signed = self.ours.sign_parts(ticket, upload_id)
        await asyncio.gather(*(put(one.number, one.url) for one in signed.parts))
        await self.ours.join(ticket, upload_id)
        await self.ours.delete(upload_key(ticket.media_id))

    async def bare_film(self) -> None:
        await obstore.put_async(
            self.bare, "bare/film", FILM, use_multipart=True, chunk_size=PART_BYTES, max_concurrency=AT_ONCE
        )
        await obstore.delete_async(self.bare, "bare/film")

    async def pictures(self) -> None:
        await asyncio.gather(*(self._picture() for _ in range(PICTURES)))

    async def _picture(self) -> None:
        ticket = self._ticket("image/jpeg", len(PICTURE))
        form = self.ours.sign_upload(ticket)
        sent = await self.client.post(form.url, data=form.fields, files={"file": ("a.jpg", PICTURE, "image/jpeg")})
        sent.raise_for_status()
        await self.ours.settle(ticket)

    async def bare_pictures(self) -> None:
        names = (f"bare/{next(self._numbers)}" for _ in range(PICTURES))
        await asyncio.gather(*(obstore.put_async(self.bare, name, PICTURE) for name in names))

    def _ticket(self, kind: str, size: int) -> Ticket:
        return Ticket(next(self._numbers), kind, size, clock.now() + timedelta(hours=1))


FILE, FILM, PICTURE = os.urandom(FILE_BYTES), os.urandom(PART_BYTES * FILM_PARTS), os.urandom(PICTURE_BYTES)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder, s3.running() as engine:
        way = Way(engine, Path(folder))
        for name, ours, bare, goal in [
            ("s3.files", way.files, way.bare_files, GOAL),
            ("s3.film", way.film, way.bare_film, GOAL),
            ("s3.pictures", way.pictures, way.bare_pictures, ""),
        ]:
            seconds, bare_seconds, ratio = await interleaved(ours, bare, PAIRS)
            report(f"{name}.seconds", seconds)
            report(f"{name}.bare_seconds", bare_seconds)
            report(f"{name}.rate_of_bare", ratio, goal)
        await way.client.aclose()
        await way.ours.close()


if __name__ == "__main__":
    asyncio.run(main())
