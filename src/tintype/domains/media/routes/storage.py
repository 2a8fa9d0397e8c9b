"""What one's account stores, of what it may."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from tintype.domains.media import actions, reads
from tintype.platform import db
from tintype.platform.db import Actor


class StorageUse(msgspec.Struct, frozen=True):
    """Bytes: what is stored now, and what may be at most (null: there is no bound)."""

    used: int
    quota: int | None


@get("/users/me/storage", operation_id="getStorage")
async def storage(actor: NamedDependency[Actor]) -> StorageUse:
    """What one's uploads and everything made of them take. Deleted posts count until they are gone for good."""
    async with db.read() as r:
        return StorageUse((await reads.storage(r, actor.id)).used, actions.quota())


ROUTES = [storage]
