"""What names, addresses and preferences may be."""

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from tintype.domains.accounts.rules.errors import FieldProtected
from tintype.domains.accounts.tables import RESERVED
from tintype.platform.errors import Invalid, Rule, Wrong
from tintype.platform.text import clean

USERNAME_MOST = 30
PASSWORD_LEAST, PASSWORD_MOST = 8, 1024

NAME_CHARACTERS = Rule("NAME_CHARACTERS", "must be 1 to {most} of the characters a-z, 0-9, dot and underscore")
NAME_DOTS = Rule("NAME_DOTS", "must not begin or end with a dot or have two in a row")
NAME_DIGITS = Rule("NAME_DIGITS", "must not be digits only")
NAME_RESERVED = Rule("NAME_RESERVED", "is reserved")
NOT_AN_EMAIL = Rule("NOT_AN_EMAIL", "is not an e-mail address")
WITH_PASSWORD = Rule("WITH_PASSWORD", "is changed with your password, in the settings")
PASSWORD_CHARACTERS = Rule("PASSWORD_CHARACTERS", "contains characters that are not valid")
PASSWORD_LENGTH = Rule("PASSWORD_LENGTH", "must be {least} to {most} characters long")
NOT_AN_ADDRESS = Rule("NOT_AN_ADDRESS", "must be an address that begins with http:// or https://")
NOT_A_PHONE = Rule("NOT_A_PHONE", "is not a telephone number")

Role = Literal["user", "moderator", "admin"]
RANK = {"user": 0, "moderator": 1, "admin": 2}

_USERNAME = re.compile(rf"[a-z0-9._]{{1,{USERNAME_MOST}}}")
_EMAIL = re.compile(r'[^\s@"(),:;<>\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])')
_PHONE = re.compile(r"\+?[0-9](?:[ ()./-]*[0-9]){3,}\)?")


class Preferences(msgspec.Struct, frozen=True):
    """What a person has chosen; the same on all devices."""

    theme: Literal["system", "light", "dark"] = "system"
    language: Literal["en", "de"] | None = None
    feed_order: Literal["latest", "ranked"] = "ranked"
    impressions: bool = True


class PreferencesChange(msgspec.Struct, frozen=True):
    """Preferences that are sent are changed, the others stay; unknown ones are ignored."""

    theme: Literal["system", "light", "dark"] | UnsetType = UNSET
    language: Literal["en", "de"] | UnsetType | None = UNSET
    feed_order: Literal["latest", "ranked"] | UnsetType = UNSET
    impressions: bool | UnsetType = UNSET


class ProfileChange(msgspec.Struct, frozen=True):
    """Fields that are sent are changed, the others stay; `is_verified` and `role` are refused."""

    username: str | UnsetType = UNSET
    full_name: str | UnsetType | None = UNSET
    bio: str | UnsetType | None = UNSET
    website: str | UnsetType | None = UNSET
    email: str | UnsetType = UNSET
    phone: str | UnsetType | None = UNSET
    is_private: bool | UnsetType = UNSET
    preferences: PreferencesChange | UnsetType = UNSET
    is_verified: Any = UNSET
    role: Any = UNSET


class Registration(msgspec.Struct, frozen=True):
    """A new account. `session` says whether cookies are set or tokens given."""

    username: str
    email: str
    password: str
    full_name: str | None = None
    invite: str | None = None
    session: Literal["cookie", "token"] = "cookie"


def registration(given: Registration) -> Registration:
    """The same, normalised. Raises Invalid that names every field that is wrong."""
    found = _all(
        username=(username, given.username),
        email=(email, given.email),
        password=(password, given.password),
        full_name=(full_name, given.full_name or ""),
    )
    return msgspec.structs.replace(given, **found)


def newcomer(name: str, address: str, full: str | None, invite: str | None) -> Registration:
    """A registration without a password, of somebody whom a provider has named."""
    found = _all(username=(username, name), email=(email, address), full_name=(full_name, full or ""))
    return Registration(password="", invite=invite, **found)


def suggested(text: str) -> str:
    """A username made of another name; it may be taken, or empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[._]*\.[._]*", ".", re.sub(r"[^a-z0-9._]+", "_", plain.strip())).strip("._")[:30].rstrip(".")
    return "" if name.isdigit() else name


def profile_change(given: ProfileChange) -> dict[str, Any]:
    """The columns to change, with normalised values. Raises Invalid that names every field that is wrong."""
    protected = [name for name in ("is_verified", "role") if getattr(given, name) is not UNSET]
    if protected:
        raise FieldProtected.about(*protected)
    checks: dict[str, Callable[[Any], Any]] = {
        "username": username,
        "full_name": lambda value: full_name(value or ""),
        "bio": lambda value: clean(value or "", "bio", 150),
        "website": lambda value: website(value or ""),
        "email": email,
        "phone": lambda value: phone(value or ""),
        "is_private": bool,
        "preferences": _preferences,
    }
    sent = {name: (check, getattr(given, name)) for name, check in checks.items()}
    return _all(**{name: pair for name, pair in sent.items() if pair[1] is not UNSET})


def merge_preferences(stored: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Stored preferences with the changes; what is set to null goes back to its default."""
    return {name: value for name, value in {**stored, **changes}.items() if value is not None}


def preferences(stored: dict[str, Any]) -> Preferences:
    """Stored preferences with defaults; one that this version does not understand is as if unset."""
    known = {field.name: field.type for field in msgspec.structs.fields(Preferences)}
    found: dict[str, Any] = {}
    for name, kind in known.items():
        with suppress(msgspec.ValidationError):
            if name in stored:
                found[name] = msgspec.convert(stored[name], kind)
    return Preferences(**found)


def username(text: str) -> str:
    """Lower-cased. Raises Invalid unless design.md §4 allows it."""
    name = text.strip().lower() if text.isascii() else text
    if not _USERNAME.fullmatch(name):
        raise Invalid.fields(username=NAME_CHARACTERS(most=USERNAME_MOST))
    if name.startswith(".") or name.endswith(".") or ".." in name:
        raise Invalid.fields(username=NAME_DOTS())
    if name.isdigit():
        raise Invalid.fields(username=NAME_DIGITS())
    if name in RESERVED:
        raise Invalid.fields(username=NAME_RESERVED())
    return name


def email(text: str) -> str:
    """Lower-cased. Raises Invalid for what cannot be an address."""
    address = clean(text, "email", 254, least=1, one_line=True).lower()
    if len(address) > 254 or ".." in address or not _EMAIL.fullmatch(address):
        raise Invalid.fields(email=NOT_AN_EMAIL())
    return address


def password(text: str) -> str:
    """As it is. Raises Invalid for a wrong length."""
    if any("\ud800" <= character <= "\udfff" or character == "\0" for character in text):
        raise Invalid.fields(password=PASSWORD_CHARACTERS())
    if not PASSWORD_LEAST <= len(unicodedata.normalize("NFC", text)) <= PASSWORD_MOST:
        raise Invalid.fields(password=PASSWORD_LENGTH(least=PASSWORD_LEAST, most=PASSWORD_MOST))
    return text


def full_name(text: str) -> str:
    return clean(text, "full_name", 100, one_line=True)


def website(text: str) -> str:
    """An http or https address, or nothing."""
    address = clean(text, "website", 200, one_line=True)
    if not address:
        return ""
    wrong = Invalid.fields(website=NOT_AN_ADDRESS())
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise wrong from None
    if (
        parts.scheme not in {"http", "https"}
        or not named
        or parts.username is not None
        or re.search(r"[\s<>\"\\]", address)
    ):
        raise wrong
    return address


def phone(text: str) -> str | None:
    """Digits with the usual separators, or None."""
    number = clean(text, "phone", 20, one_line=True)
    if number and not _PHONE.fullmatch(number):
        raise Invalid.fields(phone=NOT_A_PHONE())
    return number or None


def _preferences(change: PreferencesChange) -> dict[str, Any]:
    return {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not UNSET}


def _all(**checks: tuple[Callable[[Any], Any], Any]) -> dict[str, Any]:
    """Run every check, so that a person learns of all mistakes at once."""
    found: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for name, (check, value) in checks.items():
        try:
            found[name] = check(value)
        except Invalid as error:
            wrong.update(error.wrong)
    if wrong:
        raise Invalid.fields(**wrong)
    return found
