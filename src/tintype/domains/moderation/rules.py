"""The text policy's verdict on one post: the operator's words and patterns, then limits against spam."""

import re
from collections import Counter

import msgspec

from tintype.platform import textpolicy

LINKS = 5
SAME_IN_AN_HOUR = 3
LONGEST_RUN = 40
SAME_WORD = 30

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_RUN = re.compile(rf"(\S)\1{{{LONGEST_RUN},}}")


class Verdict(msgspec.Struct, frozen=True):
    """`code` is None for a text that passes; `reason` and `rule` are for moderators, never for the author."""

    code: str | None = None
    reason: str = ""
    rule: str = ""


def judge(texts: list[str], same_caption: int) -> Verdict:
    """Judge a post by its texts (caption first, then alternative texts) and how often its author just said the same."""
    for text in texts:
        found = textpolicy.match(text)
        if found is not None:
            return Verdict("TEXT_BLOCKED", found.reason, found.rule)
    links = sum(len(_LINK.findall(text)) for text in texts)
    if links > LINKS:
        return Verdict("TOO_MANY_LINKS", "LINKS", f"{links} links, {LINKS} allowed")
    if same_caption >= SAME_IN_AN_HOUR and texts and len(texts[0]) >= 12:
        return Verdict("REPEATED", "REPEATED", f"{same_caption} times within the hour")
    if any(_RUN.search(text) or _one_word(text) for text in texts):
        return Verdict("REPETITIVE_TEXT", "REPETITION", "one character or word over and over")
    return Verdict()


def _one_word(text: str) -> bool:
    words = Counter(text.casefold().split())
    return any(number > SAME_WORD and number * 2 > words.total() for number in words.values())
