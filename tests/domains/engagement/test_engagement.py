"""Likes and comments: acts, counts, reads."""

import asyncio

import pytest

from tests.domains.seen import account, published
from tintype.domains.engagement import actions, consumers, reads, rules
from tintype.domains.engagement.events import CommentChanged, CommentReactionChanged, ReactionChanged
from tintype.domains.posts import actions as posts
from tintype.domains.posts.rules import NewPost, PostNotFound
from tintype.platform import db, paging
from tintype.platform.db import Actor
from tintype.platform.errors import Forbidden, Invalid


async def post(actor: Actor, comments_enabled: bool = True) -> int:
    async with db.act(actor) as tx:
        post_id = await posts.create(tx, actor, NewPost("TEXT", "words", comments_enabled=comments_enabled))
        await posts.approve(tx, post_id, 1, {})
    return post_id


async def test_a_reaction_is_ones_own_at_once_and_counted_later(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    post_id = await post(ana)
    event = ReactionChanged(post_id=post_id, user_id=ben.id, reaction="LIKE")
    async with db.act(ben) as tx:
        assert await actions.react(tx, ben, post_id, "LIKE") == actions.Reacted("LIKE", 1, {"LIKE": 1})
        assert await actions.react(tx, ben, post_id, "LIKE") == actions.Reacted("LIKE", 1, {"LIKE": 1})
        own = (await reads.own_reactions(tx, ben.id, [post_id]))[post_id]
        assert (own.likes_delta, own.merged({})) == (1, {"LIKE": 1})
        await consumers.count(tx, [event, event])
        await consumers.count(tx, [event])
        assert await reads.post_counts(tx, [post_id, 1]) == {
            post_id: reads.PostCounts(1, 0, 0, {"LIKE": 1}),
            1: reads.PostCounts(),
        }
        own = (await reads.own_reactions(tx, ben.id, [post_id]))[post_id]
        assert (own.likes_delta, own.merged({"LIKE": 1})) == (0, {"LIKE": 1})
        assert await actions.react(tx, ben, post_id, "LOVE") == actions.Reacted("LOVE", 1, {"LOVE": 1})
        own = (await reads.own_reactions(tx, ben.id, [post_id]))[post_id]
        assert (own.likes_delta, own.merged({"LIKE": 1})) == (0, {"LOVE": 1})
        await consumers.count(tx, [event])
        assert (await reads.post_counts(tx, [post_id]))[post_id].reactions == {"LOVE": 1}
        assert await actions.react(tx, ben, post_id, None) == actions.Reacted(None, 0, {})
        assert await actions.react(tx, ben, post_id, None) == actions.Reacted(None, 0, {})
        own = (await reads.own_reactions(tx, ben.id, [post_id]))[post_id]
        assert (own.likes_delta, own.merged({"LOVE": 1})) == (-1, {})
        await consumers.count(tx, [event])
        assert (await reads.post_counts(tx, [post_id]))[post_id] == reads.PostCounts()
        assert await reads.own_reactions(tx, ben.id, [post_id]) == {}
    async with db.read() as r:
        assert [one["reaction"] for one in await published(r, "ReactionChanged")] == ["LIKE", "LOVE", None]


async def test_what_one_may_not_see_one_cannot_touch(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    post_id = await post(ana)
    async with db.act(ana) as tx:
        comment_id = await actions.comment(tx, ana, post_id, "mine")
        await tx.run("-- tests: private\nupdate accounts set is_private = true where id = $1", ana.id)
    async with db.act(ben) as tx:
        with pytest.raises(PostNotFound):
            await actions.react(tx, ben, post_id, "LIKE")
        with pytest.raises(PostNotFound):
            await actions.comment(tx, ben, post_id, "hi")
        with pytest.raises(PostNotFound):
            await actions.react_to_comment(tx, ben, comment_id, "LIKE")
        with pytest.raises(PostNotFound):
            await actions.delete_comment(tx, ben, comment_id)
        with pytest.raises(rules.CommentNotFound):
            await actions.react_to_comment(tx, ben, 404, "LIKE")


async def test_comments_replies_and_their_counts(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    paging.use_key(b"k" * 32)
    post_id = await post(ana)
    async with db.act(ben) as tx:
        tops = [await actions.comment(tx, ben, post_id, f"top {n}") for n in range(3)]
        reply = await actions.comment(tx, ana, post_id, "reply", tops[0])
        below = await actions.comment(tx, ben, post_id, "to a reply", reply)
        found = await reads.comment(tx, 0, below)
        assert found is not None
        assert found.parent_id == tops[0], "one level only"
        await consumers.count(tx, [CommentChanged(post_id=post_id, comment_id=one) for one in (*tops, reply, below)])
        assert (await reads.post_counts(tx, [post_id]))[post_id].comments == 5
        assert (await reads.comment_counts(tx, [tops[0], tops[1]])) == {
            tops[0]: reads.CommentCounts(0, 2, {}),
            tops[1]: reads.CommentCounts(),
        }
        first = await reads.top_comments(tx, post_id, paging.place("q", 1, None, 2))
        assert [one.id for one in first.items] == tops[:2]
        rest = await reads.top_comments(tx, post_id, paging.place("q", 1, first.next_cursor, 2))
        assert [one.id for one in rest.items] == tops[2:]
        below_first = await reads.replies(tx, tops[0], paging.place("q", 1, None, 1))
        assert [one.text for one in below_first.items] == ["reply"]
        assert below_first.next_cursor

        await actions.delete_comment(tx, ana, tops[0])
        await consumers.count(tx, [CommentChanged(post_id=post_id, comment_id=tops[0], deleted=True)] * 2)
        assert (await reads.post_counts(tx, [post_id]))[post_id].comments == 2
        assert (await reads.comment_counts(tx, [tops[0]]))[tops[0]].replies == 0
        assert await reads.comment(tx, 0, reply) is None, "replies go with it"
        with pytest.raises(rules.CommentNotFound):
            await actions.delete_comment(tx, ana, tops[0])
        with pytest.raises(rules.ParentElsewhere):
            await actions.comment(tx, ben, post_id, "late", tops[0])


async def test_who_may_comment_and_delete(database: str) -> None:
    ana, ben, eve = await account("ana"), await account("ben"), await account("eve")
    closed, opened = await post(ana, comments_enabled=False), await post(ana)
    async with db.act(ben) as tx:
        with pytest.raises(rules.CommentsOff):
            await actions.comment(tx, ben, closed, "hi")
        assert await actions.comment(tx, ana, closed, "my own")
        for text in ("", "  ", "x" * 2201, "a\0"):
            with pytest.raises(Invalid):
                await actions.comment(tx, ben, opened, text)
        comment_id = await actions.comment(tx, ben, opened, "hi")
        with pytest.raises(Forbidden):
            await actions.delete_comment(tx, eve, comment_id)
        with pytest.raises(rules.ParentElsewhere):
            await actions.comment(tx, ben, opened, "hi", 404)
        await actions.delete_comment(tx, ben, comment_id)
        assert await published(tx, "CommentChanged") == [], "appended with the commit"
    async with db.read() as r:
        assert [one["deleted"] for one in await published(r, "CommentChanged")] == [False, False, True]


async def test_a_reply_that_is_being_written_goes_with_its_deleted_comment(database: str) -> None:
    ana = await account("ana")
    post_id = await post(ana)
    async with db.act(ana) as tx:
        top = await actions.comment(tx, ana, post_id, "top")
    written, go_on = asyncio.Event(), asyncio.Event()
    replies: list[int] = []

    async def replying() -> None:
        async with db.act(ana) as tx:
            replies.append(await actions.comment(tx, ana, post_id, "reply", top))
            written.set()
            await go_on.wait()

    async def deleting() -> None:
        async with db.act(ana) as tx:
            await actions.delete_comment(tx, ana, top)

    first = asyncio.create_task(replying())
    await written.wait()
    second = asyncio.create_task(deleting())
    await asyncio.sleep(0.1)
    go_on.set()
    await asyncio.gather(first, second)
    async with db.read() as r:
        assert await reads.comment(r, 0, replies[0]) is None


async def test_reactions_on_comments(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    post_id = await post(ana)
    async with db.act(ben) as tx:
        comment_id = await actions.comment(tx, ben, post_id, "hi")
        event = CommentReactionChanged(post_id=post_id, comment_id=comment_id, user_id=ana.id, reaction="LIKE")
        assert await actions.react_to_comment(tx, ana, comment_id, "LIKE") == actions.Reacted("LIKE", 1, {"LIKE": 1})
        assert await actions.react_to_comment(tx, ana, comment_id, "LIKE") == actions.Reacted("LIKE", 1, {"LIKE": 1})
        await consumers.count(tx, [event])
        assert (await reads.comment_counts(tx, [comment_id]))[comment_id] == reads.CommentCounts(1, 0, {"LIKE": 1})
        assert await actions.react_to_comment(tx, ana, comment_id, None) == actions.Reacted(None, 0, {})
        await consumers.count(tx, [event])
        assert (await reads.comment_counts(tx, [comment_id]))[comment_id] == reads.CommentCounts()
        assert await reads.own_comment_reactions(tx, ana.id, [comment_id]) == {}


async def test_likers_newest_first_in_pages(database: str) -> None:
    ana = await account("ana")
    paging.use_key(b"k" * 32)
    post_id = await post(ana)
    fans = [await account(f"fan{n}") for n in range(4)]
    async with db.act(ana) as tx:
        for fan in fans:
            await actions.react(tx, fan, post_id, "LIKE")
            await asyncio.sleep(0.002)  # within a millisecond the order is by shard
        await actions.react(tx, fans[0], post_id, None)
        first = await reads.likers(tx, post_id, paging.place("q", 1, None, 2))
        assert first.items == [(fans[3].id, "LIKE"), (fans[2].id, "LIKE")]
        rest = await reads.likers(tx, post_id, paging.place("q", 1, first.next_cursor, 2))
        assert (rest.items, rest.next_cursor) == ([(fans[1].id, "LIKE")], None)


async def test_purging_and_recounting(database: str) -> None:
    ana, ben = await account("ana"), await account("ben")
    post_id = await post(ana)
    async with db.act(ben) as tx:
        comment_id = await actions.comment(tx, ben, post_id, "hi")
        await actions.react(tx, ben, post_id, "LIKE")
        await actions.react_to_comment(tx, ana, comment_id, "LIKE")
        assert await reads.uncounted_reactions(tx, (0, 0), 9) == [(ben.id, post_id)]
        assert await reads.uncounted_comments(tx, 0, 9) == [(comment_id, post_id, None)]
        assert await reads.uncounted_comment_reactions(tx, (0, 0), 9) == [(ana.id, comment_id)]
        await actions.count_reactions(tx, [(ben.id, post_id)])
        await actions.count_comments(tx, [comment_id])
        await actions.count_comment_reactions(tx, [(ana.id, comment_id)])
        await tx.run("-- tests: damage\nupdate post_counts set likes = 5, comments = 5")
        await tx.run("-- tests: damage\nupdate comment_counts set likes = 5")
        assert not (await reads.post_tallies(tx, 0, 5))[0].right
        assert not (await reads.comment_tallies(tx, 0, 5))[0].right
        await actions.recount_post(tx, post_id)
        await actions.recount_comment(tx, comment_id)
        assert (await reads.post_tallies(tx, 0, 5))[0].right
        assert (await reads.comment_tallies(tx, 0, 5))[0].right
        await actions.purge_post(tx, post_id)
        for table in ("reactions", "comments", "comment_reactions", "post_counts", "comment_counts"):
            assert await tx.value(f"-- tests: rest\nselect count(*) from {table}") == 0
        await consumers.count(tx, [])
