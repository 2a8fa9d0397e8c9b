"""Final deletion: a day after, nothing of a post is left anywhere."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.world import World
from tintype.entry import chores
from tintype.entry.subscriptions import JOBS, SUBSCRIPTIONS
from tintype.platform import clock, db
from tintype.platform.event_log import admin


@pytest.fixture
def later() -> Iterator[Callable[[], None]]:
    """The clock, a day on; set back afterwards."""
    yield lambda: clock.shift(timedelta(hours=25))
    clock.shift(timedelta())


async def _left(post_id: str) -> dict[str, int]:
    tables = {
        "posts": "id",
        "post_media": "post_id",
        "post_hashtags": "post_id",
        "post_mentions": "post_id",
        "post_counts": "post_id",
        "reactions": "post_id",
        "comments": "post_id",
        "comment_reactions": "post_id",
        "timelines": "post_id",
        "media": "post_id",
    }
    async with db.read() as r:
        counts = {
            table: await r.value(f"select count(*) from {table} where {column} = $1", int(post_id))
            for table, column in tables.items()
        }
    return {table: count for table, count in counts.items() if count}


async def test_a_deleted_post_is_purged_with_all_that_belongs_to_it(world: World, later: Callable[[], None]) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    post = await ana.post("low tide #sea @ben", pictures=1)
    await world.settle()
    await ben.like(post)
    comment = await ben.comment(post, "nice")
    await ana.ask("POST", f"/comments/{comment['comment_id']}/like", json={})
    await world.settle()
    files = [file for file in world.settings.media_dir.rglob("*") if file.is_file()]
    assert files
    await ana.delete(post)
    await world.settle()
    assert "posts" in await _left(post["post_id"]), "it can still be taken back"

    later()
    await chores.purge_post({"post_id": post["post_id"]})
    await JOBS["media.purge"]({})
    await world.settle()

    assert await _left(post["post_id"]) == {}
    (left,) = (file for file in world.settings.media_dir.rglob("*") if file.is_file())
    assert left.read_text().split() == [post["post_id"]], "the list of what was deleted for good, by id alone"
    assert (await world.visitor.ask("GET", f"/users/{ana.id}"))["post_count"] == 0


async def test_a_post_that_was_taken_back_is_not_purged(world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post("stays")
    await world.settle()
    await ana.delete(post)
    await ana.restore(post)

    await chores.purge_post({"post_id": post["post_id"]})
    await chores.purge_post({"post_id": "1"})

    assert (await ana.see(post))["status"] == "published"


async def test_what_only_had_to_live_for_a_while_is_forgotten(world: World, later: Callable[[], None]) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("talk to me")
    await world.settle()
    comment = await ben.comment(post, "first")
    reply = await ana.comment(post, "second", parent=comment)
    await world.settle()
    await ben.ask("DELETE", f"/comments/{comment['comment_id']}")
    await world.settle()
    assert reply["parent_id"] == comment["comment_id"]

    later()
    await chores.forget_expired()

    async with db.read() as r:
        assert await r.value("select count(*) from comments") == 0
        assert await r.value("select count(*) from comment_counts") == 0


async def test_the_log_is_measured_and_dropped(world: World) -> None:
    (ana,) = await world.people("ana")
    await ana.post("hello")
    chores.use(world.settings, admin.topics_of(SUBSCRIPTIONS))
    await chores.measure_lag()
    await chores.drop_old_log()
    async with db.read() as r:
        assert await r.value("select count(*) from event_inbox") > 0
