"""What uploads in parts do in a folder beyond the port: checksums, drafts, full disks, addresses of its own."""

import errno
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tintype.platform import clock
from tintype.platform.errors import StorageFull, TooLarge
from tintype.platform.objects.folder import FolderObjects
from tintype.platform.objects.port import PART_BYTES, PartWrong, Ticket, UploadRefused

WHOLE = os.urandom(PART_BYTES * 2 + 5)
PARTS = {1: WHOLE[:PART_BYTES], 2: WHOLE[PART_BYTES : PART_BYTES * 2], 3: WHOLE[PART_BYTES * 2 :]}


@pytest.fixture
def store(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "media", b"k" * 32)


def ticket(*, minutes: int = 15) -> Ticket:
    return Ticket(7, "video/mp4", len(WHOLE), clock.now() + timedelta(minutes=minutes))


async def arriving(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 700_000):
        yield data[at : at + 700_000]


async def test_a_part_is_told_by_its_checksum_and_joining_leaves_nothing_else(
    store: FolderObjects, tmp_path: Path
) -> None:
    asked = ticket()
    upload_id = await store.begin_parts(asked)
    for number, data in PARTS.items():
        await store.accept_part(asked, number, None, arriving(data))
    there = {one.number: one.sha256 for one in await store.parts(upload_id)}
    assert there == {number: hashlib.sha256(data).hexdigest() for number, data in PARTS.items()}
    assert (await store.join(asked, upload_id)).size == len(WHOLE)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["7"], "no part and no draft is left"


@pytest.mark.parametrize(("data", "error"), [(b"1234", PartWrong), (b"123456", TooLarge)])
async def test_a_part_of_another_size_leaves_no_draft(
    store: FolderObjects, tmp_path: Path, data: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await store.accept_part(ticket(), 3, None, arriving(data))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_an_address_that_was_changed_or_ran_out_is_refused(store: FolderObjects) -> None:
    asked = ticket()
    signed = store.sign_parts(asked, await store.begin_parts(asked))
    query = dict(parse_qsl(urlsplit(signed.parts[1].url).query))
    assert store.verify_part(query, 7, 2).size == len(WHOLE)
    for media_id, number, changed in [(7, 1, {}), (8, 2, {}), (7, 2, {"size": "1"}), (7, 2, {"signature": ""})]:
        with pytest.raises(UploadRefused):
            store.verify_part(query | changed, media_id, number)
    old = store.sign_parts(ticket(minutes=-1), "")
    with pytest.raises(UploadRefused):
        store.verify_part(dict(parse_qsl(urlsplit(old.parts[0].url).query)), 7, 1)


async def test_a_full_disk_takes_no_part(store: FolderObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        await store.accept_part(ticket(), 3, None, arriving(PARTS[3]))
