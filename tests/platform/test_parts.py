"""Uploads in parts, in a folder: put in any order and again, checked, joined once, gone without a trace."""

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
from tintype.platform.objects.port import (
    PART_BYTES,
    PartsMissing,
    PartWrong,
    Ticket,
    UploadRefused,
    part_count,
    part_length,
    upload_key,
)

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


async def test_parts_come_in_any_order_and_again_and_are_joined(store: FolderObjects, tmp_path: Path) -> None:
    asked = ticket()
    assert (part_count(asked), [part_length(asked, n) for n in (0, 1, 3, 4)]) == (3, [0, PART_BYTES, 5, 0])
    upload_id = await store.begin_parts(asked)
    assert await store.parts(upload_id) == []
    await store.accept_part(asked, 3, None, arriving(PARTS[3]))
    await store.accept_part(asked, 1, None, arriving(bytes(PART_BYTES)))
    with pytest.raises(PartsMissing):
        await store.join(asked, upload_id)
    await store.accept_part(asked, 1, hashlib.sha256(PARTS[1]).hexdigest(), arriving(PARTS[1]))
    await store.accept_part(asked, 2, None, arriving(PARTS[2]))
    there = await store.parts(upload_id)
    assert [(one.number, one.size, one.sha256) for one in there] == [
        (number, len(data), hashlib.sha256(data).hexdigest()) for number, data in PARTS.items()
    ]
    assert (await store.join(asked, upload_id)).size == len(WHOLE)
    assert (await store.join(asked, upload_id)).size == len(WHOLE), "said twice, it changes nothing"
    assert b"".join([chunk async for chunk in store.iter_range(upload_key(7))]) == WHOLE
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["7"], "no part and no draft is left"
    await store.drop_parts(7, upload_id)


@pytest.mark.parametrize(
    ("number", "data", "sha256", "error"),
    [
        (3, b"1234", None, PartWrong),
        (3, b"123456", None, TooLarge),
        (3, b"12345", "0" * 64, PartWrong),
        (4, b"1", None, TooLarge),
    ],
)
async def test_a_part_that_is_not_as_it_should_be(
    store: FolderObjects, tmp_path: Path, number: int, data: bytes, sha256: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await store.accept_part(ticket(), number, sha256, arriving(data))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_an_address_is_good_for_one_part_until_it_runs_out(store: FolderObjects) -> None:
    asked = ticket()
    signed = store.sign_parts(asked, await store.begin_parts(asked))
    assert (signed.method, signed.part_size, [one.number for one in signed.parts]) == (
        "MULTIPART",
        PART_BYTES,
        [1, 2, 3],
    )
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
