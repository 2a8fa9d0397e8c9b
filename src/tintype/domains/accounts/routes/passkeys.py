"""Passkeys: made, named and removed in the settings; used instead of a password, or as the second step after one."""

import base64
from typing import Annotated, Any

import msgspec
from litestar import Response, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.routes.answers import AnyRequest, Password, SessionKind, SignedIn, confirm, ip, let_in
from tintype.domains.accounts.routes.sessions import SECOND_STEP, FirstStep
from tintype.platform import db, ids, passkeys, ratelimit
from tintype.platform.db import Actor
from tintype.platform.ratelimit import LOGINS_PER_IP
from tintype.platform.text import clean

REGISTERING, SIGNING_IN = "new passkey", "passkey"
Token = Annotated[str, msgspec.Meta(max_length=100)]


class Challenge(msgspec.Struct, frozen=True):
    """`options` go to the browser as they are; `challenge` comes back with what it answers."""

    challenge: str
    options: dict[str, Any]


class PasskeyStart(msgspec.Struct, frozen=True):
    """`challenge` is what a log-in with a password answered with; without it, any passkey of this place will do."""

    challenge: Token | None = None


class PasskeyFinish(msgspec.Struct, frozen=True):
    """`credential` is the browser's answer as JSON."""

    challenge: Token
    credential: dict[str, Any]
    session: SessionKind = "cookie"


class NewPasskey(msgspec.Struct, frozen=True):
    challenge: Token
    credential: dict[str, Any]
    name: str = ""


class PasskeyMade(msgspec.Struct, frozen=True):
    """Recovery codes come with the first second step, this once."""

    passkey_id: str
    recovery_codes: list[str]


class PasskeyName(msgspec.Struct, frozen=True):
    name: str


class Asked(msgspec.Struct, frozen=True):
    """What a browser was asked, and the log-in whose second step it is."""

    challenge: str
    step: str = ""


@post("/auth/passkeys/start", operation_id="startPasskeyLogin", status_code=200, public=True, own_auth=True)
async def start(data: JSONBody[PasskeyStart], request: AnyRequest) -> Challenge:
    """Begin to log in with a passkey: instead of a password, or as the second step after one."""
    await ratelimit.take(LOGINS_PER_IP, ratelimit.ip_subject(ip(request)))
    account_id, challenge = 0, passkeys.challenge()
    async with db.act(db.SYSTEM) as tx:
        if data.challenge is not None:
            account_id, _ = await actions.try_way(tx, SECOND_STEP, data.challenge, FirstStep)
        known = [one.credential_id for one in await reads.passkeys(tx, account_id)] if account_id else []
        token = await actions.open_way(tx, SIGNING_IN, Asked(_text(challenge), data.challenge or ""), account_id)
    return Challenge(token, passkeys.to_sign(challenge, known))


@post("/auth/passkeys/finish", operation_id="finishPasskeyLogin", status_code=200, public=True, own_auth=True)
async def finish(data: JSONBody[PasskeyFinish], request: AnyRequest) -> Response[SignedIn]:
    """Log in with the passkey that the browser has shown."""
    subject = ratelimit.ip_subject(ip(request))
    await ratelimit.take(LOGINS_PER_IP, subject)
    async with db.act(db.SYSTEM) as tx:
        account_id, asked = await actions.try_way(tx, SIGNING_IN, data.challenge, Asked)
    found, count = await _signed(data.credential, asked)
    if account_id not in (0, found.account_id):
        raise rules.PasskeyRefused
    async with db.act(Actor(found.account_id)) as tx:
        await actions.use_passkey(tx, found.account_id, found.id, count)
        await actions.close_way(tx, data.challenge)
        if asked.step:
            _, first = await actions.try_way(tx, SECOND_STEP, asked.step, FirstStep)
            await actions.close_way(tx, asked.step)
            known = first.password_hash
        else:
            known = (await reads.owner(tx, found.account_id)).password_hash
        answer = await let_in(tx, request, found.account_id, known, data.session)
    await ratelimit.give_back(LOGINS_PER_IP, subject)
    return answer


@post("/users/me/second-factors/passkeys/start", operation_id="startPasskey", status_code=200)
async def start_new(actor: NamedDependency[Actor], data: JSONBody[Password]) -> Challenge:
    """Begin to make a passkey on this device."""
    owner = await confirm(actor, data.password)
    challenge = passkeys.challenge()
    async with db.act(actor) as tx:
        known = [one.credential_id for one in await reads.passkeys(tx, actor.id)]
        token = await actions.open_way(tx, REGISTERING, Asked(_text(challenge)), actor.id)
    return Challenge(token, passkeys.to_register(actor.id, owner.username, challenge, known))


@post("/users/me/second-factors/passkeys", operation_id="addPasskey", status_code=201)
async def add(actor: NamedDependency[Actor], data: JSONBody[NewPasskey]) -> PasskeyMade:
    """Keep the passkey that the browser has made."""
    name = clean(data.name, "name", 60, one_line=True) or "Passkey"
    async with db.act(actor) as tx:
        account_id, asked = await actions.try_way(tx, REGISTERING, data.challenge, Asked)
        if account_id != actor.id:
            raise rules.ChallengeExpired
        await actions.close_way(tx, data.challenge)
        try:
            made = passkeys.registered(data.credential, _bytes(asked.challenge))
        except passkeys.Refused as error:
            raise rules.PasskeyRefused from error
        given = (made.credential_id, made.public_key, made.sign_count, made.transports)
        passkey_id, codes = await actions.add_passkey(tx, actor, name, *given)
    return PasskeyMade(str(passkey_id), codes)


@put("/users/me/second-factors/passkeys/{passkey_id:str}", operation_id="renamePasskey")
async def rename(actor: NamedDependency[Actor], passkey_id: FromPath[str], data: JSONBody[PasskeyName]) -> None:
    """Call a passkey otherwise."""
    name = clean(data.name, "name", 60, least=1, one_line=True)
    async with db.act(actor) as tx:
        await actions.rename_passkey(tx, actor, ids.parse(passkey_id), name)


@post("/users/me/second-factors/passkeys/{passkey_id:str}/remove", operation_id="removePasskey", status_code=200)
async def remove(actor: NamedDependency[Actor], passkey_id: FromPath[str], data: JSONBody[Password]) -> None:
    """A passkey opens nothing any more."""
    await confirm(actor, data.password)
    async with db.act(actor) as tx:
        await actions.remove_passkey(tx, actor, ids.parse(passkey_id))


async def _signed(credential: dict[str, Any], asked: Asked) -> tuple[reads.PasskeyRow, int]:
    """Whose passkey signed, and its counter. Raises PasskeyRefused."""
    try:
        async with db.read() as r:
            found = await reads.passkey(r, passkeys.credential_id(credential))
        if found is None:
            raise rules.PasskeyRefused
        return found, passkeys.signed(credential, _bytes(asked.challenge), found.public_key, found.sign_count)
    except passkeys.Refused as error:
        raise rules.PasskeyRefused from error


def _text(challenge: bytes) -> str:
    return base64.b64encode(challenge).decode()


def _bytes(challenge: str) -> bytes:
    return base64.b64decode(challenge)


ROUTES = [start, finish, start_new, add, rename, remove]
