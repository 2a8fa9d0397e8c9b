"""Jobs of accounts."""

import base64
from typing import Any

from tintype.domains.accounts import actions
from tintype.domains.accounts.actions.passwords import FORGOT
from tintype.platform import db, sealing


async def forgot(payload: dict[str, Any]) -> None:
    """Somebody forgot their password: what was typed is looked up here, so that no answer tells whether it is known."""
    login = sealing.unseal(base64.b64decode(payload["login"]), FORGOT).decode()
    async with db.act(db.SYSTEM) as tx:
        await actions.forgot(tx, login, payload["site"], payload["language"])
