"""Passwords: forgotten and changed."""

from typing import Annotated

import msgspec
from litestar import post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from tintype.domains.accounts import actions, rules
from tintype.domains.accounts.routes.answers import AnyRequest, confirm, ip, language, site
from tintype.platform import db, passwords, ratelimit
from tintype.platform.db import Actor
from tintype.platform.errors import Invalid
from tintype.platform.ratelimit import LOGINS_PER_IP, MAILS_PER_IP, MAILS_PER_NAME


class Reset(msgspec.Struct, frozen=True):
    token: Annotated[str, msgspec.Meta(max_length=128)]
    password: str


class Forgot(msgspec.Struct, frozen=True):
    """A username or an e-mail address."""

    login: Annotated[str, msgspec.Meta(max_length=320)]


class PasswordChange(msgspec.Struct, frozen=True):
    new: str
    current: Annotated[str, msgspec.Meta(max_length=4096)] | None = None


@post("/users/password/reset", operation_id="resetPassword", status_code=200, public=True, own_auth=True)
async def reset_password(data: JSONBody[Reset], request: AnyRequest) -> None:
    """Set a new password with the token of a reset link; all sessions of the account end."""
    await ratelimit.take(LOGINS_PER_IP, ratelimit.ip_subject(ip(request)))
    hashed = await passwords.hash(rules.password(data.password))
    async with db.act(db.SYSTEM) as tx:
        await actions.reset_password(tx, data.token, hashed)


@post("/users/password/forgot", operation_id="forgotPassword", status_code=200, public=True, own_auth=True)
async def forgot(data: JSONBody[Forgot], request: AnyRequest) -> None:
    """Send a link by which a new password is set. The answer is the same whether anybody is called so."""
    await ratelimit.take(MAILS_PER_IP, ratelimit.ip_subject(ip(request)))
    await ratelimit.take(MAILS_PER_NAME, ratelimit.name_subject(data.login.strip().lower()))
    async with db.act(db.SYSTEM) as tx:
        await actions.ask_forgot(tx, data.login, site(), language(request))


@put("/users/me/password", operation_id="changePassword")
async def change(actor: NamedDependency[Actor], data: JSONBody[PasswordChange], request: AnyRequest) -> None:
    """Set another password; one's other sessions end. `current` is left out where there is none yet."""
    try:
        new = rules.password(data.new)
    except Invalid as error:
        raise Invalid.fields(new=error.wrong["password"]) from error
    try:
        owner = await confirm(actor, data.current)
    except rules.PasswordWrong as error:
        raise rules.PasswordWrong.about("current") from error
    hashed = await passwords.hash(new)
    async with db.act(actor) as tx:
        await actions.change_password(tx, actor, owner.password_hash, hashed, language(request))


ROUTES = [reset_password, forgot, change]
