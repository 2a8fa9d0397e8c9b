"""Mixed traffic: people who read feeds and profiles, post texts and pictures, like, comment, follow and unfollow.

People act at a given rate whatever the answers to others are. What was said yes to is noted; a post or comment that
was not answered is sent again with the same Idempotency-Key, as clients do.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import httpx2
import msgspec

from tests.engines.product import Product
from tests.faults.acknowledged import Acknowledged
from tests.world import drawn

RATE, PEOPLE = 8.0, 10
PATIENCE_SECONDS = 25.0  # longer than any deadline of the product
AGAIN_SECONDS, LONGEST_AGAIN_SECONDS, TRIES = 1.0, 8.0, 30
KNOWN = 400  # posts that are liked and commented: the newest
PASSWORD = "long enough"


class Seen(msgspec.Struct, frozen=True):
    """A request as the client saw it: seconds since the traffic began, and 0 for a status that never came."""

    kind: str
    sent: float
    took: float
    status: int
    stale: bool = False

    @property
    def failed(self) -> bool:
        """404 is an answer: of a post that others do not see yet."""
        return self.status != 404 and not 200 <= self.status < 300

    @property
    def ended(self) -> float:
        return self.sent + self.took


class Failed(Exception):
    """No answer, or one that is no yes."""


class Person:
    """An account and its session."""

    def __init__(self, name: str) -> None:
        self.name, self.id, self.token = name, 0, ""


class Traffic:
    """What goes on while an engine is cut; `seen` and `said_yes` grow over all cuts of a run."""

    def __init__(self, product: Product, *, rate: float = RATE, people: int = PEOPLE, seed: int = 0) -> None:
        self.seen: list[Seen] = []
        self.said_yes = Acknowledged()
        self.people = [Person(f"person{n}") for n in range(people)]
        self._url, self._rate = product.url, rate
        self._chance = random.Random(seed)
        self._began = time.monotonic()
        self._numbers = count()
        self._known: list[int] = []
        self._pairs: set[tuple[int, int]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_over = True
        limits = httpx2.Limits(max_connections=500, max_keepalive_connections=50)
        self._http = httpx2.AsyncClient(timeout=PATIENCE_SECONDS, limits=limits, trust_env=False)
        self._pictures = [drawn(n) for n in range(4)]

    def now(self) -> float:
        """Seconds since the traffic began."""
        return time.monotonic() - self._began

    async def come(self) -> None:
        """Everybody registers, and follows half of the others."""
        for one in self.people:
            body = {"username": one.name, "email": f"{one.name}@example.org", "password": PASSWORD, "session": "token"}
            signed = await self._told(one, "register", "POST", "/users/register", body)
            one.id, one.token = int(signed["user"]["user_id"]), signed["access_token"]
        for n, one in enumerate(self.people):
            for step in range(1, len(self.people) // 2 + 1):
                await self._follow(one, self.people[(n + step) % len(self.people)].id, follows=True)

    async def log_in(self) -> None:
        """Everybody anew: a session's token lasts a quarter of an hour."""
        for one in self.people:
            body = {"login": one.name, "password": PASSWORD, "session": "token"}
            one.token = ""
            one.token = (await self._told(one, "login", "POST", "/users/login", body))["access_token"]

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Until the block ends, and what is under way is answered."""
        self._is_over = False
        sending = asyncio.create_task(self._send())
        try:
            yield
        finally:
            self._is_over = True
            await sending
            while self._tasks:
                await asyncio.wait(self._tasks)

    async def home(self, one: Person, most: int) -> list[int]:
        """The post ids of a home feed in order, the newest `most`."""
        found: list[int] = []
        cursor = ""
        while True:
            path = f"/feed/home?limit=100{cursor}"
            answer = await self._http.get(f"{self._url}/api/v1{path}", headers=_headers(one))
            page = answer.raise_for_status().json()
            found += [int(post["post_id"]) for post in page["data"] if post["status"] == "published"]
            if page["pagination"]["next_cursor"] is None or len(found) >= most:
                return found[:most]
            cursor = f"&cursor={page['pagination']['next_cursor']}"

    async def close(self) -> None:
        await self._http.aclose()

    async def _send(self) -> None:
        began, acts = self.now(), self._acts()
        for n in count():
            due = began + n / self._rate
            while (wait := due - self.now()) > 0 and not self._is_over:
                await asyncio.sleep(min(wait, 0.1))
            if self._is_over:
                return
            task = asyncio.create_task(self._do(next(acts), self._chance.choice(self.people)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _do(self, act: Callable[[Person], Awaitable[None]], one: Person) -> None:
        try:
            await act(one)
        except Failed:
            return

    def _acts(self) -> Iterator[Callable[[Person], Awaitable[None]]]:
        """The mixture, in an order that changes: each of these so many times in a hundred."""
        shares = [
            *((self._read_latest, 28), (self._read_ranked, 12), (self._read_profile, 10), (self._read_posts, 9)),
            *((self._read_comments, 4), (self._like, 11), (self._comment, 8), (self._change_follow, 6)),
            *((self._post_text, 9), (self._post_picture, 3)),
        ]
        deck = [act for act, times in shares for _ in range(times)]
        while True:
            self._chance.shuffle(deck)
            yield from deck

    async def _read_latest(self, one: Person) -> None:
        await self._told(one, "feed", "GET", "/feed/home")

    async def _read_ranked(self, one: Person) -> None:
        await self._told(one, "feed", "GET", "/feed/home?order=ranked")

    async def _read_profile(self, one: Person) -> None:
        await self._told(one, "profile", "GET", f"/users/{self._other(one).id}")

    async def _read_posts(self, one: Person) -> None:
        await self._told(one, "profile", "GET", f"/users/{self._other(one).id}/posts")

    async def _read_comments(self, one: Person) -> None:
        if self._known:
            await self._told(one, "comments", "GET", f"/posts/{self._chance.choice(self._known)}/comments")

    async def _like(self, one: Person) -> None:
        if self._known:
            post_id = self._chance.choice(self._known)
            if await self._told(one, "like", "POST", f"/posts/{post_id}/like", {}) is not None:
                self.said_yes.likes.add((one.id, post_id))

    async def _comment(self, one: Person) -> None:
        if self._known:
            path = f"/posts/{self._chance.choice(self._known)}/comments"
            made = await self._insisted(one, "comment", path, {"text": f"said {next(self._numbers)}"})
            if made is not None:
                self.said_yes.comments.add(int(made["comment_id"]))

    async def _change_follow(self, one: Person) -> None:
        """One at a time of each two: of two at once nobody knows which was last."""
        other = self._other(one).id
        if (one.id, other) in self._pairs:
            return
        self._pairs.add((one.id, other))
        try:
            await self._follow(one, other, follows=not self.said_yes.follows.get((one.id, other), False))
        finally:
            self._pairs.discard((one.id, other))

    async def _follow(self, one: Person, other: int, *, follows: bool) -> None:
        self.said_yes.follows.pop((one.id, other), None)
        await self._told(one, "follow", "POST" if follows else "DELETE", f"/users/{other}/follow")
        self.said_yes.follows[one.id, other] = follows

    async def _post_text(self, one: Person) -> None:
        await self._post(one, "TEXT", [])

    async def _post_picture(self, one: Person) -> None:
        body = self._chance.choice(self._pictures)
        wish = {"kind": "IMAGE", "content_type": "image/jpeg", "size": len(body)}
        ticket = await self._told(one, "upload", "POST", "/media/upload-url", wish)
        form, files = ticket["upload"], {"file": ("photo.jpg", body, "image/jpeg")}
        await self._asked("store", lambda: self._http.post(form["url"], data=form["fields"], files=files))
        await self._told(one, "upload", "POST", f"/media/{ticket['media_id']}/complete")
        await self._post(one, "IMAGE", [{"media_id": ticket["media_id"]}])

    async def _post(self, one: Person, kind: str, media: list[dict[str, str]]) -> None:
        caption = f"low tide {next(self._numbers)} #sea{self._chance.randrange(20)}"
        made = await self._insisted(one, "post", "/posts", {"type": kind, "caption": caption, "media": media})
        if made is not None:
            self.said_yes.posts.add(int(made["post_id"]))
            self._known = [*self._known, int(made["post_id"])][-KNOWN:]

    async def _insisted(self, one: Person, kind: str, path: str, body: Any) -> Any:
        """Sent again with the same key until there is an answer; None where it is that the post is not to be seen."""
        key = f"{one.id} {next(self._numbers)}"
        for n in range(TRIES):
            try:
                return await self._told(one, kind, "POST", path, body, key)
            except Failed:
                if self._is_over:
                    raise
                await asyncio.sleep(min(AGAIN_SECONDS * 2**n, LONGEST_AGAIN_SECONDS) * self._chance.uniform(0.8, 1.2))
        raise Failed(path)

    async def _told(self, one: Person, kind: str, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """What was answered; None for a 404."""
        headers = _headers(one) | ({"Idempotency-Key": key} if key else {})
        url = f"{self._url}/api/v1{path}"
        answer = await self._asked(kind, lambda: self._http.request(method, url, json=body, headers=headers))
        return None if answer.status_code == 404 else answer.json()["data"]

    async def _asked(self, kind: str, send: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
        sent, status, stale = self.now(), 0, False
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await send()
            status = answer.status_code
            stale = kind == "feed" and status == 200 and bool(answer.json()["meta"].get("stale"))
        except (httpx2.HTTPError, TimeoutError) as error:
            raise Failed(repr(error)) from error
        finally:
            one = Seen(kind, sent, self.now() - sent, status, stale)
            self.seen.append(one)
        if one.failed:
            raise Failed(f"{status} {answer.text[:200]}")
        return answer

    def _other(self, one: Person) -> Person:
        return self._chance.choice([other for other in self.people if other is not one])


def _headers(one: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {one.token}"} if one.token else {}
