"""A world of named people over the whole product in one process: real routes, real engines, real decoders.

`world.people("ana", "ben")` seeds them, their methods speak HTTP as clients do, and `world.settle()` drains the log and
the jobs, so that a test then says what each of them sees. What it stands on are the settings it is opened with.
"""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pyvips

from tintype.cards import fragments
from tintype.domains.accounts import actions as accounts
from tintype.domains.feed import actions as feed
from tintype.domains.feed.reads import entries, popular, viewers
from tintype.domains.feed.rules import delivery
from tintype.domains.media import actions as media
from tintype.entry import api, engines, timeline_store
from tintype.entry.subscriptions import JOBS, SUBSCRIPTIONS
from tintype.platform import auth, db, oidc, paging, passkeys, ratelimit, replicas, sealing, secrets, textpolicy
from tintype.platform.config import Settings
from tintype.platform.event_log import admin
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.sequencer import Sequencer
from tintype.platform.event_log.tail import Tail
from tintype.platform.jobs import postgres as jobs
from tintype.platform.mail import port as mail
from tintype.platform.timelines import port as timelines

COPY_SECONDS = 20.0


class Refused(AssertionError):
    """An answer that is no success; `status` and `code` tell which."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self.status = answer.status_code
        error = answer.json().get("error", {})
        self.code: str = error.get("code", "")
        self.details: dict[str, Any] = error.get("details", {})
        super().__init__(f"{answer.request.method} {answer.request.url.path} -> {self.status} {self.code}: {error}")


class Visitor:
    """Somebody who speaks to the product; without a token, signed out."""

    def __init__(self, world: "World", token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(world.app, raise_app_exceptions=False),
            base_url="http://127.0.0.1:8000",
            headers=headers,
        )

    async def ask(self, method: str, path: str, **more: Any) -> Any:
        """The `data` of a successful answer. Raises Refused."""
        return (await self.answer(method, path, **more))["data"]

    async def answer(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """The whole envelope of a successful answer. Raises Refused."""
        found = await self.http.request(method, f"/api/v1{path}", **more)
        if not found.is_success:
            raise Refused(found)
        envelope: dict[str, Any] = found.json()
        return envelope

    async def pages(self, path: str, limit: int = 20, **asked: str) -> list[dict[str, Any]]:
        """Every item of a list, by its cursors; `asked` stands in the address."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            params = asked | {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
            page = await self.answer("GET", path, params=params)
            items += page["data"]
            cursor = page["pagination"]["next_cursor"]
            assert page["pagination"]["has_more"] == (cursor is not None)
            if cursor is None:
                return items


class Person(Visitor):
    """A named account with a session."""

    def __init__(self, world: "World", name: str, account_id: int, token: str) -> None:
        super().__init__(world, token)
        self.world, self.name, self.id, self.token = world, name, str(account_id), token

    async def follow(self, other: "Person") -> str:
        return str((await self.ask("POST", f"/users/{other.id}/follow"))["following"])

    async def unfollow(self, other: "Person") -> None:
        await self.ask("DELETE", f"/users/{other.id}/follow")

    async def upload(self, picture: bytes | None = None, content_type: str = "image/jpeg") -> str:
        """Upload a picture as a client does and return its media id; it is not yet processed."""
        body = picture if picture is not None else drawn()
        ticket = await self.ask(
            "POST", "/media/upload-url", json={"kind": "IMAGE", "content_type": content_type, "size": len(body)}
        )
        form = ticket["upload"]
        files = {"file": ("photo.jpg", io.BytesIO(body), content_type)}
        if form["url"].startswith("http"):
            async with httpx2.AsyncClient(trust_env=False) as store:
                sent = await store.post(form["url"], data=form["fields"], files=files)
        else:
            sent = await self.http.post(form["url"], data=form["fields"], files=files)
        if not sent.is_success:
            raise Refused(sent)
        await self.ask("POST", f"/media/{ticket['media_id']}/complete")
        return str(ticket["media_id"])

    async def post(self, caption: str = "", pictures: int = 0, **more: Any) -> dict[str, Any]:
        """Post a text, or so many drawn pictures."""
        media = [{"media_id": await self.upload(drawn(n))} for n in range(pictures)]
        body = {"type": "IMAGE" if media else "TEXT", "caption": caption, "media": media, **more}
        found: dict[str, Any] = await self.ask("POST", "/posts", json=body)
        return found

    async def delete(self, post: dict[str, Any]) -> None:
        await self.ask("DELETE", f"/posts/{post['post_id']}")

    async def restore(self, post: dict[str, Any]) -> None:
        await self.ask("POST", f"/posts/{post['post_id']}/restore")

    async def like(self, post: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("POST", f"/posts/{post['post_id']}/like", json={})
        return found

    async def unlike(self, post: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("DELETE", f"/posts/{post['post_id']}/like")
        return found

    async def comment(self, post: dict[str, Any], text: str, parent: dict[str, Any] | None = None) -> dict[str, Any]:
        body = {"text": text} | ({"parent_id": parent["comment_id"]} if parent else {})
        found: dict[str, Any] = await self.ask("POST", f"/posts/{post['post_id']}/comments", json=body)
        return found

    async def see(self, post: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("GET", f"/posts/{post['post_id']}")
        return found

    async def home(self) -> list[str]:
        """The ids of all posts in the home feed, in order."""
        return [one["post_id"] for one in await self.pages("/feed/home")]


class World:
    """The product in this process, on a database of its own."""

    def __init__(self, url: str, settings: Settings, keys: secrets.Secrets, carried: engines.EventLog) -> None:
        self.url, self.settings = url, settings
        self._app: Any = api.application(settings, keys)
        self.visitor = Visitor(self)
        self.relay = carried.relay
        self.consumers = Consumers(url, SUBSCRIPTIONS, carried.sources)
        self.sequencer = Sequencer(url, self.consumers.hand_over)
        self.replicas: list[replicas.Replica] = []
        self.tail = Tail(url, api.LISTENERS, lambda event: api.heard(event.event()))

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """Every request in a task of its own, as a server has it: what is noted for one is no other's."""
        await asyncio.create_task(self._app(scope, receive, send))

    async def people(self, *names: str) -> list[Person]:
        """New accounts with sessions, without the cost of passwords."""
        return [await self.person(name) for name in names]

    async def person(self, name: str, role: Any = "user") -> Person:
        async with db.act(db.SYSTEM) as tx:
            account_id = await accounts.create(tx, name, f"{name}@example.org", None, name.title(), role)
            session = await accounts.open_session(tx, account_id, None, user_agent="tests", ip="127.0.0.1")
        return Person(self, name, account_id, session.access_token)

    async def settle(self) -> None:
        """Drain the log and the jobs until nothing moves. An event whose consumer failed fails the test."""
        await feed.tended()
        while True:
            moved = await self.sequencer.step()
            if self.relay is not None:
                moved += await self.relay.step()
            for lanes in self.consumers.lanes.values():
                for lane in lanes:
                    moved += await lane.step()
            if moved:
                continue
            if not await self._has_jobs():
                break
            await self._work()
        await timelines.timelines().settled()
        await self._copied()
        async with db.read() as r:
            await self.tail.step(r.connection)
            assert await admin.parked(r) == []

    async def _work(self) -> None:
        """Do the jobs that are due."""
        if not self.settings.rabbitmq_url:
            await jobs.drain(self.url, JOBS)
            return
        from tintype.platform.jobs import rabbitmq

        await rabbitmq.drain(self.url, JOBS, broker=self.settings.rabbitmq_url)

    async def _copied(self) -> None:
        """Wait until replicas have all that was written until now."""
        if not self.replicas:
            return
        async with db.act(db.SYSTEM) as tx:
            written = await tx.value(MARK)
        async with asyncio.timeout(COPY_SECONDS):
            while any(one.replayed < written for one in self.replicas):
                await asyncio.sleep(0.005)
                await replicas.look()

    def reread_policy(self) -> None:
        """Do not wait until the policy's files are looked at again."""
        textpolicy.use_folder(self.settings.policy_dir)

    async def _has_jobs(self) -> bool:
        async with db.read() as r:
            return bool(await r.value(jobs.DUE))


@asynccontextmanager
async def opened(url: str, folder: Path, **settings: Any) -> AsyncIterator[World]:
    """A world on this database, and on the engines of these settings, with its data in this folder."""
    chosen = Settings(
        data_dir=folder,
        database_url=url,
        rate_limits=False,
        bcrypt_cost=4,
        media_processes=1,
        video_niceness=0,
        **settings,
    )
    textpolicy.use_folder(chosen.policy_dir)
    keys = secrets.load(chosen)
    paging.use_key(keys.cursor)
    auth.use(keys, secure=chosen.secure_cookies)
    sealing.use(keys.sealing)
    mail.use(chosen)
    passkeys.use(chosen)
    oidc.use(chosen)
    ratelimit.use(chosen)
    delivery.use(chosen)
    if chosen.cassandra_url:
        await timeline_store.prepare(chosen, url, takes=True)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(engines.opened(chosen, keys))
        await stack.enter_async_context(media.decoders(chosen))
        carried = await stack.enter_async_context(engines.event_log(chosen, url))
        world = World(url, chosen, keys, carried)
        world.replicas = await stack.enter_async_context(
            replicas.opened(chosen.replica_urls, keys.cursor, popular_url=chosen.popular_replica_url, popular=popular)
        )
        if world.relay is not None:
            await world.relay.elect()
        await world.sequencer.elect()
        stack.push_async_callback(world.sequencer.close)
        await world.consumers.renew()
        if world.relay is not None:  # each begins to read from Kafka: all at the same time
            await asyncio.gather(*(lane.step() for lanes in world.consumers.lanes.values() for lane in lanes))
        stack.push_async_callback(world.consumers.close)
        await world.tail.begin()
        stack.callback(entries.use, lambda *_: None)
        stack.push_async_callback(feed.tended)
        db.on_commit(lambda: None, api.heard)
        stack.callback(db.on_commit, lambda: None)
        fragments.clear()
        viewers.clear()
        yield world


def drawn(seed: int = 0, width: int = 240, height: int = 160) -> bytes:
    """A small JPEG of a gradient, another for each seed."""
    ramp = pyvips.Image.xyz(width, height)
    red, green = ramp[0] * (255 / width), ramp[1] * (255 / height)
    blue = (ramp[0] + ramp[1] + seed * 40) % 256
    image = red.bandjoin([green, blue]).cast("uchar").copy(interpretation="srgb")
    body: bytes = image.jpegsave_buffer(Q=85)
    return body


MARK = """
-- tests: a place in PostgreSQL's log behind all that was written, which the commit then writes out
select (pg_logical_emit_message(true, 'tests', '') - '0/0'::pg_lsn)::bigint
"""
