"""The product's main job: a post reaches followers, and nobody else."""

import pytest

from tests.world import Refused, World


async def test_a_new_photo_reaches_followers_and_nobody_else(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await ben.follow(ana)
    photo = await ana.post(pictures=1, caption="low tide #sea")
    assert photo["post_id"] in await ana.home(), "its author sees it at once"

    await world.settle()

    assert photo["post_id"] in await ben.home()
    assert photo["post_id"] not in await eve.home()
    seen = await ben.see(photo)
    assert seen["status"] == "published"
    assert seen["hashtags"] == ["sea"]
    (file,) = seen["media"]
    assert file["status"] == "ready"
    assert file["blurhash"]
    assert (await ben.http.get(file["urls"]["large"])).headers["content-type"] == "image/jpeg"


async def test_a_follow_brings_what_was_posted_before_and_an_unfollow_takes_it_away(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("first")
    await world.settle()
    assert await ben.home() == []

    await ben.follow(ana)
    await world.settle()
    assert await ben.home() == [post["post_id"]]

    await ben.unfollow(ana)
    assert await ben.home() == [], "hidden at once, before the log has moved"
    await world.settle()
    assert await ben.home() == []


async def test_a_deleted_post_is_gone_from_the_next_read_and_can_be_taken_back(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    photo = await ana.post("soon gone", pictures=1)
    await world.settle()
    url = (await ben.see(photo))["media"][0]["urls"]["large"]

    await ana.delete(photo)
    assert await ben.home() == []
    assert (await ben.http.get(url)).status_code == 404, "the origin serves its files no longer"
    with pytest.raises(Refused, match="404"):
        await ben.see(photo)

    await ana.restore(photo)
    await world.settle()
    assert await ben.home() == [photo["post_id"]]
    assert (await ben.http.get(url)).status_code == 200


async def test_likes_and_comments_are_in_ones_own_next_read_and_reach_the_author(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("hello @ben")
    await world.settle()
    assert [one["username"] for one in (await ben.see(post))["mentions"]] == ["ben"]

    assert await ben.like(post) == {"reaction": "LIKE", "like_count": 1, "reaction_counts": {"LIKE": 1}}
    await ben.like(post)
    comment = await ben.comment(post, "nice")
    assert (await ben.see(post))["viewer"]["reaction"] == "LIKE"
    assert (await ben.see(post))["like_count"] == 1
    await ana.comment(post, "thank you", parent=comment)
    await world.settle()

    seen = await ana.see(post)
    assert (seen["like_count"], seen["reaction_counts"], seen["comment_count"]) == (1, {"LIKE": 1}, 2)
    (shown,) = await ana.pages(f"/posts/{post['post_id']}/comments")
    assert (shown["text"], shown["reply_count"]) == ("nice", 1)

    assert await ben.unlike(post) == {"reaction": None, "like_count": 0, "reaction_counts": {}}
    await ana.ask("DELETE", f"/comments/{comment['comment_id']}")
    await world.settle()
    seen = await ana.see(post)
    assert (seen["like_count"], seen["reaction_counts"], seen["comment_count"]) == (0, {}, 0)


async def test_a_blocked_post_tells_its_author_why_and_is_seen_by_nobody_else(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    (world.settings.policy_dir / "words.txt").write_text("forbidden fruit\n")
    world.reread_policy()
    post = await ana.post("eat the Forbidden  FRUIT now")
    await world.settle()

    assert (await ana.see(post))["status"] == "blocked"
    assert (await ana.see(post))["problem"]["code"] == "TEXT_BLOCKED"
    assert "fruit" not in (await ana.see(post))["problem"]["message"].lower()
    assert await ana.home() == [post["post_id"]]
    assert await ben.home() == []
    with pytest.raises(Refused, match="404"):
        await ben.see(post)


async def test_home_pages_neither_repeat_nor_skip(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    posts = []
    for n in range(17):
        posts.append((await (ana if n % 3 else ben).post(f"number {n} of this very long walk"))["post_id"])
        await world.settle()
    waiting = (await ben.post("not yet judged"))["post_id"]

    pages = [one["post_id"] for one in await ben.pages("/feed/home", limit=4)]

    assert pages == [waiting, *reversed(posts)]
