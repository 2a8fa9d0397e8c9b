"""What the object store in a folder does beyond the port: drafts, modes, full disks, and forms of its own."""

import errno
import os
import stat
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tintype.platform import clock
from tintype.platform.errors import StorageFull, TooLarge
from tintype.platform.objects.folder import FolderObjects
from tintype.platform.objects.port import Ticket, UploadRefused, file_key, upload_key

KEY = b"k" * 32


@pytest.fixture
def store(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "media", KEY)


def ticket(media_id: int = 7, size: int = 100, *, minutes: int = 15) -> Ticket:
    return Ticket(media_id, "image/jpeg", size, clock.now() + timedelta(minutes=minutes))


async def arriving(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def content(store: FolderObjects, key: str) -> bytes:
    return b"".join([chunk async for chunk in store.iter_range(key)])


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_nobody_else_may_read(store: FolderObjects, tmp_path: Path) -> None:
    await store.accept(ticket(), arriving(b"private"))
    for path in (tmp_path / "media").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


async def test_a_signed_form_is_good_for_what_it_says(store: FolderObjects) -> None:
    given = ticket()
    form = store.sign_upload(given)
    assert (form.method, form.url) == ("POST", "/api/v1/media/upload/7")
    found = store.verify(form.fields, 7)
    assert (found.media_id, found.content_type, found.size) == (7, "image/jpeg", 100)
    assert await store.accept(found, arriving(b"a" * 60, b"b" * 40)) == 100
    assert await content(store, upload_key(7)) == b"a" * 60 + b"b" * 40


@pytest.mark.parametrize(
    "change",
    [{"size": "101"}, {"size": "0100"}, {"content_type": "image/png"}, {"expires": "9999999999"}, {"signature": "x"},
     {"signature": "é"}],
)  # fmt: skip
async def test_a_changed_form_is_refused(store: FolderObjects, change: dict[str, str]) -> None:
    fields = store.sign_upload(ticket()).fields
    with pytest.raises(UploadRefused):
        store.verify(fields | change, 7)
    with pytest.raises(UploadRefused):
        store.verify({name: value for name, value in fields.items() if name not in change}, 7)


async def test_a_form_of_another_medium_time_or_house_is_refused(store: FolderObjects, tmp_path: Path) -> None:
    fields = store.sign_upload(ticket()).fields
    with pytest.raises(UploadRefused):
        store.verify(fields, 8)
    with pytest.raises(UploadRefused):
        FolderObjects(tmp_path, b"other" * 8).verify(fields, 7)
    with pytest.raises(UploadRefused):
        store.verify(store.sign_upload(ticket(minutes=-1)).fields, 7)


async def test_what_does_not_come_to_its_end_leaves_no_draft(store: FolderObjects, tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.accept(ticket(), breaking())
    with pytest.raises(TooLarge):
        await store.accept(ticket(size=10), arriving(b"a" * 8, b"b" * 8))
    assert files(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
async def test_a_full_disk_changes_nothing(
    store: FolderObjects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    await store.put({file_key(7, "a.jpg"): b"old"})
    write, room = os.write, [6]

    def into_little_room(descriptor: int, data: bytes) -> int:
        if len(data) > room[0]:
            raise OSError(number, os.strerror(number))
        room[0] -= len(data)
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", into_little_room)
    with pytest.raises(StorageFull):
        await store.put({file_key(7, "a.jpg"): b"new", file_key(7, "b.jpg"): b"too much"})
    with pytest.raises(StorageFull):
        await store.accept(ticket(), arriving(b"too much"))
    monkeypatch.undo()
    assert await content(store, file_key(7, "a.jpg")) == b"old"
    assert [path.name for path in files(tmp_path)] == ["a.jpg"]


async def test_other_failures_stay_what_they_are(store: FolderObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(descriptor: int, data: bytes) -> int:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(OSError, match="broken disk"):
        await store.put({file_key(7, "a.jpg"): b"new"})


async def test_drafts_of_a_killed_process_are_tidied(store: FolderObjects, tmp_path: Path) -> None:
    await store.tidy(timedelta(hours=1))
    await store.put({file_key(7, "a.jpg"): b"a"})
    old, young = tmp_path / "media/drafts/1-a", tmp_path / "media/drafts/1-b"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    await store.tidy(timedelta(hours=1))
    assert not old.exists()
    assert young.exists()
