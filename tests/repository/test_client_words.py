"""What the server says by a code, the client has words for, in each of its languages."""

import json
import re
import string
from collections import Counter
from typing import Any

import pytest

from tests.repository.tree import ROOT, table
from tintype.domains.media import rules as media
from tintype.domains.posts import rules as posts

SOURCES = ROOT / "src/tintype"
REFUSERS = ("platform/imaging", "platform/video", "domains/media")
LANGUAGES = sorted(path.name for path in (ROOT / "web/src/i18n").iterdir() if path.is_dir())
# How the code says that a file is no good: the decoders by an exception or a message, the rest by a call.
REFUSING = re.compile(r"""\b(?:Unusable|Refused|PictureRefused|reject)\((?:[^()"]*, )?("[A-Z].*)\)""")
CODE = re.compile(r'"([A-Z][A-Z0-9_]{2,})"')
SLOT = re.compile(r"\{\{\s*(\w+)")


def words(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"web/src/i18n/{language}/errors.json").read_text(encoding="utf-8"))
    return found


def rejections() -> set[str]:
    """Codes with which a file is refused anywhere."""
    files = [path for room in REFUSERS for path in (SOURCES / room).rglob("*.py")]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return {code for line in lines if (found := REFUSING.search(line)) for code in CODE.findall(found[1])}


def test_every_refusal_of_a_file_has_a_sentence() -> None:
    found = rejections()
    assert {"NOT_A_PICTURE", "DAMAGED", "VIDEO_TOO_COMPLEX", "UNSUPPORTED_VIDEO", "UPLOAD_LOST"} <= found
    assert found <= set(media.REJECTIONS)


def test_every_sentence_is_of_a_refusal() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    named = Counter(re.findall(r"""['"]([A-Z][A-Z_]+)['"]""", code))
    assert not [one for one in media.REJECTIONS if named[one] < 2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_client_can_say_why_a_file_or_a_post_was_refused(language: str) -> None:
    known = words(language)
    codes = rejections() | set(media.REJECTIONS) | set(posts.PROBLEMS)
    assert not [code for code in sorted(codes) if not (known["rejected"].get(code) or known.get(code))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_client_can_say_every_error(language: str) -> None:
    known = words(language)
    assert not [row[0] for row in table("docs/api.md", "## Every error") if not known.get(row[0])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_client_can_say_what_is_wrong_with_a_field(language: str) -> None:
    said = words(language)["rules"]
    sentences = {row[0]: row[1] for row in table("docs/api.md", "## Every rule of a field")}
    assert sorted(said) == sorted(sentences)
    assert all(said.values())
    for code, sentence in sentences.items():
        values = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        assert set(SLOT.findall(said[code])) <= values, code
