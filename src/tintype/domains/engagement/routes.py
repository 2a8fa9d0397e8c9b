"""Likes and comments."""

from typing import Annotated

import msgspec
from litestar import Request, delete, get, patch, post, put
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody

from tintype.cards import account as account_card
from tintype.cards import comment as card
from tintype.cards.account import Person
from tintype.cards.comment import Comment
from tintype.domains.engagement import actions, reads, rules
from tintype.domains.engagement.actions import Reacted
from tintype.domains.posts import reads as posts
from tintype.domains.posts.reads import PostRow
from tintype.platform import db, idempotency, ids, replicas
from tintype.platform.config import Settings
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import NotFound
from tintype.platform.paging import Page, place
from tintype.platform.ratelimit import COMMENTS_PER_HOUR, LIKES_PER_DAY


class LikeBody(msgspec.Struct):
    reaction: rules.Reaction = "LIKE"


class Liker(Person, frozen=True):
    """Somebody who reacted to a post, and how."""

    reaction: str


class NewComment(msgspec.Struct):
    text: str
    parent_id: str | None = None


@post("/posts/{post_id:str}/like", operation_id="likePost", limit=LIKES_PER_DAY, status_code=200)
async def like(
    actor: NamedDependency[Actor], post_id: FromPath[str], data: JSONBody[LikeBody | None] = None
) -> Reacted:
    """React to a post; one reaction an account, the last one counts."""
    async with db.act(actor) as tx:
        return await actions.react(tx, actor, ids.parse(post_id), (data or LikeBody()).reaction)


@delete("/posts/{post_id:str}/like", operation_id="unlikePost", status_code=200)
async def unlike(actor: NamedDependency[Actor], post_id: FromPath[str]) -> Reacted:
    """Take one's reaction to a post back."""
    async with db.act(actor) as tx:
        return await actions.react(tx, actor, ids.parse(post_id), None)


class Shared(msgspec.Struct, frozen=True):
    """How many people shared a post, oneself included, and the address to hand on."""

    share_count: int
    url: str


@post("/posts/{post_id:str}/share", operation_id="sharePost", status_code=200)
async def share(actor: NamedDependency[Actor], settings: NamedDependency[Settings], post_id: FromPath[str]) -> Shared:
    """Say that one hands a post on: an account counts once a post."""
    wanted = ids.parse(post_id)
    async with db.act(actor) as tx:
        return Shared(await actions.share(tx, actor, wanted), f"{settings.public_url}/p/{wanted}")


@get("/posts/{post_id:str}/likes", operation_id="listPostLikes", public=True)
async def likes(
    viewer: NamedDependency[Actor | None],
    post_id: FromPath[str],
    reaction: FromQuery[rules.Reaction | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[Liker]:
    """Who reacted to a post, newest first; only for its author where they keep likes to themselves."""
    async with db.read() as r:
        found = await _visible(r, viewer, ids.parse(post_id))
        if found.hide_like_counts and found.author_id != _id(viewer):
            raise rules.LikesHidden
        where = place(f"likes {found.id} {reaction or ''}", _id(viewer), cursor, limit)
        page = await replicas.aside(
            r,
            lambda copy: reads.likers(copy, found.id, where, reaction),
            about=found.author_id,
            again=lambda page: reads.likers_now(r, _id(viewer), found.id, page),
        )
        people = await account_card.people(r, _id(viewer), [account_id for account_id, _ in page.items])
        return page.map(lambda kept: [_liker(people[one], liked) for one, liked in kept if one in people])


def _liker(person: Person, reaction: str) -> Liker:
    return Liker(**msgspec.structs.asdict(person), reaction=reaction)


@get("/posts/{post_id:str}/comments", operation_id="listComments", public=True)
async def comments(
    viewer: NamedDependency[Actor | None],
    post_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[Comment]:
    """Comments of a post, oldest first; replies are under their comment."""
    async with db.read() as r:
        found = await _visible(r, viewer, ids.parse(post_id))
        where = place(f"comments {found.id}", _id(viewer), cursor, limit)
        page = await replicas.aside(
            r,
            lambda copy: reads.top_comments(copy, found.id, where),
            about=found.author_id,
            again=lambda page: reads.comments_now(r, _id(viewer), page),
        )
        return Page(await card.show(r, _id(viewer), page.items, found.author_id), page.next_cursor)


@get("/comments/{comment_id:str}/replies", operation_id="listReplies", public=True)
async def replies(
    viewer: NamedDependency[Actor | None],
    comment_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[Comment]:
    """Replies under a comment, oldest first."""
    async with db.read() as r:
        parent = await reads.comment(r, _id(viewer), ids.parse(comment_id))
        if parent is None:
            raise rules.CommentNotFound
        found = await _visible(r, viewer, parent.post_id)
        where = place(f"replies {parent.id}", _id(viewer), cursor, limit)
        page = await replicas.aside(
            r,
            lambda copy: reads.replies(copy, parent.id, where),
            about=found.author_id,
            again=lambda page: reads.comments_now(r, _id(viewer), page),
        )
        return Page(await card.show(r, _id(viewer), page.items, found.author_id), page.next_cursor)


@post("/posts/{post_id:str}/comments", operation_id="createComment", limit=COMMENTS_PER_HOUR, status_code=201)
async def create_comment(
    actor: NamedDependency[Actor],
    post_id: FromPath[str],
    data: JSONBody[NewComment],
    request: Request[object, object, State],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Comment:
    """Comment on a post, or reply to a comment."""
    parent_id = None if data.parent_id is None else ids.parse(data.parent_id)
    async with db.act(actor) as tx:
        comment_id = await idempotency.begin(tx, "createComment", idempotency_key, await request.body())
        if comment_id is None:
            comment_id = await actions.comment(tx, actor, ids.parse(post_id), data.text, parent_id)
            await idempotency.keep(tx, "createComment", idempotency_key, await request.body(), 201, comment_id)
        return await _own(tx, actor, comment_id)


class CommentChange(msgspec.Struct):
    text: str


@put("/comments/{comment_id:str}", operation_id="updateComment", limit=COMMENTS_PER_HOUR)
async def update_comment(
    actor: NamedDependency[Actor], comment_id: FromPath[str], data: JSONBody[CommentChange]
) -> Comment:
    """Change the words of one's own comment."""
    return await _edited(actor, ids.parse(comment_id), data.text)


@patch("/comments/{comment_id:str}", operation_id="patchComment", limit=COMMENTS_PER_HOUR, include_in_schema=False)
async def patch_comment(
    actor: NamedDependency[Actor], comment_id: FromPath[str], data: JSONBody[CommentChange]
) -> Comment:
    """The same as PUT."""
    return await _edited(actor, ids.parse(comment_id), data.text)


async def _edited(actor: Actor, comment_id: int, text: str) -> Comment:
    async with db.act(actor) as tx:
        await actions.edit_comment(tx, actor, comment_id, text)
        return await _own(tx, actor, comment_id)


async def _own(tx: Reader, actor: Actor, comment_id: int) -> Comment:
    """A comment as who wrote it, or restored it, sees it."""
    written = await reads.comment(tx, actor.id, comment_id)
    if written is None:
        raise rules.CommentNotFound
    found = await _visible(tx, actor, written.post_id)
    return (await card.show(tx, actor.id, [written], found.author_id))[0]


@post("/comments/{comment_id:str}/restore", operation_id="restoreComment", status_code=200)
async def restore_comment(actor: NamedDependency[Actor], comment_id: FromPath[str]) -> Comment:
    """Take the deletion of a comment back, within 30 seconds."""
    async with db.act(actor) as tx:
        await actions.restore_comment(tx, actor, ids.parse(comment_id))
        return await _own(tx, actor, ids.parse(comment_id))


@delete("/comments/{comment_id:str}", operation_id="deleteComment", status_code=200)
async def delete_comment(actor: NamedDependency[Actor], comment_id: FromPath[str]) -> None:
    """Delete one's own comment, or any under one's own post."""
    async with db.act(actor) as tx:
        await actions.delete_comment(tx, actor, ids.parse(comment_id))


@post("/comments/{comment_id:str}/like", operation_id="likeComment", limit=LIKES_PER_DAY, status_code=200)
async def like_comment(
    actor: NamedDependency[Actor], comment_id: FromPath[str], data: JSONBody[LikeBody | None] = None
) -> Reacted:
    """React to a comment."""
    async with db.act(actor) as tx:
        return await actions.react_to_comment(tx, actor, ids.parse(comment_id), (data or LikeBody()).reaction)


@delete("/comments/{comment_id:str}/like", operation_id="unlikeComment", status_code=200)
async def unlike_comment(actor: NamedDependency[Actor], comment_id: FromPath[str]) -> Reacted:
    """Take one's reaction to a comment back."""
    async with db.act(actor) as tx:
        return await actions.react_to_comment(tx, actor, ids.parse(comment_id), None)


async def _visible(r: Reader, viewer: Actor | None, post_id: int) -> PostRow:
    found = await posts.find_visible(r, _id(viewer), post_id)
    if found is None:
        raise NotFound
    return found


def _id(viewer: Actor | None) -> int:
    return viewer.id if viewer else 0


ROUTES = [
    like,
    unlike,
    share,
    likes,
    comments,
    replies,
    create_comment,
    update_comment,
    patch_comment,
    delete_comment,
    restore_comment,
    like_comment,
    unlike_comment,
]
