"""The edge of every request: hosts, ids, addresses, limits, sessions, security headers, metrics, one log line."""

import time
from typing import Any, cast
from uuid import uuid4

import structlog
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from tintype.entry.client import ClientApp
from tintype.entry.envelope import error_body
from tintype.platform import auth, db, errors, ratelimit, telemetry
from tintype.platform.config import Settings
from tintype.platform.errors import Problem
from tintype.platform.telemetry import REQUEST_TIME, REQUESTS, log

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:{media}; media-src 'self' blob:{media}; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
LIMITED_APART = frozenset({"waitForPost", "waitForMedia", "uploadFile", "mediaFile", "postImage"})
SAFE_METHODS = auth.SAFE_METHODS
CLIENT_METHODS = frozenset({"GET", "HEAD"})
SERVER_PATHS = ("/api/", "/m/", "/p/", "/avatars/", "/stories/", "/docs/")


class MissingHost(errors.BadRequest):
    code, message = "HOST_MISSING", "The request names no host."


class Outside:
    """Around the whole application: what holds for every answer, also for those that no route gives."""

    def __init__(self, app: ASGIApp, client: ClientApp, settings: Settings) -> None:
        self._app, self._client = app, client
        media = f" {settings.media_url.rstrip('/')}" if settings.media_url else ""
        self._headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"strict-origin-when-cross-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(self)"),
            (b"content-security-policy", CONTENT_POLICY.format(media=media).encode()),
        ]
        if settings.secure_cookies:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))
        if settings.members_only:
            self._headers.append((b"x-robots-tag", b"noindex"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        await self._answer(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        telemetry.database_seconds.set(0.0)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message.get("headers", []))
                present = {name.lower() for name, _ in headers}
                headers += [one for one in self._headers if one[0] not in present]
                headers.append((b"x-request-id", request_id.encode()))
                if b"cache-control" not in present:
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        headers = dict(scope["headers"])
        with telemetry.span(f"{scope['method']} {scope['path']}", headers.get(b"traceparent")) as span:
            try:
                if not headers.get(b"host"):
                    raise MissingHost
                is_page = scope["method"] in CLIENT_METHODS and not scope["path"].startswith(SERVER_PATHS)
                await (self._client if is_page else self._app)(scope, receive, send_with_headers)
            except Problem as problem:
                await refuse(send_with_headers, problem, request_id)
            route = str(scope.get("path_template") or "other")
            span.update_name(f"{scope['method']} {route}")
            span.set_attribute("http.response.status_code", status)
            _record(scope, route, status, time.perf_counter() - began)


def _record(scope: HTTPScope, route: str, status: int, took: float) -> None:
    method = scope["method"]
    REQUESTS.labels(method, route, f"{status // 100}xx").inc()
    REQUEST_TIME.labels(method, route).observe(took)
    actor: db.Actor | None = scope["state"].get("actor")
    write = log.info if method not in SAFE_METHODS or status >= 500 else log.debug
    write(
        "request",
        method=method,
        route=route,
        status=status,
        duration_ms=round(took * 1000, 2),
        database_ms=round(telemetry.database_seconds.get() * 1000, 2),
        user_id=str(actor.id) if actor else None,
    )


async def refuse(send: Send, problem: Problem, request_id: str) -> None:
    """Answer with a problem before any route was reached."""
    body = error_body(problem, request_id)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


class Inside:
    """Around every API route: who is asking, how often, and whether they may at all."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        await self._answer(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        state: dict[str, Any] = scope["state"]
        tightest: ratelimit.State | None = None

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start" and tightest is not None:
                message["headers"] = [*message.get("headers", []), *_limit_headers(tightest)]
            await send(message)

        try:
            handler = cast(HTTPRouteHandler, scope["route_handler"])
            headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
            peer = scope.get("client")
            state["ip"] = ip = ratelimit.ip_of(peer[0] if peer else None, headers.get(b"x-forwarded-for"))
            tightest = await self._per_address(handler.operation_id, ip)
            signed = None
            if not handler.opt.get("own_auth"):
                signed = auth.authenticate(headers.get(b"authorization"), headers.get(b"cookie"))
                if (
                    signed is None
                    and handler.operation_id not in LIMITED_APART
                    and auth.must_renew(headers.get(b"cookie"))
                ):
                    raise auth.TokenInvalid
                if signed is None and (self._settings.members_only or not handler.opt.get("public")):
                    raise errors.NotSignedIn
            state["actor"] = None if signed is None else signed.actor
            if (rule := handler.opt.get("limit")) is not None and rule.per == "ip":
                tightest = ratelimit.tightest(tightest, await ratelimit.take(rule, ratelimit.ip_subject(ip)))
            if signed is not None:
                tightest = await self._per_person(handler, signed, scope["method"], headers, tightest)
            await self._app(scope, receive, send_with_limits)
        except errors.TooMany as problem:
            await refuse(send, problem, state["request_id"])
        except Problem as problem:
            await refuse(send_with_limits, problem, state["request_id"])

    async def _per_address(self, operation: Any, ip: str) -> ratelimit.State:
        rule = ratelimit.MEDIA_FILES if operation in LIMITED_APART else ratelimit.REQUESTS_PER_IP
        return await ratelimit.take(rule, ratelimit.ip_subject(ip))

    async def _per_person(
        self, handler: Any, signed: auth.Signed, method: str, headers: dict[bytes, str], so_far: ratelimit.State
    ) -> ratelimit.State:
        actor = signed.actor
        structlog.contextvars.bind_contextvars(user_id=str(actor.id))
        subject = ratelimit.user_subject(actor.id)
        if handler.operation_id not in LIMITED_APART:
            so_far = ratelimit.tightest(so_far, await ratelimit.take(ratelimit.REQUESTS_PER_USER, subject))
        if method not in SAFE_METHODS:
            if signed.by_cookie:
                auth.check_csrf(actor.session_id, headers.get(b"x-csrf-token"))
            async with db.read() as r:
                await auth.check_session(r, actor)
        if (rule := handler.opt.get("limit")) is not None and rule.per == "user":
            so_far = ratelimit.tightest(so_far, await ratelimit.take(rule, subject))
        return so_far


def _limit_headers(state: ratelimit.State) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in state.headers().items()]
