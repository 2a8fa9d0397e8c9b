"""Accounts without the rest of the product: keys and a cheap way to make people."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tintype.domains.accounts import actions
from tintype.platform import auth, clock, db, passwords, sealing, textpolicy
from tintype.platform.secrets import Secrets

Maker = Callable[..., Awaitable[int]]


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> Iterator[None]:
    auth.use(Secrets(*(bytes([n]) * 32 for n in range(1, 7))), secure=False)
    auth._revoked.clear()
    passwords.use_cost(4)
    sealing.use(bytes(32))
    textpolicy.use_folder(tmp_path / "policy")
    yield
    auth._revoked.clear()
    clock.shift(timedelta())


@pytest.fixture
async def make(database: str) -> Maker:
    """`await make("ana")`: an account's id."""

    async def make(name: str, password_hash: str | None = None, **more: str) -> int:
        async with db.act(db.SYSTEM) as tx:
            return await actions.create(tx, name, f"{name}@example.org", password_hash, **more)  # type: ignore[arg-type]

    return make
