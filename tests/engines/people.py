"""People who speak to a running product as clients do."""

import re
from typing import Any

import httpx2

from tests.clips import clip, upload
from tests.world import Person

PASSWORD, WAITS = "long enough", 4
URI = re.compile(r'^(?!#)(.+)$|URI="([^"]+)"', re.MULTILINE)
PLAYLIST = "application/vnd.apple.mpegurl"


class Somebody(Person):
    """A person of `tests.world` whose requests go to an address."""

    def __init__(self, url: str, signed_in: dict[str, Any]) -> None:
        self.name: str = signed_in["user"]["username"]
        self.id: str = signed_in["user"]["user_id"]
        self.token, self.refresh_token = signed_in["access_token"], signed_in["refresh_token"]
        self.http = _client(url, self.token)

    def at(self, url: str) -> "Somebody":
        """The same, with the same session, at another address."""
        tokens = {"access_token": self.token, "refresh_token": self.refresh_token}
        return Somebody(url, {"user": {"username": self.name, "user_id": self.id}, **tokens})

    async def shows(self, kind: str, media_ids: list[str], caption: str = "") -> dict[str, Any]:
        """Post media."""
        body = {"type": kind, "caption": caption, "media": [{"media_id": one} for one in media_ids]}
        found: dict[str, Any] = await self.ask("POST", "/posts", json=body)
        return found

    async def films(self, caption: str = "") -> dict[str, Any]:
        """Post a short video."""
        return await self.shows("VIDEO", [await upload(self, clip(seconds=4))], caption)

    async def published(self, post: dict[str, Any]) -> dict[str, Any]:
        """The post, once others may see it."""
        for _ in range(WAITS):
            found: dict[str, Any] = await self.ask("GET", f"/posts/{post['post_id']}/wait")
            if found["status"] == "published":
                return found
        raise AssertionError(found)

    async def statuses(self, addresses: list[str]) -> dict[str, int]:
        """What is answered under these addresses, and under all that playlists there lead to."""
        found: dict[str, int] = {}
        waiting = list(addresses)
        while waiting:
            address = waiting.pop()
            if address in found:
                continue
            answer = await self.http.get(address)
            found[address] = answer.status_code
            if answer.headers.get("content-type") == PLAYLIST:
                base = address.partition("?")[0].rpartition("/")[0]
                waiting += [f"{base}/{name or uri}" for name, uri in URI.findall(answer.text)]
        return found


async def registered(url: str, name: str) -> Somebody:
    """Somebody new."""
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "session": "token"}
    async with _client(url) as http:
        answer = await http.post("/api/v1/users/register", json=body)
    assert answer.is_success, answer.text
    return Somebody(url, answer.json()["data"])


def _client(url: str, token: str = "") -> httpx2.AsyncClient:
    async def keep_to_oneself(request: httpx2.Request) -> None:
        if not str(request.url).startswith(url):
            request.headers.pop("Authorization", None)

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    hooks = {"request": [keep_to_oneself]}
    once = httpx2.Limits(max_keepalive_connections=0)  # so that nobody has to be closed
    return httpx2.AsyncClient(
        base_url=url, headers=headers, timeout=60, trust_env=False, event_hooks=hooks, limits=once
    )
