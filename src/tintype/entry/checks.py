"""What `tintype doctor` finds: one check a line."""

from typing import Any, Literal

import msgspec

State = Literal["fine", "note", "wrong"]


class Check(msgspec.Struct, frozen=True):
    """What was looked at, how it is, and how to mend it where it is not fine."""

    name: str
    state: State
    said: str
    mend: str = ""
    facts: dict[str, Any] = {}
