"""Whom engines' certificates are believed from: the system's authorities, and one's own of `TINTYPE_ENGINES_CA`."""

import ssl
from pathlib import Path

_authority: Path | None = None


def use(authority: Path | None) -> None:
    """The file of an authority of one's own, or none: chosen once at the edge, before engines are opened."""
    global _authority
    _authority = authority


def authority() -> str | None:
    """The file of one's own authority."""
    return None if _authority is None else str(_authority)


def own() -> str | None:
    """One's own authority as PEM."""
    return None if _authority is None else _authority.read_text(encoding="ascii")


def context() -> ssl.SSLContext:
    """What a client of TLS is given: certificates are checked, and so are the names in them."""
    made = ssl.create_default_context()
    if _authority is not None:
        made.load_verify_locations(cafile=_authority)
    return made


def problems(authority: Path | None) -> list[str]:
    """What is wrong with such a file."""
    if authority is None:
        return []
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=authority)
    except (OSError, ssl.SSLError):
        return ["TINTYPE_ENGINES_CA is a file with the certificates of authorities, as PEM"]
    return []
