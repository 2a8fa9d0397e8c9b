"""The installation's own secrets: one file a key, made at the first start, the same in every process."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import msgspec

from tintype.platform.config import Settings

KEY_BYTES = 32


class Secrets(msgspec.Struct, frozen=True):
    """A key for each use, so that one may be replaced (its file deleted) without touching the others."""

    access: bytes
    refresh: bytes
    csrf: bytes
    cursor: bytes
    upload: bytes
    sealing: bytes

    def __repr__(self) -> str:
        return "Secrets(…)"


def load(settings: Settings) -> Secrets:
    """Read the keys, making those that are missing. Safe when several processes start together."""
    folder = settings.secrets_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Secrets(**{name: _key(folder / name) for name in Secrets.__struct_fields__})


def _key(file: Path) -> bytes:
    if not file.exists():
        _make(file)
    key = file.read_bytes()
    if len(key) < KEY_BYTES:
        raise RuntimeError(f"{file} holds fewer than {KEY_BYTES} bytes: delete it to have it made anew")
    return key


def _make(file: Path) -> None:
    """Written whole under another name first; of several processes the first to link it wins."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
