"""Text that people type: normalised once, at the edge of an action."""

import unicodedata

from tintype.platform.errors import Invalid


def clean(text: str, field: str, most: int, *, least: int = 0, one_line: bool = False) -> str:
    """NFC, trimmed, and between `least` and `most` code points.

    Raises Invalid, naming the field, for NUL, lone surrogates, other control characters and wrong lengths.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid.fields(**{field: "contains characters that are not valid Unicode"})
    found = unicodedata.normalize("NFC", text).strip()
    allowed = "" if one_line else "\n\t"
    if any(
        unicodedata.category(character) == "Cc" and character not in allowed
        for character in found.replace("\r\n", "\n")
    ):
        raise Invalid.fields(**{field: "contains control characters"})
    found = found.replace("\r\n", "\n")
    if len(found) > most:
        raise Invalid.fields(**{field: f"is longer than {most} characters"})
    if len(found) < least:
        raise Invalid.fields(**{field: "is required" if least == 1 else f"is shorter than {least} characters"})
    return found
