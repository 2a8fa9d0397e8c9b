"""Whoever finishes last, and in whatever order: a post is published exactly once."""

import asyncio
from datetime import timedelta
from itertools import permutations

import pytest

from tests.domains.seen import account, published
from tests.world import World
from tintype.domains.media import actions as media
from tintype.domains.media import consumers as media_consumers
from tintype.domains.media.events import MediaReady
from tintype.domains.posts import actions, consumers
from tintype.domains.posts.events import PostPublished
from tintype.domains.posts.rules import NewPost
from tintype.platform import clock, db
from tintype.platform.db import Actor, Tx


async def new_post(actor: Actor, media_count: int = 2) -> tuple[int, list[int]]:
    """A post whose media are being processed, not yet judged."""
    async with db.act(actor) as tx:
        post_id = await actions.create(tx, actor, NewPost("TEXT", "words"))
        media_ids = [post_id + 1 + n for n in range(media_count)]
        for n, media_id in enumerate(media_ids, 1):
            await tx.run(MEDIUM, media_id, actor.id, post_id)
            await tx.run(PLACE, post_id, n, media_id)
    return post_id, media_ids


async def approve(tx: Tx, post_id: int) -> None:
    await actions.approve(tx, post_id, 1, {"verdict": "approved"})


async def ready(tx: Tx, media_id: int) -> None:
    await tx.run("-- tests: ready\nupdate media set status = 'ready' where id = $1", media_id)


async def announce(tx: Tx, actor: Actor, media_id: int) -> None:
    await consumers.media_finished(tx, [MediaReady(media_id=media_id, owner_id=actor.id)])


async def publications(post_id: int) -> int:
    async with db.read() as r:
        return sum(one["post_id"] == post_id for one in await published(r, PostPublished.__name__))


async def status_of(post_id: int) -> str:
    async with db.read() as r:
        return str(await r.value("-- tests: status\nselect status from posts where id = $1", post_id))


async def test_every_order_of_approval_media_deletion_and_redelivery_publishes_once(database: str) -> None:
    actor = await account("ana")
    steps = ["approve", "first", "second", "delete+restore", "again"]
    for order in permutations(steps):
        post_id, (first, second) = await new_post(actor)
        for step in order:
            async with db.act(actor) as tx:
                if step == "approve":
                    await approve(tx, post_id)
                elif step in {"first", "second"}:
                    media_id = first if step == "first" else second
                    await ready(tx, media_id)
                    await announce(tx, actor, media_id)
                elif step == "again":
                    await approve(tx, post_id)
                    await announce(tx, actor, first)
                    await announce(tx, actor, second)
                else:
                    await actions.delete(tx, actor, post_id)
            if step == "delete+restore":
                async with db.act(actor) as tx:
                    await approve(tx, post_id)
                    await announce(tx, actor, first)
                    assert not await actions.try_publish(tx, post_id), "nothing deleted is published"
                async with db.act(actor) as tx:
                    await actions.restore(tx, actor, post_id)
        assert await status_of(post_id) == "published", order
        assert await publications(post_id) == 1, order


@pytest.mark.parametrize("held", ["approval", "media"])
async def test_of_two_concurrent_transactions_the_second_publishes(database: str, held: str) -> None:
    actor = await account("ana")
    post_id, (medium,) = await new_post(actor, 1)
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def approval(wait: bool) -> None:
        async with db.act(db.SYSTEM) as tx:
            await approve(tx, post_id)
            if wait:
                entered.set()
                await go_on.wait()

    async def medium_ready(wait: bool) -> None:
        async with db.act(db.SYSTEM) as tx:
            await ready(tx, medium)
        async with db.act(db.SYSTEM) as tx:
            await announce(tx, actor, medium)
            if wait:
                entered.set()
                await go_on.wait()

    one, other = (approval, medium_ready) if held == "approval" else (medium_ready, approval)
    first = asyncio.create_task(one(True))
    await entered.wait()
    second = asyncio.create_task(other(False))
    await asyncio.sleep(0.1)
    assert not second.done(), "it waits for the post, and then sees what the first has done"
    go_on.set()
    await asyncio.gather(first, second)
    assert await status_of(post_id) == "published"
    assert await publications(post_id) == 1


async def test_a_storm_of_concurrent_deliveries_publishes_once(database: str) -> None:
    actor = await account("ana")
    for _ in range(5):
        post_id, media_ids = await new_post(actor, 3)

        async def finish(media_id: int) -> None:
            async with db.act(db.SYSTEM) as tx:
                await ready(tx, media_id)
            async with db.act(db.SYSTEM) as tx:
                await announce(tx, actor, media_id)

        async def judged(post_id: int = post_id) -> None:
            async with db.act(db.SYSTEM) as tx:
                await approve(tx, post_id)

        await asyncio.gather(
            judged(), *(finish(one) for one in media_ids), judged(), *(finish(one) for one in media_ids)
        )
        assert await status_of(post_id) == "published"
        assert await publications(post_id) == 1


async def test_a_rejected_medium_fails_the_post_once(database: str) -> None:
    actor = await account("ana")
    post_id, (first, second) = await new_post(actor)
    async with db.act(actor) as tx:
        await tx.run("-- tests: rejected\nupdate media set status = 'rejected' where id = $1", first)
        await announce(tx, actor, first)
        await approve(tx, post_id)
        await ready(tx, second)
        await announce(tx, actor, second)
    assert await status_of(post_id) == "failed"
    async with db.read() as r:
        assert len(await published(r, "PostFailed")) == 1
        assert await published(r, "PostPublished") == []


async def test_a_medium_of_no_post_and_a_post_that_is_gone_are_nothing(database: str) -> None:
    async with db.act(db.SYSTEM) as tx:
        await actions.media_finished(tx, 1)
        assert not await actions.try_publish(tx, 1)


async def test_media_that_never_come_are_swept_and_the_post_fails(world: World) -> None:
    (ana,) = await world.people("ana")
    ticket = await ana.ask(
        "POST", "/media/upload-url", json={"kind": "IMAGE", "content_type": "image/jpeg", "size": 100}
    )
    post = await ana.ask("POST", "/posts", json={"type": "IMAGE", "media": [{"media_id": ticket["media_id"]}]})
    await world.settle()
    assert (await ana.see(post))["status"] == "processing"
    try:
        clock.shift(timedelta(minutes=21))
        await media_consumers.sweep()
    finally:
        clock.shift(timedelta())
    await world.settle()
    seen = await ana.see(post)
    assert (seen["status"], seen["problem"]["code"]) == ("failed", "MEDIA_REJECTED")


async def test_media_whose_work_was_lost_are_taken_up_again(world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post("a photo", pictures=1)
    async with db.act(db.SYSTEM) as tx:
        job = await media.take(tx, int(post["media"][0]["media_id"]))
        assert job is not None
        await tx.run("-- tests: the job is lost with its worker\ndelete from pgqueuer")
    try:
        clock.shift(timedelta(minutes=6))
        await media_consumers.sweep()
    finally:
        clock.shift(timedelta())
    await world.settle()
    assert (await ana.see(post))["status"] == "published"
    assert await publications(int(post["post_id"])) == 1


MEDIUM = """
-- tests: a medium in work
insert into media (id, owner_id, kind, status, content_type, declared_size, key, post_id, expires_at)
values ($1, $2, 'IMAGE', 'processing', 'image/jpeg', 1, 'k', $3, now())
"""

PLACE = """
-- tests: its place
insert into post_media (post_id, n, media_id) values ($1, $2, $3)
"""
