"""The OpenAPI 3.1 document: Litestar's, with the envelope and the errors that every answer of ours has."""

from copy import deepcopy
from typing import Any

import msgspec
from litestar import Litestar

from tintype.platform.errors import Problem

META = {
    "type": "object",
    "required": ["timestamp"],
    "properties": {"timestamp": {"type": "string"}, "stale": {"type": "boolean"}},
}
PAGINATION = {
    "type": "object",
    "required": ["next_cursor", "has_more"],
    "properties": {"next_cursor": {"type": ["string", "null"]}, "has_more": {"type": "boolean"}},
}
ERROR = {
    "type": "object",
    "required": ["status", "error", "meta"],
    "properties": {
        "status": {"const": "error"},
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "details": {"type": "object"}},
        },
        "meta": {
            "type": "object",
            "required": ["timestamp", "request_id"],
            "properties": {"timestamp": {"type": "string"}, "request_id": {"type": "string"}},
        },
    },
}
EVERYWHERE = ("400", "401", "404", "413", "422", "429", "503")
REASONS = {
    "400": "The request could not be read",
    "401": "Not signed in",
    "403": "Not allowed, or a failed CSRF check",
    "404": "Not there, or not for you",
    "409": "In conflict with what is there",
    "413": "Too large",
    "415": "Unsupported type",
    "422": "Something in the input is wrong",
    "429": "Too many requests",
    "503": "Busy; try again",
    "507": "No room left",
}
WRITES = ("403", "409", "415", "507")


def document(app: Litestar) -> dict[str, Any]:
    """The document as it is served, exported, and read by the client's generator."""
    found: dict[str, Any] = deepcopy(app.openapi_schema.to_schema())
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas["Error"] = ERROR
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            if isinstance(operation, dict) and "responses" in operation:
                _envelope(operation, method, path, schemas)
    _drop_unused(found, schemas)
    found["info"]["description"] = "Errors carry a stable `code`; docs/api.md lists them all."
    found["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    found["security"] = [{"bearer": []}]
    found["servers"] = [{"url": "/"}]
    return found


def encoded(app: Litestar) -> bytes:
    return msgspec.json.encode(document(app))


def codes() -> dict[str, tuple[int, str]]:
    """Every stable error code with its status and sentence, for the documentation."""
    found: dict[str, tuple[int, str]] = {}

    def walk(kind: type[Problem]) -> None:
        found[kind.code] = (kind.status, kind.message)
        for each in kind.__subclasses__():
            walk(each)

    walk(Problem)
    return dict(sorted(found.items()))


def _envelope(operation: dict[str, Any], method: str, path: str, schemas: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        parameter["schema"] = _without_null(parameter.get("schema", {}))
    responses: dict[str, Any] = {}
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            schema = response.get("content", {}).get("application/json", {}).get("schema", {})
            response["content"] = {"application/json": {"schema": _success(schema, schemas)}}
            responses[status] = response
    for status in (*EVERYWHERE, *(WRITES if method != "get" else ("403",))):
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        responses[status] = {"description": REASONS[status], "content": content}
    operation["responses"] = dict(sorted(responses.items()))
    operation.setdefault("tags", [path.split("/")[3] if path.count("/") > 2 else "files"])


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is left out is not sent as null."""
    given = [one for one in schema.get("oneOf", []) if one.get("type") != "null"]
    return given[0] if len(given) == 1 else schema


def _success(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    data: dict[str, Any] = schema or {"type": "object"}
    if data.get("type") == "null":
        data = {"type": "object"}
    properties: dict[str, Any] = {"status": {"const": "success"}, "data": data, "meta": META}
    if name.startswith("Page"):
        properties["data"] = schemas[name]["properties"]["items"]
        properties["pagination"] = PAGINATION
    return {"type": "object", "required": list(properties), "properties": properties}


def _drop_unused(found: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Schemas that only the pages named."""
    while True:
        text = msgspec.json.encode(found).decode()
        unused = [name for name in schemas if f'"#/components/schemas/{name}"' not in text and name != "Error"]
        if not unused:
            return
        for name in unused:
            del schemas[name]
