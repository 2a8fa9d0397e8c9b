"""Reactions of every kind, comments edited and brought back, mentions in comments, who reacted and how."""

from datetime import timedelta
from typing import Any

import pytest

from tests.world import Person, Refused, World
from tintype.platform import clock

KINDS = ["LIKE", "LOVE", "HAHA", "WOW", "SAD", "ANGRY"]


async def react(who: Person, path: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = await who.ask("POST", f"{path}/like", json={"reaction": kind})
    return found


async def test_each_kind_is_counted_and_changing_moves_the_count(world: World) -> None:
    ana, *fans = await world.people("ana", "a", "b", "c", "d", "e", "f")
    post = await ana.post("words")
    await world.settle()
    path = f"/posts/{post['post_id']}"
    for fan, kind in zip(fans, KINDS, strict=True):
        await react(fan, path, kind)
    await world.settle()
    assert (await ana.see(post))["reaction_counts"] == dict.fromkeys(KINDS, 1)
    for _ in range(2):
        assert await react(fans[0], path, "WOW") == {
            "reaction": "WOW",
            "like_count": 6,
            "reaction_counts": {"LOVE": 1, "HAHA": 1, "WOW": 2, "SAD": 1, "ANGRY": 1},
        }, "one's own act is in the answer before the log has counted it"
    await world.settle()
    seen = await fans[0].see(post)
    assert (seen["like_count"], seen["reaction_counts"]["WOW"], seen["viewer"]["reaction"]) == (6, 2, "WOW")
    assert (await fans[0].unlike(post))["reaction_counts"] == {"LOVE": 1, "HAHA": 1, "WOW": 1, "SAD": 1, "ANGRY": 1}
    with pytest.raises(Refused) as refused:
        await react(fans[0], path, "MEH")
    assert refused.value.status == 422


async def test_the_home_feed_shows_ones_own_reaction_of_another_kind_at_once(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await ben.follow(ana)
    await world.settle()
    post = await ana.post("words")
    await world.settle()
    path = f"/posts/{post['post_id']}"
    await react(eve, path, "LIKE")
    await react(ben, path, "LIKE")
    await world.settle()
    for kind, counts in (("SAD", {"LIKE": 1, "SAD": 1}), ("LIKE", {"LIKE": 2}), ("HAHA", {"LIKE": 1, "HAHA": 1})):
        await react(ben, path, kind)
        for _ in range(2):
            (seen,) = await ben.pages("/feed/home")
            assert (seen["viewer"]["reaction"], seen["reaction_counts"], seen["like_count"]) == (kind, counts, 2)
            await world.settle()


async def test_who_reacted_how_and_how_one_stands_to_them(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    post = await ana.post("words")
    await world.settle()
    await ben.follow(eve)
    await eve.follow(ben)
    path = f"/posts/{post['post_id']}"
    await react(eve, path, "WOW")
    await react(ben, path, "LOVE")
    everybody = await ben.pages(f"{path}/likes", limit=1)
    assert [(one["username"], one["reaction"]) for one in everybody] == [("ben", "LOVE"), ("eve", "WOW")]
    assert [one["viewer"] for one in everybody] == [None, {"following": "ACCEPTED", "followed_by": True}]
    (wow,) = await world.visitor.ask("GET", f"{path}/likes?reaction=WOW")
    assert (wow["username"], wow["viewer"]) == ("eve", None)
    assert await ben.ask("GET", f"{path}/likes?reaction=SAD") == []
    page = await ben.answer("GET", f"{path}/likes?limit=1")
    with pytest.raises(Refused) as refused:
        await ben.ask("GET", f"{path}/likes?reaction=WOW&cursor={page['pagination']['next_cursor']}")
    assert refused.value.code == "CURSOR_INVALID"


async def test_comments_take_every_reaction(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    post = await ana.post("words")
    await world.settle()
    path = f"/comments/{(await ana.comment(post, 'first'))['comment_id']}"
    await react(ben, path, "LIKE")
    await react(eve, path, "ANGRY")
    await world.settle()
    assert (await react(ben, path, "HAHA"))["reaction_counts"] == {"ANGRY": 1, "HAHA": 1}
    for _ in range(2):
        (seen,) = await ben.ask("GET", f"/posts/{post['post_id']}/comments")
        assert (seen["like_count"], seen["reaction_counts"]) == (2, {"ANGRY": 1, "HAHA": 1})
        assert seen["viewer"]["reaction"] == "HAHA"
        await world.settle()


async def test_a_comment_is_edited_by_its_author_only(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("words")
    await world.settle()
    comment = await ben.comment(post, "nice")
    path = f"/comments/{comment['comment_id']}"
    assert comment["edited_at"] is None
    same = await ben.ask("PUT", path, json={"text": " nice "})
    assert (same["text"], same["edited_at"]) == ("nice", None)
    edited = await ben.ask("PATCH", path, json={"text": "very nice"})
    assert (edited["text"], bool(edited["edited_at"])) == ("very nice", True)
    assert [one["text"] for one in await ana.pages(f"/posts/{post['post_id']}/comments")] == ["very nice"]
    (world.settings.policy_dir / "words.txt").write_text("forbidden\n")
    world.reread_policy()
    for who, text, status in ((ben, "forbidden", 422), (ben, " ", 422), (ana, "mine", 403)):
        with pytest.raises(Refused) as refused:
            await who.ask("PUT", path, json={"text": text})
        assert refused.value.status == status
    await ben.ask("DELETE", path)
    with pytest.raises(Refused) as refused:
        await ben.ask("PUT", path, json={"text": "late"})
    assert refused.value.code == "COMMENT_NOT_FOUND"


async def test_a_deleted_comment_comes_back_with_its_replies(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("words")
    await world.settle()
    top = await ben.comment(post, "top")
    reply, before = await ana.comment(post, "reply", top), await ana.comment(post, "gone before", top)
    await ana.ask("DELETE", f"/comments/{before['comment_id']}")
    await ana.ask("DELETE", f"/comments/{top['comment_id']}")
    await world.settle()
    assert (await ana.see(post))["comment_count"] == 0
    for who, comment, code in (
        (ben, top, "COMMENT_NOT_RESTORABLE"),
        (ana, reply, "COMMENT_NOT_RESTORABLE"),
    ):
        with pytest.raises(Refused) as refused:
            await who.ask("POST", f"/comments/{comment['comment_id']}/restore")
        assert refused.value.code == code
    for _ in range(2):
        back = await ana.ask("POST", f"/comments/{top['comment_id']}/restore")
        await world.settle()
        assert back["text"] == "top"
    assert (await ana.see(post))["comment_count"] == 2
    assert [one["text"] for one in await ana.pages(f"/comments/{top['comment_id']}/replies")] == ["reply"]
    await ana.ask("DELETE", f"/comments/{top['comment_id']}")
    later = clock.now() + timedelta(seconds=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", f"/comments/{top['comment_id']}/restore")
    assert refused.value.code == "COMMENT_NOT_RESTORABLE"
    with pytest.raises(Refused) as refused:
        await ana.ask("POST", "/comments/404/restore")
    assert refused.value.code == "COMMENT_NOT_FOUND"


async def test_mentions_in_comments_are_people_who_are_there(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    post = await ana.post("words")
    await world.settle()
    comment = await ana.comment(post, "@ben, @Eve and @nobody; not a@ana")
    assert [one["username"] for one in comment["mentions"]] == ["ben", "eve"]
    await eve.ask("POST", f"/users/{ben.id}/block")
    (seen,) = await ben.ask("GET", f"/posts/{post['post_id']}/comments")
    assert [one["username"] for one in seen["mentions"]] == ["ben"]


async def test_lists_of_people_say_how_one_stands_to_each(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await eve.ask("PUT", "/users/me", json={"is_private": True})
    await ben.follow(ana)
    await ana.follow(ben)
    await ana.follow(eve)
    await eve.follow(ana)
    (found,) = await ana.ask("GET", "/users/lookup?q=eve")
    assert found["viewer"] == {"following": "PENDING", "followed_by": True}
    followers = {one["username"]: one["viewer"] for one in await ben.pages(f"/users/{ana.id}/followers")}
    assert followers == {"ben": None, "eve": {"following": "NONE", "followed_by": False}}
    assert [one["viewer"] for one in await world.visitor.ask("GET", f"/users/{ana.id}/following")] == [None]
