"""The one place where answers get their envelope and errors become answers."""

import json
from typing import Any

import asyncpg
import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    SerializationException,
    ValidationException,
)
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE
from litestar.utils.scope.state import ScopeState

from tintype.platform import clock, db, errors
from tintype.platform.errors import Problem
from tintype.platform.guard import EngineDown
from tintype.platform.paging import Page
from tintype.platform.telemetry import log
from tintype.platform.text import NOT_UNICODE

PROBLEM_JSON = "application/problem+json"


class MethodNotAllowed(Problem):
    status, code, message = 405, "METHOD_NOT_ALLOWED", "This address does not take this method."


class Enveloped(Response[Any]):
    """What handlers return, in the envelope of api.md."""

    def render(self, content: Any, media_type: str, enc_hook: Any = None) -> bytes:
        if media_type != MediaType.JSON or isinstance(content, bytes):
            return super().render(content, media_type, enc_hook)
        return enveloped(content)


def enveloped(content: Any) -> bytes:
    """`content` as the `data` of a success; a page brings its pagination."""
    meta: dict[str, Any] = {"timestamp": clock.stamp()}
    if isinstance(content, Page):
        if content.stale:
            meta["stale"] = True
        pagination = {"next_cursor": content.next_cursor, "has_more": content.next_cursor is not None}
        return msgspec.json.encode({"status": "success", "data": content.items, "meta": meta, "pagination": pagination})
    return msgspec.json.encode({"status": "success", "data": {} if content is None else content, "meta": meta})


def problem_of(error: Exception) -> Problem:
    """The problem that an exception is told as. What is not expected is logged and told as INTERNAL."""
    match error:
        case Problem():
            return error
        case ValidationException():
            return errors.Invalid(wrong=_fields(error))
        case NotFoundException():
            return errors.NotFound()
        case MethodNotAllowedException():
            return MethodNotAllowed(headers=dict(error.headers or {}))
        case HTTPException(status_code=415):
            return errors.UnsupportedType()
        case SerializationException() | ClientException(status_code=400) | HTTPException(status_code=400):
            return errors.BadRequest()
        case HTTPException(status_code=status) if status == HTTP_413_REQUEST_ENTITY_TOO_LARGE:
            return errors.TooLarge()
        case RecursionError():
            return errors.BadRequest("The JSON is nested too deeply.")
        case asyncpg.CharacterNotInRepertoireError() | UnicodeError():
            return errors.Invalid.fields(body=NOT_UNICODE())
        case asyncpg.DeadlockDetectedError() | asyncpg.SerializationError():
            return errors.Unavailable("Two things happened at once. Try again.")
        case asyncpg.DiskFullError():
            return errors.StorageFull()
        case TimeoutError() | EngineDown():
            return errors.Unavailable()
    if isinstance(error, db.CONNECTION_LOST):
        return errors.Unavailable(retry_after=2)
    log.error("request.failed", exc_info=error)
    return Problem()


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer to an exception."""
    problem = problem_of(error)
    if type(problem) is errors.BadRequest and _is_json_but_for_surrogates(ScopeState.from_scope(request.scope).body):
        problem = errors.Invalid.fields(body=NOT_UNICODE())
    request_id = request.scope.get("state", {}).get("request_id", "")
    body, kind = told(problem, request_id, request.headers.get("accept", ""))
    return Response(body, status_code=problem.status, media_type=kind, headers=problem.headers)


def told(problem: Problem, request_id: str, accept: str) -> tuple[bytes, str]:
    """Body and type of an error: our envelope, or RFC 9457 where the client asks for it."""
    if PROBLEM_JSON in accept:
        known = {
            "type": f"/docs/api#{problem.code}",
            "title": problem.message,
            "status": problem.status,
            "detail": problem.text,
            "code": problem.code,
            "request_id": request_id,
        }
        return msgspec.json.encode(problem.details | known), PROBLEM_JSON
    error = {"code": problem.code, "message": problem.text, "details": problem.details}
    meta = {"timestamp": clock.stamp(), "request_id": request_id}
    return msgspec.json.encode({"status": "error", "error": error, "meta": meta}), MediaType.JSON.value


def _fields(error: ValidationException) -> dict[str, errors.Wrong]:
    found: dict[str, errors.Wrong] = {}
    for one in error.extra if isinstance(error.extra, list) else []:
        if isinstance(one, dict):
            sentence = str(one.get("message") or errors.NOT_VALID.sentence)
            found[str(one.get("key") or "body")] = errors.NOT_VALID.said(sentence)
    return found or {"body": errors.NOT_VALID.said(str(error.detail))}


def _is_json_but_for_surrogates(body: object) -> bool:
    """Whether what msgspec refuses is JSON with lone surrogates, which Python's own parser takes."""
    try:
        return isinstance(body, bytes) and json.loads(body) is not None
    except (ValueError, RecursionError):
        return False


HANDLERS: dict[type[Exception] | int, Any] = {Exception: answer, HTTPException: answer}
