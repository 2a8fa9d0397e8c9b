"""Public posts and profiles for link previews, for other sites, and for who reads without script.

What is not public is not told from what is not there: both get the client's plain page, which then asks the API.
"""

import re
from collections.abc import Awaitable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tintype.cards import account as account_card
from tintype.cards import comment as comment_card
from tintype.cards import post as post_card
from tintype.cards.comment import Comment
from tintype.cards.post import Hydrated, Post
from tintype.domains.accounts.reads import Profile
from tintype.domains.engagement import reads as engagement
from tintype.domains.posts import reads as posts
from tintype.entry import client, preview_html
from tintype.entry.preview_html import Picture
from tintype.platform import db, ids
from tintype.platform.config import Settings
from tintype.platform.db import Reader
from tintype.platform.errors import NotFound, Problem
from tintype.platform.paging import place

COMMENTS, LATEST = 10, 12
WIDEST_TEXT, TEXT_HEIGHT = 550, 240
CACHE_SECONDS = 300
SIZES = ("large", "medium", "small", "thumb")
PAGE_PATHS = re.compile(r"/(?:p|posts)/[0-9]{1,19}/?|/@[A-Za-z0-9._]{1,30}/?")
_POST = re.compile(r"/(?:p|posts)/([0-9]{1,19})/?")

Asked = Request[Any, Any, Any]
T = TypeVar("T")


class OtherFormat(Problem):
    status, code, message = 501, "FORMAT_NOT_SUPPORTED", "Only JSON is given here."


class Embed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What oEmbed 1.0 says of a post: a photo, or a text to put into a page."""

    version: str
    type: str
    title: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    cache_age: int
    width: int
    height: int
    url: str | None = None
    html: str | None = None


class Shown(msgspec.Struct, frozen=True):
    """A public post with what its page shows."""

    post: Post
    pictures: list[Picture]
    comments: list[Comment]


@get(
    ["/p/{post_id:str}", "/posts/{post_id:str}"],
    operation_id="postPage",
    include_in_schema=False,
    own_auth=True,
)
async def post_page(request: Asked, settings: NamedDependency[Settings], post_id: FromPath[str]) -> Response[bytes]:
    """A public post as a page; the same for everybody."""
    if settings.members_only:
        return _page(_index())
    shown = await _or_nothing(_post(post_id, settings))
    if shown is None:
        return _page(preview_html.closed(_index()))
    tongue = _tongue(request)
    return _page(
        preview_html.post_page(_index(), settings.public_url, shown.post, shown.pictures, shown.comments, tongue)
    )


@get("/{handle:str}", operation_id="profilePage", include_in_schema=False, own_auth=True)
async def profile_page(request: Asked, settings: NamedDependency[Settings], handle: FromPath[str]) -> Response[bytes]:
    """A public profile as a page; the same for everybody."""
    if not handle.startswith("@"):
        raise NotFound
    if settings.members_only:
        return _page(_index())
    found = await _or_nothing(_profile(handle))
    if found is None:
        return _page(preview_html.closed(_index()))
    profile, latest = found
    return _page(preview_html.profile_page(_index(), settings.public_url, profile, latest, _tongue(request)))


@get("/api/v1/oembed", operation_id="oembed", public=True, include_in_schema=False)
async def oembed(
    settings: NamedDependency[Settings],
    url: FromQuery[str],
    maxwidth: FromQuery[int | None] = None,
    maxheight: FromQuery[int | None] = None,
    format: FromQuery[str] = "json",
) -> Response[bytes]:
    """How to show a public post in another page (oEmbed 1.0)."""
    if format != "json":
        raise OtherFormat
    parts = urlsplit(url)
    named = _POST.fullmatch(parts.path)
    if named is None or (parts.netloc and f"{parts.scheme}://{parts.netloc}" != settings.public_url):
        raise NotFound
    async with db.read() as r:
        visible = await _visible(r, [ids.parse(named[1])])
    if not visible:
        raise NotFound
    found, shown = visible[0], post_card.presented(visible[0], 0)
    base = {
        "version": "1.0",
        "title": preview_html.title_of(shown),
        "author_name": shown.author.full_name or shown.author.username,
        "author_url": f"{settings.public_url}/@{shown.author.username}",
        "provider_name": "Tintype",
        "provider_url": settings.public_url,
        "cache_age": CACHE_SECONDS,
    }
    picture = _fitting(found, settings.public_url, maxwidth, maxheight)
    if picture is not None:
        more = {"type": "photo", "url": picture.url, "width": picture.width, "height": picture.height}
    else:
        size = {
            "width": min(WIDEST_TEXT, maxwidth or WIDEST_TEXT),
            "height": min(TEXT_HEIGHT, maxheight or TEXT_HEIGHT),
        }
        more = {"type": "rich", "html": preview_html.quotation(shown, settings.public_url), **size}
    body = msgspec.json.encode(msgspec.convert(base | more, Embed))
    return Response(body, media_type="application/json", headers={"Cache-Control": f"public, max-age={CACHE_SECONDS}"})


@get(preview_html.STYLE, operation_id="readingStyle", include_in_schema=False, own_auth=True)
async def style() -> Response[bytes]:
    """How pages look without script."""
    return Response(CSS, media_type="text/css")


async def _or_nothing(reading: Awaitable[T | None]) -> T | None:
    """What was read; None where it is not public, or cannot be read just now: the client says which, and why."""
    try:
        return await reading
    except (Problem, TimeoutError, *db.CONNECTION_LOST):
        return None


async def _post(post_id: str, settings: Settings) -> Shown | None:
    async with db.read() as r:
        found = await _visible(r, [ids.parse(post_id)])
        if not found:
            return None
        where = place("preview", 0, None, COMMENTS)
        page = await engagement.top_comments(r, found[0].row.id, where)
        comments = await comment_card.show(r, 0, page.items, found[0].row.author_id)
        return Shown(post_card.presented(found[0], 0), _pictures(found[0], settings.public_url), comments)


async def _profile(handle: str) -> tuple[Profile, list[Post]] | None:
    async with db.read() as r:
        row = await account_card.find(r, handle)
        if row.is_private:
            return None
        profile = await account_card.profile(r, None, row)
        latest = [post_id for _, post_id in await posts.published_by(r, row.id, None, LATEST)]
        return profile, [post_card.presented(one, 0) for one in await _visible(r, latest)]


async def _visible(r: Reader, post_ids: list[int]) -> list[Hydrated]:
    """What a visitor may see of these."""
    return await post_card.hide(r, 0, await post_card.hydrate(r, post_ids))


def _pictures(found: Hydrated, public_url: str) -> list[Picture]:
    return [one for n in range(len(found.media)) if (one := _picture(found, public_url, n, "large")) is not None]


def _picture(found: Hydrated, public_url: str, n: int, size: str) -> Picture | None:
    made = found.media[n].renditions.get(size)
    if made is None:
        return None
    address = f"{public_url}/p/{found.row.id}/{size}.jpg" + (f"?n={n + 1}" if n else "")
    return Picture(address, made.width, made.height, found.row.media[n].alt_text)


def _fitting(found: Hydrated, public_url: str, width: int | None, height: int | None) -> Picture | None:
    """The largest picture of a post that is no larger than this."""
    sizes = (_picture(found, public_url, 0, size) for size in SIZES if found.media)
    return next(
        (one for one in sizes if one and one.width <= (width or one.width) and one.height <= (height or one.height)),
        None,
    )


def _tongue(request: Asked) -> str:
    return preview_html.language(request.headers.get("accept-language", ""))


def _page(text: str) -> Response[bytes]:
    return Response(
        text.encode(),
        media_type="text/html",
        headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"},
    )


@lru_cache(1)
def _index() -> str:
    return client.index()


CSS = b"""
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:40rem;padding:1rem}
img{display:block;max-width:100%;height:auto;margin:.75rem 0}
h1{font-size:1.25rem;font-weight:600}h2{font-size:1rem;font-weight:600;margin-top:1.5rem}
p{margin:.5rem 0}ul{list-style:none;padding:0}li{margin:.5rem 0}a{text-decoration:underline}
time,small{opacity:.7}
"""

ROUTES = [post_page, profile_page, oembed, style]
