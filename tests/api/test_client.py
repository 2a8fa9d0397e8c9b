"""The web client's files as they are served: an index for pages, immutable assets, nothing in place of the API."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tintype.entry import client
from tintype.entry.edge import Outside
from tintype.platform import ratelimit
from tintype.platform.config import Settings

SCRIPT = b"console.log('low tide');" * 100
INDEX = b"<!doctype html><title>Tintype</title>"


@pytest.fixture
async def http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    folder = tmp_path / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(INDEX)
    (folder / "robots.txt").write_bytes(b"User-agent: *\n")
    (folder / "assets/main-1a2b.js").write_bytes(SCRIPT)
    (folder / "assets/font-3c4d.woff2").write_bytes(b"\0" * 5000)
    monkeypatch.setattr(client, "folder", lambda: folder)
    settings = Settings(data_dir=tmp_path / "data")
    ratelimit.use(settings)

    async def routes(*_: object) -> None:
        raise AssertionError("the client's files need no route")

    app: Any = Outside(routes, client.application(), settings)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8000") as found:
        yield found


async def test_every_page_is_the_index(http: httpx2.AsyncClient) -> None:
    for path in ("/", "/login", "/@ana/followers", "/@a.b/following", "/settings", "/index.html"):
        page = await http.get(path)
        assert (page.status_code, page.content) == (200, INDEX), path
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-cache"
    assert (await http.get("/robots.txt")).text == "User-agent: *\n"


async def test_assets_are_for_ever_and_compressed(http: httpx2.AsyncClient) -> None:
    asset = await http.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip, br"})
    assert asset.content == SCRIPT
    assert asset.headers["content-encoding"] == "gzip"
    assert int(asset.headers["content-length"]) == len(gzip.compress(SCRIPT, 9, mtime=0))
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["vary"] == "accept-encoding"
    plain = await http.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert int(plain.headers["content-length"]) == len(SCRIPT)
    font = await http.get("/assets/font-3c4d.woff2", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in font.headers


async def test_what_is_unchanged_is_not_sent_again(http: httpx2.AsyncClient) -> None:
    for path in ("/", "/assets/main-1a2b.js"):
        tag = (await http.get(path)).headers["etag"]
        for asked in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
            again = await http.get(path, headers={"If-None-Match": asked})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        assert (await http.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_missing_asset_is_missing(http: httpx2.AsyncClient) -> None:
    for path in ("/assets/main-old.js", "/assets/", "/assets/%2e%2e/index.html"):
        gone = await http.get(path)
        assert gone.status_code == 404
        assert INDEX not in gone.content
        assert gone.headers["cache-control"] == "no-store"


async def test_head_tells_what_get_would(http: httpx2.AsyncClient) -> None:
    for path in ("/", "/assets/main-1a2b.js", "/assets/none.js"):
        head, whole = await http.head(path), await http.get(path)
        assert head.content == b""
        assert (head.status_code, head.headers["content-length"]) == (
            whole.status_code,
            whole.headers["content-length"],
        )


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1/x", "/m/1/2/3", "/p/1/thumb", "/docs/api", "/avatars/1/150"]
)
async def test_the_client_is_not_the_api(http: httpx2.AsyncClient, path: str) -> None:
    with pytest.raises(AssertionError, match="need no route"):
        await http.get(path)


async def test_an_unbuilt_client_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "folder", lambda: tmp_path / "none")
    assert not client.is_built()
    app: Any = client.application()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8000") as found:
        page = await found.get("/")
    assert page.status_code == 200
    assert "not built yet" in page.text
