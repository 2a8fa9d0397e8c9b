"""The port of the object store: the same for a folder, for a bucket, and for a bucket that uploads reach through us."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conformance import sending
from tests.engines import s3
from tintype.platform import clock
from tintype.platform.errors import TooLarge
from tintype.platform.guard import EngineDown
from tintype.platform.objects.folder import FolderObjects
from tintype.platform.objects.port import (
    PART_BYTES,
    Objects,
    PartsMissing,
    PartWrong,
    Stat,
    Ticket,
    UploadExists,
    UploadRefused,
    file_key,
    files_prefix,
    part_count,
    part_length,
    parts_prefix,
    upload_key,
)

ADAPTERS = ["folder", "s3", "s3-through-us"]
KEY = b"k" * 32
WHOLE = os.urandom(PART_BYTES * 2 + 5)
PARTS = {1: WHOLE[:PART_BYTES], 2: WHOLE[PART_BYTES : PART_BYTES * 2], 3: WHOLE[PART_BYTES * 2 :]}


@pytest.fixture(params=ADAPTERS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Objects]:
    if request.param == "folder":
        yield FolderObjects(tmp_path / "media", KEY)
        return
    bucket: s3.Store = request.getfixturevalue("s3_store")
    bucket.wipe()
    async with sending.opened(bucket, KEY, tmp_path, direct=request.param == "s3") as opened:
        yield opened


class Cut(NamedTuple):
    """A store whose engine the test may stop."""

    engine: s3.Store
    store: Objects


@pytest.fixture(params=["s3", "s3-through-us"])
async def cut(request: pytest.FixtureRequest, s3_store: s3.Store, tmp_path: Path) -> AsyncIterator[Cut]:
    s3_store.wipe()
    async with sending.opened(s3_store, KEY, tmp_path, direct=request.param == "s3", seconds=0.5) as opened:
        yield Cut(s3_store, opened)
    s3_store.resume()
    s3_store.kill()
    s3_store.restart()


def ticket(media_id: int = 7, size: int = 100, *, minutes: int = 15) -> Ticket:
    return Ticket(media_id, "image/jpeg", size, clock.now() + timedelta(minutes=minutes))


def film(*, minutes: int = 15) -> Ticket:
    return Ticket(7, "video/mp4", len(WHOLE), clock.now() + timedelta(minutes=minutes))


async def arriving(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def content(store: Objects, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in store.iter_range(key, start, end)])


async def test_put_read_stat_delete(store: Objects) -> None:
    await store.put({file_key(7, "large.jpg"): b"large", file_key(7, "thumb.jpg"): b"thumb", file_key(8, "a.jpg"): b""})
    assert await content(store, file_key(7, "large.jpg")) == b"large"
    found = await store.stat(file_key(7, "thumb.jpg"))
    assert found is not None
    assert found.size == 5
    await store.put({file_key(7, "large.jpg"): b"newer"})
    async with store.open(file_key(7, "large.jpg")) as descriptor:
        assert os.pread(descriptor, 100, 0) == b"newer"
    await store.delete(file_key(7, "thumb.jpg"))
    await store.delete(file_key(7, "thumb.jpg"))
    assert await store.stat(file_key(7, "thumb.jpg")) is None
    await store.delete_prefix(files_prefix(7))
    await store.delete_prefix(files_prefix(7))
    with pytest.raises(FileNotFoundError):
        await content(store, file_key(7, "large.jpg"))
    with pytest.raises(FileNotFoundError):
        async with store.open(file_key(7, "large.jpg")):
            pass
    assert await store.stat(file_key(8, "a.jpg")) == Stat(0)
    assert await content(store, file_key(8, "a.jpg")) == b""


@pytest.mark.parametrize(("start", "end"), [(0, None), (1, 3), (0, 1), (2, None), (4, 5), (3, 3), (0, 99)])
async def test_ranges(store: Objects, start: int, end: int | None) -> None:
    await store.put({file_key(7, "large.jpg"): b"large"})
    assert await content(store, file_key(7, "large.jpg"), start, end) == b"large"[start:end]


async def test_large_values(store: Objects) -> None:
    large = os.urandom(20 * 1024 * 1024)
    await store.put({upload_key(7): large})
    assert await content(store, upload_key(7)) == large
    assert await content(store, upload_key(7), 9_999_999, 12_000_000) == large[9_999_999:12_000_000]
    async with store.open(upload_key(7)) as descriptor:
        assert os.pread(descriptor, 10, len(large) - 10) == large[-10:]


async def test_a_reader_keeps_what_it_opened(store: Objects) -> None:
    await store.put({file_key(7, "a.jpg"): b"old"})
    async with store.open(file_key(7, "a.jpg")) as descriptor:
        await store.put({file_key(7, "a.jpg"): b"new"})
        assert os.pread(descriptor, 9, 0) == b"old"


@pytest.mark.parametrize(
    "key",
    ["../secrets", "files/../../x", "files/7/..", "files//x", "/etc/passwd", "files/7/a\0b", "files/7/ü", "files/7/☂"],
)
async def test_keys_do_not_lead_out(store: Objects, key: str) -> None:
    with pytest.raises(ValueError):
        await store.put({key: b"x"})
    with pytest.raises(ValueError):
        await store.stat(key)
    with pytest.raises(ValueError):
        await store.delete(key)


async def test_what_lies_below_a_prefix(store: Objects) -> None:
    assert await store.sizes(files_prefix(7)) == {}
    await store.put({file_key(7, "a.jpg"): b"12", file_key(7, "b.jpg", 2): b"123", file_key(70, "c.jpg"): b"1"})
    assert await store.sizes(files_prefix(7)) == {"a.jpg": 2, "2/b.jpg": 3}
    await store.delete_prefix(files_prefix(7))
    assert await store.sizes(files_prefix(7)) == {}
    assert await store.sizes(files_prefix(70)) == {"c.jpg": 1}, "another medium whose number begins alike"


async def test_more_than_a_page_lies_below_a_prefix(store: Objects) -> None:
    names = [f"{n}.m4s" for n in range(1_050)]
    await store.put({file_key(7, name): b"x" for name in names})
    assert await store.sizes(files_prefix(7)) == dict.fromkeys(names, 1)
    await store.delete_prefix(files_prefix(7))
    assert await store.sizes(files_prefix(7)) == {}


async def test_whose_anything_is(store: Objects) -> None:
    await store.put({file_key(7, "a.jpg"): b"a", file_key(7, "b.jpg", 2): b"b", upload_key(2**62): b"c"})
    await store.put({"erased/posts/9": b"d", parts_prefix(8) + "/1.ab": b"e"})
    assert {one async for some in store.media() for one in some} == {7, 8, 2**62}
    await store.delete_prefix(files_prefix(7))
    assert 7 not in {one async for some in store.media() for one in some}


async def test_room(store: Objects) -> None:
    room = await store.room()
    assert room is None or 0 < room.free <= room.total


async def test_writers_of_one_key_leave_one_whole(store: Objects) -> None:
    values = [bytes([n]) * 300_000 for n in range(8)]
    await asyncio.gather(*(store.put({file_key(7, "a.jpg"): value}) for value in values))
    assert await content(store, file_key(7, "a.jpg")) in values


async def test_a_form_brings_the_upload(store: Objects) -> None:
    given = ticket()
    assert await store.settle(given) is None
    await sending.form(store, given, b"a" * 60 + b"b" * 40)
    assert await store.settle(given) == Stat(100)
    assert await store.settle(given) == Stat(100), "asked twice, it changes nothing"
    assert await content(store, upload_key(7)) == b"a" * 60 + b"b" * 40


async def test_a_form_is_good_for_what_it_says(store: Objects) -> None:
    with pytest.raises(TooLarge):
        await sending.form(store, ticket(), b"a" * 101)
    fields = store.sign_upload(ticket()).fields
    for name in fields:
        with pytest.raises(UploadRefused):
            await sending.form(store, ticket(), b"a", {name: fields[name] + "0"})
        with pytest.raises(UploadRefused):
            await sending.form(store, ticket(), b"a", {name: None})
    with pytest.raises(UploadRefused):
        await sending.form(store, ticket(minutes=-1), b"a")
    assert await store.settle(ticket()) is None


async def test_what_is_settled_stays(store: Objects) -> None:
    """A form may be sent again while it is good; what was looked at once is never another."""
    given = ticket()
    await sending.form(store, given, b"first")
    await asyncio.gather(*(store.settle(given) for _ in range(4)))
    with suppress(UploadExists):
        await sending.form(store, given, b"something else")
    assert await store.settle(given) == Stat(5)
    assert await content(store, upload_key(7)) == b"first"


async def test_more_than_was_declared_is_refused(store: Objects) -> None:
    with pytest.raises(TooLarge):
        await store.accept(ticket(size=10), arriving(b"a" * 8, b"b" * 8))
    assert await store.settle(ticket()) is None


async def test_an_upload_that_breaks_off_leaves_nothing(store: Objects) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.accept(ticket(), breaking())
    assert await store.settle(ticket()) is None


async def test_the_first_whole_upload_stays(store: Objects) -> None:
    """Sent again, because the answer was lost, it is no error; another file is."""
    await store.accept(ticket(), arriving(b"first"))
    await store.accept(ticket(), arriving(b"first"))
    with pytest.raises(UploadExists):
        await store.accept(ticket(), arriving(b"something else"))
    assert await content(store, upload_key(7)) == b"first"


async def test_uploads_at_the_same_time(store: Objects) -> None:
    await asyncio.gather(*(store.accept(ticket(n), arriving(b"%d" % n)) for n in range(20)))
    assert [await content(store, upload_key(n)) for n in range(20)] == [b"%d" % n for n in range(20)]


async def test_parts_come_in_any_order_and_again_and_are_joined(store: Objects) -> None:
    asked = film()
    assert (part_count(asked), [part_length(asked, n) for n in (0, 1, 3, 4)]) == (3, [0, PART_BYTES, 5, 0])
    upload_id = await store.begin_parts(asked)
    assert await store.parts(upload_id) == []
    await sending.part(store, asked, upload_id, 3, PARTS[3])
    await sending.part(store, asked, upload_id, 1, bytes(PART_BYTES))
    with pytest.raises(PartsMissing):
        await store.join(asked, upload_id)
    await sending.part(store, asked, upload_id, 1, PARTS[1])
    await sending.part(store, asked, upload_id, 2, PARTS[2])
    there = await store.parts(upload_id)
    assert [(one.number, one.size) for one in there] == [(number, len(data)) for number, data in PARTS.items()]
    assert all(one.sha256 in (None, hashlib.sha256(PARTS[one.number]).hexdigest()) for one in there)
    assert (await store.join(asked, upload_id)).size == len(WHOLE)
    assert (await store.join(asked, upload_id)).size == len(WHOLE), "said twice, it changes nothing"
    assert await content(store, upload_key(7)) == WHOLE
    assert await store.parts(upload_id) == [], "no part is left"
    await store.drop_parts(7, upload_id)


async def test_two_who_join_make_one(store: Objects) -> None:
    asked = film()
    upload_id = await store.begin_parts(asked)
    for number, data in PARTS.items():
        await sending.part(store, asked, upload_id, number, data)
    assert {one.size for one in await asyncio.gather(*(store.join(asked, upload_id) for _ in range(3)))} == {len(WHOLE)}
    assert await content(store, upload_key(7)) == WHOLE


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
    store: Objects, number: int, data: bytes, sha256: str | None, error: type[Exception]
) -> None:
    upload_id = await store.begin_parts(film())
    with pytest.raises(error):
        await store.accept_part(film(), number, sha256, arriving(data))
    assert await store.parts(upload_id) == []


async def test_an_address_is_good_for_one_part_until_it_runs_out(store: Objects) -> None:
    asked = film()
    upload_id = await store.begin_parts(asked)
    signed = store.sign_parts(asked, upload_id)
    assert (signed.method, signed.part_size, [one.number for one in signed.parts]) == (
        "MULTIPART",
        PART_BYTES,
        [1, 2, 3],
    )
    for data in (b"1234", b"123456"):
        with pytest.raises((UploadRefused, PartWrong, TooLarge)):
            await sending.part(store, asked, upload_id, 3, data)
    with pytest.raises(UploadRefused):
        await sending.part(store, asked, upload_id, 3, PARTS[3], number_sent=2)
    other = ticket(8, len(WHOLE))
    with pytest.raises(UploadRefused):
        await sending.part(store, other, await store.begin_parts(other), 3, PARTS[3], address_of=(asked, upload_id))
    assert await store.parts(upload_id) == []


async def test_two_who_put_the_same_part_leave_one(store: Objects) -> None:
    asked = film()
    upload_id = await store.begin_parts(asked)
    await asyncio.gather(*(sending.part(store, asked, upload_id, 3, bytes([n]) * 5) for n in range(8)))
    assert [(one.number, one.size) for one in await store.parts(upload_id)] == [(3, 5)]


async def test_an_upload_in_parts_is_forgotten(store: Objects) -> None:
    asked = film()
    upload_id = await store.begin_parts(asked)
    await sending.part(store, asked, upload_id, 3, PARTS[3])
    await store.drop_parts(7, upload_id)
    await store.drop_parts(7, upload_id)
    assert await store.parts(upload_id) == []
    with pytest.raises(PartsMissing):
        await store.join(asked, upload_id)


async def test_tidying_leaves_what_is_young(store: Objects) -> None:
    await store.tidy(timedelta(hours=1))
    upload_id = await store.begin_parts(film())
    await sending.part(store, film(), upload_id, 3, PARTS[3])
    await sending.form(store, ticket(8), b"young")
    await store.tidy(timedelta(hours=1))
    assert len(await store.parts(upload_id)) == 1
    assert await store.settle(ticket(8)) == Stat(5)


async def test_a_store_that_hangs_is_told_in_time(cut: Cut) -> None:
    await cut.store.put({file_key(7, "a.jpg"): b"there"})
    cut.engine.pause()
    began = clock.monotonic()
    with pytest.raises(EngineDown):
        await cut.store.stat(file_key(7, "a.jpg"))
    with pytest.raises(EngineDown):
        await content(cut.store, file_key(7, "a.jpg"))
    assert clock.monotonic() - began < 3
    for _ in range(4):
        with pytest.raises(EngineDown):
            await cut.store.stat(file_key(7, "a.jpg"))
    began = clock.monotonic()
    with pytest.raises(EngineDown):
        await cut.store.put({file_key(7, "a.jpg"): b"x", file_key(7, "b.jpg"): b"x"})
    assert clock.monotonic() - began < 0.2, "the breaker is open"
    cut.engine.resume()
    await _back(cut.store)
    assert await content(cut.store, file_key(7, "a.jpg")) == b"there"


async def test_a_store_that_was_killed_has_what_it_acknowledged(cut: Cut) -> None:
    await cut.store.put({file_key(7, f"{n}.jpg"): b"%d" % n for n in range(20)})
    await cut.store.accept(ticket(), arriving(b"upload"))
    cut.engine.kill()
    with pytest.raises(EngineDown):
        await cut.store.put({file_key(7, "x.jpg"): b"x"})
    cut.engine.restart()
    await _back(cut.store)
    assert await cut.store.sizes(files_prefix(7)) == {f"{n}.jpg": len(str(n)) for n in range(20)}
    assert await content(cut.store, upload_key(7)) == b"upload"


async def _back(store: Objects) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                await store.stat(file_key(7, "a.jpg"))
            except EngineDown:
                await asyncio.sleep(0.1)
            else:
                return
