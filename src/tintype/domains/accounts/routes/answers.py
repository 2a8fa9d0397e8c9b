"""What the routes of accounts answer with: sessions as tokens or cookies."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie, State
from litestar.handlers import HTTPRouteHandler

from tintype.cards import account as card
from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.reads import Me
from tintype.platform import auth, db, passwords, ratelimit
from tintype.platform.config import Settings
from tintype.platform.db import Actor, Tx
from tintype.platform.mail import texts
from tintype.platform.ratelimit import LOGINS_PER_NAME

AnyRequest = Request[object, object, State]
SessionKind = Literal["cookie", "token"]
T = TypeVar("T", bound=msgspec.Struct)

_country_header, _site = "", ""


def use(settings: Settings) -> None:
    """What links lead to, and who tells the country of an address."""
    global _country_header, _site
    _country_header, _site = settings.country_header, settings.public_url


def site() -> str:
    """The address that links in letters begin with."""
    return _site


class Password(msgspec.Struct, frozen=True):
    """One's password again; left out where one has none and has just logged in."""

    password: Annotated[str, msgspec.Meta(max_length=4096)] | None = None


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


def language(request: AnyRequest) -> str:
    """The language of letters to who has chosen none."""
    return texts.accepted(request.headers.get("accept-language"))


def country(request: AnyRequest) -> str:
    """Two letters, where a trusted proxy names the country of the client's address; else nothing."""
    peer = request.scope.get("client")
    if not _country_header or not ratelimit.is_trusted(peer[0] if peer else None):
        return ""
    named = request.headers.get(_country_header, "").strip().upper()
    return named if re.fullmatch("[A-Z]{2}", named) and named != "XX" else ""


async def open_session(tx: Tx, request: AnyRequest, account_id: int, known: str | None) -> actions.Session:
    """Log an account in, which has proved itself against this hash, on the device that asks."""
    place = {"user_agent": agent(request), "ip": ip(request), "country": country(request)}
    return await actions.open_session(tx, account_id, known, **place)


async def let_in(
    tx: Tx, request: AnyRequest, account_id: int, known: str | None, kind: SessionKind
) -> Response[SignedIn]:
    """The answer to who has proved everything that was asked."""
    session = await open_session(tx, request, account_id, known)
    me = await card.me(tx, await reads.profile(tx, account_id))
    return signed_in(request, me, session, kind, 200)


async def confirm(actor: Actor, password: str | None) -> reads.Owner:
    """Before an act that a borrowed session must not do: the password again, or, where there is none, a fresh log-in.

    Raises PasswordWrong or LoginAgain, and TooMany for who guesses.
    """
    async with db.read() as r:
        owner = await reads.owner(r, actor.id)
        fresh = owner.password_hash is None and await reads.is_fresh(r, actor)
    if owner.password_hash is None:
        if not fresh:
            raise rules.LoginAgain
        return owner
    subject = ratelimit.name_subject(f"account {actor.id}")
    await ratelimit.take(LOGINS_PER_NAME, subject)
    if not await passwords.verify(password or "", owner.password_hash):
        raise rules.PasswordWrong.about("password")
    await ratelimit.give_back(LOGINS_PER_NAME, subject)
    return owner


def ip(request: AnyRequest) -> str:
    """The client's address, which the edge has found behind trusted proxies."""
    return str(request.scope["state"]["ip"])
