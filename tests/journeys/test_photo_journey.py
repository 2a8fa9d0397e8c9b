"""The main job by the API: one phone photo from its author to a follower's feed, and nothing private with it."""

from typing import Any

import pytest
import pyvips

from tests.photos import LATITUDE, LONGITUDE, phone_photo
from tests.world import Person, Refused, Visitor, World
from tintype.platform import db


async def share(author: Person, caption: str) -> dict[str, Any]:
    media_id = await author.upload(phone_photo())
    body = {"type": "IMAGE", "caption": caption, "media": [{"media_id": media_id, "alt_text": "Rocks at low tide"}]}
    made: dict[str, Any] = await author.ask("POST", "/posts", json=body)
    return made


def addresses(media: dict[str, Any]) -> list[str]:
    """Every address under which a picture is served."""
    sets = [media["urls"], *media["sources"].values()]
    return [address for one in sets for address in one.values()]


async def test_one_photo_from_its_author_to_a_followers_feed_and_away_again(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    (found,) = await ben.ask("GET", "/users/lookup", params={"q": "an"})
    assert found["user_id"] == ana.id
    assert await ben.follow(ana) == "ACCEPTED"

    post = await share(ana, "Low tide #Sea, with @ben and @nobody.here")
    assert post["status"] == "processing"
    assert await ana.home() == [post["post_id"]], "its author has it at once"
    assert await ben.home() == []
    await world.settle()

    (seen,) = await ben.pages("/feed/home")
    assert (seen["post_id"], seen["status"]) == (post["post_id"], "published")
    assert seen["hashtags"] == ["sea"]
    assert [one["username"] for one in seen["mentions"]] == ["ben"]
    (photo,) = seen["media"]
    assert (photo["width"], photo["height"], photo["alt_text"]) == (4000, 3000, "Rocks at low tide")
    assert await eve.home() == []

    await ben.like(post)
    await ben.comment(post, "What a morning!")
    await world.settle()
    mine = await ana.see(post)
    assert (mine["like_count"], mine["comment_count"]) == (1, 1)
    assert [one["username"] for one in await ana.pages(f"/posts/{post['post_id']}/likes")] == ["ben"]
    assert [one["text"] for one in await ana.pages(f"/posts/{post['post_id']}/comments")] == ["What a morning!"]

    await ana.delete(post)
    assert await ben.home() == [], "the next read does not have it"
    for address in addresses(photo):
        assert (await ben.http.get(address)).status_code == 404
    with pytest.raises(Refused, match="404"):
        await ben.like(post)

    await ana.restore(post)
    await world.settle()
    (again,) = await ben.pages("/feed/home")
    assert (again["like_count"], again["comment_count"], again["feed_id"]) == (1, 1, seen["feed_id"])


async def test_no_file_that_is_served_tells_where_it_was_taken(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    post = await share(ana, "Somewhere")
    await world.settle()

    (photo,) = (await ben.see(post))["media"]
    assert set(photo["urls"]) == {"thumb", "small", "medium", "large"}
    assert "webp" in photo["sources"]
    for address in addresses(photo):
        answer = await ben.http.get(address)
        assert answer.status_code == 200, address
        image = pyvips.Image.new_from_buffer(answer.content, "")
        told = [name for name in image.get_fields() if name.startswith(("exif", "xmp", "iptc"))]
        assert told == [], address
        assert b"GPS" not in answer.content
        assert b"Phone 7" not in answer.content
    for word in ("latitude", "longitude", "Phone 7"):
        assert word not in str(await ana.see(post)), "nor does any answer"

    async with db.read() as r:
        row = await r.row(KEPT, int(photo["media_id"]))
    assert row is not None
    assert (row["latitude"], row["longitude"]) == pytest.approx((LATITUDE, LONGITUDE), abs=1e-4)
    assert row["camera"] == "Tintype Phone 7"
    assert row["taken_at"].isoformat() == "2024-06-01T09:30:00+00:00"


async def test_a_session_goes_on_by_its_refresh_token_and_a_stolen_one_ends_it(world: World) -> None:
    body = {"username": "ana", "email": "ana@example.org", "password": "a quiet harbour 7", "session": "token"}
    first = await world.visitor.ask("POST", "/users/register", json=body)
    assert (first["token_type"], first["expires_in"]) == ("Bearer", 900)

    second = await refresh(world, first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert await refresh(world, first["refresh_token"]) == second, "an answer that was lost is given again"
    third = await refresh(world, second["refresh_token"])
    assert await name_of(world, third["access_token"]) == "ana"

    with pytest.raises(Refused, match="401"):
        await refresh(world, first["refresh_token"])
    for token in (first, second, third):
        with pytest.raises(Refused, match="401"):
            await name_of(world, token["access_token"])


async def refresh(world: World, token: str) -> dict[str, Any]:
    found: dict[str, Any] = await world.visitor.ask("POST", "/users/token/refresh", json={"refresh_token": token})
    return found


async def name_of(world: World, access_token: str) -> str:
    return str((await Visitor(world, access_token).ask("GET", "/users/me"))["username"])


KEPT = """
-- tests: what is known of an upload and shown to nobody
select latitude, longitude, camera, taken_at from media where id = $1
"""
