"""The embedded default: letters lie in a folder, one file each, and `tintype mail` prints them."""

import asyncio
import email
import os
import re
from contextlib import suppress
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tintype.platform import clock

KEPT = 1_000


class Outbox:
    """A folder of letters that only the operator reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write a letter; the same letter twice is one file."""
        await asyncio.to_thread(self._write, message)

    def _write(self, message: EmailMessage) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        letter = re.sub(r"[^\w-]", "", str(message["Message-ID"]).partition("@")[0])
        if any(self._folder.glob(f"*-{letter}.eml")):
            return
        name = f"{clock.now():%Y%m%dT%H%M%S}-{letter}.eml"
        draft = self._folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(message.as_bytes())
        draft.rename(self._folder / name)
        for old in sorted(self._folder.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)


def letters(folder: Path) -> list[tuple[str, EmailMessage]]:
    """The letters of an outbox with their names, newest first."""
    found = []
    for file in sorted(folder.glob("[!.]*.eml"), reverse=True):
        with suppress(FileNotFoundError):  # an old one that went while this was read
            found.append((file.stem, _read(file)))
    return found


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
