"""Text that people type: normalised once, at the edge of an action."""

import unicodedata

from tintype.platform.errors import Invalid, Rule

REQUIRED = Rule("REQUIRED", "is required")
TOO_SHORT = Rule("TOO_SHORT", "is shorter than {least} characters")
TOO_LONG = Rule("TOO_LONG", "is longer than {most} characters")
NOT_UNICODE = Rule("NOT_UNICODE", "contains characters that are not valid Unicode")
CONTROL_CHARACTERS = Rule("CONTROL_CHARACTERS", "contains control characters")


def clean(text: str, field: str, most: int, *, least: int = 0, one_line: bool = False) -> str:
    """NFC, trimmed, and between `least` and `most` code points.

    Raises Invalid, naming the field, for NUL, lone surrogates, other control characters and wrong lengths.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid.fields(**{field: NOT_UNICODE()})
    found = unicodedata.normalize("NFC", text).strip()
    allowed = "" if one_line else "\n\t"
    if any(
        unicodedata.category(character) == "Cc" and character not in allowed
        for character in found.replace("\r\n", "\n")
    ):
        raise Invalid.fields(**{field: CONTROL_CHARACTERS()})
    found = found.replace("\r\n", "\n")
    if len(found) > most:
        raise Invalid.fields(**{field: TOO_LONG(most=most)})
    if len(found) < least:
        raise Invalid.fields(**{field: REQUIRED() if least == 1 else TOO_SHORT(least=least)})
    return found
