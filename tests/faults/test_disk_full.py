"""A full disk: what was acknowledged is stored, what cannot be stored is refused with 507 or 503, and it recovers.

The data folder lies on a small file system of its own, which is mounted for the test: that takes root, as in CI.
"""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import httpx2
import pytest
import pyvips

from tests.engines.product import Product, installed
from tests.faults.crowd import Person, people

FULL = {503, 507}
REFUSALS, RECOVERY_SECONDS = 5, 60.0
NO_MOUNT = "mounting a small file system takes root"

pytestmark = [pytest.mark.faults, pytest.mark.paired, pytest.mark.timeout(240)]


@contextmanager
def small(folder: Path, megabytes: int) -> Iterator[None]:
    """A file system of its own at this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tintype-test", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        if os.environ.get("TINTYPE_TEST_NO_SKIPS"):
            pytest.fail(NO_MOUNT)
        pytest.skip(NO_MOUNT)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    ballast = folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)
    return ballast


class Writer:
    """Somebody who posts and uploads, and notes what was acknowledged."""

    def __init__(self, product: Product, person: Person) -> None:
        self.acknowledged: set[int] = set()
        self.refused: list[int] = []
        headers = {"Authorization": f"Bearer {person.token}"}
        self._http = httpx2.Client(base_url=f"{product.url}/api/v1", headers=headers, timeout=20)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def post(self) -> bool:
        """Post a long text; whether it was taken."""
        answer = self._http.post("/posts", json={"type": "TEXT", "caption": "what the tide left " * 100})
        if answer.status_code == 201:
            self.acknowledged.add(int(answer.json()["data"]["post_id"]))
            return True
        assert answer.status_code in FULL, answer.text
        self.refused.append(answer.status_code)
        return False

    def reads(self) -> int:
        return self._http.get("/users/me").status_code

    def ticket(self, size: int) -> tuple[str, str, dict[str, str]]:
        """A medium to upload: its id, where to, and the form's fields."""
        body = {"kind": "IMAGE", "content_type": "image/jpeg", "size": size}
        found = self._http.post("/media/upload-url", json=body).raise_for_status().json()["data"]
        return found["media_id"], found["upload"]["url"].removeprefix("/api/v1"), found["upload"]["fields"]

    def upload(self, to: str, fields: dict[str, str], picture: bytes) -> int:
        return self._http.post(to, data=fields, files={"file": ("a.jpg", picture, "image/jpeg")}).status_code

    def complete(self, media_id: str) -> int:
        return self._http.post(f"/media/{media_id}/complete").status_code

    def status(self, media_id: str, seconds: int) -> str:
        found: str = self._http.get(f"/media/{media_id}/wait?seconds={seconds}").json()["data"]["status"]
        return found


def picture() -> bytes:
    """Half a megabyte that no encoder makes much smaller."""
    body: bytes = pyvips.Image.gaussnoise(900, 900, mean=128, sigma=60).cast("uchar").jpegsave_buffer(Q=95)
    return body


@pytest.fixture
def product() -> Iterator[Product]:
    with installed(LOG_LEVEL="warning") as found:
        yield found


def test_a_full_media_folder_refuses_uploads_and_nothing_else(product: Product) -> None:
    media = product.folder / "data" / "media"
    with small(media, 16), started(product) as writer:
        photo = picture()
        early, later = writer.ticket(len(photo)), writer.ticket(len(photo))
        assert writer.upload(*early[1:], photo) == 200
        ballast = fill(media)

        assert writer.upload(*later[1:], photo) == 507
        assert writer.complete(later[0]) == 409
        assert writer.complete(early[0]) == 202
        assert writer.post()
        assert writer.reads() == 200
        assert writer.status(early[0], 3) in {"uploaded", "processing"}

        ballast.unlink()
        assert writer.upload(*later[1:], photo) == 200
        assert writer.complete(later[0]) == 202
        assert writer.status(later[0], 30) == "ready"
        deadline = time.monotonic() + RECOVERY_SECONDS
        while writer.status(early[0], 10) != "ready":
            assert time.monotonic() < deadline, "what was uploaded before is not made ready"


def test_a_full_database_refuses_writes_and_takes_them_again_when_there_is_room(product: Product) -> None:
    database = product.folder / "data" / "postgres"
    with small(database, 256), started(product) as writer:
        assert writer.post()
        ballast = fill(database)
        _until_refused(writer)
        assert 507 in writer.refused
        ballast.unlink()
        _until_taken(writer)
        asyncio.run(_check_acknowledged(product, writer))


def test_a_database_that_had_to_stop_starts_again_when_there_is_room(product: Product) -> None:
    database = product.folder / "data" / "postgres"
    with small(database, 256), started(product) as writer:
        assert writer.post()
        ballast = fill(database)
        asyncio.run(_use_up_the_write_ahead_log(product))
        _until_refused(writer)
        time.sleep(3)
        assert product.process is not None
        assert product.process.poll() is None
        ballast.unlink()
        _until_taken(writer)
        asyncio.run(_check_acknowledged(product, writer))


@contextmanager
def started(product: Product) -> Iterator[Writer]:
    """The product runs, with somebody in it."""
    product.start()
    try:
        with Writer(product, people(product, 1)[0]) as writer:
            yield writer
    finally:
        product.stop()


async def _check_acknowledged(product: Product, writer: Writer) -> None:
    """What was acknowledged is stored, and everything that follows from it has been done."""
    settled = await asyncio.to_thread(product.command, "log", "lag", "--wait", "60")
    assert settled.returncode == 0, settled.stdout + settled.stderr
    connection = await asyncpg.connect(product.database_url)
    stored = {row["id"] for row in await connection.fetch("select id from posts")}
    await connection.close()
    assert writer.acknowledged <= stored
    verified = await asyncio.to_thread(product.command, "verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def _until_refused(writer: Writer) -> None:
    before, deadline = len(writer.refused), time.monotonic() + RECOVERY_SECONDS
    while len(writer.refused) < before + REFUSALS:
        writer.post()
        assert time.monotonic() < deadline, "the disk is not full"


def _until_taken(writer: Writer) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not writer.post():
        assert time.monotonic() < deadline, "it does not recover"
        time.sleep(0.2)


async def _use_up_the_write_ahead_log(product: Product) -> None:
    """Without room for its next segment PostgreSQL stops, as it has to, and cannot start again."""
    connection = await asyncpg.connect(product.database_url)
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        for _ in range(64):
            await connection.execute("create temp table if not exists t (n int)")
            await connection.execute("select pg_logical_emit_message(false, 'full', 'x'), pg_switch_wal()")
    connection.terminate()
