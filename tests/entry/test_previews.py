"""Public posts and profiles without script and for link previews; nothing of what is not public."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests import world as worlds
from tests.world import Refused, World
from tintype.entry import preview_html, previews

NASTY = "</noscript><script>alert(1)</script> \"quoted\" & 'more' #sea"
INDEX = (
    '<!doctype html><html lang="en"><head><meta name="description" content="old" /><title>Tintype</title></head>'
    '<body><div id="root"></div><noscript>old</noscript></body></html>'
)


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "_index", lambda: INDEX)


class Page(HTMLParser):
    """What machines read of a page: its metas, links, tags and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.metas: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "meta" and "content" in given:
            self.metas[str(given.get("property") or given.get("name"))] = given["content"] or ""
        if tag == "link":
            self.links[f"{given.get('rel')} {given.get('type') or ''}".strip()] = given["href"] or ""

    def handle_data(self, data: str) -> None:
        self.text += data


async def page(world: World, path: str, **headers: str) -> Page:
    found = await world.visitor.http.get(path, headers=headers)
    assert found.status_code == 200
    assert found.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in found.headers["content-security-policy"]
    return Page(found.text)


async def test_a_public_post_reads_without_script(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post(NASTY, pictures=2, location={"name": "<the pier>"})
    await world.settle()
    await ana.ask(
        "PUT",
        f"/posts/{post['post_id']}",
        json={
            "media": [
                {"media_id": post["media"][0]["media_id"], "alt_text": 'a "wave"'},
                {"media_id": post["media"][1]["media_id"]},
            ]
        },
    )
    await ben.comment(post, "<b>fine</b>")
    await world.settle()
    for path in (f"/p/{post['post_id']}", f"/posts/{post['post_id']}"):
        found = await page(world, path)
        address = f"http://127.0.0.1:8000/p/{post['post_id']}"
        assert found.metas["og:title"] == found.metas["twitter:title"] == "Ana (@ana)"
        assert found.metas["og:description"] == found.metas["description"] == NASTY
        assert (found.metas["og:url"], found.links["canonical"]) == (address, address)
        assert (found.metas["og:image"], found.metas["og:image:alt"]) == (f"{address}/large.jpg", 'a "wave"')
        assert (found.metas["og:image:width"], found.metas["og:image:height"]) == ("240", "160")
        assert found.metas["twitter:card"] == "summary_large_image"
        assert "robots" not in found.metas
        pictures = [given for tag, given in found.tags if tag == "img"]
        assert [(one["src"], one["alt"]) for one in pictures] == [
            (f"{address}/large.jpg", 'a "wave"'),
            (f"{address}/large.jpg?n=2", ""),
        ]
        assert not [tag for tag, _ in found.tags if tag in {"script", "b"}]
        assert NASTY in found.text
        assert "<b>fine</b>" in found.text
        assert "<the pier>" in found.text
        assert "Comments" in found.text
    assert "Kommentare" in (await page(world, f"/p/{post['post_id']}", **{"Accept-Language": "de-AT,en"})).text
    image = await world.visitor.http.get(f"/p/{post['post_id']}/large.jpg")
    assert image.status_code == 302
    assert (await world.visitor.http.get(preview_html.STYLE)).headers["content-type"].startswith("text/css")


async def test_a_text_has_no_picture(world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post(" ".join(f"word{n}" for n in range(80)))
    await world.settle()
    found = await page(world, f"/p/{post['post_id']}")
    assert found.metas["twitter:card"] == "summary"
    assert "og:image" not in found.metas
    assert len(found.metas["og:description"]) <= 200


async def test_what_is_not_public_looks_like_what_is_not_there(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.ask("PUT", "/users/me", json={"is_private": True})
    public, archived, private = await ana.post("public"), await ana.post("archived"), await ben.post("private")
    await world.settle()
    await ana.ask("POST", f"/posts/{archived['post_id']}/archive")
    paths = [f"/p/{archived['post_id']}", f"/p/{private['post_id']}", "/p/1", f"/p/{'9' * 19}", "/@ben", "/@nobody"]
    for path in paths:
        answer = await world.visitor.http.get(path)
        assert answer.text == preview_html.closed(INDEX), path
        mine = await ben.http.get(path)
        assert mine.text == answer.text
        assert Page(answer.text).metas["robots"] == "noindex"
    for address in (
        f"/p/{private['post_id']}",
        f"/p/{archived['post_id']}",
        "/p/x",
        f"http://elsewhere/p/{public['post_id']}",
    ):
        with pytest.raises(Refused) as refused:
            await world.visitor.ask("GET", "/oembed", params={"url": address})
        assert refused.value.status == 404


async def test_a_public_profile_reads_without_script(world: World) -> None:
    (ana,) = await world.people("ana")
    await ana.ask("PUT", "/users/me", json={"bio": "<i>waves</i>", "full_name": "Ana & Co"})
    post = await ana.post("low tide", pictures=1)
    await world.settle()
    found = await page(world, "/@Ana")
    assert found.metas["og:title"] == "Ana & Co (@ana)"
    assert (found.metas["og:type"], found.metas["og:description"]) == ("profile", "<i>waves</i>")
    assert [given["src"] for tag, given in found.tags if tag == "img"] == [f"/p/{post['post_id']}/thumb.jpg"]
    assert f"/p/{post['post_id']}" in [given.get("href") for tag, given in found.tags if tag == "a"]
    assert not [tag for tag, _ in found.tags if tag == "i"]


async def embed(world: World, post: dict[str, Any], **more: Any) -> dict[str, Any]:
    url = f"http://127.0.0.1:8000/p/{post['post_id']}"
    answer = await world.visitor.http.get("/api/v1/oembed", params={"url": url, **more})
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = json.loads(answer.text)
    return found


async def test_other_sites_are_told_how_to_show_a_post(world: World) -> None:
    (ana,) = await world.people("ana")
    photo, text = await ana.post("low tide", pictures=1), await ana.post(NASTY)
    await world.settle()
    told = await embed(world, photo)
    assert (told["version"], told["type"], told["author_name"]) == ("1.0", "photo", "Ana")
    assert (told["url"], told["width"], told["height"]) == (
        f"http://127.0.0.1:8000/p/{photo['post_id']}/large.jpg",
        240,
        160,
    )
    assert (await embed(world, photo, maxwidth=200))["width"] == 150
    assert (await embed(world, photo, maxwidth=100, maxheight=50))["type"] == "rich"
    rich = await embed(world, text, maxwidth=300)
    assert (rich["type"], rich["width"]) == ("rich", 300)
    assert "<script" not in rich["html"]
    links = (await page(world, f"/p/{text['post_id']}")).links
    (address,) = [href for kind, href in links.items() if kind.startswith("alternate")]
    answer = await world.visitor.http.get(address.removeprefix("http://127.0.0.1:8000"))
    assert answer.json()["type"] == "rich"
    refused = await world.visitor.http.get("/api/v1/oembed", params={"url": "/p/1", "format": "xml"})
    assert refused.status_code == 501


async def test_members_only_shows_nothing(database: str, tmp_path: Path) -> None:
    async with worlds.opened(database, tmp_path / "data", members_only=True) as world:
        (ana,) = await world.people("ana")
        post = await ana.post("inside")
        await world.settle()
        for path in (f"/p/{post['post_id']}", "/@ana"):
            for who in (world.visitor, ana):
                answer = await who.http.get(path)
                assert answer.text == INDEX
                assert answer.headers["x-robots-tag"] == "noindex"
        assert (await world.visitor.http.get("/api/v1/oembed", params={"url": "/p/1"})).status_code == 401


def test_pages_that_are_the_clients_are_not_taken_from_it() -> None:
    for path in ("/p/1", "/posts/22", "/@a.b_c", "/@a/"):
        assert previews.PAGE_PATHS.fullmatch(path)
    for path in ("/", "/login", "/@", "/@a/followers", "/posts/x", "/settings", "/p/1/thumb", "/new"):
        assert not previews.PAGE_PATHS.fullmatch(path)


def test_an_index_that_is_not_built_still_answers() -> None:
    page = preview_html.closed("<title>Tintype</title><p>not built")
    assert re.search("noindex", page)
    assert [preview_html.language(one) for one in ("", "fr, de;q=0.5", "de", "*")] == ["en", "de", "de", "en"]
