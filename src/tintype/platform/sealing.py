"""What must be stored and read again, but not by who reads the database: AES-GCM with a key of this installation."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12

_key: AESGCM | None = None


class Unreadable(ValueError):
    """Sealed with another key or for another purpose, or damaged."""


def use(key: bytes) -> None:
    """The key of this installation."""
    global _key
    _key = AESGCM(key)


def seal(plain: bytes, purpose: str) -> bytes:
    """Bytes that only `unseal` with the same purpose makes readable. A purpose names the row that they belong to."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _known().encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, purpose: str) -> bytes:
    """What was sealed. Raises Unreadable."""
    try:
        return _known().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(purpose) from error


def _known() -> AESGCM:
    if _key is None:
        raise RuntimeError("sealing.use was not called")
    return _key
