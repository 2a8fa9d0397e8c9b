"""Bringing a database to this version: dumped before anything is changed, and never one of a newer version."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tintype.platform import db, dumping, migrations
from tintype.platform.config import Settings
from tintype.platform.migrations import MigrationFailed

KEPT = 3
LOCK_KEY, LOCK_SECONDS = 0x71180002, 3_600.0


def _silent(_: str) -> None:
    return None


async def upgrade(settings: Settings, url: str, say: Callable[[str], None] = _silent) -> None:
    """Run what is pending. Raises MigrationFailed (MadeByNewer for a downgrade) and what a lost connection raises.

    Of several that start together one does it: no other may dump what is just being changed.
    """
    if not await migrations.pending(url):
        return
    async with db.alone(url, LOCK_KEY, LOCK_SECONDS, name="upgrade"):
        wanted = await migrations.pending(url)
        if not wanted:
            return
        have = await migrations.current(url)
        if have is not None and settings.upgrade_dump:
            say("dumping the database before it is changed")
            say(f"dumped: {await _dump(settings, url, have)}")
        say(f"migrating the database: {len(wanted)} steps")
        await migrations.upgrade(url)


async def _dump(settings: Settings, url: str, schema: str) -> Path:
    """The newest few stay; a full disk, or tools that are missing, end the upgrade before it has begun."""
    folder = settings.data_dir / "upgrades"
    file = folder / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{schema}.dump"
    draft = file.with_suffix(".partial")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        await dumping.dump(url, draft)
        draft.rename(file)
    except (dumping.DumpFailed, OSError) as error:
        raise MigrationFailed(
            f"the dump that comes first failed ({error}). TINTYPE_UPGRADE_DUMP=off goes without one: "
            "then take a backup yourself"
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    for old in sorted(folder.glob("*.dump"))[:-KEPT]:
        old.unlink()
    return file
