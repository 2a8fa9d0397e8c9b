"""Exploring: the order, what is left out, and pages that neither repeat nor skip while posts heat up."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.world import Person, Refused, Visitor, World
from tintype.cards import shown
from tintype.domains.feed.actions import exploring as acts
from tintype.domains.feed.reads import exploring
from tintype.entry import chores
from tintype.platform import db
from tintype.platform.cache import port as cache
from tintype.platform.cache.memory import MemoryCache


@pytest.fixture(autouse=True)
def _fresh_ranking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every first page is ranked anew."""
    monkeypatch.setattr(exploring, "SHARED", timedelta(0))


async def explored(who: Visitor, path: str = "/feed/explore", limit: int = 20) -> list[str]:
    return [one["caption"] for one in await who.pages(path, limit)]


async def posted(who: Person, *captions: str) -> list[dict[str, Any]]:
    found = []
    for caption in captions:
        found.append(await who.post(caption))
        await asyncio.sleep(0.002)  # within a millisecond the order is by shard
    return found


async def test_without_any_acts_the_newest_come_first(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await posted(ana, "one", "two", "three")
    await world.settle()
    assert await explored(world.visitor) == ["three", "two", "one"]
    assert await explored(ben, limit=1) == ["three", "two", "one"]
    assert await explored(ana) == [], "nobody explores their own posts"


async def test_acts_heat_a_post_and_the_newest_weigh_most(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    old, newer, newest = await posted(ana, "old", "newer", "newest")
    await world.settle()
    await ben.like(old)
    await ben.comment(newer, "first")
    await ben.comment(newer, "second")
    await ana.like(newest)
    await ana.comment(newest, "my own")
    await world.settle()
    assert await explored(eve) == ["newer", "old", "newest"], "one's own acts heat nothing"
    await eve.like(old)
    await eve.comment(old, "hm")
    await world.settle()
    assert await explored(eve) == ["old", "newer", "newest"]
    await eve.unlike(old)
    (comment,) = await eve.pages(f"/posts/{old['post_id']}/comments")
    await eve.ask("DELETE", f"/comments/{comment['comment_id']}")
    await world.settle()
    assert await explored(eve) == ["newer", "old", "newest"]
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: long ago\nupdate comments set created_at = created_at - interval '40 days'")
        await acts.heat(tx, [int(one["post_id"]) for one in (old, newer, newest)])
    assert await explored(eve) == ["old", "newest", "newer"], "what is old has lost its weight"


async def test_beyond_the_newest_acts_the_rest_is_estimated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    people = await world.people("ana", *(f"fan{n}" for n in range(6)))
    (post,) = await posted(people[0], "liked")
    await world.settle()
    for fan in people[1:]:
        await fan.like(post)
    await world.settle()
    async with db.read() as r:
        (exact,) = await exploring.heats(r, 0, 10)
        monkeypatch.setattr(exploring, "NEWEST_ACTS", 2)
        (estimated,) = await exploring.heats(r, 0, 10)
    assert exact.right
    assert estimated.right, "within a moment nothing decays, so that both are the same"


async def test_only_what_is_public_is_explored_and_hidden_at_once(world: World) -> None:
    ana, ben, eve, dan = await world.people("ana", "ben", "eve", "dan")
    _, archived, deleted = await posted(ana, "kept", "archived", "deleted")
    await posted(ben, "of ben")
    await posted(dan, "of dan")
    await world.settle()
    await ana.ask("POST", f"/posts/{archived['post_id']}/archive")
    await ana.delete(deleted)
    assert await explored(eve) == ["of dan", "of ben", "kept"], "before the log has told"
    await ben.ask("PUT", "/users/me", json={"is_private": True})
    await ana.ask("POST", f"/users/{eve.id}/block")
    await eve.ask("POST", f"/users/{dan.id}/mute")
    for _ in range(2):
        assert await explored(eve) == []
        assert await explored(world.visitor) == ["of dan", "kept"]
        await world.settle()
    await ben.ask("PUT", "/users/me", json={"is_private": False})
    await ana.restore(deleted)
    await ana.ask("POST", f"/posts/{archived['post_id']}/unarchive")
    await world.settle()
    assert await explored(world.visitor) == ["of dan", "of ben", "deleted", "archived", "kept"]
    assert await explored(eve) == ["of ben"]
    async with db.act(db.SYSTEM) as tx:
        assert await tx.value("-- tests: rows\nselect count(*) from explore_posts") == 5
        await tx.run("-- tests: suspended\nupdate accounts set status = 'suspended' where username = 'ana'")
        await acts.heat_of(tx, [int(ana.id)])
        assert await tx.value("-- tests: rows\nselect count(*) from explore_posts") == 2


async def test_without_those_one_follows(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await posted(ana, "of ana")
    await posted(ben, "of ben")
    await eve.follow(ana)
    await world.settle()
    assert await explored(eve) == ["of ben", "of ana"]
    found = await eve.ask("GET", "/feed/explore?without_followed=true")
    assert [one["caption"] for one in found] == ["of ben"]


async def test_cards_have_what_one_did(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    (post,) = await posted(ana, "words")
    await world.settle()
    await ben.ask("POST", f"/posts/{post['post_id']}/like", json={"reaction": "WOW"})
    for _ in range(2):
        (seen,) = await ben.pages("/feed/explore")
        assert (seen["viewer"]["reaction"], seen["like_count"], seen["reaction_counts"]) == ("WOW", 1, {"WOW": 1})
        await world.settle()
    (seen,) = await world.visitor.pages("/feed/explore")
    assert (seen["viewer"], seen["reaction_counts"]) == (None, {"WOW": 1})


async def test_an_old_view_reads_the_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await posted(ana, "one #sea")
    await posted(ben, "two #sea")
    await world.settle()
    monkeypatch.setattr(shown, "age_of_view", lambda: 5.0)
    assert await explored(eve) == await explored(eve, "/hashtags/sea/posts") == ["two #sea", "one #sea"]
    await ben.ask("PUT", "/users/me", json={"is_private": True})
    assert await explored(eve) == await explored(eve, "/hashtags/sea/posts") == ["one #sea"]


async def scroll(world: World, who: Person, between: Any, limit: int = 2) -> list[str]:
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        page = await who.answer("GET", "/feed/explore", params=params)
        seen += [one["caption"] for one in page["data"]]
        cursor = page["pagination"]["next_cursor"]
        if cursor is None:
            return seen
        await between()
        await world.settle()


@pytest.mark.parametrize("ranked", [1000, 3])
@pytest.mark.parametrize("forgets", [False, True])
async def test_nothing_comes_twice_while_one_scrolls(
    world: World, monkeypatch: pytest.MonkeyPatch, ranked: int, forgets: bool
) -> None:
    monkeypatch.setattr(exploring, "RANKED", ranked)
    ana, ben, eve = await world.people("ana", "ben", "eve")
    posts = await posted(ana, *(str(n) for n in range(8)))
    await world.settle()
    for one in posts[6:]:
        await ben.like(one)
    await world.settle()
    steps = iter(range(10))

    async def between() -> None:
        step = next(steps)
        if step == 0:
            await ben.unlike(posts[7])  # sinks
        if step == 1:
            await ben.like(posts[0])  # rises, below what was read
            await ben.post("new")
        if forgets:
            cache.use(MemoryCache())

    seen = await scroll(world, eve, between)
    assert len(seen) == len(set(seen))
    assert seen[:2] == ["7", "6"]
    if ranked == 1000 and not forgets:
        assert seen == ["7", "6", "5", "4", "3", "2", "1", "0"]


async def test_pages_are_full_where_much_is_hidden(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await posted(ben, "5", "6")
    await posted(ana, "1", "2", "3", "4")
    await world.settle()
    await eve.ask("POST", f"/users/{ana.id}/mute")
    page = await eve.answer("GET", "/feed/explore?limit=2")
    assert [one["caption"] for one in page["data"]] == ["6", "5"]


async def test_cursors_are_checked(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await posted(ana, "1", "2")
    await world.settle()
    page = await ben.answer("GET", "/feed/explore?limit=1")
    for who, path in ((ana, "/feed/explore"), (ben, "/feed/explore?without_followed=true&"), (ben, "/feed/home")):
        with pytest.raises(Refused) as refused:
            await who.ask("GET", f"{path}?limit=1&cursor={page['pagination']['next_cursor']}".replace("&?", "&"))
        assert refused.value.code == "CURSOR_INVALID"


async def test_another_half_life_is_reckoned_anew(world: World) -> None:
    (ana,) = await world.people("ana")
    await posted(ana, "1", "2")
    await world.settle()
    before = exploring.half_life()
    exploring.use(world.settings.model_copy(update={"explore_half_life_hours": 6.0}))
    try:
        async with db.read() as r:
            assert len(await exploring.reckoned_otherwise(r, 9)) == 2
            assert not any(one.right for one in await exploring.heats(r, 0, 9))
        await chores.reckon_explored()
        async with db.read() as r:
            assert await exploring.reckoned_otherwise(r, 9) == []
            assert all(one.right for one in await exploring.heats(r, 0, 9))
    finally:
        exploring.use(world.settings.model_copy(update={"explore_half_life_hours": before}))
