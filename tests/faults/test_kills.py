"""`kill -9` of PostgreSQL, worker or API at random moments while people post, like, follow and comment.

No acknowledged write is lost, no row is without its event and none the other way, and feeds and counts equal the SQL
oracle once the log has settled. Thirty kills in CI and 200 at night (HYPOTHESIS_PROFILE=nightly), or as many as
`TINTYPE_KILLS` says.
"""

import asyncio
import json
import os
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import asyncpg
import httpx2
import pytest

from tests.engines.product import Product, installed
from tests.faults.acknowledged import Acknowledged, check_events, lost

AT_NIGHT = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
KILLS = int(os.environ.get("TINTYPE_KILLS", "200" if AT_NIGHT else "30"))
PEOPLE = 6

pytestmark = [pytest.mark.faults, pytest.mark.timeout(60 + 20 * KILLS)]


class Someone:
    """Acts at random until told to stop; a request that fails has an unknown outcome and is not counted."""

    def __init__(
        self, base_url: str, account_id: int, token: str, said_yes: Acknowledged, chance: random.Random
    ) -> None:
        self.id, self._chance, self._said_yes = account_id, chance, said_yes
        self._http = httpx2.AsyncClient(
            base_url=f"{base_url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=10
        )

    async def act(self, others: list[int], stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(httpx2.TransportError, httpx2.HTTPStatusError):
                await self._once(others)
            await asyncio.sleep(self._chance.random() / 20)
        await self._http.aclose()

    async def _once(self, others: list[int]) -> None:
        known = list(self._said_yes.posts)
        what = self._chance.choice(["post", "like", "comment", "follow"]) if known else "post"
        if what == "post":
            body = {"type": "TEXT", "caption": f"{self.id} says {self._chance.random()}"}
            self._said_yes.posts.add(int((await self._send("/posts", body))["post_id"]))
        elif what == "follow":
            other = self._chance.choice([one for one in others if one != self.id])
            await self._send(f"/users/{other}/follow", {})
            self._said_yes.follows[self.id, other] = True
        elif what == "like":
            post_id = self._chance.choice(known)
            with suppress(LookupError):
                await self._send(f"/posts/{post_id}/like", {})
                self._said_yes.likes.add((self.id, post_id))
        else:
            post_id = self._chance.choice(known)
            with suppress(LookupError):
                found = await self._send(f"/posts/{post_id}/comments", {"text": "well said"})
                self._said_yes.comments.add(int(found["comment_id"]))

    async def _send(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self._http.post(path, json=body)
        if answer.status_code == 404:  # not yet published, so not yet theirs to see
            raise LookupError(path)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()["data"]
        return found


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with installed() as found:
        found.start()
        yield found


async def test_kills_lose_and_double_nothing(product: Product) -> None:
    chance = random.Random()
    said_yes = Acknowledged()
    people = [await _register(product, f"person{n}") for n in range(PEOPLE)]
    ids = [account_id for account_id, _ in people]
    stop = asyncio.Event()
    crowd = [Someone(product.url, *person, said_yes, random.Random(chance.random())) for person in people]
    acting = [asyncio.create_task(one.act(ids, stop)) for one in crowd]
    try:
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.05, 0.6))
            os.kill(await _running(product, chance.choice(["postgres", "worker", "api"])), signal.SIGKILL)
            await asyncio.to_thread(product.wait_until_ready)
    finally:
        stop.set()
        await asyncio.gather(*acting)

    settled = await asyncio.to_thread(product.command, "log", "lag", "--wait", "60")
    assert settled.returncode == 0, settled.stdout + settled.stderr
    assert said_yes.posts
    assert said_yes.likes
    connection = await asyncpg.connect(product.database_url)
    try:
        assert await lost(connection, said_yes) == []
        await check_events(connection)
    finally:
        await connection.close()
    verified = await asyncio.to_thread(product.command, "verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout or "[]") == []


async def _running(product: Product, part: str) -> int:
    """The part's process; one that was killed before is given time to come back."""
    async with asyncio.timeout(30):
        while not (pid := await asyncio.to_thread(product.pid_of, part)):
            await asyncio.sleep(0.1)
    return pid


async def _register(product: Product, name: str) -> tuple[int, str]:
    body = {"username": name, "email": f"{name}@example.org", "password": "long enough", "session": "token"}
    async with httpx2.AsyncClient() as client:
        answer = await client.post(f"{product.url}/api/v1/users/register", json=body)
    answer.raise_for_status()
    found = answer.json()["data"]
    return int(found["user"]["user_id"]), found["access_token"]
