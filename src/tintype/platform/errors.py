"""Errors as types with a stable code, raised where the fact is known and turned into an envelope at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self


@dataclass(frozen=True)
class Wrong:
    """What is wrong with one field: a sentence, and its stable code and values for who says it in other words."""

    code: str
    sentence: str
    values: Mapping[str, int | float] = field(default_factory=dict)


class Rule:
    """What a field may break, by a code of its own: `TOO_LONG(most=2200)` says that it was broken."""

    ALL: ClassVar[dict[str, "Rule"]] = {}

    def __init__(self, code: str, sentence: str) -> None:
        if code in self.ALL:
            raise ValueError(f"two rules are called {code}")
        self.code, self.sentence = code, sentence
        self.ALL[code] = self

    def __call__(self, **values: int | float) -> Wrong:
        return Wrong(self.code, self.sentence.format(**values), values)

    def said(self, sentence: str) -> Wrong:
        """The same, where a sentence that says more is at hand."""
        return Wrong(self.code, sentence)


NOT_VALID = Rule("NOT_VALID", "is not valid")
OUT_OF_RANGE = Rule("OUT_OF_RANGE", "must be between {least} and {most}")


class Problem(Exception):
    """What a client is told: HTTP status, stable upper-case code, a sentence for people, optional details."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL"
    message: ClassVar[str] = "Something went wrong on our side. Try again."

    def __init__(
        self,
        message: str | None = None,
        *,
        details: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        wrong: Mapping[str, Wrong] | None = None,
    ) -> None:
        self.text = message or self.message
        self.wrong = wrong or {}
        self.details = (details or {}) | _field_by_field(self.wrong)
        self.headers = headers or {}
        super().__init__(f"{self.code}: {self.text}")

    @classmethod
    def about(cls, *fields: str) -> Self:
        """The same, said of these fields."""
        return cls(wrong=dict.fromkeys(fields, Wrong(cls.code, cls.message)))


def _field_by_field(wrong: Mapping[str, Wrong]) -> dict[str, Any]:
    if not wrong:
        return {}
    return {
        "fields": {name: one.sentence for name, one in wrong.items()},
        "rules": {name: {"code": one.code, **one.values} for name, one in wrong.items()},
    }


class BadRequest(Problem):
    status, code, message = 400, "BAD_REQUEST", "The request could not be read."


class NotSignedIn(Problem):
    status, code, message = 401, "NOT_SIGNED_IN", "Log in to do this."


class Forbidden(Problem):
    status, code, message = 403, "FORBIDDEN", "You may not do this."


class NotFound(Problem):
    status, code, message = 404, "NOT_FOUND", "There is nothing here."


class Conflict(Problem):
    status, code, message = 409, "CONFLICT", "This is in conflict with what is there already."


class TooLarge(Problem):
    status, code, message = 413, "TOO_LARGE", "This is larger than allowed."


class UnsupportedType(Problem):
    status, code, message = 415, "UNSUPPORTED_TYPE", "This type of file is not supported."


class Invalid(Problem):
    """422. `Invalid.fields(caption=TOO_LONG(most=2200))` names what is wrong field by field."""

    status, code, message = 422, "VALIDATION_FAILED", "Some of the input is not valid."

    @classmethod
    def fields(cls, **fields: Wrong) -> Self:
        return cls(wrong=fields)


class TooMany(Problem):
    status, code, message = 429, "RATE_LIMITED", "Too many requests. Wait a little and try again."


class Unavailable(Problem):
    status, code, message = 503, "UNAVAILABLE", "Tintype is busy or restarting. Try again in a moment."

    def __init__(self, message: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after)})


class StorageFull(Problem):
    status, code, message = 507, "STORAGE_FULL", "There is no room left to store this."
