"""WebVTT: what people send is parsed, and written anew from what was understood."""

import re

import msgspec

from tintype.platform.errors import Rule, Wrong
from tintype.platform.text import TOO_LONG

CUES_MOST = 3_000
TEXT_MOST = 200_000
CUE_MOST = 1_000

CAPTIONS_HEAD = Rule("CAPTIONS_HEAD", "must begin with WEBVTT")
CUES = Rule("CUES", "must hold at most {most} cues")
NO_CUE = Rule("NO_CUE", "holds no cue")
CUE_TIME = Rule("CUE_TIME", "line {line}: not a time like 00:01.000 --> 00:04.000")
CUE_ORDER = Rule("CUE_ORDER", "line {line}: ends before it begins")
CUE_LONG = Rule("CUE_LONG", "line {line}: a cue is at most {most} characters long")

_TIME = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)[.](\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+(.*))?", re.ASCII)
_SETTING = re.compile(
    r"(?:vertical:(?:rl|lr)|line:-?\d{1,3}(?:\.\d+)?%?(?:,(?:start|center|end))?"
    r"|position:\d{1,3}(?:\.\d+)?%(?:,(?:line-left|center|line-right))?|size:\d{1,3}(?:\.\d+)?%"
    r"|align:(?:start|center|end|left|right))",
    re.ASCII,
)
_TAG = re.compile(r"<[^<>]*>")
_ALLOWED = re.compile(r"</?[biu]>|</?v>|<v [^<>&\n]{1,100}>", re.ASCII)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|lrm|rlm|nbsp);)")


class NotCaptions(ValueError):
    """What is wrong, and in which line."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.sentence)
        self.wrong = wrong


class Cue(msgspec.Struct, frozen=True):
    """A text and when it is shown, in milliseconds."""

    start: int
    end: int
    settings: str
    text: str


def parse(text: str) -> list[Cue]:
    """The cues, by time. Styles, regions, notes and names of cues are left out. Raises NotCaptions."""
    if len(text) > TEXT_MOST:
        raise NotCaptions(TOO_LONG(most=TEXT_MOST))
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise NotCaptions(CAPTIONS_HEAD())
    cues: list[Cue] = []
    at = 1
    while at < len(lines):
        if "-->" not in lines[at]:
            at += 1
            continue
        timing, first = lines[at], at + 1
        at = first
        while at < len(lines) and lines[at].strip() and "-->" not in lines[at]:
            at += 1
        cues.append(_cue(timing, first, lines[first:at]))
        if len(cues) > CUES_MOST:
            raise NotCaptions(CUES(most=CUES_MOST))
    if not cues:
        raise NotCaptions(NO_CUE())
    return sorted(cues, key=lambda one: (one.start, one.end))


def written(cues: list[Cue]) -> str:
    """WebVTT with these cues."""
    blocks = [
        f"{_time(one.start)} --> {_time(one.end)}{' ' + one.settings if one.settings else ''}\n{one.text}"
        for one in cues
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _cue(timing: str, number: int, lines: list[str]) -> Cue:
    found = _TIMING.fullmatch(timing.strip())
    if found is None:
        raise NotCaptions(CUE_TIME(line=number))
    start, end = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:8])
    if end <= start:
        raise NotCaptions(CUE_ORDER(line=number))
    text = "\n".join(clean for line in lines if (clean := _clean(line)))
    if len(text) > CUE_MOST:
        raise NotCaptions(CUE_LONG(line=number, most=CUE_MOST))
    settings = " ".join(one for one in (found[9] or "").split() if _SETTING.fullmatch(one))
    return Cue(start, end, settings, text)


def _clean(line: str) -> str:
    """Bold, italic, underlined and voices stay; other tags go, and what is left of them is text."""
    parts: list[str] = []
    at = 0
    for tag in _TAG.finditer(line):
        parts.append(_escaped(line[at : tag.start()]))
        if _ALLOWED.fullmatch(tag[0]):
            parts.append(tag[0])
        at = tag.end()
    parts.append(_escaped(line[at:]))
    return "".join(parts).strip()


def _escaped(text: str) -> str:
    plain = "".join(one for one in text if one.isprintable() or one == "\t" or one in "\u200c\u200d\u200e\u200f")
    return _ENTITY.sub("&amp;", plain).replace("<", "&lt;").replace(">", "&gt;")


def _milliseconds(hours: str | None, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)


def _time(at: int) -> str:
    seconds, rest = divmod(at, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
