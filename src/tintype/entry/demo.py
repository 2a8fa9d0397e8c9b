"""`tintype demo`: a living product in a data folder of its own, filled through its own HTTP API, then kept serving."""

import asyncio
import http.client
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from rich.console import Console
from rich.table import Table

from tintype.entry import health, supervisor
from tintype.entry.demo_cast import CAPTIONS, COMMENTS, PASSWORD, PEOPLE, REPLIES, Persona, people
from tintype.entry.demo_pictures import drawn
from tintype.platform.config import Settings

PHOTO_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".avif": "image/avif",
}
LARGEST_PHOTO = 16 * 1024 * 1024  # what is sent as one form
TRIES = 300
REST = 0.2


class Refused(RuntimeError):
    """The product said no; `status` and `code` tell how."""

    def __init__(self, status: int, code: str, what: str) -> None:
        self.status, self.code = status, code
        super().__init__(f"{what}: {status} {code}")


class Client:
    """One person's way to the API, or a visitor's."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url, self.token = base_url, token

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The `data` of an answer. Waits where it is told to; raises Refused for any other refusal."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        sent = None if body is None else msgspec.json.encode(body)
        while True:
            status, answer, after = await asyncio.to_thread(self._send, method, f"/api/v1{path}", sent, headers)
            if status not in {429, 503}:
                break
            await asyncio.sleep(min(after, 30))
        found = msgspec.json.decode(answer)
        if status >= 400:
            raise Refused(status, found["error"]["code"], f"{method} {path}")
        return found["data"]

    async def upload(self, picture: bytes, content_type: str) -> str:
        """Upload a picture as every client does; returns its media id."""
        ticket = await self.ask(
            "POST", "/media/upload-url", {"kind": "IMAGE", "content_type": content_type, "size": len(picture)}
        )
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in ticket["upload"]["fields"].items()
        ]
        opening = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="photo"\r\n'
        opening += f"Content-Type: {content_type}\r\n\r\n"
        body = "".join([*parts, opening]).encode() + picture + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        path = urlsplit(ticket["upload"]["url"]).path
        status, _, _ = await asyncio.to_thread(self._send, "POST", path, body, headers)
        if status >= 400:
            raise Refused(status, "UPLOAD", path)
        await self.ask("POST", f"/media/{ticket['media_id']}/complete")
        return str(ticket["media_id"])

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, float]:
        address = urlsplit(self.base_url)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(address.hostname or "", address.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), float(answer.headers.get("Retry-After", "1"))
        finally:
            connection.close()


async def fill(base_url: str, photos: Path | None, number: int = len(PEOPLE)) -> list[Persona]:
    """Fill a running product with people, posts and what they say; what is there already stays. Returns the people."""
    cast = people(number)
    clients = [await _signed_in(base_url, one) for one in cast]
    for n, client in enumerate(clients):
        for step in (1, 2, 3, 5, 7):
            if (other := cast[(n + step) % len(cast)]) is not cast[n]:
                await client.ask("POST", f"/users/@{other.username}/follow")
    posts = await _posts(cast, clients, _photos(photos))
    for n, post in enumerate(posts):
        await _talk(n, post, cast, clients)
    return cast


async def _signed_in(base_url: str, one: Persona) -> Client:
    visitor = Client(base_url)
    try:
        await visitor.ask("GET", f"/users/@{one.username}")
        body = {"login": one.username, "password": PASSWORD, "session": "token"}
        found = await visitor.ask("POST", "/users/login", body)
    except Refused as refused:
        if refused.status != 404:
            raise
        body = {"username": one.username, "email": one.email, "password": PASSWORD, "session": "token"}
        found = await visitor.ask("POST", "/users/register", body | {"full_name": one.full_name})
    client = Client(base_url, found["access_token"])
    await client.ask("PUT", "/users/me", {"full_name": one.full_name, "bio": one.bio})
    return client


async def _posts(cast: list[Persona], clients: list[Client], photos: Iterator[tuple[bytes, str]]) -> list[Any]:
    """The posts that there should be, in the order of the captions; those that are missing are made."""
    found: list[Any] = []
    theirs = [
        {post["caption"]: post for post in await client.ask("GET", f"/users/@{one.username}/posts?limit=100")}
        for one, client in zip(cast, clients, strict=True)
    ]
    for n, template in enumerate(CAPTIONS):
        who = n * 5 % len(cast)
        caption = template.format(friend="@" + cast[(who + 1) % len(cast)].username)
        picture = next(photos, None)
        post = theirs[who].get(caption)
        if post is None:
            post = await _post(clients[who], n, caption, picture)
        found.append(post)
    return found


async def _post(client: Client, n: int, caption: str, photo: tuple[bytes, str] | None) -> Any:
    """Post a photo, or a drawn picture where there is none or it cannot be used; some posts have two."""
    media = []
    if photo is not None:
        media_id = await client.upload(*photo)
        if await _settled(client, media_id) == "ready":
            media.append({"media_id": media_id, "alt_text": _alt_text(caption)})
    for more in range(int(not media) + int(n % 5 == 0)):
        picture = await asyncio.to_thread(drawn, n + more * 100)
        media.append({"media_id": await client.upload(picture, "image/jpeg"), "alt_text": _alt_text(caption)})
    made = await client.ask("POST", "/posts", {"type": "IMAGE", "caption": caption, "media": media})
    return await _published(client, made)


async def _settled(client: Client, media_id: str) -> str:
    for _ in range(TRIES):
        status = str((await client.ask("GET", f"/media/{media_id}/wait?seconds=20"))["status"])
        if status in {"ready", "rejected"}:
            return status
    return "rejected"


async def _published(client: Client, post: Any) -> Any:
    for _ in range(TRIES):
        found = await client.ask("GET", f"/posts/{post['post_id']}/wait?seconds=20")
        if found["status"] != "processing":
            return found
    return post


def _alt_text(caption: str) -> str:
    return caption.split("#")[0].strip()


async def _talk(n: int, post: Any, cast: list[Persona], clients: list[Client]) -> None:
    """Likes, a few comments and an answer under a post; what was said already is not said again."""
    if post["status"] != "published":
        return
    path = f"/posts/{post['post_id']}"
    author = next(i for i, one in enumerate(cast) if one.username == post["author"]["username"])
    fans = [(author + 1 + step * (1 + n % 4)) % len(cast) for step in range(3 + n * 7 % max(len(cast) - 3, 1))]
    for fan in dict.fromkeys(one for one in fans if one != author):
        await clients[fan].ask("POST", f"{path}/like", {})
    said = {one["author"]["username"] for one in await clients[author].ask("GET", f"{path}/comments?limit=100")}
    for k in range(n % 4):
        who = (author + 2 + k * 3) % len(cast)
        if who == author or cast[who].username in said:
            continue
        said.add(cast[who].username)
        text = COMMENTS[(n + k * 5) % len(COMMENTS)]
        comment = await clients[who].ask("POST", f"{path}/comments", {"text": text})
        if k == 0:
            answer = {"text": REPLIES[n % len(REPLIES)], "parent_id": comment["comment_id"]}
            await clients[author].ask("POST", f"{path}/comments", answer)
            await clients[author].ask("POST", f"/comments/{comment['comment_id']}/like", {})


def _photos(folder: Path | None) -> Iterator[tuple[bytes, str]]:
    files = sorted(folder.rglob("*")) if folder is not None else []
    for file in files:
        content_type = PHOTO_TYPES.get(file.suffix.lower())
        if content_type and file.is_file() and file.stat().st_size <= LARGEST_PHOTO:
            yield file.read_bytes(), content_type


def announce(base_url: str, cast: list[Persona]) -> None:
    """Say who lives here and how to log in as one of them."""
    table = Table("username", "name", box=None, header_style="bold")
    for one in cast:
        table.add_row(one.username, one.full_name)
    console = Console(highlight=False, markup=False)
    console.print(table)
    console.print(f"{base_url} is filled. Log in as any of them with the password {PASSWORD}", soft_wrap=True)


def main(settings: Settings, *, photos: Path | None, people: int) -> None:
    """Serve from `data-demo` beside the ordinary data folder (or TINTYPE_DATA_DIR), fill it, and go on serving."""
    if "TINTYPE_DATA_DIR" not in os.environ:
        os.environ["TINTYPE_DATA_DIR"] = str(settings.data_dir.with_name("data-demo"))
    if settings.is_loopback:
        os.environ["TINTYPE_RATE_LIMITS"] = "off"
    asyncio.run(_serve(Settings(), photos, people))


async def _serve(settings: Settings, photos: Path | None, number: int) -> None:
    filling = asyncio.create_task(_fill_when_ready(settings, photos, number))
    try:
        await supervisor.serve(settings)
    finally:
        filling.cancel()
        await asyncio.gather(filling, return_exceptions=True)


async def _fill_when_ready(settings: Settings, photos: Path | None, number: int) -> None:
    scheme = "https" if settings.tls_cert else "http"
    while not await _is_ready(settings.run_dir):
        await asyncio.sleep(REST)
    try:
        announce(settings.public_url, await fill(f"{scheme}://127.0.0.1:{settings.port}", photos, number))
    except (Refused, OSError, http.client.HTTPException) as error:
        Console(highlight=False, markup=False).print(f"The demo could not be filled: {error}")


async def _is_ready(run_dir: Path) -> bool:
    """Whether the API of this very folder answers: something else may listen on the port."""
    for place in run_dir.glob("api-*.health"):
        with suppress(OSError, TimeoutError, IndexError, ValueError):
            if (await health.ask(place, "/readyz"))[0] == 200:
                return True
    return False
