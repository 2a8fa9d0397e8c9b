"""Authors change their posts: what others see until a changed text is approved, and what only the author sees."""

from typing import Any

import pytest

from tests.world import Person, Refused, World
from tintype.domains.moderation import actions as moderation
from tintype.domains.posts import actions, reads
from tintype.platform import db


async def change(person: Person, post: dict[str, Any], **fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = await person.ask("PUT", f"/posts/{post['post_id']}", json=fields)
    return found


async def in_home(person: Person, post: dict[str, Any], order: str = "latest") -> dict[str, Any]:
    cards: list[dict[str, Any]] = await person.ask("GET", "/feed/home", params={"order": order})
    return next(one for one in cards if one["post_id"] == post["post_id"])


async def two(world: World, **post: Any) -> tuple[Person, Person, dict[str, Any]]:
    """ana, who posted, and ben, who follows her; everything has come to rest."""
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    made = await ana.post(**{"caption": "low tide #sea", **post})
    await world.settle()
    return ana, ben, made


async def test_others_read_the_approved_text_until_the_new_one_is_approved(world: World) -> None:
    ana, ben, post = await two(world, pictures=1)
    before = await in_home(ben, post)
    assert await in_home(ana, post)
    told = await change(ana, post, caption="high tide #moon with @ben")
    assert (told["caption"], told["hashtags"], told["status"]) == ("high tide #moon with @ben", ["moon"], "published")
    assert told["edited_at"]
    assert [one["username"] for one in told["mentions"]] == ["ben"]
    for order in ("latest", "ranked"):
        mine = await in_home(ana, post, order)
        assert (mine["caption"], len(mine["mentions"])) == ("high tide #moon with @ben", 1)
        assert (await in_home(ben, post, order)) == before
    assert (await ben.see(post))["caption"] == "low tide #sea"
    await world.settle()
    for seen in (await ben.see(post), await in_home(ben, post), await in_home(ana, post)):
        assert (seen["caption"], seen["hashtags"]) == ("high tide #moon with @ben", ["moon"])
        assert [one["username"] for one in seen["mentions"]] == ["ben"]
        assert seen["edited_at"] == told["edited_at"]


async def test_a_refused_edit_leaves_others_what_was_approved(world: World) -> None:
    folder = world.settings.policy_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.txt").write_text("forbidden\n")
    world.reread_policy()
    ana, ben, post = await two(world)
    await change(ana, post, caption="a forbidden word")
    await world.settle()
    for mine in (await ana.see(post), await in_home(ana, post)):
        assert (mine["caption"], mine["status"], mine["problem"]["code"]) == (
            "a forbidden word",
            "published",
            "TEXT_BLOCKED",
        )
    theirs = await ben.see(post)
    assert (theirs["caption"], theirs["problem"], theirs["edited_at"]) == ("low tide #sea", None, None)
    await change(ana, post, location={"name": "the forbidden pier"})
    await world.settle()
    assert (await ben.see(post))["location"] is None
    await change(ana, post, caption="low tide #sea", location=None)
    mine = await ana.see(post)
    assert (mine["caption"], mine["problem"], mine["location"]) == ("low tide #sea", None, None)
    await world.settle()
    assert (await in_home(ben, post))["caption"] == "low tide #sea"


async def test_another_text_frees_a_blocked_post(world: World) -> None:
    folder = world.settings.policy_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.txt").write_text("forbidden\n")
    world.reread_policy()
    ana, ben, post = await two(world, caption="a forbidden word")
    assert (await ana.see(post))["status"] == "blocked"
    assert (await change(ana, post, caption="a kind word"))["status"] == "processing"
    await world.settle()
    assert (await ben.see(post))["caption"] == "a kind word"


async def test_a_late_judgement_of_an_older_text_does_nothing(world: World) -> None:
    ana, ben, post = await two(world)
    post_id = int(post["post_id"])
    await change(ana, post, caption="second")
    await change(ana, post, caption="third")
    async with db.act(db.SYSTEM) as tx:
        await moderation.judge(tx, post_id, 2)
        await actions.approve(tx, post_id, 2, {})
        await actions.block(tx, post_id, 2, "TEXT_BLOCKED", {})
    assert (await ben.see(post))["caption"] == "low tide #sea"
    await change(ana, post, caption="low tide #sea")
    async with db.act(db.SYSTEM) as tx:
        await actions.approve(tx, post_id, 3, {})
    await world.settle()
    assert (await ben.see(post))["caption"] == (await ana.see(post))["caption"] == "low tide #sea"
    async with db.read() as r:
        assert (await reads.by_ids(r, [post_id]))[post_id].pending is None


async def test_pictures_change_places_and_tags_follow(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    tags = [{"user_id": ben.id, "x": 0.5, "y": 0.25, "n": 1}]
    post = await ana.post(pictures=3, tagged=tags)
    await world.settle()
    first, second, third = (one["media_id"] for one in post["media"])
    wanted = [{"media_id": third}, {"media_id": first, "alt_text": "a gradient"}, {"media_id": second}]
    told = await change(ana, post, media=wanted)
    assert [one["media_id"] for one in told["media"]] == [third, first, second]
    assert [one["alt_text"] for one in told["media"]] == ["", "a gradient", ""]
    assert [one["n"] for one in told["tagged"]] == [2]
    assert [one["alt_text"] for one in (await ben.see(post))["media"]] == ["", "", ""]
    await world.settle()
    seen = await ben.see(post)
    assert [one["alt_text"] for one in seen["media"]] == ["", "a gradient", ""]
    assert [(one["user"]["username"], one["n"]) for one in seen["tagged"]] == [("ben", 2)]
    assert (await change(ana, post, tagged=[]))["tagged"] == []


async def test_only_people_who_are_there_and_may_be_named_are_tagged(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await eve.ask("POST", f"/users/{ana.id}/block")
    tags = [{"user_id": one, "x": 0.1, "y": 0.1} for one in (ben.id, eve.id, "1")]
    post = await ana.post(pictures=1, tagged=tags)
    await world.settle()
    assert [one["user"]["username"] for one in post["tagged"]] == ["ben"]
    await ben.ask("POST", f"/users/{eve.id}/block")
    assert [one["user"]["username"] for one in (await change(ana, post, tagged=tags))["tagged"]] == ["ben"]
    await ben.ask("DELETE", f"/users/{eve.id}/block")
    await eve.ask("DELETE", f"/users/{ana.id}/block")
    await eve.ask("POST", f"/users/{ben.id}/block")
    assert (await eve.see(post))["tagged"] == []


async def test_switches_take_effect_at_once_and_the_same_again_says_nothing(world: World) -> None:
    ana, ben, post = await two(world)
    await in_home(ben, post)
    switches = {"comments_enabled": False, "download_allowed": True, "show_taken_at": True, "comments_from": "FOLLOWED"}
    told = await change(ana, post, **switches)
    assert {name: told[name] for name in switches} == switches
    assert told["edited_at"] is None
    seen = await in_home(ben, post)
    assert {name: seen[name] for name in switches} == switches
    async with db.read() as r:
        events = "-- tests: events\nselect count(*) from event_inbox"
        before = await r.value(events)
        await change(ana, post, caption="low tide #sea", tagged=[], location=None, media=[], **switches)
        assert await r.value(events) == before
    patched = await ana.ask("PATCH", f"/posts/{post['post_id']}", json={"comments_enabled": True})
    assert patched["comments_enabled"] is True


@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        ({"caption": ""}, "VALIDATION_FAILED", {"caption"}),
        ({"caption": "x" * 2201}, "VALIDATION_FAILED", {"caption"}),
        ({"caption": " ".join(f"#t{n}" for n in range(31))}, "VALIDATION_FAILED", {"caption"}),
        ({"media": [{"media_id": "1"}]}, "VALIDATION_FAILED", {"media"}),
        ({"tagged": [{"user_id": "1", "x": 2, "y": 0}]}, "VALIDATION_FAILED", {"tagged"}),
        ({"tagged": [{"user_id": "1", "x": 0, "y": 0}] * 2}, "VALIDATION_FAILED", {"tagged"}),
        ({"location": {"name": "x", "lat": 1}}, "VALIDATION_FAILED", {"location"}),
        ({"status": "published", "like_count": 9}, "FIELD_PROTECTED", {"status", "like_count"}),
    ],
)
async def test_wrong_changes_name_their_fields(
    world: World, fields: dict[str, Any], code: str, named: set[str]
) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post("words")
    with pytest.raises(Refused) as refused:
        await change(ana, post, **fields)
    assert (refused.value.status, refused.value.code) == (422, code)
    assert set(refused.value.details["fields"]) == named


async def test_a_place_is_taken_away_at_once_and_another_text_waits(world: World) -> None:
    ana, ben, post = await two(world, location={"name": "the pier"})
    told = await change(ana, post, location=None, caption="nowhere in particular")
    assert (told["location"], told["caption"]) == (None, "nowhere in particular")
    seen = await ben.see(post)
    assert (seen["location"], seen["caption"]) == (None, "low tide #sea")
    await world.settle()
    assert (await ben.see(post))["caption"] == "nowhere in particular"


async def test_only_its_author_changes_a_post(world: World) -> None:
    ana, ben, post = await two(world)
    with pytest.raises(Refused) as refused:
        await change(ben, post, caption="mine now")
    assert refused.value.status == 403
    await ana.delete(post)
    with pytest.raises(Refused) as refused:
        await change(ana, post, caption="back")
    assert refused.value.status == 404


async def test_likes_that_are_hidden_are_null_for_others(world: World) -> None:
    ana, ben, post = await two(world, hide_like_counts=True)
    eve = await world.person("eve")
    assert (await ben.like(post)) == {"reaction": "LIKE", "like_count": None, "reaction_counts": None}
    await in_home(ben, post)
    await eve.like(post)
    await world.settle()
    for seen in (await ben.see(post), await in_home(ben, post)):
        assert (seen["like_count"], seen["reaction_counts"], seen["hide_like_counts"]) == (None, None, True)
        assert seen["viewer"]["reaction"] == "LIKE"
    for seen in (await ana.see(post), await in_home(ana, post)):
        assert (seen["like_count"], seen["reaction_counts"]) == (2, {"LIKE": 2})
    with pytest.raises(Refused) as refused:
        await ben.pages(f"/posts/{post['post_id']}/likes")
    assert (refused.value.status, refused.value.code) == (403, "LIKES_HIDDEN")
    assert len(await ana.pages(f"/posts/{post['post_id']}/likes")) == 2
    await change(ana, post, hide_like_counts=False)
    assert (await in_home(ben, post))["like_count"] == 2


async def test_who_may_comment(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await ben.follow(ana)
    await ana.follow(eve)
    post = await ana.post("words", comments_from="FOLLOWERS")
    await world.settle()
    for allowed, refused in (("FOLLOWERS", eve), ("FOLLOWED", ben)):
        await change(ana, post, comments_from=allowed)
        with pytest.raises(Refused) as told:
            await refused.comment(post, "hello")
        assert (told.value.status, told.value.code) == (403, "COMMENTS_RESTRICTED")
        await ana.comment(post, "mine")
        await (ben if refused is eve else eve).comment(post, "hello")


async def test_a_process_that_only_follows_the_log_shows_the_same(world: World) -> None:
    ana, ben, post = await two(world, pictures=1)
    before = await in_home(ben, post)
    db.on_commit(lambda: None)  # what this process does itself it hears of by the tail alone, as every other does
    await change(ana, post, caption="changed", hide_like_counts=True, comments_from="FOLLOWERS")
    await ben.ask("POST", f"/posts/{post['post_id']}/save")
    await ben.ask("POST", f"/posts/{post['post_id']}/share")
    assert await in_home(ben, post) == before
    await world.settle()
    after = await in_home(ben, post)
    assert (after["caption"], after["like_count"], after["comments_from"]) == ("changed", None, "FOLLOWERS")
    assert (after["viewer"]["saved"], after["share_count"]) == (True, 1)
    await ben.ask("DELETE", f"/posts/{post['post_id']}/save")
    await change(ana, post, caption="again", hide_like_counts=False)
    await world.settle()
    after = await in_home(ben, post)
    assert (after["caption"], after["like_count"], after["viewer"]["saved"]) == ("again", 0, False)
