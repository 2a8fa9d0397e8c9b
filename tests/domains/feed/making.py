"""What the tests of the feed make without HTTP: posts as they are published and planned, follows, timelines."""

from itertools import count
from typing import Any

from tests.domains.seen import published
from tintype.domains.feed import actions
from tintype.domains.feed.events import FanOutPlanned
from tintype.domains.graph import actions as graph
from tintype.domains.posts import actions as posts
from tintype.domains.posts.events import PostPublished
from tintype.domains.posts.rules import NewPost
from tintype.platform import db
from tintype.platform.db import Actor
from tintype.platform.timelines.port import Entry, timelines

NUMBER = count()


async def publish(actor: Actor) -> PostPublished:
    """A published post, not yet planned."""
    async with db.act(actor) as tx:
        post_id = await posts.create(tx, actor, NewPost("TEXT", f"number {next(NUMBER)}"))
        await posts.approve(tx, post_id, 1, {})
        feed_id = await tx.value("-- tests: feed\nselect feed_id from posts where id = $1", post_id)
    return PostPublished(author_id=actor.id, post_id=post_id, feed_id=feed_id)


async def plan(*events: PostPublished, chunk: int = 2_500) -> None:
    async with db.act(db.SYSTEM) as tx:
        await actions.plan(tx, [one.post_id for one in events], chunk)


async def post(actor: Actor) -> PostPublished:
    """A post that is published, planned and delivered."""
    event = await publish(actor)
    await plan(event)
    await actions.deliver([one for one in await chunks() if one.post_id == event.post_id])
    return event


async def chunks() -> list[FanOutPlanned]:
    async with db.read() as r:
        rows = await published(r, "FanOutPlanned")
    return [FanOutPlanned(**{name: value for name, value in row.items() if name != "type"}) for row in rows]


async def follow(one: Actor, other: Actor) -> None:
    async with db.act(one) as tx:
        await graph.follow(tx, one, other.id)


async def unfollow(one: Actor, other: Actor) -> None:
    async with db.act(one) as tx:
        await graph.unfollow(tx, one, other.id)


async def timeline(actor: Actor) -> list[int]:
    """The post ids of a timeline's rows."""
    async with db.read() as r:
        return [one.post_id for one in await timelines().read(r, actor.id, None, 10_000)]


async def put(user: Actor, *entries: Entry) -> None:
    async with db.act(db.SYSTEM) as tx:
        await timelines().add(tx, user.id, entries)


async def run(sql: str, *args: object) -> int:
    async with db.act(db.SYSTEM) as tx:
        return await tx.run(sql, *args)


async def value(sql: str, *args: object) -> Any:
    async with db.read() as r:
        return await r.value(sql, *args)


async def rebuilt() -> list[int]:
    """Whose timelines were told to be others now."""
    async with db.read() as r:
        return [row["user_id"] for row in await published(r, "TimelineRebuilt")]
