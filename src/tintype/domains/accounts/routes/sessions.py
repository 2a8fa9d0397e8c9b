"""Logging in and out, and the sessions that are open."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.reads import SessionInfo
from tintype.domains.accounts.routes.answers import (
    AnyRequest,
    SessionKind,
    SignedIn,
    Tokens,
    agent,
    answer,
    cookie,
    country,
    ended,
    ip,
    let_in,
    session_cookies,
)
from tintype.platform import auth, db, ids, passwords, ratelimit
from tintype.platform.db import Actor
from tintype.platform.errors import NotFound
from tintype.platform.paging import Page
from tintype.platform.ratelimit import CODES, LOGINS_PER_IP, LOGINS_PER_NAME

SECOND_STEP = "second step"


class Login(msgspec.Struct, frozen=True):
    """`login` is a username or an e-mail address; `session` says whether cookies are set or tokens given."""

    login: Annotated[str, msgspec.Meta(max_length=320)]
    password: Annotated[str, msgspec.Meta(max_length=4096)]
    session: SessionKind = "cookie"


class SecondFactor(msgspec.Struct, frozen=True):
    """`challenge` is what the log-in answered with."""

    challenge: Annotated[str, msgspec.Meta(max_length=100)]
    code: Annotated[str, msgspec.Meta(max_length=40)]
    session: SessionKind = "cookie"


class FirstStep(msgspec.Struct, frozen=True):
    """What was proved already: the password with this hash, or the log-in elsewhere."""

    password_hash: str | None


class Refresh(msgspec.Struct, frozen=True):
    """Without a token, the cookie counts."""

    refresh_token: Annotated[str, msgspec.Meta(max_length=512)] | None = None


@post("/users/login", operation_id="login", status_code=200, public=True, own_auth=True)
async def login(data: JSONBody[Login], request: AnyRequest) -> Response[SignedIn]:
    """Log in. The answer does not tell whether the name or the password was wrong."""
    tries = (
        (LOGINS_PER_IP, ratelimit.ip_subject(ip(request))),
        (LOGINS_PER_NAME, ratelimit.name_subject(data.login.strip().lower())),
    )
    for rule, subject in tries:
        await ratelimit.take(rule, subject)
    async with db.read() as r:
        found = await reads.by_login(r, data.login)
    known = None if found is None else found.password_hash
    if not await passwords.verify(data.password, known) or found is None or known is None:
        raise rules.LoginFailed
    if passwords.outdated(known):
        fresh = await passwords.hash(data.password)
        async with db.act(Actor(found.id)) as tx:
            await actions.keep_hash(tx, found.id, known, fresh)
        known = fresh
    for rule, subject in tries:
        await ratelimit.give_back(rule, subject)
    if found.two_steps:
        raise await second_step(found.id, known)
    async with db.act(Actor(found.id)) as tx:
        return await let_in(tx, request, found.id, known, data.session)


async def second_step(account_id: int, known: str | None) -> rules.SecondFactorRequired:
    """The first step was right: how the second is taken."""
    async with db.act(Actor(account_id)) as tx:
        token = await actions.open_way(tx, SECOND_STEP, FirstStep(known), account_id)
        methods = await reads.methods(tx, account_id)
    return rules.SecondFactorRequired(details={"challenge": token, "methods": methods})


@post("/users/login/second-factor", operation_id="loginSecondFactor", status_code=200, public=True, own_auth=True)
async def second_factor(data: JSONBody[SecondFactor], request: AnyRequest) -> Response[SignedIn]:
    """The second step of a log-in: a code of the app, or a recovery code. A passkey takes `/auth/passkeys`."""
    await ratelimit.take(LOGINS_PER_IP, ratelimit.ip_subject(ip(request)))
    async with db.act(db.SYSTEM) as tx:
        account_id, first = await actions.try_way(tx, SECOND_STEP, data.challenge, FirstStep)
    await ratelimit.take(CODES, ratelimit.user_subject(account_id))
    async with db.act(Actor(account_id)) as tx:
        if await actions.use_code(tx, account_id, data.code):
            await actions.close_way(tx, data.challenge)
            return await let_in(tx, request, account_id, first.password_hash, data.session)
        await actions.audit(tx, "account.second_factor_failed", f"account {account_id}")
    raise rules.SecondFactorFailed.about("code")


@post("/users/token/refresh", operation_id="refreshToken", status_code=200, public=True, own_auth=True)
async def refresh(request: AnyRequest, data: JSONBody[Refresh | None] = None) -> Response[Tokens]:
    """Renew a session: the refresh token, from the body or the cookie, is exchanged for the next one."""
    sent = data.refresh_token if data else None
    token = auth.read_refresh(sent or cookie(request, auth.refresh_cookie()) or "")
    if token is None:
        raise ended()
    if sent is None:
        auth.check_csrf(token.session_id, request.headers.get("x-csrf-token"))
    async with db.act(Actor(token.account_id, session_id=token.session_id)) as tx:
        place = {"user_agent": agent(request), "ip": ip(request), "country": country(request)}
        session = await actions.refresh(tx, token, **place)
    if session is None:
        raise ended()
    if sent is None:
        return answer(request, Tokens(), 200, session_cookies(session))
    return answer(request, Tokens(session.access_token, session.refresh_token, "Bearer", auth.ACCESS_SECONDS), 200)


@post("/users/logout", operation_id="logout", status_code=200, public=True, own_auth=True)
async def logout(request: AnyRequest, data: JSONBody[Refresh | None] = None) -> Response[Tokens]:
    """End this session. A browser without one just loses its cookies."""
    signed = auth.authenticate(request.headers.get("authorization"), request.headers.get("cookie"))
    sent = data.refresh_token if data else None
    token = auth.read_refresh(sent or cookie(request, auth.refresh_cookie()) or "")
    account_id, session_id = (0, 0) if token is None else (token.account_id, token.session_id)
    if signed is not None:
        account_id, session_id = signed.actor.id, signed.actor.session_id
    if session_id:
        if sent is None and (signed is None or signed.by_cookie):
            auth.check_csrf(session_id, request.headers.get("x-csrf-token"))
        async with db.act(Actor(account_id, session_id=session_id)) as tx:
            await actions.revoke_session(tx, account_id, session_id, "logout")
    return answer(request, Tokens(), 200, auth.no_cookies())


@get("/users/me/sessions", operation_id="listSessions")
async def sessions(actor: NamedDependency[Actor]) -> Page[SessionInfo]:
    """Where one is logged in, last used first."""
    async with db.read() as r:
        return Page(await reads.sessions(r, actor.id, actor.session_id))


@delete("/users/me/sessions/{session_id:str}", operation_id="revokeSession", status_code=200)
async def revoke_session(actor: NamedDependency[Actor], session_id: FromPath[str]) -> None:
    """Log out somewhere else, or here."""
    async with db.act(actor) as tx:
        if not await actions.revoke_session(tx, actor.id, ids.parse(session_id), "revoked"):
            raise NotFound


ROUTES = [login, second_factor, refresh, logout, sessions, revoke_session]
