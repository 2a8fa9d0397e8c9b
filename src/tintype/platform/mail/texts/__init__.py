"""What letters say: one catalogue a language, the same keys in each; plain text, and HTML made of the same lines."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

import msgspec

LANGUAGES = ("en", "de")
Catalogue = dict[str, dict[str, str | list[str]]]


class Written(msgspec.Struct, frozen=True):
    """A letter's text. `html` is the same as `plain`, with the link as a button."""

    subject: str
    plain: str
    html: str


def known(language: str | None) -> str:
    """The language to write in: the one that is asked for, by its first part, or English."""
    first = (language or "").lower().replace("_", "-").partition("-")[0]
    return first if first in LANGUAGES else LANGUAGES[0]


def accepted(header: str | None) -> str:
    """The first language of an `Accept-Language` header that there is a catalogue for, by its weights."""
    weighed: list[tuple[float, str]] = []
    for part in (header or "")[:500].split(","):
        name, _, quality = part.partition(";q=")
        try:
            weighed.append((-float(quality or 1), name.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    wanted = [name for weight, name in sorted(weighed, key=lambda one: one[0]) if weight and name in LANGUAGES]
    return wanted[0] if wanted else LANGUAGES[0]


@cache
def catalogue(language: str) -> Catalogue:
    """Every letter in a language."""
    file = Path(__file__).with_name(f"{language}.json")
    return msgspec.json.decode(file.read_bytes(), type=Catalogue)


def written(text: str, language: str, values: dict[str, str]) -> Written:
    """A letter with what stands in it."""
    letters = catalogue(known(language))
    lines = {**letters["frame"], **letters[text]}
    if "what" in values:
        values = {**values, "what": str(letters["what"][values["what"]])}

    def filled(key: str, given: dict[str, str]) -> list[str]:
        found = lines.get(key, [])
        return [Template(one).substitute(given) for one in ([found] if isinstance(found, str) else found)]

    subject = " ".join(filled("subject", values).pop().split())
    link = values.get("link")
    plain = [*filled("greeting", values), *filled("body", values)]
    plain += [link] if link else []
    plain += [*filled("after", values), *filled("end", values)]
    safe = {name: escape(value) for name, value in values.items()}
    parts = [f"<p>{one}</p>" for one in [*filled("greeting", safe), *filled("body", safe)]]
    if link:
        button = " ".join(filled("button", safe))
        parts.append(f'<p><a href="{safe["link"]}"{BUTTON}>{button}</a></p><p{SMALL}>{safe["link"]}</p>')
    parts += [f"<p>{one}</p>" for one in filled("after", safe)]
    parts += [f"<p{SMALL}>{one}</p>" for one in filled("end", safe)]
    html = f'<!doctype html><html lang="{known(language)}"><head><meta charset="utf-8"><title>{escape(subject)}</title></head><body{BODY}>{"".join(parts)}</body></html>'  # noqa: E501 - one line as it is sent
    return Written(subject, "\n\n".join(plain) + "\n", html)


BODY = ' style="font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:2em auto;padding:0 1em;color:#1c1917"'
BUTTON = (
    ' style="display:inline-block;padding:.7em 1.4em;border-radius:.6em;background:#1c1917;color:#fff;'
    'text-decoration:none"'
)
SMALL = ' style="font-size:13px;color:#57534e;word-break:break-all"'
