"""The product over a bucket and a scanner: uploads straight to the store, its events, and malware."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests import world as worlds
from tests.engines import clamav, s3
from tests.world import Person, Refused, World, drawn
from tintype.domains.media import actions, consumers
from tintype.platform import db
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import PART_BYTES, file_key, upload_key

TOKEN = "told-by-the-store"


@pytest.fixture(scope="module")
def engine() -> Iterator[s3.Store]:
    with s3.running() as store:
        yield store


@pytest.fixture(scope="module")
def daemon() -> Iterator[clamav.Clamd]:
    with clamav.running() as running:
        yield running


@pytest.fixture
async def world(database: str, tmp_path: Path, engine: s3.Store, daemon: clamav.Clamd) -> AsyncIterator[World]:
    engine.wipe()
    chosen: dict[str, Any] = {"s3_url": engine.url, "s3_key": s3.KEY, "s3_secret": s3.SECRET}
    chosen |= {"s3_events_token": TOKEN, "clamd_url": daemon.url}
    async with worlds.opened(database, tmp_path / "data", **chosen) as opened:
        yield opened


async def asked(person: Person, **changes: Any) -> dict[str, Any]:
    body = {"kind": "IMAGE", "content_type": "image/jpeg", "size": len(drawn())} | changes
    found: dict[str, Any] = await person.ask("POST", "/media/upload-url", json=body)
    return found


async def sent(ticket: dict[str, Any], body: bytes) -> httpx2.Response:
    form = ticket["upload"]
    async with httpx2.AsyncClient(trust_env=False) as store:
        return await store.post(form["url"], data=form["fields"], files={"file": ("a.jpg", body, "image/jpeg")})


async def told(person: Person, key: str, token: str = TOKEN) -> httpx2.Response:
    body = {"Records": [{"eventName": "s3:ObjectCreated:Post", "s3": {"object": {"key": key.replace("/", "%2F")}}}]}
    return await person.http.post("/api/v1/media/upload/events", params={"token": token}, json=body)


async def test_a_picture_from_the_bucket_to_who_looks_at_it(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    ticket = await asked(ana)
    assert ticket["upload"]["url"] == world.settings.s3_url
    with pytest.raises(Refused) as early:
        await ana.ask("POST", f"/media/{ticket['media_id']}/complete")
    assert (early.value.status, early.value.code) == (409, "UPLOAD_MISSING")
    assert (await sent(ticket, drawn())).status_code == 204
    found = await ana.ask("POST", f"/media/{ticket['media_id']}/complete")
    assert found["status"] == "uploaded"
    assert (await sent(ticket, drawn(1)[: len(drawn())])).status_code == 204, "the form is good until it runs out"
    await ana.ask("POST", "/posts", json={"type": "IMAGE", "media": [{"media_id": ticket["media_id"]}]})
    await world.settle()
    ready = await ana.ask("GET", f"/media/{ticket['media_id']}")
    assert ready["status"] == "ready"
    shown = await ben.http.get(ready["urls"]["large"])
    assert (shown.status_code, shown.content[:2]) == (200, b"\xff\xd8")
    original = await ana.http.get(f"/api/v1/media/{ticket['media_id']}/original", headers={"Range": "bytes=2-99"})
    assert (original.status_code, original.content) == (206, drawn()[2:100])
    assert list((world.settings.media_dir / "drafts").iterdir()) == [], "copies on this machine are for a moment"


async def test_an_avatar_lies_in_the_bucket(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload()
    await ana.ask("POST", "/users/me/avatar", json={"media_id": media_id})
    await world.settle()
    assert "1/150.jpg" in await objects.store().sizes(objects.files_prefix(int(media_id)))
    me = await ana.ask("GET", "/users/me")
    assert (await ana.http.get(me["avatar_url"])).status_code == 200


async def test_parts_go_to_the_bucket_and_what_is_left_is_told(world: World) -> None:
    (ana,) = await world.people("ana")
    body = drawn() + bytes(PART_BYTES * 2)
    ticket = await asked(ana, size=len(body))
    path = f"/media/{ticket['media_id']}"
    async with httpx2.AsyncClient(trust_env=False) as store:
        for one in ticket["upload"]["parts"]:
            number = one["number"]
            if number != 2:
                data = body[(number - 1) * PART_BYTES : number * PART_BYTES]
                assert (await store.put(one["url"], content=data)).status_code == 200
        missing = [one for one in (await ana.ask("GET", f"{path}/parts"))["parts"] if not one["arrived"]]
        assert [one["number"] for one in missing] == [2]
        await store.put(missing[0]["url"], content=body[PART_BYTES : PART_BYTES * 2])
    assert (await ana.ask("POST", f"{path}/complete"))["status"] == "uploaded"
    assert (await objects.store().stat(upload_key(int(ticket["media_id"])))) == objects.Stat(len(body))


async def test_the_store_tells_of_an_upload_whose_client_is_gone(world: World) -> None:
    (ana,) = await world.people("ana")
    ticket = await asked(ana)
    key = f"landing/{ticket['media_id']}"
    assert (await told(ana, key)).status_code == 200, "told too early, it changes nothing"
    await sent(ticket, drawn())
    assert (await told(ana, key, "wrong")).status_code == 404
    assert (await ana.ask("GET", f"/media/{ticket['media_id']}"))["status"] == "waiting"
    for _ in range(2):
        assert (await told(ana, key)).status_code == 200
    for other in ("", "landing/", "landing/99999999999999999999", "files/7/a.jpg", "uploads/1"):
        assert (await told(ana, other)).status_code == 200
    await world.settle()
    assert (await ana.ask("GET", f"/media/{ticket['media_id']}"))["status"] == "ready"
    greeting = await ana.http.post(
        "/api/v1/media/upload/events", headers={"Authorization": f"Bearer {TOKEN}"}, json={"Event": "s3:TestEvent"}
    )
    assert greeting.status_code == 200


async def test_malware_is_rejected_and_gone(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload(drawn() + clamav.EICAR)
    await world.settle()
    found = await ana.ask("GET", f"/media/{media_id}")
    assert (found["status"], found["rejection"]["code"]) == ("rejected", "INFECTED")
    assert (await ana.http.get(f"/api/v1/media/{media_id}/original")).status_code == 404
    assert await objects.store().stat(upload_key(int(media_id))) is None
    assert await objects.store().sizes(objects.files_prefix(int(media_id))) == {}
    async with db.read() as r:
        assert await r.value("select size from media where id = $1", int(media_id)) == 0


async def test_a_scanner_that_is_away_costs_nothing(world: World, daemon: clamav.Clamd) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload()
    daemon.kill()
    try:
        await world.settle()
        async with db.read() as r:
            row = await r.row("select status, tries from media where id = $1", int(media_id))
        assert row is not None
        assert (row["status"], row["tries"]) == ("uploaded", 0)
    finally:
        daemon.restart()
    await consumers.process({"media_id": int(media_id)})
    assert (await ana.ask("GET", f"/media/{media_id}"))["status"] == "ready"


async def test_a_bucket_that_is_away_is_told_as_such(world: World, engine: s3.Store) -> None:
    (ana,) = await world.people("ana")
    ticket = await asked(ana)
    await sent(ticket, drawn())
    engine.kill()
    try:
        with pytest.raises(Refused) as away:
            await ana.ask("POST", f"/media/{ticket['media_id']}/complete")
        assert (away.value.status, away.value.code) == (503, "UNAVAILABLE")
    finally:
        engine.restart()
    found = await ana.ask("POST", f"/media/{ticket['media_id']}/complete")
    assert found["status"] == "uploaded"


async def test_pages_may_send_to_the_bucket(world: World, engine: s3.Store) -> None:
    (ana,) = await world.people("ana")
    answer = await ana.http.get("/api/v1/users/me")
    assert f"connect-src 'self' http://127.0.0.1:{engine.port};" in answer.headers["content-security-policy"]


async def test_deleting_takes_the_files_out_of_the_bucket(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = int(await ana.upload())
    await world.settle()
    assert await objects.store().stat(file_key(media_id, "large.jpg")) is not None
    async with db.act(db.SYSTEM) as tx:
        await actions.mark_purge(tx, [media_id])
    await world.settle()
    assert await objects.store().sizes(objects.files_prefix(media_id)) == {}
    assert await objects.store().stat(upload_key(media_id)) is None
