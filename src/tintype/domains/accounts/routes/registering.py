"""New accounts."""

from litestar import Response, post
from litestar.params import JSONBody

from tintype.cards import account as card
from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.routes.answers import (
    AnyRequest,
    SignedIn,
    answer,
    ip,
    language,
    open_session,
    signed_in,
    site,
)
from tintype.platform import db, ids, passwords, ratelimit
from tintype.platform.config import Settings
from tintype.platform.db import Actor
from tintype.platform.ratelimit import REGISTRATIONS

_mode = "closed"


def use(settings: Settings) -> None:
    """How accounts come about here, and what their passwords cost."""
    global _mode
    _mode = settings.registration
    passwords.use_cost(settings.bcrypt_cost)


def mode() -> str:
    """How accounts come about here."""
    return _mode


@post("/users/register", operation_id="registerAccount", status_code=201, public=True, own_auth=True)
async def register(data: JSONBody[rules.Registration], request: AnyRequest) -> Response[SignedIn]:
    """Make an account and log in. Where accounts have to be approved there is no session yet, and `pending` is true."""
    if _mode == "closed":
        raise rules.RegistrationClosed
    form = rules.registration(data)
    await ratelimit.take(REGISTRATIONS, ratelimit.ip_subject(ip(request)))
    async with db.read() as r:
        await reads.check_free(r, form.username, form.email)
    hashed = await passwords.hash(form.password)
    actor = Actor(ids.new_account())
    async with db.act(actor) as tx:
        status = await actions.register(tx, _mode, form, hashed)
        await actions.ask_verification(tx, actor.id, site(), language(request))
        me = await card.me(tx, await reads.profile(tx, actor.id, live=False))
        if status == "pending":
            return answer(request, SignedIn(me, pending=True), 201)
        session = await open_session(tx, request, actor.id, hashed)
    return signed_in(request, me, session, form.session, 201)


ROUTES = [register]
