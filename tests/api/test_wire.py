"""A real server on the wire, over raw sockets: what it refuses, and what stands on every answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import world as worlds
from tests.engines.product import free_ports
from tests.world import Person, World
from tintype.entry import api

HEADER_READ_MS = 1_000


class Answer:
    """A parsed answer; `headers` by lower-case name, repeated ones as a list in `all`."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.all = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        self.headers = dict(self.all)

    @property
    def code(self) -> str:
        envelope = json.loads(self.body)
        assert envelope["status"] == "error"
        assert envelope["meta"]["request_id"] == self.headers["x-request-id"]
        return str(envelope["error"]["code"])


class Wire:
    """A listening server; `send` writes bytes as they are."""

    def __init__(self, world: World, port: int) -> None:
        self.world, self.port = world, port

    async def send(self, raw: bytes) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(raw)
            return Answer(await asyncio.wait_for(reader.read(), 10))
        finally:
            writer.close()

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Iterable[str] = (), kind: str = "application/json"
    ) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
        if body:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return await self.send("\r\n".join([*lines, "", ""]).encode() + body)

    async def post(self, path: str, body: Any, *headers: str) -> Answer:
        return await self.ask("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode(), headers)


@asynccontextmanager
async def listening(database: str, folder: Path, **settings: Any) -> AsyncIterator[Wire]:
    port = free_ports()
    async with worlds.opened(database, folder, port=port, **settings) as world:
        server = api.server(world.app, world.settings, header_read_ms=HEADER_READ_MS)
        serving = asyncio.create_task(server.serve())
        while True:
            await asyncio.sleep(0.02)
            try:
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            except OSError:
                assert not serving.done()
        yield Wire(world, port)
        server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait_for(serving, 10)


@pytest.fixture
async def wire(database: str, tmp_path: Path) -> AsyncIterator[Wire]:
    async with listening(database, tmp_path / "data") as found:
        yield found


def bearer(person: Person) -> str:
    return f"Authorization: Bearer {person.token}"


async def test_broken_requests_are_refused(wire: Wire) -> None:
    missing = await wire.send(b"GET /api/v1/feed/home HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert (missing.status, missing.code) == (400, "HOST_MISSING")
    page = await wire.send(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert (page.status, page.code) == (400, "HOST_MISSING")
    two = await wire.ask("GET", "/api/v1/feed/home", headers=["Host: elsewhere.example"])
    assert two.status == 400
    differing = b"POST /api/v1/users/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}"
    assert (await wire.send(differing)).status == 400
    assert (await wire.send(b"NOT HTTP AT ALL\r\n\r\n")).status == 400


async def test_headers_that_dribble_in_are_cut(wire: Wire) -> None:
    assert api.HEADER_READ_MS == 30_000
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    began = asyncio.get_running_loop().time()
    reading = asyncio.create_task(reader.read())
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n")
    while not reading.done() and asyncio.get_running_loop().time() - began < 5:
        writer.write(b"X-Slow: yes\r\n")
        await asyncio.sleep(0.1)
    writer.close()
    assert reading.done()
    assert HEADER_READ_MS / 1000 * 0.8 < asyncio.get_running_loop().time() - began < 3


async def test_bodies_are_bounded(wire: Wire) -> None:
    empty = await wire.ask("POST", "/api/v1/users/login", headers=["Content-Type: application/json"])
    assert empty.status in {400, 422}
    much = b'{"login":"' + b"a" * api.LARGEST_BODY + b'"}'
    sent = await wire.post("/api/v1/users/login", much)
    assert (sent.status, sent.code) == (413, "TOO_LARGE")
    head = b"POST /api/v1/users/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
    chunk = b"%x\r\n%s\r\n" % (len(much), much)
    chunked = await wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + b"0\r\n\r\n")
    assert (chunked.status, chunked.code) == (413, "TOO_LARGE")
    untouched = await wire.send(head + b"Content-Length: 99999999\r\n\r\n")
    assert (untouched.status, untouched.code) == (413, "TOO_LARGE")


@pytest.mark.parametrize("field", ["login", "unknown"])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
async def test_json_as_deep_as_the_sea(wire: Wire, field: str, brackets: tuple[str, str]) -> None:
    opening, closing = brackets
    deep = f'{{"login":"a","password":"b","{field}":{opening * 10_000}1{closing * 10_000}}}'
    answer = await wire.post("/api/v1/users/login", deep.encode())
    assert answer.status in {400, 422}
    assert answer.code in {"BAD_REQUEST", "VALIDATION_FAILED"}


async def test_text_that_is_none(wire: Wire) -> None:
    (ana,) = await wire.world.people("ana")
    post = await ana.post("low tide")
    comments = f"/api/v1/posts/{post['post_id']}/comments"
    bodies = [b'{"text":"a\\u0000b"}', b'{"text":"a\\ud800b"}', b'{"text":"a\\udc00"}', b'{"text":"\xff\xfe"}']
    for body in bodies:
        answer = await wire.post(comments, body, bearer(ana))
        assert (answer.status, answer.code) == (422, "VALIDATION_FAILED"), body
    for field in ("login", "password"):
        form = {"login": "ana", "password": "a long password"} | {field: "a\0b"}
        assert (await wire.post("/api/v1/users/login", form)).status in {401, 422}
    for path in ("users/@a%00b", "users/lookup?q=%00", "users/lookup?q=%ff%ed%a0%80", "feed/home?cursor=%00"):
        assert (await wire.ask("GET", f"/api/v1/{path}", headers=[bearer(ana)])).status in {200, 404, 422}, path
    reset = {"token": "a\0b", "password": "another long password"}
    assert (await wire.post("/api/v1/users/password/reset", reset)).status == 422


async def test_json_that_is_none_and_other_types(wire: Wire) -> None:
    (ana,) = await wire.world.people("ana")
    malformed = await wire.post("/api/v1/posts", b'{"type":', bearer(ana))
    assert (malformed.status, malformed.code) == (400, "BAD_REQUEST")
    not_an_object = await wire.post("/api/v1/posts", b"[1]", bearer(ana))
    assert (not_an_object.status, not_an_object.code) == (422, "VALIDATION_FAILED")
    for kind in ("application/xml", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        wrong = await wire.ask("POST", "/api/v1/posts", b'{"type":"TEXT"}', [bearer(ana)], kind)
        assert (wrong.status, wrong.code) == (415, "UNSUPPORTED_TYPE"), kind
    unknown = await wire.post("/api/v1/posts", {"type": "TEXT", "caption": "hello", "colour": "red"}, bearer(ana))
    assert unknown.status == 201
    broken_trace = b"GET /api/v1/users/@ana HTTP/1.1\r\nHost: a\r\nConnection: close\r\ntraceparent: \xff\xfe\r\n\r\n"
    assert (await wire.send(broken_trace)).status == 200


async def test_routes_methods_and_ids(wire: Wire) -> None:
    (ana,) = await wire.world.people("ana")
    unknown = await wire.ask("GET", "/api/v1/nothing")
    assert (unknown.status, unknown.code) == (404, "NOT_FOUND")
    assert "ratelimit-limit" in unknown.headers
    method = await wire.ask("PATCH", "/api/v1/feed/home")
    assert (method.status, method.code) == (405, "METHOD_NOT_ALLOWED")
    assert "GET" in method.headers["allow"]
    assert (await wire.ask("BREW", "/api/v1/feed/home")).status in {400, 405}
    for not_an_id in ("abc", "-1", "1.5", "%31%32x", "9" * 19, "9" * 400, "%C2%B2", "0"):
        for path in ("posts/{}", "posts/{}/comments", "users/{}", "media/{}", "comments/{}/replies"):
            answer = await wire.ask("GET", "/api/v1/" + path.format(not_an_id), headers=[bearer(ana)])
            assert answer.status == 404, (path, not_an_id)
    for path in ("/p/abc/thumb", "/p/1/huge", f"/m/{'9' * 30}/key/thumb.jpg", "/m/1/..%2f..%2fetc/passwd", "/api"):
        assert (await wire.ask("GET", path)).status == 404, path


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1", "1.5", "", "1" * 40])
async def test_limits_out_of_range(world: World, limit: str) -> None:
    (ana,) = await world.people("ana")
    for path in ("feed/home", "users/me/followers", "users/me/posts", "users/lookup?q=a"):
        refused = await ana.http.get(f"/api/v1/{path}", params={"q": "a", "limit": limit})
        assert refused.status_code == 422, (path, limit)
        assert refused.json()["error"]["code"] == "VALIDATION_FAILED"
        assert list(refused.json()["error"]["details"]["fields"]) == ["limit"]


async def test_head_is_get_without_a_body(wire: Wire) -> None:
    (ana,) = await wire.world.people("ana")
    for path in ("/", "/api/v1/users/@ana", "/api/v1/nothing", "/docs/api"):
        whole, head = [await wire.ask(method, path, headers=[bearer(ana)]) for method in ("GET", "HEAD")]
        assert head.body == b""
        assert head.status == whole.status
        assert head.headers["content-type"] == whole.headers["content-type"]


async def test_security_headers_are_on_every_answer(wire: Wire) -> None:
    (ana,) = await wire.world.people("ana")
    post = await ana.post(pictures=1)
    await wire.world.settle()
    picture = (await ana.see(post))["media"][0]["urls"]["thumb"]
    paths = ["/", "/somewhere", "/assets/none.js", "/docs/api", "/docs/style.css", "/api/v1/openapi.json"]
    paths += ["/api/v1/users/@ana", "/api/v1/feed/home", "/api/v1/nothing", picture, f"/p/{post['post_id']}/thumb"]
    seen = set()
    for path in paths:
        answer = await wire.ask("GET", path)
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["script-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "cache-control" in answer.headers
        assert "strict-transport-security" not in answer.headers
        names = [name for name, _ in answer.all if name != "set-cookie"]
        assert len(names) == len(set(names)), path
        assert answer.headers["x-request-id"] not in seen
        seen.add(answer.headers["x-request-id"])
        if path.startswith("/api/"):
            assert answer.headers["cache-control"] == "no-store"
    assert "immutable" in (await wire.ask("GET", picture)).headers["cache-control"]


async def test_problem_json_for_those_who_ask(wire: Wire) -> None:
    accept = "Accept: application/problem+json"
    for path, status, code in (
        ("/api/v1/nothing", 404, "NOT_FOUND"),
        ("/api/v1/feed/home", 401, "NOT_SIGNED_IN"),
        ("/api/v1/users/@nobody", 404, "NOT_FOUND"),
    ):
        answer = await wire.ask("GET", path, headers=[accept])
        assert answer.status == status
        assert answer.headers["content-type"] == "application/problem+json"
        problem = json.loads(answer.body)
        assert problem["type"] == f"/docs/api#{code}"
        assert {problem["status"], problem["code"], problem["request_id"]} == {
            status,
            code,
            answer.headers["x-request-id"],
        }
        assert set(problem) >= {"title", "detail"}
    invalid = await wire.post("/api/v1/users/register", {"username": "a b", "email": "x", "password": "y"}, accept)
    assert invalid.status == 422
    assert "username" in json.loads(invalid.body)["fields"]
    hostless = await wire.send(b"GET / HTTP/1.1\r\nConnection: close\r\n" + accept.encode() + b"\r\n\r\n")
    assert json.loads(hostless.body)["code"] == "HOST_MISSING"


FORM = {"username": "ana", "email": "ana@example.org", "password": "a long password"}


def cookies(answer: Answer) -> dict[str, tuple[str, set[str]]]:
    """Value and attributes of each cookie that is set, lower-case."""
    found = {}
    for name, value in answer.all:
        if name == "set-cookie":
            pair, *attributes = [part.strip() for part in value.split(";")]
            found[pair.partition("=")[0]] = (pair.partition("=")[2], {one.lower() for one in attributes})
    return found


async def test_cookies_on_loopback(wire: Wire) -> None:
    answer = await wire.post("/api/v1/users/register", FORM)
    assert answer.status == 201
    assert set(json.loads(answer.body)["data"]) == {"user"}
    found = cookies(answer)
    assert set(found) == {"tintype_access", "tintype_refresh", "tintype_csrf"}
    for name, (_, attributes) in found.items():
        assert {"path=/", "samesite=lax"} <= attributes
        assert "secure" not in attributes
        assert ("httponly" in attributes) == (name != "tintype_csrf")
    line = "Cookie: " + "; ".join(f"{name}={value}" for name, (value, _) in found.items())
    token = f"X-CSRF-Token: {found['tintype_csrf'][0]}"
    post = {"type": "TEXT", "caption": "hello"}
    assert (await wire.ask("GET", "/api/v1/users/me", headers=[line])).status == 200
    split = [f"Cookie: {name}={value}" for name, (value, _) in found.items()]
    assert (await wire.ask("GET", "/api/v1/users/me", headers=split)).status == 200
    for headers in ([line], [line, "X-CSRF-Token: wrong"], [line, "X-CSRF-Token: \u00e9"]):
        refused = await wire.post("/api/v1/posts", post, *headers)
        assert (refused.status, refused.code) == (403, "CSRF_FAILED")
    assert (await wire.post("/api/v1/posts", post, line, token)).status == 201
    gone = await wire.post("/api/v1/users/logout", b"{}", line, token)
    assert gone.status == 200
    assert all("max-age=0" in attributes for _, attributes in cookies(gone).values())
    assert (await wire.post("/api/v1/posts", post, line, token)).status == 401


async def test_cookies_on_https(database: str, tmp_path: Path) -> None:
    async with listening(database, tmp_path / "data", public_url="https://127.0.0.1:8443") as wire:
        answer = await wire.post("/api/v1/users/register", FORM)
        assert "strict-transport-security" in answer.headers
        found = cookies(answer)
        assert set(found) == {"__Host-tintype_access", "__Host-tintype_refresh", "tintype_csrf"}
        for _, attributes in found.values():
            assert {"path=/", "samesite=lax", "secure"} <= attributes
            assert not any(one.startswith("domain") for one in attributes)


async def test_tokens_instead_of_cookies(wire: Wire) -> None:
    answer = await wire.post("/api/v1/users/register", FORM | {"session": "token"})
    assert not cookies(answer)
    data = json.loads(answer.body)["data"]
    assert set(data) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert (data["token_type"], data["expires_in"]) == ("Bearer", 900)
    bad = await wire.ask("GET", "/api/v1/users/@ana", headers=["Authorization: Bearer nonsense"])
    assert (bad.status, bad.code) == (401, "TOKEN_INVALID")
    assert "www-authenticate" in bad.headers
