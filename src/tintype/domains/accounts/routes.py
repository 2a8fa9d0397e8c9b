"""Registering, logging in and out, sessions, profiles, finding people."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.datastructures import Cookie, State
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from tintype.cards import account as card
from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.actions import visits
from tintype.domains.accounts.reads import Account, Me, Profile, SessionInfo
from tintype.platform import auth, db, ids, passwords, ratelimit
from tintype.platform.config import Settings
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import Forbidden, Invalid, NotFound
from tintype.platform.paging import LARGEST_LIMIT, Page
from tintype.platform.ratelimit import LOGINS_PER_IP, LOGINS_PER_NAME, REGISTRATIONS

AnyRequest = Request[object, object, State]
SessionKind = Literal["cookie", "token"]
T = TypeVar("T", bound=msgspec.Struct)

_mode = "closed"


def use(settings: Settings) -> None:
    """How accounts come about here, and what their passwords cost."""
    global _mode
    _mode = settings.registration
    passwords.use_cost(settings.bcrypt_cost)


class Login(msgspec.Struct, frozen=True):
    """`login` is a username or an e-mail address; `session` says whether cookies are set or tokens given."""

    login: Annotated[str, msgspec.Meta(max_length=320)]
    password: Annotated[str, msgspec.Meta(max_length=4096)]
    session: SessionKind = "cookie"


class Refresh(msgspec.Struct, frozen=True):
    """Without a token, the cookie counts."""

    refresh_token: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class Reset(msgspec.Struct, frozen=True):
    token: Annotated[str, msgspec.Meta(max_length=128)]
    password: str


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


@post("/users/register", operation_id="registerAccount", status_code=201, public=True, own_auth=True)
async def register(data: JSONBody[rules.Registration], request: AnyRequest) -> Response[SignedIn]:
    """Make an account and log in. Where accounts have to be approved there is no session yet, and `pending` is true."""
    if _mode == "closed":
        raise rules.RegistrationClosed
    form = rules.registration(data)
    await ratelimit.take(REGISTRATIONS, ratelimit.ip_subject(_ip(request)))
    async with db.read() as r:
        await reads.check_free(r, form.username, form.email)
    hashed = await passwords.hash(form.password)
    actor = Actor(ids.new_account())
    async with db.act(actor) as tx:
        status = await actions.register(tx, _mode, form, hashed)
        me = await card.me(tx, await reads.profile(tx, actor.id, live=False))
        if status == "pending":
            return _answer(request, SignedIn(me, pending=True), 201)
        session = await actions.open_session(tx, actor.id, hashed, user_agent=_agent(request), ip=_ip(request))
    return _signed_in(request, me, session, form.session, 201)


@post("/users/login", operation_id="login", status_code=200, public=True, own_auth=True)
async def login(data: JSONBody[Login], request: AnyRequest) -> Response[SignedIn]:
    """Log in. The answer does not tell whether the name or the password was wrong."""
    tries = (
        (LOGINS_PER_IP, ratelimit.ip_subject(_ip(request))),
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
    async with db.act(Actor(found.id)) as tx:
        session = await actions.open_session(tx, found.id, known, user_agent=_agent(request), ip=_ip(request))
        me = await card.me(tx, await reads.profile(tx, found.id))
    for rule, subject in tries:
        await ratelimit.give_back(rule, subject)
    return _signed_in(request, me, session, data.session, 200)


@post("/users/token/refresh", operation_id="refreshToken", status_code=200, public=True, own_auth=True)
async def refresh(request: AnyRequest, data: JSONBody[Refresh | None] = None) -> Response[Tokens]:
    """Renew a session: the refresh token, from the body or the cookie, is exchanged for the next one."""
    sent = data.refresh_token if data else None
    token = auth.read_refresh(sent or _cookie(request, auth.refresh_cookie()) or "")
    if token is None:
        raise _ended()
    if sent is None:
        auth.check_csrf(token.session_id, request.headers.get("x-csrf-token"))
    async with db.act(Actor(token.account_id, session_id=token.session_id)) as tx:
        session = await actions.refresh(tx, token)
    if session is None:
        raise _ended()
    if sent is None:
        return _answer(request, Tokens(), 200, _session_cookies(session))
    return _answer(request, Tokens(session.access_token, session.refresh_token, "Bearer", auth.ACCESS_SECONDS), 200)


@post("/users/logout", operation_id="logout", status_code=200, public=True, own_auth=True)
async def logout(request: AnyRequest, data: JSONBody[Refresh | None] = None) -> Response[Tokens]:
    """End this session. A browser without one just loses its cookies."""
    signed = auth.authenticate(request.headers.get("authorization"), request.headers.get("cookie"))
    sent = data.refresh_token if data else None
    token = auth.read_refresh(sent or _cookie(request, auth.refresh_cookie()) or "")
    account_id, session_id = (0, 0) if token is None else (token.account_id, token.session_id)
    if signed is not None:
        account_id, session_id = signed.actor.id, signed.actor.session_id
    if session_id:
        if sent is None and (signed is None or signed.by_cookie):
            auth.check_csrf(session_id, request.headers.get("x-csrf-token"))
        async with db.act(Actor(account_id, session_id=session_id)) as tx:
            await actions.revoke_session(tx, account_id, session_id, "logout")
    return _answer(request, Tokens(), 200, auth.no_cookies())


@post("/users/password/reset", operation_id="resetPassword", status_code=200, public=True, own_auth=True)
async def reset_password(data: JSONBody[Reset], request: AnyRequest) -> None:
    """Set a new password with the token of a reset link; all sessions of the account end."""
    await ratelimit.take(LOGINS_PER_IP, ratelimit.ip_subject(_ip(request)))
    hashed = await passwords.hash(rules.password(data.password))
    async with db.act(db.SYSTEM) as tx:
        await actions.reset_password(tx, data.token, hashed)


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


@get("/users/lookup", operation_id="lookupUsers")
async def lookup(
    actor: NamedDependency[Actor],
    q: Annotated[str, QueryParameter(max_length=100)],
    limit: FromQuery[int] = 10,
) -> Page[Account]:
    """People whose username or name begins so."""
    if not 1 <= limit <= LARGEST_LIMIT:
        raise Invalid.fields(limit=f"must be between 1 and {LARGEST_LIMIT}")
    async with db.read() as r:
        found = await reads.lookup(r, actor.id, q, limit)
        people = await card.accounts(r, found)
    return Page([people[one] for one in found if one in people])


@get("/users/me", operation_id="getMe")
async def read_me(actor: NamedDependency[Actor]) -> Me:
    """One's own profile, with what only oneself sees."""
    async with db.read() as r:
        return await card.me(r, await reads.profile(r, actor.id))


@get("/users/{user_id:str}", operation_id="getUser", public=True)
async def read(viewer: NamedDependency[Actor | None], user_id: FromPath[str]) -> Profile:
    """An account's page; `user_id` is an id or `@username`."""
    async with db.read() as r:
        viewer_id = viewer.id if viewer else 0
        found = await card.find(r, user_id, viewer_id)
        shown = await card.profile(r, viewer_id, found)
    visits.note(viewer_id, found.id)
    return shown


@put("/users/me", operation_id="updateMe")
async def update_me(actor: NamedDependency[Actor], data: JSONBody[rules.ProfileChange]) -> Me:
    """Change the fields that are sent."""
    return await _update(actor, data)


@patch("/users/me", operation_id="patchMe")
async def patch_me(actor: NamedDependency[Actor], data: JSONBody[rules.ProfileChange]) -> Me:
    """The same as PUT."""
    return await _update(actor, data)


@put("/users/{user_id:str}", operation_id="updateUser")
async def update(actor: NamedDependency[Actor], user_id: FromPath[str], data: JSONBody[rules.ProfileChange]) -> Me:
    """Change the fields that are sent of one's own account, named by its id or `@username`."""
    await _check_own(actor, user_id)
    return await _update(actor, data)


@patch("/users/{user_id:str}", operation_id="patchUser")
async def patch_user(actor: NamedDependency[Actor], user_id: FromPath[str], data: JSONBody[rules.ProfileChange]) -> Me:
    """The same as PUT."""
    await _check_own(actor, user_id)
    return await _update(actor, data)


async def _check_own(actor: Actor, user_id: str) -> None:
    async with db.read() as r:
        if (await card.find(r, user_id, actor.id)).id != actor.id:
            raise Forbidden


async def _update(actor: Actor, change: rules.ProfileChange) -> Me:
    async with db.act(actor) as tx:
        await actions.update(tx, actor, change)
        return await _me(tx, actor)


async def _me(r: Reader, actor: Actor) -> Me:
    return await card.me(r, await reads.profile(r, actor.id))


def _signed_in(
    request: AnyRequest, me: Me, session: actions.Session, kind: SessionKind, status: int
) -> Response[SignedIn]:
    if kind == "cookie":
        return _answer(request, SignedIn(me), status, _session_cookies(session))
    tokens = SignedIn(me, session.access_token, session.refresh_token, "Bearer", auth.ACCESS_SECONDS)
    return _answer(request, tokens, status)


def _session_cookies(session: actions.Session) -> list[auth.CookieValue]:
    return auth.session_cookies(session.access_token, session.refresh_token, session.actor.session_id)


def _answer(request: AnyRequest, content: T, status: int, cookies: Sequence[auth.CookieValue] = ()) -> Response[T]:
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


def _ended() -> auth.TokenInvalid:
    """The session is over: a browser gives up its refresh cookie, so that it is a visitor again."""
    over = auth.no_cookies()[1]
    secure = " Secure;" if over.secure else ""
    return auth.TokenInvalid(headers={"Set-Cookie": f"{over.name}=; Max-Age=0; Path=/; HttpOnly;{secure} SameSite=lax"})


def _cookie(request: AnyRequest, name: str) -> str | None:
    return auth.cookie_value(request.headers.get("cookie", ""), name)


def _agent(request: AnyRequest) -> str:
    return request.headers.get("user-agent", "")


def _ip(request: AnyRequest) -> str:
    """The client's address, which the edge has found behind trusted proxies."""
    return str(request.scope["state"]["ip"])


ROUTES = [
    register,
    login,
    refresh,
    logout,
    reset_password,
    sessions,
    revoke_session,
    lookup,
    read_me,
    read,
    update_me,
    patch_me,
    update,
    patch_user,
]
