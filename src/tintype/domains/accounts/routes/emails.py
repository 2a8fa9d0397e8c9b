"""E-mail addresses: verified, and changed."""

from typing import Annotated

import msgspec
from litestar import post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from tintype.domains.accounts import actions, reads
from tintype.domains.accounts.reads import Security
from tintype.domains.accounts.routes.answers import AnyRequest, confirm, ip, language, site
from tintype.platform import db, ratelimit
from tintype.platform.db import Actor
from tintype.platform.ratelimit import LOGINS_PER_IP, MAILS_PER_NAME


class EmailToken(msgspec.Struct, frozen=True):
    """What the link in the letter carries."""

    token: Annotated[str, msgspec.Meta(max_length=128)]


class EmailChange(msgspec.Struct, frozen=True):
    """The address to be; `password` is left out where one has none and has just logged in."""

    email: str
    password: Annotated[str, msgspec.Meta(max_length=4096)] | None = None


@post("/users/email/verify", operation_id="verifyEmail", status_code=200, public=True, own_auth=True)
async def verify(data: JSONBody[EmailToken], request: AnyRequest) -> None:
    """The link in a letter was opened: the address is verified, and is the account's if it was to be."""
    await ratelimit.take(LOGINS_PER_IP, ratelimit.ip_subject(ip(request)))
    async with db.act(db.SYSTEM) as tx:
        await actions.verify_email(tx, data.token)


@post("/users/email/verify/resend", operation_id="resendVerification", status_code=200)
async def resend(actor: NamedDependency[Actor], request: AnyRequest) -> None:
    """Send the link to one's present address again; nothing where that is verified."""
    await ratelimit.take(MAILS_PER_NAME, ratelimit.name_subject(f"account {actor.id}"))
    async with db.act(actor) as tx:
        await actions.ask_verification(tx, actor.id, site(), language(request))


@put("/users/me/email", operation_id="changeEmail")
async def change(actor: NamedDependency[Actor], data: JSONBody[EmailChange], request: AnyRequest) -> Security:
    """Send a link to a new address, which replaces the old one once the link was opened."""
    await confirm(actor, data.password)
    await ratelimit.take(MAILS_PER_NAME, ratelimit.name_subject(f"account {actor.id}"))
    async with db.act(actor) as tx:
        await actions.change_email(tx, actor, data.email, site(), language(request))
        return await reads.security(tx, actor.id)


ROUTES = [verify, resend, change]
