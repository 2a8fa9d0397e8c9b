"""The product in a real browser: named people with accounts, their pages, and what the pages complained of."""

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import httpx2
from playwright.async_api import Browser, ConsoleMessage, Page, Response, ViewportSize

from tests.engines import replica
from tests.engines.product import Product
from tests.world import drawn
from tintype.entry.subscriptions import SUBSCRIPTIONS
from tintype.platform import db
from tintype.platform.event_log import admin

PASSWORD = "a quiet harbour 7"
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
_numbers = count(1)


def written(path: str) -> Callable[[Response], bool]:
    """Whether an answer is one to a change of what is at this path."""
    return lambda answer: answer.url.endswith(path) and answer.request.method != "GET"


class Person:
    """An account that the API made, and its way to act by the API."""

    def __init__(self, town: "Town", username: str, token: str, account_id: str) -> None:
        self.town, self.username, self.id = town, username, account_id
        self.http = httpx2.AsyncClient(
            base_url=town.product.url, headers={"Authorization": f"Bearer {token}"}, timeout=40
        )

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The `data` of a successful answer."""
        answer = await self.http.request(method, f"/api/v1{path}", json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()["data"]

    async def upload(self, picture: bytes) -> str:
        return await self.send({"kind": "IMAGE", "content_type": "image/jpeg"}, picture)

    async def send(self, wish: dict[str, str], body: bytes) -> str:
        """Upload a file as a client does, to the product or past it to its bucket; its media id."""
        ticket = await self.ask("POST", "/media/upload-url", wish | {"size": len(body)})
        form, files = ticket["upload"], {"file": ("file", body, wish["content_type"])}
        if form["url"].startswith("http"):
            async with httpx2.AsyncClient(timeout=40, trust_env=False) as store:
                sent = await store.post(form["url"], data=form["fields"], files=files)
        else:
            sent = await self.http.post(form["url"], data=form["fields"], files=files)
        assert sent.is_success, sent.text
        await self.ask("POST", f"/media/{ticket['media_id']}/complete")
        return str(ticket["media_id"])

    async def post(self, caption: str, *pictures: bytes, alt_text: str = "A picture") -> dict[str, Any]:
        """Share words or pictures, and wait until they are out."""
        media = [{"media_id": await self.upload(one), "alt_text": alt_text} for one in pictures]
        body = {"type": "IMAGE" if media else "TEXT", "caption": caption, "media": media}
        made = await self.ask("POST", "/posts", body)
        found: dict[str, Any] = await self.ask("GET", f"/posts/{made['post_id']}/wait?seconds=30")
        return found

    async def photo(self, caption: str = "") -> dict[str, Any]:
        return await self.post(caption, drawn(next(_numbers), 640, 480))

    async def follow(self, other: "Person") -> None:
        await self.ask("POST", f"/users/{other.id}/follow")

    async def page(self, address: str = "/", **look: Any) -> Page:
        """A browser of their own, signed in, at this address."""
        page = await self.town.visitor(**look)
        await self.enter(page, address)
        return page

    async def enter(self, page: Page, address: str = "/") -> None:
        """Sign in there and go to this address."""
        answer = await page.context.request.post(
            "/api/v1/users/login", data={"login": self.username, "password": PASSWORD}
        )
        assert answer.ok, await answer.text()
        await page.goto(address)


class Town:
    """One test's people and browsers. At its end no page may have complained of anything unforeseen."""

    def __init__(self, product: Product, browser: Browser) -> None:
        self.product, self.browser = product, browser
        self.complaints: list[str] = []
        # The second is of the machine that the tests run on: some interface of it came or went.
        self.foreseen = ["Service Worker registration blocked by Playwright", "net::ERR_NETWORK_CHANGED"]
        self._people: list[Person] = []
        self._pages: list[Page] = []

    async def person(self, name: str) -> Person:
        """A new account; its username begins with the name."""
        username = self.new_name(name)
        async with httpx2.AsyncClient(base_url=self.product.url, timeout=20) as http:
            body = {
                "username": username,
                "email": f"{username}@example.org",
                "password": PASSWORD,
                "full_name": f"{name.title()} Example",
                "session": "token",
            }
            answer = await http.post("/api/v1/users/register", json=body)
        assert answer.is_success, answer.text
        data = answer.json()["data"]
        person = Person(self, username, data["access_token"], data["user"]["user_id"])
        self._people.append(person)
        return person

    def new_name(self, name: str) -> str:
        """A username that none other begins with, nor that without its last letter."""
        return f"{name}.{next(_numbers)}x"

    async def visitor(self, **look: Any) -> Page:
        """A browser of its own, signed out and nowhere yet; motion is off unless asked for."""
        # What a service worker answers cannot be intercepted: its own tests ask for it.
        usual = {"viewport": DESKTOP, "reduced_motion": "reduce", "service_workers": "block"}
        chosen = usual | {"base_url": self.product.url} | look
        context = await self.browser.new_context(**chosen)
        context.set_default_timeout(30_000)
        page = await context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        self._pages.append(page)
        return page

    def foresee(self, pattern: str) -> None:
        """A complaint of pages that this test brings about on purpose."""
        self.foreseen.append(pattern)

    async def settled(self) -> None:
        """Wait until everything derived, and a replica, has caught up with what was done."""
        await db.open(self.product.database_url, size=1, min_size=1)
        try:
            assert await admin.wait(admin.topics_of(SUBSCRIPTIONS), 30)
        finally:
            await db.close()
        if copy := self.product.environment.get("TINTYPE_REPLICA_URLS"):
            await replica.caught_up(self.product.database_url, copy)

    async def shown(self) -> str:
        """What every page shows, as a tree of roles and names."""
        return "\n\n".join([f"{page.url}\n{await page.locator('body').aria_snapshot()}" for page in self._pages])

    async def leave(self) -> None:
        for page in self._pages:
            await page.context.close()
        for person in self._people:
            await person.http.aclose()
        unforeseen = [one for one in self.complaints if not any(re.search(known, one) for known in self.foreseen)]
        assert unforeseen == [], unforeseen

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")
