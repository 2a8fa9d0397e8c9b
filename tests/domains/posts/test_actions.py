"""Writes to posts, one by one."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.domains.seen import account, counts, published
from tintype.domains.graph import actions as graph
from tintype.domains.posts import actions, consumers, reads, rules
from tintype.domains.posts.events import PostDeleted
from tintype.domains.posts.rules import MediaGiven, NewPost, Place, TagGiven
from tintype.platform import clock, db, ids
from tintype.platform.db import Actor
from tintype.platform.errors import Forbidden, Invalid, NotFound


async def post(actor: Actor, caption: str = "words", publish: bool = True, **more: Any) -> int:
    async with db.act(actor) as tx:
        post_id = await actions.create(tx, actor, NewPost("TEXT", caption, **more))
        if publish:
            await actions.approve(tx, post_id, 1, {"verdict": "approved"})
    return post_id


async def test_a_post_keeps_what_it_was_given(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    post_id = await post(
        ana,
        "hello @ben and @nobody #Sea #sea",
        location=Place("the pier", 1.5, 2.5),
        comments_enabled=False,
        download_allowed=True,
        tagged=[TagGiven(str(ben.id), 0.5, 0.5)],
    )
    async with db.read() as r:
        row = (await reads.by_ids(r, [post_id]))[post_id]
    assert row.hashtags == ["sea"]
    assert row.mentions == [ben.id]
    assert row.location == {"name": "the pier", "lat": 1.5, "lng": 2.5}
    assert row.tagged == [{"user_id": str(ben.id), "x": 0.5, "y": 0.5, "n": 1}]
    assert (row.comments_enabled, row.download_allowed, row.status) == (False, True, "published")
    assert ids.shard_of(post_id) == ids.shard_of(ana.id)


async def test_media_come_with_their_texts_unless_others_are_given(database: str) -> None:
    ana = await account("ana")
    async with db.act(ana) as tx:
        for media_id in (1, 2):
            await tx.run(MEDIUM, media_id, ana.id, f"text {media_id}")
        given = NewPost("IMAGE", media=[MediaGiven("2", "mine"), MediaGiven("1")])
        post_id = await actions.create(tx, ana, given)
        await actions.approve(tx, post_id, 1, {})
        row = (await reads.by_ids(tx, [post_id]))[post_id]
        assert [(one.media_id, one.alt_text) for one in row.media] == [(2, "mine"), (1, "text 1")]
        assert await servable(tx) == {"public"}
        await actions.delete(tx, ana, post_id)
        assert await servable(tx) == {"none"}
        await actions.restore(tx, ana, post_id)
        assert await servable(tx) == {"public"}
        await actions.remove(tx, Actor(1, "moderator"), post_id)
        assert await servable(tx) == {"owner"}


async def servable(tx: db.Tx) -> set[str]:
    return {row["servable"] for row in await tx.rows("-- tests: servable\nselect servable from media")}


async def test_media_of_a_private_account_are_signed_and_of_a_gone_one_for_its_owner(database: str) -> None:
    ana = await account("ana")
    for change, expected in (("is_private = true", "signed"), ("status = 'suspended'", "owner")):
        async with db.act(ana) as tx:
            await tx.run("-- tests: none\ndelete from media")
            await tx.run(MEDIUM, 1, ana.id, "")
            await tx.run(f"-- tests: account\nupdate accounts set {change} where id = $1", ana.id)
            await tx.run("-- tests: none\ndelete from post_media")
            post_id = await actions.create(tx, ana, NewPost("IMAGE", media=[MediaGiven("1")]))
            await actions.approve(tx, post_id, 1, {})
            assert await servable(tx) == {expected}


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (NewPost("VIDEO", "x"), {"media"}),
        (NewPost("TEXT"), {"caption"}),
        (NewPost("TEXT", "x", media=[MediaGiven("1")]), {"media"}),
        (NewPost("IMAGE", "x"), {"media"}),
        (NewPost("IMAGE", "x", media=[MediaGiven(str(n)) for n in range(11)]), {"media"}),
        (NewPost("IMAGE", "x", media=[MediaGiven("1"), MediaGiven("1")]), {"media"}),
        (NewPost("IMAGE", "x", media=[MediaGiven("1", "a" * 1001)]), {"media"}),
        (NewPost("TEXT", "x", tagged=[TagGiven("1", 0, 0)] * 21), {"tagged"}),
        (NewPost("TEXT", "x", tagged=[TagGiven("1", 1.5, 0)]), {"tagged"}),
        (NewPost("TEXT", "x", tagged=[TagGiven("1", 0, 0, 2)]), {"tagged"}),
        (NewPost("TEXT", " ".join(f"#tag{n}" for n in range(31))), {"caption"}),
        (NewPost("TEXT", " ".join(f"@name{n}" for n in range(21))), {"caption"}),
        (NewPost("TEXT", "x" * 2201), {"caption"}),
        (NewPost("TEXT", "x", location=Place(" ")), {"location"}),
        (NewPost("TEXT", "x", location=Place("a", 91, 0)), {"location"}),
        (NewPost("TEXT", "x", location=Place("a", 1)), {"location"}),
    ],
)
def test_wrong_posts_name_their_fields(given: NewPost, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        rules.checked(given)
    assert set(refused.value.details["fields"]) == fields


def test_what_an_author_is_told() -> None:
    assert rules.problem(None) is None
    assert rules.problem("REMOVED") == {"code": "REMOVED", "message": rules.PROBLEMS["REMOVED"]}
    told = rules.problem("SOMETHING_NEW")
    assert told is not None
    assert told["message"]


async def test_approval_and_blocking_name_a_revision(database: str) -> None:
    ana = await account("ana")
    post_id = await post(ana, publish=False)
    async with db.act(db.SYSTEM) as tx:
        await actions.approve(tx, post_id, 2, {})
        await actions.block(tx, post_id, 2, "TEXT_BLOCKED", {})
        assert (await reads.by_ids(tx, [post_id]))[post_id].status == "processing"
        await actions.block(tx, post_id, 1, "TEXT_BLOCKED", {"verdict": "blocked"})
        await actions.block(tx, post_id, 1, "TEXT_BLOCKED", {"verdict": "blocked"})
        await actions.approve(tx, post_id, 1, {})
        row = (await reads.by_ids(tx, [post_id]))[post_id]
        assert (row.status, row.problem) == ("blocked", "TEXT_BLOCKED")
    async with db.read() as r:
        assert len(await published(r, "PostBlocked")) == 1


async def test_deleting_and_restoring(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    post_id, hidden = await post(ana), await post(ana, publish=False)
    async with db.act(ben) as tx:
        with pytest.raises(Forbidden):
            await actions.delete(tx, ben, post_id)
        with pytest.raises(rules.PostNotFound):
            await actions.delete(tx, ben, hidden)
        with pytest.raises(rules.PostNotFound):
            await actions.delete(tx, ben, 404)
    async with db.act(ana) as tx:
        await actions.restore(tx, ana, post_id)
        await actions.delete(tx, ana, post_id)
        with pytest.raises(rules.PostNotFound):
            await actions.delete(tx, ana, post_id)
        assert await reads.find_visible(tx, ana.id, post_id) is None
        assert await actions.lock_deleted(tx, post_id)
        await actions.restore(tx, ana, post_id)
        assert not await actions.lock_deleted(tx, post_id)
        assert not await actions.lock_deleted(tx, 404)
        await actions.delete(tx, ana, post_id)
    async with db.act(ben) as tx:
        with pytest.raises(rules.PostNotFound):
            await actions.restore(tx, ben, post_id)
    try:
        clock.shift(timedelta(seconds=31))
        async with db.act(ana) as tx:
            with pytest.raises(rules.NotRestorable):
                await actions.restore(tx, ana, post_id)
    finally:
        clock.shift(timedelta())
    async with db.act(db.SYSTEM) as tx:
        assert [one["type"] for one in await published(tx, "PostDeleted", "PostRestored")] == [
            "PostDeleted",
            "PostRestored",
            "PostDeleted",
        ]
        assert await tx.value("-- tests: jobs\nselect count(*) from pgqueuer where entrypoint = 'posts.purge'") == 2


async def test_who_deleted_may_restore_and_nobody_else(database: str) -> None:
    ana = await account("ana")
    post_id = await post(ana)
    async with db.act(ana) as tx:
        await tx.run(
            "-- tests: by another\nupdate posts set deleted_at = $2, deleted_by = 1 where id = $1", post_id, clock.now()
        )
        with pytest.raises(rules.NotRestorable):
            await actions.restore(tx, ana, post_id)


async def test_a_moderator_removes(database: str) -> None:
    ana, moderator = await account("ana"), await account("maud", "moderator")
    post_id, deleted = await post(ana), await post(ana)
    async with db.act(ana) as tx:
        await actions.delete(tx, ana, deleted)
        with pytest.raises(Forbidden):
            await actions.remove(tx, ana, post_id)
    async with db.act(moderator) as tx:
        await actions.remove(tx, moderator, post_id)
        await actions.remove(tx, moderator, post_id)
        for gone in (deleted, 404):
            with pytest.raises(rules.PostNotFound):
                await actions.remove(tx, moderator, gone)
    async with db.read() as r:
        assert len(await published(r, "PostRemoved")) == 1
        audited = await r.rows("select actor_id, subject from audit_log where action = 'post.removed'")
        assert [tuple(row) for row in audited] == [(moderator.id, f"post {post_id}")]
        row = await reads.find_visible(r, ana.id, post_id)
        assert row is not None
        assert (row.status, row.problem) == ("removed", "REMOVED")
        assert await reads.find_visible(r, moderator.id, post_id) is None


async def test_counting_follows_the_rows_and_twice_is_once(database: str) -> None:
    ana = await account("ana")
    one, two = await post(ana), await post(ana, publish=False)
    async with db.act(db.SYSTEM) as tx:
        await actions.count(tx, [one, two, one])
        await actions.count(tx, [one])
    assert await counts(ana.id) == (1, 0, 0)
    async with db.act(ana) as tx:
        await actions.delete(tx, ana, one)
        await consumers.count_posts(tx, [PostDeleted(author_id=ana.id, post_id=one)] * 2)
    assert await counts(ana.id) == (0, 0, 0)


async def test_purging_leaves_nothing(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    post_id = await post(ana, "to @ben #gone")
    async with db.act(ana) as tx:
        await tx.run(MEDIUM, 5, ana.id, "")
        await tx.run("-- tests: place\ninsert into post_media (post_id, n, media_id) values ($1, 1, 5)", post_id)
        await actions.count(tx, [post_id])
        await actions.delete(tx, ana, post_id)
        await actions.purge(tx, post_id)
        for table in ("posts", "post_media", "post_hashtags", "post_mentions"):
            assert await tx.value(f"-- tests: rest\nselect count(*) from {table}") == 0
        assert await tx.value("-- tests: to purge\nselect purge_at is not null from media where id = 5")
    assert await counts(ana.id) == (0, 0, 0)
    assert ben


async def test_who_may_see_a_post_of_a_private_account(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    post_id = await post(ana)
    async with db.act(ben) as tx:
        await graph.follow(tx, ben, ana.id)
        await tx.run("-- tests: private\nupdate accounts set is_private = true where id = $1", ana.id)
        for viewer_id, seen in ((ana.id, True), (ben.id, True), (eve.id, False), (0, False)):
            assert (await reads.find_visible(tx, viewer_id, post_id) is not None) == seen
        assert (await actions.lock_visible(tx, ben, post_id))["id"] == post_id
        with pytest.raises(rules.PostNotFound):
            await actions.lock_visible(tx, eve, post_id)
        with pytest.raises(rules.PostNotFound):
            await actions.lock_visible(tx, eve, 404)


async def test_pages_of_an_author(database: str) -> None:
    ana = await account("ana")
    shown = [await post(ana) for _ in range(3)]
    waiting = [await post(ana, publish=False) for _ in range(2)]
    async with db.read() as r:
        rows = await reads.published_by(r, ana.id, None, 2)
        assert [post_id for _, post_id in rows] == [shown[2], shown[1]]
        assert await reads.published_by(r, ana.id, rows[-1][0], 5) == [
            (r2, p) for r2, p in await reads.published_by(r, ana.id, None, 5) if p == shown[0]
        ]
        assert await reads.unpublished_by(r, ana.id, None, 5) == waiting[::-1]
        assert await reads.unpublished_by(r, ana.id, waiting[1], 5) == [waiting[0]]


async def test_bad_ids_in_a_post_are_refused(database: str) -> None:
    ana = await account("ana")
    async with db.act(ana) as tx:
        with pytest.raises(NotFound):
            await actions.create(tx, ana, NewPost("TEXT", "x", tagged=[TagGiven("x", 0, 0)]))
    assert msgspec.json.encode(Place("a")) == b'{"name":"a"}'


MEDIUM = """
-- tests: a ready medium
insert into media (id, owner_id, kind, status, content_type, declared_size, key, expires_at, alt_text)
values ($1, $2, 'IMAGE', 'ready', 'image/jpeg', 1, 'k', now(), $3)
"""
