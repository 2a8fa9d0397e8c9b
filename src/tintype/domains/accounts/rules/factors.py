"""Second factors: one-time codes of an app, and codes on paper for when it is lost."""

import hashlib
import re
import secrets
from urllib.parse import urlsplit

import pyotp

STEP, WINDOW = 30, 1
PASSKEYS_MOST = 20
TRIES_MOST = 5
CODES, ALPHABET = 10, "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A secret for an app, as people may type it."""
    return pyotp.random_base32()


def totp_uri(secret: str, username: str, site: str) -> str:
    """What an app reads from a QR code."""
    name = urlsplit(site).hostname or "tintype"
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=f"Tintype ({name})")


def totp_step(secret: str, code: str, now: float, after: int) -> int | None:
    """The time step that a code belongs to, one either side of now allowed; None unless it is right and new.

    A step that is not after the last one taken does not count: whoever saw the code being typed cannot use it.
    """
    typed = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", typed):
        return None
    app, found = pyotp.TOTP(secret), None
    for step in range(int(now // STEP) - WINDOW, int(now // STEP) + WINDOW + 1):
        if secrets.compare_digest(app.at(step * STEP), typed) and step > after:
            found = step
    return found


def new_codes() -> list[str]:
    """Recovery codes, to be shown once."""
    return ["-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]


def code_hash(account_id: int, code: str) -> bytes:
    """A recovery code as it is stored. They are random (50 bits), so that no slow hash is needed."""
    plain = re.sub(r"[\s-]", "", code.lower())
    return hashlib.sha256(f"{account_id}:{plain}".encode("utf-8", "replace")).digest()
