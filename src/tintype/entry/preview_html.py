"""Pages for who reads without script, and for machines that make link previews: the client's page with more in it.

Every word that a person wrote goes through `escape`; nothing here is script or style.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

import msgspec

from tintype.cards.comment import Comment
from tintype.cards.post import Post
from tintype.domains.accounts.reads import Profile

STYLE = "/docs/reading.css"
DESCRIPTION_MOST = 200
WORDS = {
    "en": {"comments": "Comments", "more": "Open Tintype with JavaScript on to see more, or to answer."},
    "de": {
        "comments": "Kommentare",
        "more": "Mit eingeschaltetem JavaScript zeigt Tintype mehr, und man kann antworten.",
    },
}
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_DESCRIPTION = re.compile(r"<meta name=\"description\"[^>]*>")
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


class Picture(msgspec.Struct, frozen=True):
    """A picture at an address that stays, whatever becomes of the file's own."""

    url: str
    width: int
    height: int
    alt: str


def language(accepted: str) -> str:
    """The first language of an `Accept-Language` that there are words in."""
    named = (part.partition(";")[0].strip().lower()[:2] for part in accepted.split(","))
    return next((one for one in named if one in WORDS), "en")


def closed(index: str) -> str:
    """The client's page, which no search engine is to keep."""
    return _TITLE.sub(lambda found: '<meta name="robots" content="noindex" />' + found[0], index, count=1)


def post_page(
    index: str, public_url: str, post: Post, pictures: Sequence[Picture], comments: Sequence[Comment], tongue: str
) -> str:
    """The client's page with a post in it."""
    address = f"{public_url}/p/{post.post_id}"
    title = title_of(post)
    text = _shortened(post.caption) or next((one.alt for one in pictures if one.alt), "")
    about = {
        "og:type": "article",
        "og:title": title,
        "og:description": text,
        "og:url": address,
        "og:site_name": "Tintype",
        "article:published_time": post.created_at,
        "article:author": f"{public_url}/@{post.author.username}",
        "twitter:card": "summary_large_image" if pictures else "summary",
        "twitter:title": title,
        "twitter:description": text,
    }
    if pictures:
        first = pictures[0]
        about |= {
            "og:image": first.url,
            "og:image:type": "image/jpeg",
            "og:image:width": str(first.width),
            "og:image:height": str(first.height),
            "og:image:alt": first.alt,
            "twitter:image": first.url,
            "twitter:image:alt": first.alt,
        }
    links = (
        f'<link rel="canonical" href="{escape(address)}" />'
        f'<link rel="alternate" type="application/json+oembed" title="{escape(title)}" '
        f'href="{escape(f"{public_url}/api/v1/oembed?url={address}")}" />'
    )
    return _filled(index, title, text, about, links, _article(post, pictures, comments, tongue))


def profile_page(index: str, public_url: str, profile: Profile, posts: Sequence[Post], tongue: str) -> str:
    """The client's page with a person and their latest posts in it."""
    name = f"{profile.full_name} (@{profile.username})" if profile.full_name else f"@{profile.username}"
    address = f"{public_url}/@{profile.username}"
    text = _shortened(profile.bio)
    about = {
        "og:type": "profile",
        "og:title": name,
        "og:description": text,
        "og:url": address,
        "og:site_name": "Tintype",
        "profile:username": profile.username,
        "twitter:card": "summary",
        "twitter:title": name,
        "twitter:description": text,
    }
    if profile.avatar_url:
        about |= {"og:image": _absolute(public_url, profile.avatar_url)}
    items = "".join(
        f'<li><a href="/p/{one.post_id}">{_thumb(one)}{escape(_shortened(one.caption))}</a></li>' for one in posts
    )
    body = f"<main><h1>{escape(name)}</h1><p>{_lines(profile.bio)}</p><ul>{items}</ul>{_more(tongue)}</main>"
    return _filled(index, name, text, about, f'<link rel="canonical" href="{escape(address)}" />', body)


def title_of(post: Post) -> str:
    """Who posted, as a heading."""
    author = post.author
    return f"{author.full_name} (@{author.username})" if author.full_name else f"@{author.username}"


def quotation(post: Post, public_url: str) -> str:
    """A post without pictures, to be put into another page."""
    address = f"{public_url}/p/{post.post_id}"
    return (
        f"<blockquote><p>{_lines(post.caption)}</p>"
        f'<footer><a href="{escape(address)}">{escape(title_of(post))}</a></footer></blockquote>'
    )


def _article(post: Post, pictures: Sequence[Picture], comments: Sequence[Comment], tongue: str) -> str:
    author = escape(title_of(post))
    shown = "".join(
        f'<img src="{escape(one.url)}" width="{one.width}" height="{one.height}" alt="{escape(one.alt)}" />'
        for one in pictures
    )
    place = f"<p>{escape(post.location.name)}</p>" if post.location else ""
    said = "".join(
        f'<li><a href="/@{escape(one.author.username)}">@{escape(one.author.username)}</a> {_lines(one.text)}</li>'
        for one in comments
    )
    talk = f"<h2>{WORDS[tongue]['comments']}</h2><ul>{said}</ul>" if said else ""
    return (
        f'<main><article><h1><a href="/@{escape(post.author.username)}">{author}</a></h1>{place}{shown}'
        f"<p>{_lines(post.caption)}</p>"
        f'<p><time datetime="{escape(post.created_at)}">{escape(post.created_at[:10])}</time></p>{talk}</article>'
        f"{_more(tongue)}</main>"
    )


def _filled(index: str, title: str, text: str, about: dict[str, str], links: str, body: str) -> str:
    """The index with another title, the description of machines, and what is read without script."""
    head = f"<title>{escape(title)} · Tintype</title>{_metas(about.items())}{links}"
    head += f'<noscript><link rel="stylesheet" href="{STYLE}" /></noscript>'
    page = _DESCRIPTION.sub(lambda _: f'<meta name="description" content="{escape(text)}" />', index, count=1)
    before, _, after = page.partition("</head>")
    inside = _NOSCRIPT.sub("", after)
    without_script = f"<noscript>{body}</noscript>"
    inside = inside.replace("</body>", without_script + "</body>") if "</body>" in inside else inside + without_script
    return _TITLE.sub(lambda _: head, before, count=1) + "</head>" + inside


def _metas(about: Iterable[tuple[str, str]]) -> str:
    kinds = {True: "name", False: "property"}
    return "".join(
        f'<meta {kinds[name.startswith("twitter:")]}="{name}" content="{escape(value)}" />'
        for name, value in about
        if value
    )


def _thumb(post: Post) -> str:
    if not post.media or not post.media[0].urls:
        return ""
    return f'<img src="/p/{post.post_id}/thumb.jpg" width="150" height="150" alt="{escape(post.media[0].alt_text)}" />'


def _more(tongue: str) -> str:
    return f"<p><small>{WORDS[tongue]['more']}</small></p>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br />")


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= DESCRIPTION_MOST else plain[: DESCRIPTION_MOST - 1].rstrip() + "…"


def _absolute(public_url: str, url: str) -> str:
    return public_url + url if url.startswith("/") else url
