"""The API process: the application put together, its tail of the log, and the server around it."""

import asyncio
import gc
import signal
from contextlib import AsyncExitStack
from functools import cache
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar, Request, Router
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.types import ASGIApp

from tintype import __version__
from tintype.domains.accounts import routes as accounts
from tintype.domains.engagement import routes as engagement
from tintype.domains.feed import actions as timelines
from tintype.domains.feed import routes as feed
from tintype.domains.feed.reads import entries, popular
from tintype.domains.graph import routes as graph
from tintype.domains.media import routes as media
from tintype.domains.posts import routes as posts
from tintype.entry import client, docs_page, health, lifeline, previews, process, shedding, stopping
from tintype.entry.edge import Inside, Outside
from tintype.entry.envelope import HANDLERS, Enveloped
from tintype.entry.subscriptions import TAILED
from tintype.platform import auth, db, replicas, waiting, write_behind
from tintype.platform.config import Settings
from tintype.platform.db import Actor
from tintype.platform.errors import NotSignedIn
from tintype.platform.event_log.bell import SEQUENCER, TAIL, Bell, Ringer
from tintype.platform.event_log.port import Event
from tintype.platform.event_log.tail import Tail
from tintype.platform.secrets import Secrets
from tintype.platform.telemetry import log

LARGEST_BODY = 256 * 1024
HEADER_READ_MS = 30_000
LISTENERS = dict(TAILED)


async def current_viewer(request: Request[Any, Any, Any]) -> Actor | None:
    """Who asks, or None for a visitor; the edge has found out already."""
    found: Actor | None = request.scope["state"].get("actor")
    return found


async def current_actor(request: Request[Any, Any, Any]) -> Actor:
    """Who asks. Raises NotSignedIn for a visitor."""
    found = await current_viewer(request)
    if found is None:
        raise NotSignedIn
    return found


async def current_settings(request: Request[Any, Any, Any]) -> Settings:
    """The settings that this application was made with."""
    found: Settings = request.scope["state"]["settings"]
    return found


@cache
def litestar() -> Litestar:
    """Every route of the product, as Litestar sees it: the same whatever the settings, as the edge hands them on."""
    api = [accounts, graph, media, posts, engagement, feed]
    routes = [handler for domain in api for handler in domain.ROUTES]
    return Litestar(
        [
            Router("/api/v1", route_handlers=routes),
            *docs_page.ROUTES,
            *previews.ROUTES,
            *media.FILE_ROUTES,
            *posts.FILE_ROUTES,
        ],
        dependencies={
            "actor": Provide(current_actor),
            "viewer": Provide(current_viewer),
            "settings": Provide(current_settings),
        },
        response_class=Enveloped,
        exception_handlers=HANDLERS,
        middleware=[Inside],
        request_max_body_size=LARGEST_BODY,
        openapi_config=OpenAPIConfig(
            title="Tintype", version=__version__, render_plugins=[], use_handler_docstrings=True
        ),
        logging_config=None,
        debug=False,
    )


def application(settings: Settings, keys: Secrets) -> Outside:
    """The whole product as one ASGI application."""
    media.use(settings, keys)
    accounts.use(settings)
    feed.use(settings)
    entries.use(timelines.tend)
    return Outside(litestar(), client.application(), settings)


def server(app: ASGIApp, settings: Settings, *, header_read_ms: int = HEADER_READ_MS) -> Server:
    """What listens; a client has so many milliseconds to send its headers."""
    return Server(
        app,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.auto,
        http1_settings=HTTP1Settings(header_read_timeout=header_read_ms),
        ssl_cert=settings.tls_cert,
        ssl_key=settings.tls_key,
        log_level=LogLevels.error,
        backlog=2048,
        backpressure=4096,
    )


def heard(event: Event) -> None:
    """What this process keeps in memory takes note of a fact."""
    for listener in LISTENERS.get(event.topic, ()):
        listener(event)


async def run(settings: Settings, url: str) -> None:
    """Serve until SIGTERM, SIGINT or the end of the parent process; open requests are finished first."""
    async with AsyncExitStack() as stack:
        keys = await stack.enter_async_context(process.opened(settings, url, "api"))
        ringer = Ringer(settings.run_dir, SEQUENCER)
        stack.callback(ringer.close)
        db.on_commit(ringer.ring, heard)
        bell = Bell(settings.run_dir, TAIL)
        stack.callback(bell.close)
        tail = Tail(url, LISTENERS, lambda event: heard(event.event()))
        await tail.begin()
        async with db.read() as r:
            await auth.load_revoked(r)
        following = asyncio.create_task(tail.run(bell))
        stack.callback(following.cancel)
        await stack.enter_async_context(write_behind.running())
        stack.push_async_callback(timelines.tended)
        await stack.enter_async_context(
            replicas.opened(
                settings.replica_urls,
                keys.cursor,
                popular_url=settings.popular_replica_url,
                popular=popular,
                pooled=settings.database_pooled,
            )
        )
        app = application(settings, keys)
        await stack.enter_async_context(shedding.watching(app.gate))
        listening = server(app, settings)

        stopped = asyncio.Event()

        async def ready() -> bool:
            return not stopped.is_set() and tail.age < 10 and await process.database_answers()

        await stack.enter_async_context(
            health.served(settings.run_dir, "api", ready, port=settings.admin_port, host=settings.admin_host)
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        lifeline.watch(stopped.set)
        serving = asyncio.create_task(listening.serve())
        told = asyncio.create_task(stopped.wait())
        gc.collect()
        gc.freeze()  # what is there for good is not looked through again: with it, a collection took 100 ms and more
        log.info("api.ready", address=f"{settings.host}:{settings.port}")
        await asyncio.wait([serving, told], return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        app.say_goodbye()
        waiting.stop()
        await stopping.finished(app.gate, settings.port)
        listening.stop()  # type: ignore[no-untyped-call]
        async with asyncio.timeout(10):
            await serving


def main(settings: Settings, url: str) -> None:
    """`tintype api`."""
    import uvloop

    uvloop.run(run(settings, url))
