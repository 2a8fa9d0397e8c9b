"""How a command reaches the product's database: of the running product, or started for the command alone."""

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from tintype.entry import folder, process, timeline_store, upgrading
from tintype.platform import db
from tintype.platform.config import Settings
from tintype.platform.embedded_postgres import EmbeddedPostgres, NotStarted
from tintype.platform.event_log.bell import SEQUENCER, Ringer


@asynccontextmanager
async def database(settings: Settings, who: str, *, migrated: bool = True) -> AsyncIterator[str]:
    """The URL of the product's database, until the block ends; brought to this version unless that is not wanted."""
    if settings.database_url:
        if migrated:
            await upgrading.upgrade(settings, settings.direct_url)
            await timeline_store.prepare(settings, settings.direct_url)
        yield settings.direct_url
        return
    postgres = EmbeddedPostgres(settings.data_dir)
    async with AsyncExitStack() as stack:
        try:
            stack.enter_context(folder.held(settings.data_dir, who))
        except folder.Held as held:
            try:
                url = postgres.url
            except FileNotFoundError:
                raise NotStarted(f"{held} Its database is still being made: try again in a moment.") from held
            yield url
            return
        sys.stderr.write(f"The product is not running: starting its database in {postgres.folder} for this command.\n")
        stack.push_async_callback(postgres.stop)
        await postgres.start()
        if migrated:
            await upgrading.upgrade(settings, postgres.url)
            await timeline_store.prepare(settings, postgres.url)
        yield postgres.url


@asynccontextmanager
async def opened(settings: Settings, who: str) -> AsyncIterator[str]:
    """Everything that an action or a read stands on, until the block ends; a running worker hears of what is done.

    Yields the URL of the database.
    """
    quiet = settings.model_copy(update={"log_level": "error"})
    async with database(settings, who) as url, process.opened(quiet, url, "command"):
        ringer = Ringer(settings.run_dir, SEQUENCER)
        db.on_commit(ringer.ring)
        try:
            yield url
        finally:
            ringer.close()
