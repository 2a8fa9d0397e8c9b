"""The way of an upload over the API: form, file, completion, waiting, and who may do what."""

import asyncio
from typing import Any

import pytest

from tests.world import Person, Refused, World, drawn
from tintype.platform import db, waiting
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import upload_key


async def asked(person: Person, **changes: Any) -> dict[str, Any]:
    body = {"kind": "IMAGE", "content_type": "image/jpeg", "size": len(drawn())} | changes
    found: dict[str, Any] = await person.ask("POST", "/media/upload-url", json=body)
    return found


async def sent(person: Person, ticket: dict[str, Any], body: bytes, **fields: str) -> Any:
    form = ticket["upload"]
    files = {"file": ("photo.jpg", body, "image/jpeg")}
    return await person.http.post(form["url"], data=form["fields"] | fields, files=files)


async def test_from_form_to_ready(world: World) -> None:
    (ana,) = await world.people("ana")
    ticket = await asked(ana, filename="beach.jpg", alt_text="low tide")
    assert set(ticket) == {"media_id", "upload", "expires_at"}
    assert ticket["upload"]["method"] == "POST"
    waits = await ana.ask("GET", f"/media/{ticket['media_id']}")
    assert (waits["status"], waits["width"], waits["blurhash"], waits["urls"]) == ("waiting", None, None, {})

    answer = await sent(ana, ticket, drawn())
    assert (answer.status_code, answer.json()["data"]) == (200, {})
    completed = await ana.http.post(f"/api/v1/media/{ticket['media_id']}/complete")
    assert completed.status_code == 202
    assert completed.json()["data"]["status"] == "uploaded"
    await world.settle()

    found = await ana.ask("GET", f"/media/{ticket['media_id']}/wait", params={"seconds": 5})
    assert found["status"] == "ready"
    assert (found["width"], found["height"], found["alt_text"]) == (240, 160, "low tide")
    assert set(found["urls"]) == {"thumb", "small", "medium", "large"} == set(found["sources"]["webp"])
    assert found["rejection"] is None
    async with db.read() as r:
        row = await r.row("select * from media where id = $1", int(ticket["media_id"]))
    assert row is not None
    assert (row["size"], row["format"], row["tries"], row["filename"]) == (len(drawn()), "JPEG", 1, "beach.jpg")
    upload = b"".join([chunk async for chunk in objects.store().iter_range(upload_key(row["id"]))])
    assert upload == drawn(), "the upload is kept untouched"


async def test_waiting_ends_when_the_log_says_so(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload()
    waiter = asyncio.create_task(ana.ask("GET", f"/media/{media_id}/wait", params={"seconds": 20}))
    await asyncio.sleep(0.1)
    began = asyncio.get_running_loop().time()
    await world.settle()
    assert (await waiter)["status"] == "ready"
    assert asyncio.get_running_loop().time() - began < 5


async def test_waiting_gives_the_present_state_when_the_time_is_up(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = (await asked(ana))["media_id"]
    assert (await ana.ask("GET", f"/media/{media_id}/wait", params={"seconds": 0}))["status"] == "waiting"
    assert waiting.LONGEST_SECONDS == 30


async def test_what_is_wrong_with_the_bytes_shows_as_rejected(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload(b"this is no picture")
    await world.settle()
    found = await ana.ask("GET", f"/media/{media_id}")
    assert found["status"] == "rejected"
    assert found["rejection"]["code"] == "NOT_A_PICTURE"
    assert "JPEG" in found["rejection"]["message"]
    assert found["urls"] == {}
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", "/posts", json={"type": "IMAGE", "media": [{"media_id": media_id}]})
    assert (refused.value.status, refused.value.code) == (422, "MEDIA_REJECTED")


async def test_complete_without_a_file(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = (await asked(ana))["media_id"]
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", f"/media/{media_id}/complete")
    assert (refused.value.status, refused.value.code) == (409, "UPLOAD_MISSING")


async def test_complete_twice_is_once(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload()
    await ana.ask("POST", f"/media/{media_id}/complete")
    await world.settle()
    assert (await ana.ask("POST", f"/media/{media_id}/complete"))["status"] == "ready"
    await world.settle()
    async with db.read() as r:
        assert await r.value("select count(*) from event_log where type = 'MediaReady'") == 1
        assert await r.value("select tries from media where id = $1", int(media_id)) == 1


async def test_the_same_key_asks_once(world: World) -> None:
    (ana,) = await world.people("ana")
    body = {"kind": "IMAGE", "content_type": "image/jpeg", "size": 10}
    asks = [await ana.ask("POST", "/media/upload-url", json=body, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert asks[0] == asks[1]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"content_type": "image/svg+xml"}, 415),
        ({"kind": "VIDEO", "content_type": "video/x-matroska"}, 415),
        ({"size": 33 * 1024 * 1024}, 413),
        ({"size": 0}, 422),
        ({"size": "big"}, 422),
        ({"kind": "SOUND"}, 422),
        ({"alt_text": "x" * 1_001}, 422),
    ],
)
async def test_forms_that_are_not_given(world: World, changes: dict[str, Any], status: int) -> None:
    (ana,) = await world.people("ana")
    with pytest.raises(Refused) as refused:
        await asked(ana, **changes)
    assert refused.value.status == status


async def test_the_form_binds_what_it_says(world: World) -> None:
    (ana,) = await world.people("ana")
    ticket, other = await asked(ana), await asked(ana)
    assert (await sent(ana, ticket, drawn() + b"x")).status_code == 413
    assert (await sent(ana, ticket, drawn(), size="999999")).status_code == 403
    assert (
        await sent(ana, ticket | {"upload": ticket["upload"] | {"url": other["upload"]["url"]}}, b"")
    ).status_code == 403
    assert (await sent(ana, ticket, drawn())).status_code == 200
    assert (await sent(ana, ticket, drawn())).status_code == 200, "its answer may have been lost"
    assert (await sent(ana, ticket, drawn()[:-9])).status_code == 409
    await ana.ask("POST", f"/media/{ticket['media_id']}/complete")
    late = await sent(ana, ticket, drawn())
    assert (late.status_code, late.json()["error"]["code"]) == (409, "UPLOAD_CLOSED")


async def test_forms_that_are_malformed(world: World) -> None:
    (ana,) = await world.people("ana")
    ticket = await asked(ana)
    url, fields = ticket["upload"]["url"], ticket["upload"]["fields"]
    assert (await ana.http.post(url, content=drawn(), headers={"content-type": "image/jpeg"})).status_code == 415
    assert (await ana.http.post(url, data=fields, files={"other": (None, b"x")})).status_code == 403
    head = {"content-type": "multipart/form-data; boundary=b"}
    assert (await ana.http.post(url, content=b"--b\r\nbroken", headers=head)).status_code == 400
    assert (await ana.http.post(url, data={"x": "y" * 5_000}, files={"file": ("a", b"x")})).status_code == 413
    parts = "".join(f'--b\r\ncontent-disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    file = '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n'
    cut = (parts + file).encode() + drawn()
    assert (await ana.http.post(url, content=cut, headers=head)).status_code == 400, "the end never came"
    assert (await ana.http.post(url, content=file.encode() + b"x\r\n--b--", headers=head)).status_code == 403
    assert await objects.store().stat(upload_key(int(ticket["media_id"]))) is None
    assert (await ana.http.post(url, content=cut + b"\r\n--b--\r\n", headers=head)).status_code == 200


async def test_an_upload_needs_its_form_and_no_session(world: World) -> None:
    (ana,) = await world.people("ana")
    ticket = await asked(ana)
    form = ticket["upload"]
    answer = await world.visitor.http.post(form["url"], data=form["fields"], files={"file": ("a.jpg", drawn())})
    assert answer.status_code == 200


async def test_media_are_their_owners(world: World) -> None:
    ana, eve = await world.people("ana", "eve")
    media_id = await ana.upload()
    await world.settle()
    for method, path in [("GET", ""), ("GET", "/wait"), ("POST", "/complete")]:
        with pytest.raises(Refused) as refused:
            await eve.ask(method, f"/media/{media_id}{path}")
        assert (refused.value.status, refused.value.code) == (404, "MEDIA_NOT_FOUND")
        with pytest.raises(Refused, match="401"):
            await world.visitor.ask(method, f"/media/{media_id}{path}")
    with pytest.raises(Refused) as refused:
        await eve.ask("POST", "/posts", json={"type": "IMAGE", "media": [{"media_id": media_id}]})
    assert (refused.value.status, refused.value.code) == (422, "MEDIA_NOT_YOURS")


async def test_a_medium_is_used_once(world: World) -> None:
    (ana,) = await world.people("ana")
    body = {"type": "IMAGE", "media": [{"media_id": await ana.upload()}]}
    await ana.ask("POST", "/posts", json=body)
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", "/posts", json=body)
    assert (refused.value.status, refused.value.code) == (409, "MEDIA_IN_USE")
