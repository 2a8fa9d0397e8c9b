"""Passwords: forgotten and changed."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody

from tintype.domains.accounts import actions, rules
from tintype.domains.accounts.routes.answers import AnyRequest, ip
from tintype.platform import db, passwords, ratelimit
from tintype.platform.ratelimit import LOGINS_PER_IP


class Reset(msgspec.Struct, frozen=True):
    token: Annotated[str, msgspec.Meta(max_length=128)]
    password: str


@post("/users/password/reset", operation_id="resetPassword", status_code=200, public=True, own_auth=True)
async def reset_password(data: JSONBody[Reset], request: AnyRequest) -> None:
    """Set a new password with the token of a reset link; all sessions of the account end."""
    await ratelimit.take(LOGINS_PER_IP, ratelimit.ip_subject(ip(request)))
    hashed = await passwords.hash(rules.password(data.password))
    async with db.act(db.SYSTEM) as tx:
        await actions.reset_password(tx, data.token, hashed)


ROUTES = [reset_password]
