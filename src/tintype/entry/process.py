"""What the API and the worker have in common: database, ids, secrets, policy, timelines, logs."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tintype.domains.feed.reads import connections, exploring
from tintype.domains.feed.rules import delivery
from tintype.entry import engines
from tintype.platform import (
    auth,
    db,
    ids,
    oidc,
    paging,
    passkeys,
    passwords,
    ratelimit,
    sealing,
    secrets,
    telemetry,
    textpolicy,
)
from tintype.platform.config import Settings
from tintype.platform.mail import port as mail


@asynccontextmanager
async def opened(settings: Settings, url: str, service: str) -> AsyncIterator[secrets.Secrets]:
    """Everything of this process that a domain stands on, until the block ends."""
    telemetry.start(service, level=settings.log_level, form=settings.log_format, otlp_url=settings.otlp_url)
    textpolicy.use_folder(settings.policy_dir)
    keys = secrets.load(settings)
    paging.use_key(keys.cursor)
    auth.use(keys, secure=settings.secure_cookies)
    sealing.use(keys.sealing)
    mail.use(settings)
    passkeys.use(settings)
    oidc.use(settings)
    ratelimit.use(settings)
    delivery.use(settings)
    connections.use(settings)
    exploring.use(settings)
    pooled = settings.database_pooled
    await db.open(settings.database_url if pooled else url, name=service, pooled=pooled)
    try:
        async with ids.lease(url), engines.opened(settings, keys):
            yield keys
    finally:
        passwords.close()
        await db.close()


async def database_answers() -> bool:
    """Whether this process can read."""
    with suppress(Exception):
        async with db.read() as r:
            return bool(await r.value("-- entry: whether the database answers\nselect true"))
    return False


def own_port(settings: Settings) -> int | None:
    """The admin port of a worker that runs by itself; under the supervisor the API's port speaks for all."""
    return None if "TINTYPE_SUPERVISED" in os.environ else settings.admin_port
