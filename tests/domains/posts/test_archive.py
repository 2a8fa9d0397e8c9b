"""The archive, from every state and back; posts of the past; and what the purge tells."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.domains.seen import account, counts, published
from tintype.domains.posts import actions, consumers, reads, rules
from tintype.domains.posts.events import PostArchived
from tintype.domains.posts.rules import MediaGiven, NewPost
from tintype.platform import clock, db, ids
from tintype.platform.db import Actor
from tintype.platform.errors import Forbidden


async def write(actor: Actor, *, publish: bool = True, media: int | None = None) -> int:
    async with db.act(actor) as tx:
        given = [] if media is None else [MediaGiven(str(media))]
        post_id = await actions.create(tx, actor, NewPost("IMAGE" if given else "TEXT", "words", given))
        if publish:
            await actions.approve(tx, post_id, 1, {})
    return post_id


async def picture(actor: Actor, status: str = "processing") -> int:
    media_id = ids.new(actor.id)
    async with db.act(actor) as tx:
        await tx.run(
            "insert into media (id, owner_id, kind, status, content_type, declared_size, key, expires_at) "
            "values ($1, $2, 'IMAGE', $3, 'image/jpeg', 1, 'k', now())",
            media_id,
            actor.id,
            status,
        )
    return media_id


async def archive(actor: Actor, post_id: int) -> None:
    async with db.act(actor) as tx:
        await actions.archive(tx, actor, post_id)


async def unarchive(actor: Actor, post_id: int) -> None:
    async with db.act(actor) as tx:
        await actions.unarchive(tx, actor, post_id)


async def state(post_id: int) -> tuple[str, int | None]:
    async with db.read() as r:
        row = (await reads.by_ids(r, [post_id]))[post_id]
        return row.status, row.feed_id


async def events(*types: str) -> list[str]:
    async with db.read() as r:
        return [one["type"] for one in await published(r, *types)]


async def test_a_published_post_comes_back_to_its_place(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    media_id = await picture(ana, "ready")
    post_id = await write(ana, media=media_id)
    before = await state(post_id)
    for _ in range(2):
        await archive(ana, post_id)
    assert await state(post_id) == ("archived", before[1])
    async with db.read() as r:
        assert await reads.find_visible(r, ben.id, post_id) is None
        assert await reads.find_visible(r, ana.id, post_id) is not None
        assert await r.value("select servable from media") == "owner"
    archived = PostArchived(author_id=ana.id, post_id=post_id)
    async with db.act(db.SYSTEM) as tx:
        await consumers.count_posts(tx, [archived])
    assert (await counts(ana.id))[0] == 0
    for _ in range(2):
        await unarchive(ana, post_id)
    assert await state(post_id) == before
    async with db.read() as r:
        assert await r.value("select servable from media") == "public"
    assert await events("PostArchived", "PostUnarchived", "PostPublished") == [
        "PostPublished",
        "PostArchived",
        "PostUnarchived",
    ]


async def test_what_was_never_published_is_published_when_it_comes_back(database: str) -> None:
    ana = await account("ana")
    post_id = await write(ana, publish=False)
    await archive(ana, post_id)
    async with db.act(db.SYSTEM) as tx:
        await actions.approve(tx, post_id, 1, {})
    assert (await state(post_id))[0] == "archived"
    await unarchive(ana, post_id)
    assert (await state(post_id))[0] == "published"
    unjudged = await write(ana, publish=False)
    await archive(ana, unjudged)
    await unarchive(ana, unjudged)
    assert await state(unjudged) == ("processing", None)


async def test_what_was_stopped_comes_back_as_it_was(database: str) -> None:
    ana = await account("ana")
    before, meanwhile = await write(ana, publish=False), await write(ana, publish=False)
    failed = await write(ana, media=await picture(ana))
    async with db.act(db.SYSTEM) as tx:
        await actions.block(tx, before, 1, "TEXT_BLOCKED", {})
        await tx.run("update media set status = 'rejected'")
        await actions.try_publish(tx, failed)
    for one in (before, meanwhile, failed):
        await archive(ana, one)
    async with db.act(db.SYSTEM) as tx:
        await actions.block(tx, meanwhile, 1, "TEXT_BLOCKED", {})
    assert (await state(meanwhile))[0] == "archived"
    for one in (before, meanwhile, failed):
        await unarchive(ana, one)
    assert [(await state(one))[0] for one in (before, meanwhile, failed)] == ["blocked", "blocked", "failed"]


async def test_what_is_removed_deleted_or_anothers_cannot_be_put_away(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    removed, deleted, mine = await write(ana), await write(ana), await write(ana)
    async with db.act(db.SYSTEM) as tx:
        await actions.remove(tx, db.SYSTEM, removed)
    async with db.act(ana) as tx:
        await actions.delete(tx, ana, deleted)
    for act in (archive, unarchive):
        with pytest.raises(rules.PostRemovedByModerator):
            await act(ana, removed)
        with pytest.raises(rules.PostNotFound):
            await act(ana, deleted)
        with pytest.raises(Forbidden):
            await act(ben, mine)


async def test_posts_of_the_past_have_their_place_and_are_pulled(database: str) -> None:
    ana = await account("ana")
    at = datetime(2015, 5, 17, 12, tzinfo=UTC)
    now = await write(ana)
    async with db.act(ana) as tx:
        found = [await actions.import_post(tx, ana, NewPost("TEXT", "then #sea"), at) for _ in range(130)]
        late = await actions.import_post(tx, ana, NewPost("TEXT", "tomorrow"), clock.now() + timedelta(days=1))
    assert len(set(found)) == 130
    assert {ids.made_at(one) for one in found} == {at, at + timedelta(milliseconds=1)}
    assert ids.made_at(late) <= clock.now()
    assert await state(found[0]) == ("published", found[0])
    async with db.read() as r:
        assert (await reads.by_ids(r, [found[0]]))[found[0]].created_at == at
        assert [post_id for _, post_id in await reads.published_by(r, ana.id, None, 2)] == [late, now]
        assert [one.delivery for one in await reads.to_deliver(r, [found[0], now])] == ["pull", None]
        assert await r.value("select (mode, has_pull)::text from author_delivery") == "(push,t)"
    waiting = await picture(ana)
    async with db.act(ana) as tx:
        old = await actions.import_post(tx, ana, NewPost("IMAGE", "", [MediaGiven(str(waiting))]), at)
        assert (await tx.value("select status from posts where id = $1", old)) == "processing"
        await tx.run("update media set status = 'ready'")
        await actions.media_finished(tx, waiting)
    assert await state(old) == ("published", old)


async def test_the_purge_is_told(database: str) -> None:
    ana = await account("ana")
    post_id = await write(ana)
    async with db.act(ana) as tx:
        await actions.delete(tx, ana, post_id)
        await actions.purge(tx, post_id)
    assert await events("PostPurged") == ["PostPurged"]
