"""Who is asking: access tokens, refresh tokens, cookies with CSRF protection, and the sessions revoked of late.

An access token is a JWT that names account, session and role and lives 15 minutes; the sessions revoked in that time
are held in memory, so that reading needs no database. A refresh token is derived from its session's generation: nothing
of it is stored, the present generation alone is valid, and the same generation always gives the same token.
"""

import asyncio
import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Protocol

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from tintype.platform import clock
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import Forbidden, NotSignedIn
from tintype.platform.guard import EngineDown
from tintype.platform.secrets import Secrets
from tintype.platform.telemetry import CACHE

ACCESS_SECONDS = 15 * 60
REFRESH_SECONDS = 7 * 24 * 3600
HEAR_SECONDS = 0.1
AUDIENCE = "tintype"
TYPE = "access"
VERIFIED_MOST = 50_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenInvalid(NotSignedIn):
    code, message = "TOKEN_INVALID", "This session has ended. Log in again."


class CsrfFailed(Forbidden):
    code, message = "CSRF_FAILED", "This request did not come from an open page of ours. Reload and try again."


class Signed(msgspec.Struct, frozen=True):
    """A request's verified identity; one that came by cookie needs a CSRF token where it changes something."""

    actor: Actor
    by_cookie: bool = False


class RefreshToken(msgspec.Struct, frozen=True):
    account_id: int
    session_id: int
    generation: int


class CookieValue(msgspec.Struct, frozen=True):
    """A cookie to set; an empty value with `max_age` 0 takes it away."""

    name: str
    value: str
    max_age: int
    http_only: bool
    secure: bool


class Revocations(Protocol):
    """What processes tell each other of revoked sessions. Raises EngineDown."""

    async def tell(self, session_id: int) -> None:
        """Let all know."""

    async def news(self) -> list[int]:
        """Those told of since the last call; with the first, all whose tokens may still live."""


class _Verified(msgspec.Struct, frozen=True):
    actor: Actor
    expires: int


class _Keys(msgspec.Struct, frozen=True):
    access: OctKey
    refresh: bytes
    csrf: bytes


class _Claims(jwt.JWTClaimsRegistry):
    """Clocks of several machines differ: that a token was issued in the future is no reason to refuse it."""

    def validate_iat(self, value: object) -> None:
        self.check_value("iat", value)


_hit, _missed = (CACHE.labels("access_tokens", outcome) for outcome in ("hit", "miss"))
_keys: _Keys | None = None
_secure = True
_verified: dict[str, _Verified] = {}
_revoked: dict[int, int] = {}
_shared: Revocations | None = None
_telling: set[asyncio.Task[None]] = set()


def use(secrets: Secrets, *, secure: bool) -> None:
    """The keys of this installation, and whether cookies are `Secure` and carry the `__Host-` prefix."""
    global _keys, _secure
    _keys = _Keys(OctKey.import_key(secrets.access), secrets.refresh, secrets.csrf)
    _secure = secure
    _verified.clear()


@asynccontextmanager
async def shared(revocations: Revocations) -> AsyncIterator[None]:
    """Processes tell each other, until the block ends; otherwise, and where that fails, the log's tail tells them."""
    global _shared
    _shared = revocations
    await _hear(revocations)
    hearing = asyncio.create_task(_hear_again(revocations), name="revoked sessions")
    try:
        yield
    finally:
        _shared = None
        hearing.cancel()
        await asyncio.gather(hearing, *_telling, return_exceptions=True)


async def _hear_again(revocations: Revocations) -> None:
    while True:
        await asyncio.sleep(HEAR_SECONDS)
        await _hear(revocations)


async def _hear(revocations: Revocations) -> None:
    with suppress(EngineDown):
        for session_id in await revocations.news():
            revoke(session_id)


async def _tell(revocations: Revocations, session_id: int) -> None:
    with suppress(EngineDown):
        await revocations.tell(session_id)


def authenticate(authorization: str | None, cookie: str | None) -> Signed | None:
    """Who sends these `Authorization` and `Cookie` headers; None for a visitor. A bearer wins over cookies.

    Raises TokenInvalid for a bearer that is not (or no longer) good; a stale cookie is a visitor's.
    """
    if authorization:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer":
            actor = verify(token.strip())
            if actor is None:
                raise TokenInvalid(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
            return Signed(actor)
    if cookie and (value := cookie_value(cookie, access_cookie())):
        actor = verify(value)
        return None if actor is None else Signed(actor, by_cookie=True)
    return None


def must_renew(cookie: str | None) -> bool:
    """Whether a browser holds a session but no good access token: it should renew that, not be taken for a visitor."""
    if not cookie or not cookie_value(cookie, refresh_cookie()):
        return False
    return verify(cookie_value(cookie, access_cookie()) or "") is None


async def check_session(r: Reader, actor: Actor) -> Actor:
    """The actor with the role it has now. Raises TokenInvalid unless session and account are still good."""
    role = await r.value(SESSION_ROLE, actor.id, actor.session_id, clock.now())
    if role is None:
        revoke(actor.session_id)
        raise TokenInvalid
    return actor if role == actor.role else Actor(actor.id, role, actor.session_id)


def access_token(actor: Actor) -> str:
    """A token for the next 15 minutes."""
    now = clock.millis() // 1000
    claims = {
        "sub": str(actor.id),
        "sid": str(actor.session_id),
        "role": actor.role,
        "iat": now,
        "exp": now + ACCESS_SECONDS,
        "aud": AUDIENCE,
        "typ": TYPE,
    }
    return jwt.encode({"alg": "HS256", "typ": "at+jwt"}, claims, _known().access, algorithms=["HS256"])


def verify(token: str) -> Actor | None:
    """The actor of an access token, unless it is false, expired, or its session revoked."""
    now = clock.millis() // 1000
    found = _verified.get(token)
    (_missed if found is None else _hit).inc()
    if found is None:
        found = _decode(token, now)
        if found is None:
            return None
        while len(_verified) >= VERIFIED_MOST:
            del _verified[next(iter(_verified))]
        _verified[token] = found
    if found.expires <= now:
        _verified.pop(token, None)
        return None
    return None if found.actor.session_id in _revoked else found.actor


def _decode(token: str, now: int) -> _Verified | None:
    if len(token) > 2048:
        return None
    try:
        decoded = jwt.decode(token, _known().access, algorithms=["HS256"])
        _Claims(
            now=now,
            sub={"essential": True},
            sid={"essential": True},
            role={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            aud={"essential": True, "value": AUDIENCE},
            typ={"essential": True, "value": TYPE},
        ).validate(decoded.claims)
        claims = decoded.claims
        return _Verified(Actor(int(claims["sub"]), str(claims["role"]), int(claims["sid"])), int(claims["exp"]))
    except (JoseError, ValueError, TypeError):
        return None


async def load_revoked(r: Reader) -> None:
    """Learn which sessions were revoked while their tokens may still live; follow the topic `sessions` from before."""
    for row in await r.rows(REVOKED, clock.now() - timedelta(seconds=ACCESS_SECONDS)):
        revoke(row["id"])


def revoke(session_id: int) -> None:
    """Refuse this session's access tokens from now on, in this process."""
    now = clock.monotonic()
    _revoked.pop(session_id, None)
    _revoked[session_id] = int(now) + ACCESS_SECONDS + 60
    while _revoked and (oldest := next(iter(_revoked))) and _revoked[oldest] < now:
        del _revoked[oldest]


def heard(event: Any) -> None:
    """A fact of the log about a session."""
    if type(event).__name__ == "SessionRevoked":
        revoke(event.session_id)
        if _shared is not None:
            task = asyncio.create_task(_tell(_shared, event.session_id))
            _telling.add(task)
            task.add_done_callback(_telling.discard)


def is_revoked(session_id: int) -> bool:
    """Whether this session was revoked of late (open WebSockets ask)."""
    return session_id in _revoked


def refresh_token(account_id: int, session_id: int, generation: int) -> str:
    """The one refresh token of this generation of a session."""
    body = account_id.to_bytes(8, "big") + session_id.to_bytes(8, "big") + generation.to_bytes(4, "big")
    return base64.urlsafe_b64encode(body + _refresh_mac(body)).rstrip(b"=").decode()


def read_refresh(token: str) -> RefreshToken | None:
    """What a refresh token names, if it is one of ours; whether it is still good its session's row says."""
    if len(token) > 128:
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, mac = raw[:20], raw[20:]
    if len(body) != 20 or not hmac.compare_digest(mac, _refresh_mac(body)):
        return None
    return RefreshToken(*(int.from_bytes(part, "big") for part in (body[:8], body[8:16], body[16:])))


def _refresh_mac(body: bytes) -> bytes:
    return hmac.digest(_known().refresh, b"refresh\0" + body, hashlib.sha256)


def csrf_token(session_id: int) -> str:
    """What a page of this session repeats in `X-CSRF-Token`."""
    mac = hmac.digest(_known().csrf, b"csrf\0%d" % session_id, hashlib.sha256)
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def check_csrf(session_id: int, header: str | None) -> None:
    """Raise CsrfFailed unless the header holds this session's token."""
    if not hmac.compare_digest((header or "").encode(), csrf_token(session_id).encode()):
        raise CsrfFailed


def access_cookie() -> str:
    return "__Host-tintype_access" if _secure else "tintype_access"


def refresh_cookie() -> str:
    return "__Host-tintype_refresh" if _secure else "tintype_refresh"


CSRF_COOKIE = "tintype_csrf"


def session_cookies(access: str, refresh: str, session_id: int) -> list[CookieValue]:
    """The cookies of a browser's session."""
    return [
        CookieValue(access_cookie(), access, ACCESS_SECONDS, True, _secure),
        CookieValue(refresh_cookie(), refresh, REFRESH_SECONDS, True, _secure),
        CookieValue(CSRF_COOKIE, csrf_token(session_id), REFRESH_SECONDS, False, _secure),
    ]


def no_cookies() -> list[CookieValue]:
    """What takes a browser's session away."""
    names = ((access_cookie(), True), (refresh_cookie(), True), (CSRF_COOKIE, False))
    return [CookieValue(name, "", 0, http_only, _secure) for name, http_only in names]


def cookie_value(header: str, name: str) -> str | None:
    """One cookie of a `Cookie` header; the first, where it stands there twice."""
    if name not in header:
        return None
    found = re.search(rf"(?:^|;)\s*{re.escape(name)}=([^;\s]*)", header)
    return found.group(1) if found else None


def _known() -> _Keys:
    if _keys is None:
        raise RuntimeError("auth.use was not called")
    return _keys


SESSION_ROLE = """
-- auth: the present role behind a session that is still good
select a.role from sessions s join live_accounts a on a.id = s.account_id
where s.account_id = $1 and s.id = $2 and s.revoked_at is null and s.expires_at > $3
"""

REVOKED = """
-- auth: sessions revoked while their access tokens may still be alive
select id from sessions where revoked_at > $1 order by revoked_at
"""
