"""Create, read, change, delete and restore posts, save and pin them, wait for them, and lists of them."""

from typing import Annotated

import msgspec
from litestar import Request, delete, get, patch, post, put
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody
from litestar.response import Response

from tintype.cards import account as account_card
from tintype.cards import post as card
from tintype.cards.post import Post
from tintype.cards.shown import shown_to
from tintype.domains.accounts import reads as accounts
from tintype.domains.graph import reads as graph
from tintype.domains.media import reads as media
from tintype.domains.posts import actions, reads, rules
from tintype.platform import db, idempotency, ids, ranges, replicas, waiting
from tintype.platform.config import Settings
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import NotFound
from tintype.platform.ids import LARGEST
from tintype.platform.objects import port as objects
from tintype.platform.paging import CursorInvalid, Page, place
from tintype.platform.ratelimit import POSTS_PER_HOUR


@post("/posts", operation_id="createPost", limit=POSTS_PER_HOUR, status_code=201)
async def create(
    actor: NamedDependency[Actor],
    data: JSONBody[rules.NewPost],
    request: Request[object, object, State],
    settings: NamedDependency[Settings],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Post:
    """Post. Its author sees it at once; others as soon as it is approved and its media are ready."""
    async with db.act(actor) as tx:
        if not settings.unverified_may_post:
            await accounts.check_verified(tx, actor.id)
        post_id = await idempotency.begin(tx, "createPost", idempotency_key, await request.body())
        if post_id is None:
            post_id = await actions.create(tx, actor, data)
            await idempotency.keep(tx, "createPost", idempotency_key, await request.body(), 201, post_id)
        return await _shown(tx, actor.id, post_id)


@get("/posts/{post_id:str}", operation_id="getPost", public=True)
async def read(viewer: NamedDependency[Actor | None], post_id: FromPath[str]) -> Post:
    """One post. 403 where its author's account is private and not followed."""
    async with db.read() as r:
        return await _shown(r, _id(viewer), ids.parse(post_id))


@get("/posts/{post_id:str}/wait", operation_id="waitForPost")
async def wait(actor: NamedDependency[Actor], post_id: FromPath[str], seconds: FromQuery[float] = 25) -> Post:
    """The post once it is no longer being processed, or as it is when the time (at most 30 s) is up."""
    wanted = ids.parse(post_id)

    async def finished() -> Post | None:
        async with db.read() as r:
            found = await _shown(r, actor.id, wanted)
        return None if found.status == "processing" else found

    if (done := await waiting.until("post", wanted, seconds, finished)) is not None:
        return done
    async with db.read() as r:
        return await _shown(r, actor.id, wanted)


@put("/posts/{post_id:str}", operation_id="updatePost")
async def update(actor: NamedDependency[Actor], post_id: FromPath[str], data: JSONBody[rules.PostChange]) -> Post:
    """Change the fields that are sent of one's own post. Changed texts are judged before others see them."""
    return await _update(actor, ids.parse(post_id), data)


@patch("/posts/{post_id:str}", operation_id="patchPost")
async def patch_post(actor: NamedDependency[Actor], post_id: FromPath[str], data: JSONBody[rules.PostChange]) -> Post:
    """The same as PUT."""
    return await _update(actor, ids.parse(post_id), data)


async def _update(actor: Actor, post_id: int, change: rules.PostChange) -> Post:
    async with db.act(actor) as tx:
        await actions.edit(tx, actor, post_id, change)
        return await _shown(tx, actor.id, post_id)


@delete("/posts/{post_id:str}", operation_id="deletePost", status_code=200)
async def remove(actor: NamedDependency[Actor], post_id: FromPath[str]) -> None:
    """Delete one's own post: gone from the next read on. It can be taken back for 30 s."""
    async with db.act(actor) as tx:
        await actions.delete(tx, actor, ids.parse(post_id))


@post("/posts/{post_id:str}/restore", operation_id="restorePost", status_code=200)
async def restore(actor: NamedDependency[Actor], post_id: FromPath[str]) -> Post:
    """Take a deletion back, within 30 s."""
    async with db.act(actor) as tx:
        await actions.restore(tx, actor, ids.parse(post_id))
        return await _shown(tx, actor.id, ids.parse(post_id))


@post("/posts/{post_id:str}/archive", operation_id="archivePost", status_code=200)
async def archive(actor: NamedDependency[Actor], post_id: FromPath[str]) -> Post:
    """Put one's own post away, in any state but removed: nobody else sees it. Twice is once."""
    async with db.act(actor) as tx:
        await actions.archive(tx, actor, ids.parse(post_id))
        return await _shown(tx, actor.id, ids.parse(post_id))


@post("/posts/{post_id:str}/unarchive", operation_id="unarchivePost", status_code=200)
async def unarchive(actor: NamedDependency[Actor], post_id: FromPath[str]) -> Post:
    """Bring a post back to its place; what was never published is published now, if it can be. Twice is once."""
    async with db.act(actor) as tx:
        await actions.unarchive(tx, actor, ids.parse(post_id))
        return await _shown(tx, actor.id, ids.parse(post_id))


class Saved(msgspec.Struct, frozen=True):
    """Whether one keeps a post for later."""

    saved: bool


@post("/posts/{post_id:str}/save", operation_id="savePost", status_code=200)
async def save(actor: NamedDependency[Actor], post_id: FromPath[str]) -> Saved:
    """Keep a post for later, in a list that nobody else sees. Twice is once."""
    async with db.act(actor) as tx:
        await actions.save(tx, actor, ids.parse(post_id))
    return Saved(saved=True)


@delete("/posts/{post_id:str}/save", operation_id="unsavePost", status_code=200)
async def unsave(actor: NamedDependency[Actor], post_id: FromPath[str]) -> Saved:
    """Let go of a saved post. Twice is once."""
    async with db.act(actor) as tx:
        await actions.unsave(tx, actor, ids.parse(post_id))
    return Saved(saved=False)


@get("/users/me/saved", operation_id="listSavedPosts")
async def saved_posts(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[Post]:
    """What one keeps for later, the last one saved first, as far as one may still see it."""
    async with db.read() as r:
        page = await reads.saved_by(r, actor.id, place("saved", actor.id, cursor, limit))
        return Page(await card.show(r, actor.id, page.items), page.next_cursor)


@get("/users/me/archived", operation_id="listArchivedPosts")
async def archived_posts(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[Post]:
    """One's own posts that are put away, newest first."""
    async with db.read() as r:
        page = await reads.archived_by(r, actor.id, place("archived", actor.id, cursor, limit))
        return Page(await card.show(r, actor.id, page.items), page.next_cursor)


@post("/posts/{post_id:str}/pin", operation_id="pinPost", status_code=200)
async def pin(actor: NamedDependency[Actor], post_id: FromPath[str]) -> Post:
    """Let one's own post stand first on one's page: up to three. Twice is once."""
    async with db.act(actor) as tx:
        await actions.pin(tx, actor, ids.parse(post_id))
        return msgspec.structs.replace(await _shown(tx, actor.id, ids.parse(post_id)), pinned=True)


@delete("/posts/{post_id:str}/pin", operation_id="unpinPost", status_code=200)
async def unpin(actor: NamedDependency[Actor], post_id: FromPath[str]) -> Post:
    """Let a post stand where it did before. Twice is once."""
    async with db.act(actor) as tx:
        await actions.unpin(tx, actor, ids.parse(post_id))
        return await _shown(tx, actor.id, ids.parse(post_id))


@get("/users/{user_id:str}/posts", operation_id="listUserPosts", public=True)
async def by_user(
    viewer: NamedDependency[Actor | None],
    user_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[Post]:
    """An account's posts, newest first."""
    return await posts_of(viewer, user_id, cursor, limit)


@get("/users/me/posts", operation_id="listOwnPosts", include_in_schema=False)
async def own_posts(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[Post]:
    """The same as `/users/{own id}/posts`."""
    return await posts_of(actor, "me", cursor, limit)


@get("/feed/user/{user_id:str}", operation_id="userFeed", public=True)
async def user_feed(
    viewer: NamedDependency[Actor | None],
    user_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> Page[Post]:
    """An account's posts, newest first."""
    return await posts_of(viewer, user_id, cursor, limit)


async def posts_of(viewer: Actor | None, user_id: str, cursor: str | None, limit: int) -> Page[Post]:
    """Skeleton, hydrate, hide, present: an author's published posts, pinned ones first.

    The cursor names what was pinned on the first page, so that nothing comes twice when that changes meanwhile.
    """
    async with db.read() as r:
        author = await account_card.find(r, user_id, _id(viewer))
        await graph.check_may_see(r, _id(viewer), author.id, is_private=author.is_private)
        where = place(f"posts {author.id}", _id(viewer), cursor, limit, width=None)
        if where.after is None:
            before, at, pins = LARGEST, 0, await reads.pinned_by(r, author.id)
        elif len(where.after) < 2:
            raise CursorInvalid
        else:
            before, at, pins = where.after[0], where.after[1], list(where.after[2:])
        first = pins[at : at + where.limit]
        wanted = where.limit - len(first)
        rows = await _published_by(r, _id(viewer), author.id, before, wanted + 1, pins)
        rest = rows[:wanted]
        before, at = rest[-1][0] if rest else before, at + len(first)
    shown = await shown_to(_id(viewer), [*first, *(post_id for _, post_id in rest)], author.id)
    marked = [_pinned(one) if post_id in first else one for post_id, one in shown]
    return Page(marked, where.next(before, at, *pins) if len(rows) > wanted or at < len(pins) else None)


async def _published_by(
    r: Reader, viewer_id: int, author_id: int, before: int, limit: int, pins: list[int]
) -> list[tuple[int, int]]:
    """For others from a replica; one's own posts become visible by no act of one's own, so no mark tells of them."""
    if author_id == viewer_id:
        return await reads.published_by(r, author_id, before, limit, pins)
    return await replicas.aside(
        r, lambda copy: reads.published_by(copy, author_id, before, limit, pins), about=author_id
    )


def _pinned(one: Post | msgspec.Raw) -> Post:
    post = one if isinstance(one, Post) else msgspec.json.decode(one, type=Post)
    return msgspec.structs.replace(post, pinned=True)


@get("/media/{media_id:str}/download", operation_id="downloadMedia", public=True, include_in_schema=False)
async def download(viewer: NamedDependency[Actor | None], media_id: FromPath[str]) -> Response[bytes]:
    """The largest rendition, to be kept as a file: for whom the author allows it, and for the author."""
    wanted = ids.parse(media_id)
    async with db.read() as r:
        file = (await media.by_ids(r, [wanted])).get(wanted)
        found = await reads.find_visible(r, _id(viewer), file.post_id) if file and file.post_id else None
        key = await media.largest(r, file) if file else None
    if file is None or (found is None and file.owner_id != _id(viewer)):
        raise NotFound
    if file.owner_id != _id(viewer) and not (found and found.download_allowed):
        raise rules.DownloadNotAllowed
    if key is None:
        raise NotFound
    try:
        data = b"".join([chunk async for chunk in objects.store().iter_range(key)])
    except FileNotFoundError as error:
        raise NotFound from error
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": ranges.attachment(f"{wanted}.jpg")}
    return Response(data, media_type="image/jpeg", headers=headers)


@get(
    "/p/{post_id:str}/{size:str}",
    operation_id="postImage",
    public=True,
    include_in_schema=False,
)
async def image(
    viewer: NamedDependency[Actor | None],
    request: Request[object, object, State],
    post_id: FromPath[str],
    size: FromPath[str],
) -> Response[None]:
    """A redirect to the file that suits the client: `/p/{post_id}/{thumb,medium,large}[.jpg|.webp|.avif]?n=1`."""
    async with db.read() as r:
        found = await card.hide(r, _id(viewer), await card.hydrate(r, [ids.parse(post_id)]))
        n = request.query_params.get("n", "1")
        if not found or n not in map(str, range(1, len(found[0].media) + 1)):
            raise NotFound
        file = found[0].media[int(n) - 1]
        name, _, extension = size.partition(".")
        address = media.rendition_url(file, name, request.headers.get("accept", ""), extension, found[0].author_private)
        if address is None:
            raise NotFound
        return Response(
            None, status_code=302, headers={"Location": address, "Cache-Control": "no-cache", "Vary": "Accept"}
        )


async def _shown(r: Reader, viewer_id: int, post_id: int) -> Post:
    """The post, or why not: 403 for a published one of a private account, which is a secret only from the blocked."""
    shown = await card.show(r, viewer_id, [post_id])
    if shown:
        return shown[0]
    row = (await reads.by_ids(r, [post_id])).get(post_id)
    author = None if row is None else (await accounts.by_ids(r, [row.author_id])).get(row.author_id)
    if row is None or author is None or await graph.is_blocked(r, viewer_id, author.id):
        raise rules.PostNotFound
    if row.status == "published":
        await graph.check_may_see(r, viewer_id, author.id, is_private=author.is_private)
    raise rules.PostNotFound


def _id(viewer: Actor | None) -> int:
    return viewer.id if viewer else 0


ROUTES = [
    create,
    read,
    wait,
    update,
    patch_post,
    remove,
    restore,
    archive,
    unarchive,
    save,
    unsave,
    saved_posts,
    archived_posts,
    pin,
    unpin,
    by_user,
    own_posts,
    user_feed,
    download,
]
FILE_ROUTES = [image]
