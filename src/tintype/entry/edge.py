"""The edge of every request: hosts, ids, addresses, limits, sessions, security headers, metrics, one log line."""

import time
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from tintype.entry import hot, shedding
from tintype.entry.client import ClientApp
from tintype.entry.envelope import told
from tintype.entry.hot import Hot
from tintype.entry.previews import PAGE_PATHS
from tintype.platform import auth, db, errors, ratelimit, replicas, telemetry
from tintype.platform.config import Settings
from tintype.platform.errors import Problem
from tintype.platform.ratelimit import Rule
from tintype.platform.telemetry import REQUEST_TIME, REQUESTS, log

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:{media}; media-src 'self' blob:{media}; style-src 'self'; "
    "script-src 'self'; connect-src 'self'{uploads}; font-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SAFE_METHODS = auth.SAFE_METHODS
METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
SERVER_PATHS = ("/api/", "/m/", "/p/", "/avatars/", "/stories/", "/docs/")
FILE_PATHS = ("/m/", "/p/", "/api/v1/media/upload/")
Headers = list[tuple[bytes, bytes]]
JOINED = {b"cookie": b"; ", b"x-forwarded-for": b", "}


class MissingHost(errors.BadRequest):
    code, message = "HOST_MISSING", "The request names no host."


class Outside:
    """Around the whole application: what holds for every answer, also for those that no route gives."""

    def __init__(self, app: ASGIApp, client: ClientApp, settings: Settings) -> None:
        self._app, self._client, self._settings = app, client, settings
        media = f" {settings.media_url.rstrip('/')}" if settings.media_url else ""
        store = urlsplit(settings.upload_url)
        uploads = f" {store.scheme}://{store.netloc}" if store.netloc else ""
        self._headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"strict-origin-when-cross-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(self)"),
            (b"content-security-policy", CONTENT_POLICY.format(media=media, uploads=uploads).encode()),
            (b"cache-control", b"no-store"),
        ]
        if settings.secure_cookies:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))
        if settings.members_only:
            self._headers.append((b"x-robots-tag", b"noindex"))
        self._secure = settings.secure_cookies
        self._hot = Hot(self._headers, secure=self._secure)
        self.gate = shedding.Gate()

    def say_goodbye(self) -> None:
        """From now on every answer closes its connection."""
        self._headers.append((b"connection", b"close"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            came, kind = time.perf_counter(), self.gate.enter(scope["path"])
            if kind is None:
                await shedding.refuse(scope, send, self._headers)
                return
            try:
                await self._let_in(scope, receive, send)
            finally:
                self.gate.leave(kind, time.perf_counter() - came)
        else:
            await self._app(scope, receive, send)

    async def _let_in(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        is_hot = scope["path"] in hot.PATHS and scope["method"] == "GET"
        if not (is_hot and await self._hot.answered(scope, send)):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        request_id = telemetry.request_id()
        asked = _headers_by_name(scope)
        state = scope.setdefault("state", {})
        state.update(request_id=request_id, asked=asked, limits=None, settings=self._settings)
        telemetry.database_seconds.set(0.0)
        replicas.begin(signed_in=False, mark=asked.get(replicas.HEADER), cookie=_text(asked.get(b"cookie")))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        method, status = scope["method"], 500
        if method == "HEAD":
            scope["method"] = "GET"

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                more = [*self._headers, (b"x-request-id", request_id.encode())]
                if state["limits"] is not None:
                    more += state["limits"].encoded()
                more += replicas.headers(secure=self._secure)
                message["headers"] = _with_missing([*message.get("headers", [])], more)
            elif method == "HEAD" and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        with telemetry.span(method, _trace_parent(asked)) as span:
            try:
                await self._pass_on(scope, receive, send_with_headers)
            except Problem as problem:
                await _refuse(send_with_headers, problem, request_id, asked)
            route = str(scope.get("path_template") or "other")
            span.update_name(f"{method} {route}")
            span.set_attribute("http.response.status_code", status)
            _record(method, route, status, time.perf_counter() - began, state.get("actor"))

    async def _pass_on(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        state, path = scope["state"], scope["path"]
        if not state["asked"].get(b"host"):
            raise MissingHost
        is_page = PAGE_PATHS.fullmatch(path) is not None
        if not path.startswith(SERVER_PATHS) and not is_page and path != "/api" and scope["method"] == "GET":
            await self._client(scope, receive, send)
            return
        peer = scope.get("client")
        state["ip"] = ratelimit.ip_of(peer[0] if peer else None, _text(state["asked"].get(b"x-forwarded-for")))
        rule = ratelimit.MEDIA_FILES if is_page or is_limited_apart(path) else ratelimit.REQUESTS_PER_IP
        state["limits"] = await ratelimit.take(rule, ratelimit.ip_subject(state["ip"]))
        await self._app(scope, receive, send)


class Inside:
    """Around every route: who is asking, how often, and whether they may at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await self._admit(scope)
        await self._app(scope, receive, send)

    async def _admit(self, scope: HTTPScope) -> None:
        handler = cast(HTTPRouteHandler, scope["route_handler"])
        state: dict[str, Any] = scope["state"]
        state["actor"] = None
        if "data" in handler.parsed_fn_signature.parameters and not _is_json(state["asked"].get(b"content-type")):
            raise errors.UnsupportedType("The body has to be JSON.")
        rule: Rule | None = handler.opt.get("limit")
        signed = None if handler.opt.get("own_auth") else self._signed(scope)
        if signed is None:
            if not handler.opt.get("own_auth") and (state["settings"].members_only or not handler.opt.get("public")):
                raise errors.NotSignedIn
            return
        state["actor"] = signed.actor
        replicas.signed_in()
        structlog.contextvars.bind_contextvars(user_id=str(signed.actor.id))
        subject = ratelimit.user_subject(signed.actor.id)
        if not is_limited_apart(scope["path"]):
            _keep_tightest(state, await ratelimit.take(ratelimit.REQUESTS_PER_USER, subject))
        if scope["method"] not in SAFE_METHODS:
            if signed.by_cookie:
                auth.check_csrf(signed.actor.session_id, _text(state["asked"].get(b"x-csrf-token")))
            async with db.read() as r:
                state["actor"] = await auth.check_session(r, signed.actor)
                if rule is not None:
                    _keep_tightest(state, await ratelimit.take(rule, subject, r))

    def _signed(self, scope: HTTPScope) -> auth.Signed | None:
        asked = scope["state"]["asked"]
        cookie = _text(asked.get(b"cookie"))
        signed = auth.authenticate(_text(asked.get(b"authorization")), cookie)
        if signed is None and not is_limited_apart(scope["path"]) and auth.must_renew(cookie):
            raise auth.TokenInvalid
        return signed


def is_limited_apart(path: str) -> bool:
    """Files, uploads and long polls: many in a moment, or long, they have a limit of their own."""
    return path.startswith(FILE_PATHS) or path.endswith("/wait")


def _headers_by_name(scope: HTTPScope) -> dict[bytes, bytes]:
    """Headers by name. HTTP/2 sends cookies one by one: they are joined here, for everything behind the edge."""
    sent = list(scope["headers"])
    found = dict(sent)
    if len(found) == len(sent):
        return found
    for name, between in JOINED.items():
        values = [value for one, value in sent if one == name]
        if len(values) > 1:
            found[name] = between.join(values)
    if len({value for name, value in sent if name == b"host"}) > 1:
        found[b"host"] = b""
    others = [one for one in sent if one[0] not in JOINED]
    scope["headers"] = [*others, *((name, found[name]) for name in JOINED if name in found)]
    return found


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


def _is_json(content_type: bytes | None) -> bool:
    return content_type is None or content_type.partition(b";")[0].strip().lower() == b"application/json"


def _trace_parent(asked: dict[bytes, bytes]) -> bytes | None:
    found = asked.get(b"traceparent")
    return found if found is not None and found.isascii() else None


def _with_missing(headers: Headers, more: Headers) -> Headers:
    present = {name.lower() for name, _ in headers}
    return [*headers, *(one for one in more if one[0] not in present)]


def _keep_tightest(state: dict[str, Any], taken: ratelimit.State) -> None:
    state["limits"] = ratelimit.tightest(state["limits"], taken)


def _encoded(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


async def _refuse(send: Send, problem: Problem, request_id: str, asked: dict[bytes, bytes]) -> None:
    """Answer with a problem before any route was reached."""
    body, kind = told(problem, request_id, _text(asked.get(b"accept")) or "")
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send(
        {"type": "http.response.start", "status": problem.status, "headers": headers + _encoded(problem.headers)}
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _record(method: str, route: str, status: int, took: float, actor: db.Actor | None) -> None:
    known = method if method in METHODS else "other"
    REQUESTS.labels(known, route, f"{status // 100}xx").inc()
    REQUEST_TIME.labels(known, route).observe(took)
    write = log.info if method not in SAFE_METHODS or status >= 500 else log.debug
    write(
        "request",
        method=known,
        route=route,
        status=status,
        duration_ms=round(took * 1000, 2),
        database_ms=round(telemetry.database_seconds.get() * 1000, 2),
        user_id=str(actor.id) if actor else None,
    )
