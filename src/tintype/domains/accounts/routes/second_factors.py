"""How one's account is protected: an authenticator app, recovery codes, and what else there is."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.reads import Security
from tintype.domains.accounts.routes.answers import Password, confirm, site
from tintype.platform import db, ratelimit
from tintype.platform.db import Actor
from tintype.platform.ratelimit import CODES


class TotpSetup(msgspec.Struct, frozen=True):
    """What an app needs: `uri` as a QR code, or `secret` typed."""

    secret: str
    uri: str


class Code(msgspec.Struct, frozen=True):
    code: Annotated[str, msgspec.Meta(max_length=40)]


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Shown this once. Empty where there are some already."""

    recovery_codes: list[str]


@get("/users/me/second-factors", operation_id="getSecurity")
async def security(actor: NamedDependency[Actor]) -> Security:
    """Password, address, app, recovery codes, passkeys and accounts elsewhere."""
    async with db.read() as r:
        return await reads.security(r, actor.id)


@post("/users/me/second-factors/totp", operation_id="setUpTotp", status_code=200)
async def set_up(actor: NamedDependency[Actor], data: JSONBody[Password]) -> TotpSetup:
    """A secret for an authenticator app. It counts once a code of it was confirmed."""
    owner = await confirm(actor, data.password)
    async with db.act(actor) as tx:
        secret = await actions.set_up_totp(tx, actor)
    return TotpSetup(secret, rules.totp_uri(secret, owner.username, site()))


@post("/users/me/second-factors/totp/confirm", operation_id="confirmTotp", status_code=200)
async def confirm_app(actor: NamedDependency[Actor], data: JSONBody[Code]) -> RecoveryCodes:
    """The app shows the right code: from now on it is asked for at log-in."""
    await ratelimit.take(CODES, ratelimit.user_subject(actor.id))
    async with db.act(actor) as tx:
        return RecoveryCodes(await actions.confirm_totp(tx, actor, data.code))


@post("/users/me/second-factors/totp/remove", operation_id="removeTotp", status_code=200)
async def remove(actor: NamedDependency[Actor], data: JSONBody[Password]) -> None:
    """The app is asked for no longer."""
    await confirm(actor, data.password)
    async with db.act(actor) as tx:
        await actions.remove_totp(tx, actor)


@post("/users/me/second-factors/recovery-codes", operation_id="newRecoveryCodes", status_code=200)
async def recovery_codes(actor: NamedDependency[Actor], data: JSONBody[Password]) -> RecoveryCodes:
    """New recovery codes; those of before are void."""
    await confirm(actor, data.password)
    async with db.act(actor) as tx:
        return RecoveryCodes(await actions.new_recovery_codes(tx, actor))


ROUTES = [security, set_up, confirm_app, remove, recovery_codes]
