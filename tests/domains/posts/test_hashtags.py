"""Counts of hashtags: exact whatever becomes of posts, captions and accounts, and however often an event comes."""

from tests.domains.seen import account
from tests.world import World
from tintype.domains.posts import actions as posts
from tintype.domains.posts import rules
from tintype.domains.posts.rules import NewPost
from tintype.platform import db
from tintype.platform.db import Actor


async def stored() -> dict[str, int]:
    async with db.read() as r:
        rows = await r.rows("-- tests: counts\nselect tag, posts from hashtag_counts where posts <> 0")
    return {row["tag"]: row["posts"] for row in rows}


async def post(actor: Actor, caption: str) -> int:
    async with db.act(actor) as tx:
        post_id = await posts.create(tx, actor, NewPost("TEXT", caption))
        await posts.approve(tx, post_id, 1, {})
        await posts.count_hashtags(tx, [post_id])
    return post_id


async def test_counted_once_and_uncounted_once(database: str) -> None:
    ana = await account("ana")
    first = await post(ana, "low tide #Sea #sand")
    await post(ana, "high tide #sea #SEA")
    assert await stored() == {"sea": 2, "sand": 1}
    async with db.act(ana) as tx:
        await posts.count_hashtags(tx, [first, first])
        await posts.archive(tx, ana, first)
        assert await tx.value("-- tests: sum\nselect sum(posts) from hashtag_counts") == 3, "the log has not told yet"
        await posts.count_hashtags(tx, [first])
        await posts.count_hashtags(tx, [first])
    assert await stored() == {"sea": 1}
    async with db.act(ana) as tx:
        await posts.unarchive(tx, ana, first)
        await posts.count_hashtags(tx, [first])
    assert await stored() == {"sea": 2, "sand": 1}


async def test_an_edit_takes_hashtags_out_and_brings_them_back(database: str) -> None:
    ana = await account("ana")
    post_id = await post(ana, "#one #two")
    async with db.act(ana) as tx:
        await posts.name_hashtags(tx, post_id, ["two", "three"])
        await posts.name_hashtags(tx, post_id, ["two", "three", "one"])
        await posts.name_hashtags(tx, post_id, ["two", "three"])
        assert await tags(tx, post_id) == ["three", "two"]
        await posts.count_hashtags(tx, [post_id])
        assert await tx.value("-- tests: rows\nselect count(*) from post_hashtags") == 2, "what is gone is dropped"
    assert await stored() == {"two": 1, "three": 1}


async def test_a_waiting_post_counts_nothing_and_a_purged_one_no_more(database: str) -> None:
    ana = await account("ana")
    async with db.act(ana) as tx:
        waiting = await posts.create(tx, ana, NewPost("TEXT", "#one"))
        await posts.count_hashtags(tx, [waiting])
    assert await stored() == {}
    post_id = await post(ana, "#two")
    async with db.act(ana) as tx:
        await posts.delete(tx, ana, post_id)
        await posts.purge(tx, post_id)
    assert await stored() == {}


async def test_recounting(database: str) -> None:
    await post(await account("ana"), "#one")
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: damage\nupdate hashtag_counts set posts = 9")
        await posts.recount_hashtag(tx, "one")
    assert await stored() == {"one": 1}


async def test_counts_follow_the_account_through_the_log(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ana.post("#sea"), await ben.post("#sea"), await ana.post("no tags")
    await world.settle()
    assert await stored() == {"sea": 2}
    await ana.ask("PUT", "/users/me", json={"is_private": True})
    await world.settle()
    assert await stored() == {"sea": 1}
    await ana.ask("PUT", "/users/me", json={"is_private": False, "bio": "back"})
    await world.settle()
    assert await stored() == {"sea": 2}


async def tags(tx: db.Tx, post_id: int) -> list[str]:
    from tintype.domains.posts import reads

    return (await reads.by_ids(tx, [post_id]))[post_id].hashtags


def test_what_a_hashtag_is() -> None:
    assert rules.hashtags("#Straße #ＳＥＡ #2026 ##x #a_b") == ["straße", "ｓｅａ", "x", "a_b"]
