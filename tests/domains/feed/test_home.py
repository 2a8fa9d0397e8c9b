"""The home feed over HTTP: both orders, what is remembered, one's own acts at once, the count of new posts."""

from tests.world import Person, World
from tintype.domains.feed import actions
from tintype.platform import db


async def ids_of(person: Person, order: str, limit: int = 20) -> list[str]:
    return [one["post_id"] for one in await person.pages(f"/feed/home?order={order}", limit)]


async def town(world: World, posts: int = 7) -> tuple[Person, Person, Person, list[str]]:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await ben.follow(ana)
    await ben.follow(eve)
    made = []
    for n in range(posts):
        made.append((await (ana if n % 3 else eve).post(f"number {n}"))["post_id"])
        await world.settle()
    return ana, ben, eve, made


async def test_a_ranked_feed_holds_what_the_latest_holds_once(world: World) -> None:
    _, ben, _, made = await town(world)
    assert await ids_of(ben, "latest", 3) == made[::-1]
    ranked = await ids_of(ben, "ranked", 3)
    assert sorted(ranked) == sorted(made)


async def test_a_ranked_session_keeps_its_order_while_posts_come(world: World) -> None:
    ana, ben, _, made = await town(world)
    first = await ben.answer("GET", "/feed/home", params={"order": "ranked", "limit": "4"})
    new = await ana.post("a newer one")
    await world.settle()
    rest = await ben.answer(
        "GET",
        "/feed/home",
        params={"order": "ranked", "limit": "10", "cursor": first["pagination"]["next_cursor"]},
    )
    shown = [one["post_id"] for one in [*first["data"], *rest["data"]]]
    assert sorted(shown) == sorted(made)
    assert new["post_id"] in await ids_of(ben, "ranked")


async def test_an_empty_feed_is_empty_in_either_order(world: World) -> None:
    (ana,) = await world.people("ana")
    assert await ids_of(ana, "latest") == await ids_of(ana, "ranked") == []


async def test_new_posts_are_counted_until_the_feed_is_read_again(world: World) -> None:
    ana, ben, _, _ = await town(world, 2)
    newest = (await ben.answer("GET", "/feed/home"))["data"][0]["feed_id"]
    assert await ben.ask("GET", "/feed/home/new-count", params={"since": newest}) == {"count": 0}
    for n in range(3):
        await ana.post(f"one more, {n}")
    await world.settle()
    assert await ben.ask("GET", "/feed/home/new-count", params={"since": newest}) == {"count": 3}


async def test_ones_own_like_shows_at_once_and_once(world: World) -> None:
    ana, ben, eve, made = await town(world, 1)
    await ana.follow(eve)
    await world.settle()

    async def seen(person: Person) -> tuple[int, str | None]:
        post = (await person.answer("GET", "/feed/home"))["data"][0]
        return post["like_count"], post["viewer"]["reaction"]

    assert await seen(ben) == (0, None)
    await ben.like({"post_id": made[0]})
    assert await seen(ben) == (1, "LIKE")
    assert await seen(ana) == (0, None)
    await world.settle()
    assert await seen(ben) == (1, "LIKE")
    assert await seen(ana) == (1, None)
    await ben.unlike({"post_id": made[0]})
    assert await seen(ben) == (0, None)
    await world.settle()
    assert await seen(ben) == (0, None)
    assert await seen(ana) == (0, None)


async def test_a_new_name_shows_in_the_feed(world: World) -> None:
    ana, ben, _, _ = await town(world, 2)
    assert (await ben.answer("GET", "/feed/home"))["data"][0]["author"]["full_name"] == "Ana"
    await ana.ask("PUT", "/users/me", json={"full_name": "Ana of the sea"})
    assert (await ben.answer("GET", "/feed/home"))["data"][0]["author"]["full_name"] == "Ana of the sea"


async def test_who_looks_is_written_down_a_moment_later(world: World) -> None:
    _, ben, _, _ = await town(world, 1)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: long ago\nupdate timeline_state set seen_at = now() - interval '20 days'")
    before = len(actions.looking)
    await ben.home()
    await ben.home()
    assert len(actions.looking) == before + 1
    await actions.looking.write()
    async with db.read() as r:
        assert await r.value(SEEN_JUST_NOW, int(ben.id))


SEEN_JUST_NOW = """
-- tests: whether a reader was seen of late
select seen_at > now() - interval '1 minute' from timeline_state where user_id = $1
"""
