"""Errors as types with a stable code, raised where the fact is known and turned into an envelope at the edge."""

from typing import Any, ClassVar


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
    ) -> None:
        self.text = message or self.message
        self.details = details or {}
        self.headers = headers or {}
        super().__init__(f"{self.code}: {self.text}")


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
    """422. `Invalid.fields(caption="…")` names what is wrong field by field."""

    status, code, message = 422, "VALIDATION_FAILED", "Some of the input is not valid."

    @classmethod
    def fields(cls, **fields: str) -> "Invalid":
        return cls(details={"fields": fields})


class TooMany(Problem):
    status, code, message = 429, "RATE_LIMITED", "Too many requests. Wait a little and try again."


class Unavailable(Problem):
    status, code, message = 503, "UNAVAILABLE", "Tintype is busy or restarting. Try again in a moment."

    def __init__(self, message: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after)})


class StorageFull(Problem):
    status, code, message = 507, "STORAGE_FULL", "There is no room left to store this."
