"""What was moved out of a data folder, or is half restored into it, so that nobody runs what was left behind.

`moved.json` says where to; `restoring` is there until a restore has come to its end.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from tintype.platform.config import Settings

NOTES, RESTORING = "moved.json", "restoring"

Step = Literal["database", "media", "timelines", "verify"]


class Notes(msgspec.Struct):
    """Where to, without user and password, and what is whole; a bucket is named from when it begins to be filled."""

    database: str = ""
    bucket: str = ""
    done: list[Step] = []


class LeftBehind(RuntimeError):
    """The settings lead to what was moved elsewhere, or has not arrived."""


def moved(data_dir: Path) -> Notes:
    """What was moved out of this data folder, or is being moved."""
    with suppress(FileNotFoundError):
        return msgspec.json.decode((data_dir / NOTES).read_bytes(), type=Notes)
    return Notes()


def note(data_dir: Path, notes: Notes, step: Step | None = None) -> None:
    """Keep the notes, of a step too that is whole: on the disk before this returns."""
    if step is not None and step not in notes.done:
        notes.done.append(step)
    draft = data_dir / f".{NOTES}"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(notes)))
    os.sync()
    draft.rename(data_dir / NOTES)


def check(settings: Settings) -> None:
    """Raises LeftBehind where people would write to what was moved, or is not whole."""
    if (settings.data_dir / RESTORING).exists():
        raise LeftBehind(
            f"A restore into {settings.data_dir} was interrupted: do it again. "
            f"To use what is there all the same, delete {settings.data_dir / RESTORING}."
        )
    notes = moved(settings.data_dir)
    if "database" in notes.done and not settings.database_url:
        raise LeftBehind(
            f"The database of {settings.data_dir} was moved to {notes.database}: set TINTYPE_DATABASE_URL. "
            f"To use what was left here all the same, delete {settings.data_dir / NOTES}."
        )
    if "media" in notes.done and notes.bucket and not settings.s3_url:
        raise LeftBehind(
            f"The media of {settings.data_dir} were moved to {notes.bucket}: set TINTYPE_S3_URL. "
            f"To use what was left here all the same, delete {settings.data_dir / NOTES}."
        )
