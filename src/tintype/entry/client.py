"""The web client's files, held in memory: hashed assets for a year, and `index.html` for every page of the client."""

import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

import msgspec
from litestar.types import HTTPScope, Receive, Send

NOT_BUILT = b"<!doctype html><title>Tintype</title><p>The web client is not built yet. Run <code>make run</code>."
COMPRESSED_FROM = 1_000

ClientApp = Callable[[HTTPScope, Receive, Send], Awaitable[None]]


class _File(msgspec.Struct, frozen=True):
    body: bytes
    zipped: bytes | None
    etag: bytes
    headers: list[tuple[bytes, bytes]]


def folder() -> Path:
    """Where the built client lies within the package."""
    return Path(str(files("tintype"))) / "web"


def is_built() -> bool:
    return (folder() / "index.html").exists()


def index() -> str:
    """The page that every address of the client begins with."""
    return (folder() / "index.html").read_text(encoding="utf-8") if is_built() else NOT_BUILT.decode()


def application() -> ClientApp:
    """An ASGI application that serves the client as it is now."""
    held = {f"/{path.relative_to(folder()).as_posix()}": _read(path) for path in folder().rglob("*") if path.is_file()}
    index = held.get("/index.html") or _file(NOT_BUILT, "text/html", b"no-cache")

    async def serve(scope: HTTPScope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        found = held.get(scope["path"]) or (MISSING if scope["path"].startswith("/assets/") else index)
        asked = dict(scope["headers"])
        status, headers, body = 404 if found is MISSING else 200, found.headers, found.body
        if found.etag in asked.get(b"if-none-match", b""):
            status, body = 304, b""
        elif found.zipped is not None and b"gzip" in asked.get(b"accept-encoding", b""):
            headers, body = [*headers, (b"content-encoding", b"gzip")], found.zipped
        if status != 304:
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return serve


def _read(path: Path) -> _File:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    hashed = path.parent.name == "assets"
    return _file(path.read_bytes(), kind, b"public, max-age=31536000, immutable" if hashed else b"no-cache")


def _file(body: bytes, kind: str, cache: bytes) -> _File:
    text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml", "manifest+json"))
    if text:
        kind += "; charset=utf-8"
    zipped = gzip.compress(body, 9, mtime=0) if text and len(body) >= COMPRESSED_FROM else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'.encode()
    headers = [
        (b"content-type", kind.encode()),
        (b"cache-control", cache),
        (b"etag", b"W/" + etag),  # weak: the same file, compressed or not
        (b"vary", b"accept-encoding"),
    ]
    return _File(body, zipped, etag, headers)


MISSING = _file(b"There is no such file.\n", "text/plain", b"no-store")
