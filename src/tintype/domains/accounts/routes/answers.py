"""What the routes of accounts answer with: sessions as tokens or cookies."""

from collections.abc import Sequence
from typing import Literal, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie, State
from litestar.handlers import HTTPRouteHandler

from tintype.domains.accounts import actions
from tintype.domains.accounts.reads import Me
from tintype.platform import auth

AnyRequest = Request[object, object, State]
SessionKind = Literal["cookie", "token"]
T = TypeVar("T", bound=msgspec.Struct)


class Tokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """Empty where the session lives in cookies."""

    access_token: str | None = None
    refresh_token: str | None = None
    token_type: str | None = None
    expires_in: int | None = None


class SignedIn(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who has logged in, with tokens unless the session lives in cookies; `pending` accounts have no session yet."""

    user: Me
    access_token: str | None = None
    refresh_token: str | None = None
    token_type: str | None = None
    expires_in: int | None = None
    pending: bool = False


def signed_in(
    request: AnyRequest, me: Me, session: actions.Session, kind: SessionKind, status: int
) -> Response[SignedIn]:
    if kind == "cookie":
        return answer(request, SignedIn(me), status, session_cookies(session))
    tokens = SignedIn(me, session.access_token, session.refresh_token, "Bearer", auth.ACCESS_SECONDS)
    return answer(request, tokens, status)


def session_cookies(session: actions.Session) -> list[auth.CookieValue]:
    return auth.session_cookies(session.access_token, session.refresh_token, session.actor.session_id)


def answer(request: AnyRequest, content: T, status: int, cookies: Sequence[auth.CookieValue] = ()) -> Response[T]:
    """What a handler that sets cookies returns: the application's own kind of response, which knows the envelope."""
    handler = request.route_handler
    assert isinstance(handler, HTTPRouteHandler)
    kind: type[Response[T]] = handler.resolve_response_class()
    baked = [
        Cookie(
            one.name, value=one.value, max_age=one.max_age, secure=one.secure, httponly=one.http_only, samesite="lax"
        )
        for one in cookies
    ]
    return kind(content, status_code=status, cookies=baked)


def ended() -> auth.TokenInvalid:
    """The session is over: a browser gives up its refresh cookie, so that it is a visitor again."""
    over = auth.no_cookies()[1]
    secure = " Secure;" if over.secure else ""
    return auth.TokenInvalid(headers={"Set-Cookie": f"{over.name}=; Max-Age=0; Path=/; HttpOnly;{secure} SameSite=lax"})


def cookie(request: AnyRequest, name: str) -> str | None:
    return auth.cookie_value(request.headers.get("cookie", ""), name)


def agent(request: AnyRequest) -> str:
    return request.headers.get("user-agent", "")


def ip(request: AnyRequest) -> str:
    """The client's address, which the edge has found behind trusted proxies."""
    return str(request.scope["state"]["ip"])
