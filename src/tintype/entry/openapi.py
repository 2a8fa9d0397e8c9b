"""The OpenAPI 3.1 document: Litestar's, with the envelope and the errors that every answer of ours has."""

from copy import deepcopy
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tintype.platform import idempotency, waiting
from tintype.platform.errors import Problem, Rule
from tintype.platform.paging import LARGEST_LIMIT

TIME = {"type": "string", "format": "date-time"}
ID = {"type": "string", "pattern": "^[0-9]{1,19}$"}
PARAMETERS: dict[str, dict[str, Any]] = {
    "user_id": {"type": "string", "pattern": "^([0-9]{1,19}|@[A-Za-z0-9._]{1,30}|me)$"},
    "limit": {"minimum": 1, "maximum": LARGEST_LIMIT},
    "seconds": {"minimum": 0, "maximum": waiting.LONGEST_SECONDS},
    "cursor": {"minLength": 1},
    "Idempotency-Key": {"pattern": "^[ -~]+$", "minLength": 1, "maxLength": idempotency.LONGEST},
}
META = {
    "type": "object",
    "required": ["timestamp"],
    "properties": {"timestamp": TIME, "stale": {"type": "boolean"}},
}
PAGINATION = {
    "type": "object",
    "required": ["next_cursor", "has_more"],
    "properties": {"next_cursor": {"type": ["string", "null"]}, "has_more": {"type": "boolean"}},
}
FORM = {
    "type": "object",
    "description": "The fields of the ticket first, each as it was given, and the part `file` last.",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
HEADERS = {
    "RateLimit-Limit": "How often this may be done in the present window",
    "RateLimit-Remaining": "What is left of it",
    "RateLimit-Reset": "Seconds until the next window",
}
LIMITS = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
RETRY = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 0}}}
REASONS = {
    "400": "The request could not be read",
    "401": "Not signed in, or the session is over",
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
ANSWERING = ("tintype.platform", "tintype.domains", "tintype.entry")
EVERYWHERE = ("400", "401", "403", "404", "422", "429", "503")
WITH_BODY = ("413", "415")
WRITES = ("409", "507")


def document(app: Litestar) -> dict[str, Any]:
    """The document as it is served, exported, and read by the client's generator."""
    found: dict[str, Any] = deepcopy(app.openapi_schema.to_schema())
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for schema in schemas.values():
        _formats(schema)
    schemas["Error"] = _error()
    options = {one.operation_id: one.opt for one in handlers(app)}
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            if isinstance(operation, dict) and "responses" in operation:
                _security(operation, options[operation["operationId"]])
                _inputs(operation)
                _answers(operation, method, schemas)
                operation.setdefault("tags", [path.split("/")[3]])
    _drop_unused(found, schemas)
    found["info"]["description"] = "Errors carry a stable `code`; `/docs/api` lists them all."
    found["components"]["headers"] = {
        name: {"description": text, "schema": {"type": "integer", "minimum": 0}} for name, text in HEADERS.items()
    }
    found["components"]["responses"] = {f"Error{status}": _refusal(status) for status in REASONS}
    found["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-tintype_access",
            "description": "Without the prefix where the public address is plain http on loopback",
        },
    }
    found["servers"] = [{"url": "/"}]
    return found


def encoded(app: Litestar) -> bytes:
    return msgspec.json.encode(document(app))


def codes() -> dict[str, tuple[int, str]]:
    """Every stable error code of the API with its status and sentence, for the documentation."""
    found: dict[str, tuple[int, str]] = {}

    def walk(kind: type[Problem]) -> None:
        if kind.__module__.startswith(ANSWERING):
            found.setdefault(kind.code, (kind.status, kind.message))
        for each in kind.__subclasses__():
            walk(each)

    walk(Problem)
    return dict(sorted(found.items()))


def field_codes() -> dict[str, str]:
    """Every stable code of what may be wrong with a field, with its sentence, for the documentation."""
    return {code: rule.sentence for code, rule in sorted(Rule.ALL.items())}


def handlers(app: Litestar) -> list[HTTPRouteHandler]:
    """What answers to each route and method."""
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    return [handler for route in routes for handler in route.route_handlers]


def _error() -> dict[str, Any]:
    text = {"type": "string"}
    broken = {"type": "object", "required": ["code"], "properties": {"code": text}}
    details = {
        "type": "object",
        "properties": {
            "fields": {
                "type": "object",
                "description": "What is wrong with each field, as a sentence",
                "additionalProperties": text,
            },
            "rules": {
                "type": "object",
                "description": "The same as a stable code and the values of its sentence",
                "additionalProperties": broken,
            },
        },
    }
    about = {"code": {"type": "string", "enum": list(codes())}, "message": text, "details": details}
    return {
        "type": "object",
        "required": ["status", "error", "meta"],
        "properties": {
            "status": {"const": "error"},
            "error": {"type": "object", "required": list(about), "properties": about},
            "meta": {
                "type": "object",
                "required": ["timestamp", "request_id"],
                "properties": {"timestamp": TIME, "request_id": text},
            },
        },
    }


def _formats(schema: dict[str, Any]) -> None:
    """Ids and times are told by their names; a field of any type stands in a body only to be refused."""
    fields: dict[str, Any] = schema.get("properties", {})
    for name, kind in list(fields.items()):
        more = ID if name.endswith("_id") else TIME if name.endswith("_at") else {}
        for one in (kind, *kind.get("oneOf", [])):
            if one.get("type") == "string":
                one.update(more)
        if not kind:
            del fields[name]


def _security(operation: dict[str, Any], options: dict[str, Any]) -> None:
    signed_in: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
    if options.get("own_auth"):
        signed_in = []
    elif options.get("public"):
        signed_in = [{}, *signed_in]
    operation["security"] = signed_in


def _inputs(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        more = PARAMETERS.get(name) or (ID if parameter["in"] == "path" else {})
        parameter["schema"] = _without_null(parameter.get("schema", {})) | more
    if operation["operationId"] == "uploadFile":
        operation["requestBody"] = {"content": {"multipart/form-data": {"schema": FORM}}, "required": True}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        given = _without_null(content["schema"])
        if given is not content["schema"]:
            content["schema"], operation["requestBody"]["required"] = given, False


def _answers(operation: dict[str, Any], method: str, schemas: dict[str, Any]) -> None:
    responses: dict[str, Any] = {}
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            schema = response.get("content", {}).get("application/json", {}).get("schema", {})
            content = {"application/json": {"schema": _success(schema, schemas)}}
            responses[status] = {"description": response["description"], "content": content, "headers": LIMITS}
    errors = (*EVERYWHERE, *(WITH_BODY if "requestBody" in operation else ()), *(WRITES if method != "get" else ()))
    responses |= {status: {"$ref": f"#/components/responses/Error{status}"} for status in errors}
    operation["responses"] = dict(sorted(responses.items()))


def _refusal(status: str) -> dict[str, Any]:
    return {
        "description": REASONS[status],
        "headers": LIMITS | (RETRY if status in {"429", "503"} else {}),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What is left out is not sent as null."""
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
