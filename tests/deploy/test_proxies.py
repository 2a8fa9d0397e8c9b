"""What the shipped proxy files promise, proved with the real proxies in front of the real API."""

import asyncio
import json
import ssl
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.deploy import proxies
from tests.deploy.proxies import NAME, Proxy
from tests.engines.postgres import TestServer

CONTENT_LENGTHS = (
    f"POST /api/v1/users/login HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}}}"
)
BARE_LF = [
    f"GET / HTTP/1.1\nHost: {NAME}\n\n",
    f"GET / HTTP/1.1\r\nHost: {NAME}\nX-One: 1\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: {NAME}\r\n\n",
    f"POST / HTTP/1.1\r\nHost: {NAME}\r\nTransfer-Encoding: chunked\r\n\r\n2\nab\r\n0\r\n\r\n",
]


numbers = count()


@pytest.fixture(scope="module")
def product(postgres_server: TestServer) -> Iterator[int]:
    """The port of the API, on a database of its own."""
    database = postgres_server.clone()
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory(prefix="tt-api-") as name:
        url = runner.run(database.__aenter__())
        with proxies.api(Path(name), url) as port:
            yield port
        runner.run(database.__aexit__(None, None, None))


@pytest.fixture(scope="module", params=["caddy", "nginx"])
def proxy(request: pytest.FixtureRequest, product: int) -> Iterator[Proxy]:
    """Each proxy in turn, with the product behind it."""
    for needed in (request.param, "curl"):
        if not proxies.program(needed):
            pytest.skip(f"{needed} is not installed")
    with tempfile.TemporaryDirectory(prefix="tt-proxy-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with getattr(proxies, request.param)(folder, product) as running:
            yield running


def post(proxy: Proxy, path: str, body: object, *more: str) -> tuple[int, dict[str, Any]]:
    data = ("-H", "Content-Type: application/json", "-d", json.dumps(body))
    status, _, answer = proxy.curl(f"/api/v1{path}", *data, *more)
    return status, json.loads(answer)["data"]


def registered(proxy: Proxy, *more: str) -> str:
    """The bearer token of a new person."""
    name = f"ada{next(numbers)}"
    person = {"username": name, "email": f"{name}@example.org", "password": "a long password", "session": "token"}
    status, found = post(proxy, "/users/register", person, *more)
    assert status == 201
    return str(found["access_token"])


def test_only_tls_1_3_with_http_2(proxy: Proxy) -> None:
    with proxy.tls("h2", "http/1.1") as connection:
        assert connection.version() == "TLSv1.3"
        assert connection.selected_alpn_protocol() == "h2"
    with pytest.raises((ssl.SSLError, ConnectionError)):
        proxy.tls("h2", newest=ssl.TLSVersion.TLSv1_2)


def test_answers_are_compressed(proxy: Proxy) -> None:
    status, headers, body = proxy.curl("/api/v1/openapi.json", "-H", "Accept-Encoding: zstd, gzip")
    assert status == 200
    assert headers["content-encoding"] in {"gzip", "zstd"}
    _, _, plain = proxy.curl("/api/v1/openapi.json")
    assert len(body) < len(plain) / 3
    assert json.loads(plain)["openapi"].startswith("3.1")


@pytest.mark.parametrize("claimed", ["X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 203.0.113.9, 127.0.0.1"])
def test_the_product_sees_the_clients_own_address(proxy: Proxy, claimed: str) -> None:
    from_elsewhere = ("--interface", "127.0.0.2", "-H", claimed, "-H", "Forwarded: for=203.0.113.9")
    token = registered(proxy, *from_elsewhere)
    _, _, answer = proxy.curl("/api/v1/users/me/sessions", "-H", f"Authorization: Bearer {token}")
    assert [session["ip"] for session in json.loads(answer)["data"]] == ["127.0.0.2"]


@pytest.mark.parametrize("request_bytes", BARE_LF)
def test_a_bare_lf_is_refused(proxy: Proxy, request_bytes: str) -> None:
    assert b" 400 " in proxy.raw(request_bytes.encode()).split(b"\r\n")[0]


def test_differing_content_lengths_are_refused(proxy: Proxy) -> None:
    assert b" 400 " in proxy.raw(CONTENT_LENGTHS.encode()).split(b"\r\n")[0]


def test_health_and_metrics_stay_inside(proxy: Proxy) -> None:
    for path in ("/livez", "/readyz", "/metrics", "/metrics/"):
        assert proxy.curl(path)[0] == 404
    assert proxy.curl("/")[0] == 200


def test_a_large_upload_arrives_whole(proxy: Proxy, tmp_path: Path) -> None:
    token = registered(proxy)
    signed_in = ("-H", f"Authorization: Bearer {token}")
    size = 31_000_000
    file = tmp_path / "large.jpg"
    file.write_bytes(b"\xff\xd8\xff" + bytes(size - 3))
    wanted = {"kind": "IMAGE", "content_type": "image/jpeg", "size": size}
    status, ticket = post(proxy, "/media/upload-url", wanted, *signed_in)
    assert status == 201
    part_size = ticket["upload"]["part_size"]
    for one in ticket["upload"]["parts"]:
        part = tmp_path / "part"
        part.write_bytes(file.read_bytes()[part_size * (one["number"] - 1) : part_size * one["number"]])
        path = one["url"].removeprefix(f"https://{NAME}")
        assert proxy.curl(path, "-X", "PUT", "--data-binary", f"@{part}", "-H", "Expect:")[0] < 300
    status, found = post(proxy, f"/media/{ticket['media_id']}/complete", {}, *signed_in)
    assert (status, found["status"]) == (202, "uploaded")


def test_what_is_larger_than_any_video_is_refused(proxy: Proxy, tmp_path: Path) -> None:
    file = tmp_path / "huge"
    with file.open("wb") as sparse:
        sparse.truncate(300_000_000)
    status, _, _ = proxy.curl("/api/v1/media/upload-url", "-X", "POST", "--data-binary", f"@{file}")
    assert status in {413, 0}
