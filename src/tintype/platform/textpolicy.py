"""The operator's text policy: words and patterns from two files, matched in linear time by RE2."""

import unicodedata
from pathlib import Path

import msgspec
import re2

from tintype.platform import clock
from tintype.platform.errors import Invalid
from tintype.platform.telemetry import log

RECHECK_SECONDS = 2.0

WORDS_TEMPLATE = """\
# One word or phrase a line. A text that contains one, as whole words and in any case, is not shown to others.
# Lines that begin with # are comments. Changes take effect within five seconds.
"""
PATTERNS_TEMPLATE = """\
# One regular expression a line (RE2 syntax, case-insensitive). A text in which one matches is not shown to others.
# Lines that begin with # are comments. Changes take effect within five seconds.
"""


class TextBlocked(Invalid):
    code, message = "TEXT_BLOCKED", "This text is against the rules of this place."


class Match(msgspec.Struct, frozen=True):
    """Which rule a text broke: `WORD` or `PATTERN`, and the operator's line."""

    reason: str
    rule: str


class _Rules:
    def __init__(self, words: list[str], patterns: list[str]) -> None:
        self.rules: list[Match] = []
        self.bad: list[str] = []
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        self.set = re2.Set.SearchSet(options)
        for word in words:
            spaced = r"\s+".join(re2.escape(part) for part in _fold(word).split())
            self._add(rf"(?:^|[^\pL\pN_]){spaced}(?:$|[^\pL\pN_])", Match("WORD", word))
        for pattern in patterns:
            self._add(pattern, Match("PATTERN", pattern))
        if self.rules:
            self.set.Compile()

    def _add(self, pattern: str, rule: Match) -> None:
        try:
            self.set.Add(pattern)
        except re2.error:
            self.bad.append(rule.rule)
            return
        self.rules.append(rule)

    def first(self, text: str) -> Match | None:
        if not self.rules:
            return None
        found = self.set.Match(_fold(text))
        return self.rules[min(found)] if found else None


_folder: Path | None = None
_rules = _Rules([], [])
_stamp: tuple[int, ...] = ()
_checked = 0.0


def use_folder(folder: Path) -> None:
    """Read the policy from this folder from now on; its two files are made, empty but explained, where missing."""
    global _folder, _stamp, _checked
    folder.mkdir(parents=True, exist_ok=True)
    for name, template in (("words.txt", WORDS_TEMPLATE), ("patterns.txt", PATTERNS_TEMPLATE)):
        if not (folder / name).exists():
            (folder / name).write_text(template, encoding="utf-8")
    _folder, _stamp, _checked = folder, (), 0.0


def match(text: str) -> Match | None:
    """The first rule that the text breaks."""
    _refresh()
    return _rules.first(text) if text else None


def check(text: str, field: str) -> None:
    """Raise TextBlocked, naming the field, where the text breaks a rule. The rule itself stays the operator's."""
    if match(text) is not None:
        raise TextBlocked.about(field)


def bad_rules() -> list[str]:
    """Lines that are no valid expression and therefore do nothing."""
    _refresh()
    return list(_rules.bad)


def bad_lines(folder: Path) -> list[str]:
    """The same of a policy that this process does not use."""
    return _Rules(_lines(folder / "words.txt"), _lines(folder / "patterns.txt")).bad


def _refresh() -> None:
    global _rules, _stamp, _checked
    if _folder is None or (_stamp and clock.monotonic() - _checked < RECHECK_SECONDS):
        return
    _checked = clock.monotonic()
    files = [_folder / "words.txt", _folder / "patterns.txt"]
    stats = [file.stat() for file in files if file.exists()]
    stamp = tuple(number for stat in stats for number in (stat.st_mtime_ns, stat.st_size))
    if stamp == _stamp:
        return
    words, patterns = (_lines(file) for file in files)
    _rules, _stamp = _Rules(words, patterns), stamp
    if _rules.bad:
        log.warning("policy.bad_rules", rules=_rules.bad)


def _lines(file: Path) -> list[str]:
    if not file.exists():
        return []
    lines = (line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
