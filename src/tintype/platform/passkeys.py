"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is true."""

import secrets
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tintype.platform.config import Settings

SITE = "Tintype"
ANSWER_MOST = 20_000
TRANSPORTS = frozenset({"usb", "nfc", "ble", "internal", "cable", "hybrid", "smart-card"})


class Refused(ValueError):
    """The browser's answer is not what it should be."""


class Registered(msgspec.Struct, frozen=True):
    """A new passkey, verified."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


_host, _origin = "", ""


def use(settings: Settings) -> None:
    """Passkeys belong to the host of the public URL."""
    global _host, _origin
    parts = urlsplit(settings.public_url)
    _host, _origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"


def possible() -> bool:
    """Whether browsers know passkeys here: they want a name, not an address, and https unless it is localhost."""
    try:
        ip_address(_host)
    except ValueError:
        return bool(_host) and (_origin.startswith("https://") or _host == "localhost")
    return False


def challenge() -> bytes:
    """A fresh challenge, for one registration or log-in."""
    return secrets.token_bytes(32)


def to_register(account_id: int, username: str, challenge: bytes, known: Iterable[bytes]) -> dict[str, Any]:
    """What a browser needs to make a passkey that can be found without a name. `known` are there already."""
    options = webauthn.generate_registration_options(
        rp_id=_host,
        rp_name=SITE,
        user_id=account_id.to_bytes(8, "big"),
        user_name=username,
        user_display_name=f"@{username}",
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    found: dict[str, Any] = options_to_json_dict(options)
    return found


def registered(answer: dict[str, Any], challenge: bytes) -> Registered:
    """The passkey that a browser made. Raises Refused."""
    _check_size(answer)
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host,
            expected_origin=_origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Refused(str(error)) from error
    said = answer.get("response", {}).get("transports")
    transports = sorted({one for one in said if one in TRANSPORTS}) if isinstance(said, list) else []
    return Registered(found.credential_id, found.credential_public_key, found.sign_count, transports)


def to_sign(challenge: bytes, allowed: Iterable[bytes]) -> dict[str, Any]:
    """What a browser needs to sign in: with one of these passkeys, or with any that it has for this place."""
    options = webauthn.generate_authentication_options(
        rp_id=_host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    found: dict[str, Any] = options_to_json_dict(options)
    return found


def credential_id(answer: dict[str, Any]) -> bytes:
    """Which passkey an answer is of. Raises Refused."""
    _check_size(answer)
    try:
        return base64url_to_bytes(str(answer["id"]))
    except (KeyError, ValueError) as error:
        raise Refused("no id") from error


def signed(answer: dict[str, Any], challenge: bytes, public_key: bytes, sign_count: int) -> int:
    """The counter of a passkey whose signature is right. Raises Refused."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host,
            expected_origin=_origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Refused(str(error)) from error
    return found.new_sign_count


def _check_size(answer: dict[str, Any]) -> None:
    if len(msgspec.json.encode(answer)) > ANSWER_MOST:
        raise Refused("too long")
