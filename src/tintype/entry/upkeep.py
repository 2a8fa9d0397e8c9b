"""`tintype migrate`, `backup`, `restore` and `move`: what an operator does now and then to the whole."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from tintype.entry.command import LOOK_AFTER, Failed, Json, app, say, say_json, settings
from tintype.platform.dumping import DumpFailed

AT_VERSION = "The database is at this version."


@app.command(group=LOOK_AFTER)
async def migrate() -> None:
    """Bring the database to this version, dumping it first, and prepare every engine. `serve` does so itself."""
    from tintype.entry import preparing, running

    given = settings()
    try:
        async with running.database(given, "migrate", migrated=False) as url:
            await preparing.prepare(given, url, _tell)
    except preparing.Unready as unready:
        raise Failed(str(unready)) from unready
    say("The database is at this version, and every engine is ready." if preparing.places(given) else AT_VERSION)


@app.command(group=LOOK_AFTER)
async def backup(folder: Path, *, json: Json = False) -> None:
    """Copy database, media and keys together, as of one moment, while people go on writing.

    Parameters
    ----------
    folder
        A new or empty folder. Whoever has it has everything: keep it as safe as the installation.
    """
    from tintype.entry import backup as making
    from tintype.entry import running

    target = folder.expanduser().resolve()
    try:
        async with running.database(settings(), "backup", migrated=False) as url:
            made = await making.make(settings(), url, target)
    except (making.Refused, DumpFailed) as error:
        raise Failed(str(error)) from error
    if json:
        say_json(msgspec.to_builtins(made))
        return
    say(f"{made.files} files, {made.size / 1e6:,.1f} MB, schema {made.schema}: {target}")
    for key in made.missing:
        sys.stderr.write(f"missing in the store already: {key}\n")


@app.command(group=LOOK_AFTER)
async def restore(
    folder: Path,
    *,
    replace: Annotated[bool, Parameter(negative="")] = False,
    erased: Annotated[list[Path] | None, Parameter(negative="")] = None,
    json: Json = False,
) -> None:
    """Put a backup back, into an empty installation; what was deleted for good since is deleted again.

    Parameters
    ----------
    folder
        The backup.
    replace
        Give up what is in this installation.
    erased
        A later backup, for what it knows to be deleted; may be given more than once.
    """
    from tintype.entry import backup as made
    from tintype.entry import restoring

    lists = [one.expanduser().resolve() for one in erased or []]
    for one in lists:
        with suppress(FileNotFoundError):
            if any(one.iterdir()):
                continue
        raise Failed(f"{one} is no backup.")
    try:
        source = folder.expanduser().resolve()
        done = await restoring.restore(settings(), source, replace=replace, lists=lists, say=_tell)
    except (made.Refused, DumpFailed) as error:
        raise Failed(str(error)) from error
    if json:
        say_json(msgspec.to_builtins(done))
        return
    say(f"The backup of {done.backup.made_at:%Y-%m-%d %H:%M} UTC is back, with {done.objects} objects.")
    if any(done.forgotten.values()):
        say("Deleted again: " + ", ".join(f"{count} {kind}" for kind, count in done.forgotten.items() if count) + ".")
    say("`tintype serve` starts it; `tintype verify` compares everything derived with the tables.")


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


@app.command(group=LOOK_AFTER)
async def move(*, json: Json = False) -> int:
    """Take an embedded installation to the engines that the settings name now; exits with 1 when something differs.

    The product has to be stopped. What is interrupted goes on where it was; what was here stays as it is.
    """
    from tintype.entry import moving
    from tintype.entry.backup import Refused

    try:
        findings = await moving.move(settings(), _tell)
    except (Refused, DumpFailed) as error:
        raise Failed(str(error)) from error
    if json:
        say_json([msgspec.to_builtins(one) for one in findings])
    elif findings:
        say(f"{len(findings)} things differ: `tintype verify --repair` mends them, with these same settings.")
    else:
        say("Everything is there and agrees. Start the product with these same settings.")
    return int(bool(findings))
