"""What texts name, and how they are cleaned."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tintype.domains.posts import rules
from tintype.platform.errors import Invalid
from tintype.platform.text import clean

TAGS = st.from_regex(r"[a-z_][a-z0-9_]{0,20}", fullmatch=True)
NAMES = st.from_regex(r"[a-z0-9_]([a-z0-9._]{0,10}[a-z0-9_])?", fullmatch=True)
GAPS = st.sampled_from([" ", "\n", ", ", " - ", "! ", " (", ") "])


@given(st.lists(st.tuples(TAGS, GAPS), max_size=10))
def test_hashtags_are_found_once_in_order(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"#{tag.upper()}{gap}" for tag, gap in parts)
    assert rules.hashtags(text) == list(dict.fromkeys(tag for tag, _ in parts))


@given(st.lists(st.tuples(NAMES, GAPS), max_size=10))
def test_mentions_are_found_once_in_order(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"@{name.upper()}{gap}" for name, gap in parts)
    assert rules.mentions(text) == list(dict.fromkeys(name for name, _ in parts))


@given(st.text(max_size=300))
def test_any_text_names_only_what_it_holds(text: str) -> None:
    tags, names = rules.hashtags(text), rules.mentions(text)
    assert all(tag == tag.lower() and len(tag) >= 1 and not tag.isdigit() for tag in tags)
    assert all(tag in text.lower() for tag in tags)
    assert all(f"@{name}" in text.lower() and len(name) <= 30 for name in names)
    assert len(tags) == len(set(tags))
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#sea#sand", ["sea"]),
        ("#2026 #y2k", ["y2k"]),
        ("a#b", []),
        ("&#39; &#x27;", []),
        ("https://example.org/#part", []),
        ("#Größe #日本 ＃wide", ["größe", "日本", "wide"]),
        ("#" + "a" * 101, []),
        ("#" + "a" * 100, ["a" * 100]),
        ("# nothing", []),
    ],
)
def test_hashtags_of_hard_texts(text: str, tags: list[str]) -> None:
    assert rules.hashtags(text) == tags


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hello @Ben.", ["ben"]),
        ("me@example.org", []),
        ("@@ben", []),
        ("(@a_b, @c.d!)", ["a_b", "c.d"]),
        ("@" + "a" * 31, []),
        ("@" + "a" * 30, ["a" * 30]),
        ("x/@ben", []),
    ],
)
def test_mentions_of_hard_texts(text: str, names: list[str]) -> None:
    assert rules.mentions(text) == names


@given(st.text(st.characters(exclude_categories=()), max_size=200), st.integers(0, 200), st.booleans())
def test_cleaning_gives_good_text_or_refuses(text: str, most: int, one_line: bool) -> None:
    try:
        found = clean(text, "caption", most, one_line=one_line)
    except Invalid:
        return
    assert len(found) <= most
    assert found == unicodedata.normalize("NFC", found) == found.strip()
    allowed = "" if one_line else "\n\t"
    assert not any(unicodedata.category(one) == "Cc" and one not in allowed for one in found)
    found.encode()
    assert clean(found, "caption", most, one_line=one_line) == found, "cleaning twice is cleaning once"


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=100))
def test_ordinary_text_is_kept(text: str) -> None:
    assert clean(text, "caption", 10_000) == unicodedata.normalize("NFC", text).strip()


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "a\u0085b", "a\x1bb", "a\rb"])
def test_bad_characters_are_refused(bad: str) -> None:
    with pytest.raises(Invalid):
        clean(bad, "caption", 100)


def test_lengths_count_code_points_after_normalising() -> None:
    assert clean("e\u0301" * 10, "caption", 10) == "é" * 10
    with pytest.raises(Invalid, match="VALIDATION"):
        clean("👍" * 11, "caption", 10)
    with pytest.raises(Invalid):
        clean("  ", "caption", 10, least=1)
    with pytest.raises(Invalid):
        clean("a", "caption", 10, least=2)
    assert clean("a\r\nb", "caption", 3) == "a\nb"
    with pytest.raises(Invalid):
        clean("a\nb", "caption", 10, one_line=True)
