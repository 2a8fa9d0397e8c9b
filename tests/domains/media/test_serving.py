"""Files at `/m/…`: served while they may be seen, to whom they may be shown, and kept for as long as that holds."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.world import World, drawn
from tintype.domains.media import actions, consumers, reads
from tintype.platform import clock, db


async def test_everybody_sees_what_is_published(world: World) -> None:
    ana, _ = await world.people("ana", "ben")
    post = await ana.post(pictures=1)
    await world.settle()
    media = (await ana.see(post))["media"][0]
    for address in [*media["urls"].values(), *media["sources"]["webp"].values()]:
        answer = await world.visitor.http.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == ("image/jpeg" if address.endswith("jpg") else "image/webp")
        again = await world.visitor.http.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    wrong = media["urls"]["large"]
    key = wrong.split("/")[3]
    for address in (wrong.replace(key, "0" * 32), wrong.replace("large", "huge"), wrong + "x", "/m/x/y/large.jpg"):
        assert (await world.visitor.http.get(address)).status_code == 404


async def test_what_is_in_no_post_is_its_owners(world: World) -> None:
    ana, eve = await world.people("ana", "eve")
    media_id = await ana.upload()
    await world.settle()
    address = (await ana.ask("GET", f"/media/{media_id}"))["urls"]["small"]
    own = await ana.http.get(address)
    assert own.status_code == 200
    assert own.headers["cache-control"].startswith("private")
    assert (await eve.http.get(address)).status_code == 404
    assert (await world.visitor.http.get(address)).status_code == 404


async def test_a_private_account_has_signed_addresses(world: World) -> None:
    """When it becomes private, what was known of its addresses is worth nothing."""
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    post = await ana.post(pictures=1)
    await world.settle()
    before = (await ben.see(post))["media"][0]["urls"]["large"]

    await ana.ask("PUT", "/users/me", json={"is_private": True})
    await world.settle()
    after = (await ben.see(post))["media"][0]["urls"]["large"]
    assert before.split("/")[3] != after.split("/")[3], "under another key"
    assert (await world.visitor.http.get(before)).status_code == 404
    answer = await world.visitor.http.get(after)
    assert answer.status_code == 200
    end = int(parse_qs(urlsplit(after).query)["e"][0])
    assert f"max-age={end - int(clock.now().timestamp())}"[:-1] in answer.headers["cache-control"]
    bare = after.partition("?")[0]
    assert (await world.visitor.http.get(bare)).status_code == 404
    assert (await world.visitor.http.get(f"{bare}?e={end + 1}&s=x")).status_code == 404
    assert (await ana.http.get(bare)).status_code == 200
    try:
        clock.shift(timedelta(hours=25))
        assert (await world.visitor.http.get(after)).status_code == 404
    finally:
        clock.shift(timedelta())

    await ana.ask("PUT", "/users/me", json={"is_private": False})
    await world.settle()
    assert "?" not in (await ben.see(post))["media"][0]["urls"]["large"]
    assert (await world.visitor.http.get(bare)).status_code == 200


async def test_a_suspended_account_is_served_to_nobody_else(world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post(pictures=1)
    await world.settle()
    address = (await ana.see(post))["media"][0]["urls"]["large"]
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update accounts set status = 'suspended' where id = $1", int(ana.id))
    assert (await world.visitor.http.get(address)).status_code == 404


async def test_a_post_redirects_to_the_file_that_suits(world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post(pictures=2)
    await world.settle()
    media = (await ana.see(post))["media"]
    cases = {
        ("medium", "*/*"): media[0]["urls"]["medium"],
        ("large.webp?n=2", ""): media[1]["sources"]["webp"]["large"],
        ("thumb", "image/webp"): media[0]["sources"]["webp"]["thumb"],
        ("thumb.jpg", "image/webp"): media[0]["urls"]["thumb"],
    }
    for (name, accept), address in cases.items():
        answer = await world.visitor.http.get(f"/p/{post['post_id']}/{name}", headers={"Accept": accept})
        assert answer.status_code == 302
        assert answer.headers["location"] == address
        assert answer.headers["cache-control"] == "no-cache"
        assert "accept" in answer.headers["vary"].lower()


async def test_a_file_that_is_gone_is_not_an_error(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = await ana.upload()
    await world.settle()
    address = (await ana.ask("GET", f"/media/{media_id}"))["urls"]["small"]
    for file in world.settings.media_dir.rglob("small.jpg"):
        file.unlink()
    assert (await ana.http.get(address)).status_code == 404


async def test_given_up_media_go_with_their_files(world: World) -> None:
    (ana,) = await world.people("ana")
    media_id = int(await ana.upload())
    kept = int(await ana.upload(drawn(1)))
    await world.settle()
    async with db.act(db.SYSTEM) as tx:
        await actions.mark_purge(tx, [media_id])
        await actions.mark_purge(tx, [kept], clock.now() + timedelta(hours=1))
    await consumers.purge({})
    await world.sequencer.step()
    async with db.read() as r:
        assert set(await reads.by_ids(r, [media_id, kept])) == {kept}
        assert await r.value("select count(*) from event_log where type = 'MediaRemoved'") == 1
    names = [path for path in world.settings.media_dir.rglob("*") if path.is_file()]
    assert not any(str(media_id) in str(path) for path in names)
    assert any(str(kept) in str(path) for path in names)


async def test_released_media_may_be_used_again(world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post(pictures=1)
    await world.settle()
    media_id = int((await ana.see(post))["media"][0]["media_id"])
    async with db.act(db.SYSTEM) as tx:
        await actions.release(tx, int(post["post_id"]), [media_id])
        row = (await reads.by_ids(tx, [media_id]))[media_id]
        assert (row.post_id, row.servable) == (None, "owner")
        await actions.claim(tx, int(ana.id), 99, [media_id])


@pytest.mark.parametrize("base", ["", "https://cdn.example.org/"])
async def test_addresses_may_be_those_of_a_cdn(world: World, base: str) -> None:
    (ana,) = await world.people("ana")
    media_id = int(await ana.upload())
    await world.settle()
    async with db.read() as r:
        row = (await reads.by_ids(r, [media_id]))[media_id]
    secret = reads._secret
    try:
        reads.use(base, secret)
        address = reads.present(row, viewer_is_owner=True, signed=False).urls["large"]
        assert address == f"{base.rstrip('/')}/m/{media_id}/{row.key}/large.jpg"
        assert reads.rendition_url(row, "large", "", "webp", True) is not None
        assert reads.present(row, viewer_is_owner=False, signed=False).urls == {}
    finally:
        reads.use("", secret)
