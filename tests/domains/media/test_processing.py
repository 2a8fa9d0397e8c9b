"""The job that makes media ready: tries, fences, failures of others, the sweep; blurhash before renditions."""

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.world import Person, World, drawn
from tintype.domains.media import actions, consumers, reads, rules
from tintype.platform import clock, db
from tintype.platform.errors import StorageFull
from tintype.platform.imaging.pool import DecoderFailed, Pool
from tintype.platform.objects import port as objects
from tintype.platform.objects.folder import FolderObjects


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    yield
    clock.shift(timedelta())


async def uploaded(person: Person, body: bytes | None = None) -> int:
    return int(await person.upload(body))


async def row_of(media_id: int) -> Any:
    async with db.read() as r:
        return await r.row("select * from media where id = $1", media_id)


async def events(media_id: int) -> list[str]:
    async with db.read() as r:
        rows = await r.rows("select type from event_inbox where topic = 'media' and key = $1 order by id", media_id)
        moved = await r.rows("select type from event_log where topic = 'media' and key = $1 order by pos", media_id)
    return [row["type"] for row in [*moved, *rows]]


async def test_the_blurhash_is_committed_before_the_renditions_are_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana,) = await world.people("ana")
    media_id = await uploaded(ana)
    put, seen = FolderObjects.put, []

    async def looking(self: FolderObjects, files: dict[str, bytes]) -> None:
        seen.append((await row_of(media_id), await events(media_id)))
        await put(self, files)

    monkeypatch.setattr(FolderObjects, "put", looking)
    await consumers.process({"media_id": media_id})
    ((row, facts),) = seen
    assert (row["status"], row["width"], row["height"]) == ("processing", 240, 160)
    assert row["blurhash"]
    assert facts == ["MediaUploaded", "MediaPreviewed"]
    assert await events(media_id) == ["MediaUploaded", "MediaPreviewed", "MediaReady"]


async def test_a_killed_decoder_costs_one_try(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (ana,) = await world.people("ana")
    media_id, other = await uploaded(ana), await uploaded(ana, drawn(1))
    await actions.pool().warm()
    (pid,) = actions.pool().pids
    os.kill(pid, signal.SIGSTOP)
    work = asyncio.create_task(consumers.process({"media_id": media_id}))
    await asyncio.sleep(0.3)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(DecoderFailed):
        await work
    row = await row_of(media_id)
    assert (row["status"], row["tries"]) == ("uploaded", 1)
    await consumers.process({"media_id": other})
    await consumers.process({"media_id": media_id})
    row = await row_of(media_id)
    assert (row["status"], row["tries"]) == ("ready", 2)
    assert (await row_of(other))["tries"] == 1


async def test_after_three_tries_it_is_rejected(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (ana,) = await world.people("ana")
    media_id = await uploaded(ana)

    async def dies(*_: object) -> None:
        raise DecoderFailed("dies")

    monkeypatch.setattr(Pool, "decode", dies)
    for _ in range(2):
        with pytest.raises(DecoderFailed):
            await consumers.process({"media_id": media_id})
    await consumers.process({"media_id": media_id})
    row = await row_of(media_id)
    assert (row["status"], row["tries"], row["rejection_code"]) == ("rejected", 3, "PROCESSING_FAILED")
    await consumers.process({"media_id": media_id})
    assert (await events(media_id)).count("MediaRejected") == 1


@pytest.mark.parametrize("failure", [StorageFull(), OSError("disk"), asyncio.CancelledError()])
async def test_what_is_no_fault_of_the_picture_costs_no_try(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    (ana,) = await world.people("ana")
    media_id = await uploaded(ana)

    async def fails(*_: object) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(FolderObjects, "put", fails)
        with pytest.raises(type(failure)):
            await consumers.process({"media_id": media_id})
    row = await row_of(media_id)
    assert (row["status"], row["tries"]) == ("uploaded", 0)
    await world.settle()
    assert (await row_of(media_id))["status"] == "ready"


async def test_a_try_that_was_overtaken_changes_nothing(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await uploaded(ana)
    async with db.act(db.SYSTEM) as tx:
        first = await actions.take(tx, media_id)
        second = await actions.take(tx, media_id)
        assert first is not None
        assert second is not None
        await actions.finish(tx, first, [])
        await actions.reject(tx, first, "DAMAGED")
        await actions.give_back(tx, first)
        assert (await reads.by_ids(tx, [media_id]))[media_id].status == "processing"
        await actions.finish(tx, second, [])
        assert (await reads.by_ids(tx, [media_id]))[media_id].status == "ready"
        assert await actions.take(tx, media_id) is None


async def test_a_lost_upload_is_rejected(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await uploaded(ana)
    await objects.store().delete(objects.upload_key(media_id))
    await world.settle()
    assert (await row_of(media_id))["rejection_code"] == "UPLOAD_LOST"


async def test_the_sweep_rejects_what_never_came(world: World) -> None:
    """And the post that waited for it fails, telling its author."""
    (ana,) = await world.people("ana")
    ask = {"kind": "IMAGE", "content_type": "image/jpeg", "size": 10}
    media_id = (await ana.ask("POST", "/media/upload-url", json=ask))["media_id"]
    post = await ana.ask("POST", "/posts", json={"type": "IMAGE", "media": [{"media_id": media_id}]})
    clock.shift(rules.TICKET_LASTS)
    await consumers.sweep()
    assert (await row_of(int(media_id)))["status"] == "waiting"
    clock.shift(rules.TICKET_LASTS + rules.TICKET_GRACE + timedelta(seconds=1))
    await consumers.sweep()
    clock.shift(timedelta())
    await world.settle()
    found = await ana.ask("GET", f"/media/{media_id}")
    assert found["rejection"]["code"] == "UPLOAD_EXPIRED"
    assert (await ana.see(post))["status"] == "failed"


async def test_the_sweep_begins_lost_work_again(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await uploaded(ana)
    async with db.act(db.SYSTEM) as tx:
        assert await actions.take(tx, media_id)
        await tx.run("delete from pgqueuer")  # the worker is gone, and its job with it
    await world.settle()
    clock.shift(rules.STUCK_AFTER - timedelta(seconds=10))
    await consumers.sweep()
    assert (await row_of(media_id))["status"] == "processing"
    clock.shift(rules.STUCK_AFTER + timedelta(seconds=10))
    await consumers.sweep()
    await consumers.sweep()
    async with db.read() as r:
        assert await r.value("select count(*) from pgqueuer") == 1
    await world.settle()
    assert (await row_of(media_id))["status"] == "ready"


async def test_each_picture_of_a_post_is_independent(world: World) -> None:
    (ana,) = await world.people("ana")
    bodies = [drawn(0), b"no picture", drawn(2), drawn(3)]
    ids = [await uploaded(ana, body) for body in bodies]
    await world.settle()
    assert [(await row_of(one))["status"] for one in ids] == ["ready", "rejected", "ready", "ready"]


async def test_claims_lock_in_one_order(world: World) -> None:
    """Two posts that want the same pictures in another order: one gets them, none deadlocks."""
    (ana,) = await world.people("ana")
    ids = [await uploaded(ana, drawn(n)) for n in range(4)]

    async def claim(post_id: int, wanted: list[int]) -> None:
        async with db.act(db.SYSTEM) as tx:
            await actions.claim(tx, int(ana.id), post_id, wanted)

    for round_ in range(5):
        async with db.act(db.SYSTEM) as tx:
            await tx.run("update media set post_id = null")
        both = (claim(round_ * 2 + 1, ids), claim(round_ * 2 + 2, ids[::-1]))
        results = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(one).__name__ for one in results) == ["MediaInUse", "NoneType"]
