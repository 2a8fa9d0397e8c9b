"""The home feed without the framework: the same checks in the same order, for the address that is asked for most.

Only what is plainly a good request of somebody signed in is answered here; everything else takes the long way, so that
there is one place that explains what is wrong.
"""

import time
from functools import lru_cache
from urllib.parse import parse_qsl

import structlog
from litestar.types import HTTPScope, Send

from tintype.domains.feed.routes import home
from tintype.entry.envelope import enveloped, problem_of, told
from tintype.platform import auth, ratelimit, replicas, telemetry
from tintype.platform.db import Actor
from tintype.platform.telemetry import REQUEST_TIME, REQUESTS, log

PATHS = frozenset({"/api/v1/feed/home", "/api/v1/feed"})
TEMPLATE = "/api/v1/feed/home"
JSON = (b"content-type", b"application/json")
Headers = list[tuple[bytes, bytes]]
Wanted = tuple[str | None, int, home.Order]

_took = REQUEST_TIME.labels("GET", TEMPLATE)
_outcomes = {family: REQUESTS.labels("GET", TEMPLATE, f"{family}xx") for family in (2, 3, 4, 5)}


class Hot:
    """Answers `GET /feed/home` where it can; `headers` go on every answer."""

    def __init__(self, headers: Headers, *, secure: bool) -> None:
        self._headers, self._secure = headers, secure

    async def answered(self, scope: HTTPScope, send: Send) -> bool:
        """Whether this request was one of these, and has been answered."""
        asked = dict(scope["headers"])
        wanted, actor = _wanted(scope, asked), _actor(asked)
        if wanted is None or actor is None:
            return False
        began = time.perf_counter()
        request_id = telemetry.request_id()
        telemetry.database_seconds.set(0.0)
        cookie = asked.get(b"cookie")
        replicas.begin(signed_in=True, mark=asked.get(replicas.HEADER), cookie=_text(cookie))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        limits: ratelimit.State | None = None
        status, kind, more = 200, JSON, []
        try:
            peer = scope.get("client")
            subject = _ip_subject(peer[0] if peer else None, _text(asked.get(b"x-forwarded-for")))
            limits = await ratelimit.take_each(
                (ratelimit.REQUESTS_PER_IP, subject), (ratelimit.REQUESTS_PER_USER, ratelimit.user_subject(actor.id))
            )
            body = enveloped(await home.answer(actor.id, *wanted))
        except Exception as error:
            problem = problem_of(error)
            status = problem.status
            body, name = told(problem, request_id, _text(asked.get(b"accept")) or "")
            kind = (b"content-type", name.encode())
            more = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
        headers = [
            kind,
            *self._headers[1:],
            (b"content-length", b"%d" % len(body)),
            (b"x-request-id", request_id.encode()),
        ]
        if limits is not None:
            headers += limits.encoded()
        headers += replicas.headers(secure=self._secure)
        await send({"type": "http.response.start", "status": status, "headers": headers + more})
        await send({"type": "http.response.body", "body": body, "more_body": False})
        _outcomes[status // 100].inc()
        took = time.perf_counter() - began
        _took.observe(took)
        if status >= 500:
            log.info("request", method="GET", route=TEMPLATE, status=status, duration_ms=round(took * 1000, 2))
        return True


def _wanted(scope: HTTPScope, asked: dict[bytes, bytes]) -> Wanted | None:
    """Cursor, limit and order of a request that can be answered here."""
    if len(asked) != len(list(scope["headers"])) or not asked.get(b"host") or b"traceparent" in asked:
        return None
    query = scope["query_string"]
    return _first_page(query) if len(query) < 32 else _parsed(query)


def _actor(asked: dict[bytes, bytes]) -> Actor | None:
    try:
        signed = auth.authenticate(_text(asked.get(b"authorization")), _text(asked.get(b"cookie")))
    except auth.TokenInvalid:
        return None
    return None if signed is None else signed.actor


def _parsed(query: bytes) -> Wanted | None:
    try:
        given = dict(parse_qsl(query.decode("ascii"), keep_blank_values=True))
    except ValueError:
        return None
    limit, order = given.get("limit", "20"), home.ORDERS.get(given.get("order", "latest"))
    if order is None or not (limit.isascii() and limit.isdigit() and len(limit) <= 3):
        return None
    return given.get("cursor"), int(limit), order


_first_page = lru_cache(maxsize=1_000)(_parsed)


@lru_cache(maxsize=10_000)
def _ip_subject(peer: str | None, forwarded_for: str | None) -> str:
    return ratelimit.ip_subject(ratelimit.ip_of(peer, forwarded_for))


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
