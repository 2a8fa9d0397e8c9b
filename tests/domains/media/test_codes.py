"""Every code that the decoder may refuse with has a sentence for people."""

import re
from pathlib import Path

from tintype.domains.media import rules
from tintype.platform import imaging


def test_every_refusal_has_a_message() -> None:
    sources = "".join(file.read_text() for file in Path(imaging.__path__[0]).glob("*.py"))
    codes = set(re.findall(r'(?:Unusable|Refused)\((?:[^"()]*)"([A-Z_]+)"', sources)) | {"NOT_A_PICTURE", "DAMAGED"}
    assert {"TOO_MANY_PIXELS", "TOO_COMPLEX", "UNREADABLE_HEIC"} <= codes <= set(rules.REJECTIONS)
