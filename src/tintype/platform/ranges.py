"""Parts of a file, as HTTP asks for them."""

import re
from urllib.parse import quote

from tintype.platform.errors import Problem

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class RangeNotSatisfiable(Problem):
    status, code, message = 416, "RANGE_NOT_SATISFIABLE", "The file has no such part."


def asked(header: str | None, size: int) -> tuple[int, int] | None:
    """The part that a `Range` header asks for, as (start, end), end not included; None for the whole file.

    Several parts at once are answered with the whole, as RFC 9110 allows. Raises RangeNotSatisfiable.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    first, last = found[1], found[2]
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return start, end


def attachment(filename: str) -> str:
    """What `Content-Disposition` says of a file to be kept under this name."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
