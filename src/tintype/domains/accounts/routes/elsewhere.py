"""Logging in with an account that one has elsewhere (OpenID Connect), and connecting such accounts."""

import hashlib
import secrets
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

import msgspec
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from tintype.cards import account as card
from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.routes import registering
from tintype.domains.accounts.routes.answers import (
    AnyRequest,
    SessionKind,
    SignedIn,
    answer,
    cookie,
    ip,
    language,
    open_session,
    session_cookies,
    signed_in,
    site,
)
from tintype.domains.accounts.routes.sessions import second_step
from tintype.platform import auth, db, ids, oidc, passkeys, ratelimit
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import NotFound, Problem
from tintype.platform.oidc import Who
from tintype.platform.ratelimit import LOGINS_PER_IP, REGISTRATIONS

ASKED, NEWCOMER = "provider", "newcomer"
COOKIE = "tintype_oidc"
NAMES_TRIED = 50


class ProviderInfo(msgspec.Struct, frozen=True):
    name: str
    label: str


class Methods(msgspec.Struct, frozen=True):
    """How one may come in here."""

    registration: Literal["open", "invite", "approval", "closed"]
    passkeys: bool
    providers: list[ProviderInfo]


class Going(msgspec.Struct, frozen=True):
    """Where the browser has to go."""

    url: str


class Ticket(msgspec.Struct, frozen=True):
    """What the page for newcomers was given."""

    ticket: Annotated[str, msgspec.Meta(max_length=100)]


class Newcomer(msgspec.Struct, frozen=True):
    """What the provider says of somebody who is new here."""

    provider: str
    label: str
    username: str
    full_name: str
    email: str
    email_verified: bool


class NewcomerForm(msgspec.Struct, frozen=True):
    """A new account by way of a provider. `email` counts where the provider names none that it has verified."""

    ticket: Annotated[str, msgspec.Meta(max_length=100)]
    username: str
    email: str | None = None
    full_name: str | None = None
    invite: str | None = None
    session: SessionKind = "cookie"


class Asked(msgspec.Struct, frozen=True):
    """A log-in that is at a provider: `browser` is the hash of the cookie that must come back with it."""

    provider: str
    nonce: str
    verifier: str
    browser: str
    next: str = "/"


class Arrived(msgspec.Struct, frozen=True):
    """Somebody whom a provider named, and who has no account yet."""

    provider: str
    who: Who
    browser: str


@get("/auth/methods", operation_id="getMethods", public=True, own_auth=True)
async def methods() -> Methods:
    """How one may come in: who may register, whether passkeys work here, and providers to log in with."""
    found = [ProviderInfo(one.name, one.label) for one in oidc.providers()]
    return Methods(registering.mode(), passkeys.possible(), found)  # type: ignore[arg-type]


@get("/auth/oidc/{provider:str}/start", operation_id="startProvider", public=True, own_auth=True)
async def start(provider: FromPath[str], request: AnyRequest, next: FromQuery[str] = "/") -> Response[None]:
    """Send the browser to a provider; afterwards it comes to `next`."""
    await ratelimit.take(LOGINS_PER_IP, ratelimit.ip_subject(ip(request)))
    try:
        url, secret = await _ask(provider, next, 0)
    except (rules.ProviderDown, rules.ProviderRefused) as problem:
        return _go(f"/login?{urlencode({'error': problem.code})}")
    return _go(url, secret)


@post("/users/me/identities/{provider:str}/start", operation_id="linkProvider", status_code=200)
async def start_link(actor: NamedDependency[Actor], provider: FromPath[str], request: AnyRequest) -> Response[Going]:
    """Connect an account elsewhere: the browser goes to `url`, and comes back to the settings."""
    url, secret = await _ask(provider, "/settings/connected", actor.id)
    found = answer(request, Going(url), 200)
    found.cookies.append(_browser(secret))
    return found


@delete("/users/me/identities/{provider:str}", operation_id="unlinkProvider", status_code=200)
async def unlink(actor: NamedDependency[Actor], provider: FromPath[str]) -> None:
    """Log in from there no longer."""
    async with db.act(actor) as tx:
        await actions.unlink(tx, actor, provider)


@get(
    "/auth/oidc/{provider:str}/callback",
    operation_id="returnFromProvider",
    public=True,
    own_auth=True,
    include_in_schema=False,
)
async def callback(provider: FromPath[str], request: AnyRequest) -> Response[None]:
    """Where a provider sends the browser back to. What went wrong is told on the page that it then sees."""
    account_id = 0
    try:
        account_id, asked = await _back(provider, request)
        who = await _answered(asked, request)
        if account_id:
            return await _connect(account_id, provider, who)
        found = await _known(provider, who)
        if found is None:
            return await _welcome(provider, who, asked)
        return await _enter(request, found, asked)
    except Problem as problem:
        page = "/settings/connected" if account_id else "/login"
        return _go(f"{page}?{urlencode({'error': problem.code})}")


@post("/auth/oidc/newcomer", operation_id="getNewcomer", status_code=200, public=True, own_auth=True)
async def newcomer(data: JSONBody[Ticket], request: AnyRequest) -> Newcomer:
    """What the page for newcomers shows of whom the provider has named."""
    async with db.act(db.SYSTEM) as tx:
        arrived = await _newcomer(tx, data.ticket, request)
    who = arrived.who
    label = next(one.label for one in oidc.providers() if one.name == arrived.provider)
    name = rules.suggested(who.username or who.email.partition("@")[0] or who.name)
    return Newcomer(arrived.provider, label, name, who.name[:100], who.email, who.email_verified)


@post("/auth/oidc/register", operation_id="registerNewcomer", status_code=201, public=True, own_auth=True)
async def register(data: JSONBody[NewcomerForm], request: AnyRequest) -> Response[SignedIn]:
    """Make an account for somebody whom a provider has named; the rules of registration hold."""
    mode = registering.mode()
    if mode == "closed":
        raise rules.RegistrationClosed
    async with db.act(db.SYSTEM) as tx:
        arrived = await _newcomer(tx, data.ticket, request)
    who = arrived.who
    email = who.email if who.email_verified else data.email or who.email
    form = rules.newcomer(data.username, email, data.full_name, data.invite)
    await ratelimit.take(REGISTRATIONS, ratelimit.ip_subject(ip(request)))
    async with db.read() as r:
        await reads.check_free(r, form.username, form.email)
    actor = Actor(ids.new_account())
    async with db.act(actor) as tx:
        await actions.close_way(tx, data.ticket)
        status = await actions.register(tx, mode, form, None)
        if who.email_verified:
            await actions.mark_verified(tx, actor.id)
        await actions.ask_verification(tx, actor.id, site(), language(request))
        await actions.link(tx, actor.id, arrived.provider, who.subject, who.email)
        me = await card.me(tx, await reads.profile(tx, actor.id, live=False))
        if status == "pending":
            return answer(request, SignedIn(me, pending=True), 201)
        session = await open_session(tx, request, actor.id, None)
    return signed_in(request, me, session, data.session, 201)


async def _ask(provider: str, next: str, account_id: int) -> tuple[str, str]:
    """Where to send the browser, and the secret that it has to bring back."""
    if not oidc.exists(provider):
        raise NotFound
    state, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    try:
        asked = await oidc.ask(provider, state)
    except (oidc.Down, oidc.Untrusted) as error:
        raise rules.ProviderDown from error
    remembered = Asked(provider, asked.nonce, asked.verifier, _hash(secret), _safe(next))
    async with db.act(db.SYSTEM) as tx:
        await actions.open_way(tx, ASKED, remembered, account_id, token=state)
    return asked.url, secret


async def _back(provider: str, request: AnyRequest) -> tuple[int, Asked]:
    """The log-in that comes back, once, to the browser that began it. Raises ProviderRefused or ChallengeExpired."""
    state = request.query_params.get("state", "")
    async with db.act(db.SYSTEM) as tx:
        account_id, asked = await actions.try_way(tx, ASKED, state, Asked)
        await actions.close_way(tx, state)
    if asked.provider != provider or not _is_same_browser(request, asked.browser):
        raise rules.ProviderRefused
    return account_id, asked


async def _answered(asked: Asked, request: AnyRequest) -> Who:
    code = request.query_params.get("code", "")
    if not code or not oidc.exists(asked.provider):
        raise rules.ProviderRefused
    try:
        return await oidc.answer(asked.provider, code, asked.nonce, asked.verifier)
    except oidc.Down as error:
        raise rules.ProviderDown from error
    except oidc.Untrusted as error:
        raise rules.ProviderRefused from error


async def _connect(account_id: int, provider: str, who: Who) -> Response[None]:
    async with db.act(Actor(account_id)) as tx:
        await actions.link(tx, account_id, provider, who.subject, who.email)
    return _go(f"/settings/connected?{urlencode({'linked': provider})}")


async def _known(provider: str, who: Who) -> int | None:
    """Whose account it is: linked before, or of the same address where both sides have verified that.

    Raises EmailNeedsLink where the address is somebody's, and one of the two has not verified it.
    """
    async with db.read() as r:
        found = await reads.identity(r, provider, who.subject)
        owner = await reads.by_email(r, who.email) if found is None and who.email else None
    if owner is None:
        return found
    if not (who.email_verified and owner.email_verified):
        raise rules.EmailNeedsLink
    async with db.act(Actor(owner.id)) as tx:
        await actions.link(tx, owner.id, provider, who.subject, who.email)
    return owner.id


async def _enter(request: AnyRequest, account_id: int, asked: Asked) -> Response[None]:
    """Log in, or go on to the second step where the account has one."""
    async with db.read() as r:
        owner = await reads.owner(r, account_id)
        two_steps = bool(await reads.methods(r, account_id))
    if two_steps:
        details = (await second_step(account_id, owner.password_hash)).details
        step = {"challenge": details["challenge"], "methods": ",".join(details["methods"]), "next": asked.next}
        return _go(f"/login#{urlencode(step)}")
    async with db.act(Actor(account_id)) as tx:
        session = await open_session(tx, request, account_id, owner.password_hash)
        await actions.used(tx, account_id, asked.provider)
    found = _go(asked.next)
    found.cookies.extend(
        Cookie(
            one.name, value=one.value, max_age=one.max_age, secure=one.secure, httponly=one.http_only, samesite="lax"
        )
        for one in session_cookies(session)
    )
    return found


async def _welcome(provider: str, who: Who, asked: Asked) -> Response[None]:
    """Somebody new chooses a name first."""
    if registering.mode() == "closed":
        raise rules.RegistrationClosed
    async with db.act(db.SYSTEM) as tx:
        ticket = await actions.open_way(tx, NEWCOMER, Arrived(provider, who, asked.browser))
    return _go(f"/welcome#{urlencode({'ticket': ticket})}", keep_cookie=True)


async def _newcomer(tx: Tx, ticket: str, request: AnyRequest) -> Arrived:
    _, arrived = await actions.try_way(tx, NEWCOMER, ticket, Arrived, most=NAMES_TRIED)
    if not _is_same_browser(request, arrived.browser) or not oidc.exists(arrived.provider):
        raise rules.ChallengeExpired
    return arrived


def _go(url: str, secret: str | None = None, *, keep_cookie: bool = False) -> Response[None]:
    """Send the browser on, with the secret that it has to bring back, or without what it had."""
    cookies = [] if keep_cookie else [_browser(secret)]
    return Response(None, status_code=303, headers={"Location": url}, cookies=cookies, media_type="text/plain")


def _browser(secret: str | None) -> Cookie:
    secure = auth.access_cookie().startswith("__Host-")
    age = int(rules.WAY_IN_LIVES.total_seconds()) if secret else 0
    return Cookie(COOKIE, value=secret or "", max_age=age, secure=secure, httponly=True, samesite="lax")


def _is_same_browser(request: AnyRequest, known: str) -> bool:
    return secrets.compare_digest(_hash(cookie(request, COOKIE) or ""), known)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _safe(next: str) -> str:
    """A path of ours, whatever was asked for."""
    is_path = next.startswith("/") and not next.startswith(("//", "/\\")) and next.isprintable() and len(next) <= 500
    return quote(next, safe="/?=&@%.,-_~") if is_path else "/"


ROUTES = [methods, start, start_link, unlink, callback, newcomer, register]
