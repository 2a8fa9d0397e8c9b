"""What the tests of routes share."""

from typing import Any

import pytest

from tests.world import Refused, Visitor, World

PASSWORD = "correct horse 🐴" + "x" * 80
ANA = {"username": "ana", "email": "ana@example.org", "password": PASSWORD}


async def register(world: World, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = await world.visitor.ask("POST", "/users/register", json=ANA | {"session": "token"} | more)
    return found


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def refused(visitor: Visitor, method: str, path: str, **more: Any) -> Refused:
    with pytest.raises(Refused) as found:
        await visitor.ask(method, path, **more)
    return found.value
