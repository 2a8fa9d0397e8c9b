"""The API's documentation as it is served: `openapi.json`, and `/docs/api`, one readable page without script."""

from functools import lru_cache
from html import escape
from typing import Any

from litestar import Litestar, Request, Response, get

from tintype.entry import openapi

STYLE = "/docs/style.css"
Asked = Request[Any, Any, Any]


@get("/api/v1/openapi.json", operation_id="openapi", include_in_schema=False, own_auth=True)
async def document(request: Asked) -> Response[bytes]:
    """The OpenAPI 3.1 document."""
    return Response(_document(request.app), media_type="application/json")


@get("/docs/api", operation_id="docs", include_in_schema=False, own_auth=True)
async def page(request: Asked) -> Response[bytes]:
    """The document, to read."""
    return Response(_page(request.app), media_type="text/html")


@get(STYLE, operation_id="docsStyle", include_in_schema=False, own_auth=True)
async def style() -> Response[bytes]:
    """How the page looks."""
    return Response(CSS, media_type="text/css")


@lru_cache(1)
def _document(app: Litestar) -> bytes:
    return openapi.encoded(app)


@lru_cache(1)
def _page(app: Litestar) -> bytes:
    return html(openapi.document(app))


def html(document: dict[str, Any]) -> bytes:
    """Every operation with its parameters, body, answers, and the schemas they name."""
    operations = [
        (path, method, operation)
        for path, methods in sorted(document["paths"].items())
        for method, operation in methods.items()
        if isinstance(operation, dict) and "operationId" in operation
    ]
    schemas = document["components"]["schemas"]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Tintype API</title><link rel=stylesheet href={STYLE}><main><h1>Tintype API</h1>",
        "<p>The document itself: <a href=/api/v1/openapi.json>openapi.json</a> (OpenAPI 3.1).</p>",
        "<h2>Operations</h2><ul>",
        *(
            f"<li><a href='#{o['operationId']}'><b>{m.upper()}</b> <code>{escape(p)}</code></a>"
            for p, m, o in operations
        ),
        "</ul>",
        *(_operation(*one) for one in operations),
        "<h2>Objects</h2>",
        *(_schema(name, schema) for name, schema in sorted(schemas.items())),
        "<h2>Errors</h2><table>",
        *(
            f"<tr id='{code}'><td><code>{code}</code><td>{status}<td>{escape(message)}"
            for code, (status, message) in openapi.codes().items()
        ),
        "</table></main></html>",
    ]
    return "".join(parts).encode()


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = [
        f"<tr><td><code>{escape(one['name'])}</code><td>{one['in']}<td>{_type(one.get('schema', {}))}"
        for one in operation.get("parameters", [])
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        rows.append(f"<tr><td>body<td>JSON<td>{_type(body)}")
    answers = [
        f"<tr><td>{status}<td colspan=2>{_answer(answer)}" for status, answer in sorted(operation["responses"].items())
    ]
    return (
        f"<section id='{operation['operationId']}'><h3><b>{method.upper()}</b> <code>{escape(path)}</code></h3>"
        f"<p>{escape(operation.get('description') or '')}</p><table>{''.join(rows)}{''.join(answers)}</table></section>"
    )


def _answer(answer: dict[str, Any]) -> str:
    if "$ref" in answer:
        return escape(openapi.REASONS[answer["$ref"][-3:]])
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    data = schema.get("properties", {}).get("data")
    return _type(data) if data else escape(answer["description"])


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code><td>{_type(kind)}" for field, kind in schema.get("properties", {}).items()
    )
    return f"<section id='schema-{escape(name)}'><h3>{escape(name)}</h3><table>{rows}</table></section>"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f"<a href='#schema-{name}'>{name}</a>"
    if "oneOf" in schema or "anyOf" in schema:
        return " or ".join(_type(one) for one in schema.get("oneOf", schema.get("anyOf", [])))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"<code>{escape(str(one))}</code>" for one in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(" or ".join(kind) if isinstance(kind, list) else str(kind))


CSS = b"""
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #faf9f7; color: #1d1b18 }
main { max-width: 960px; margin: auto; padding: 24px }
code { font-size: .9em }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid #ddd8d0; padding: 4px 8px; vertical-align: top }
section { margin: 32px 0 }
h3 b { color: #8a5a00; font-size: .8em }
a { color: #8a5a00 }
ul { columns: 2; list-style: none; padding: 0; font-size: 14px }
@media (prefers-color-scheme: dark) {
  body { background: #121110; color: #eee9e1 }
  td { border-color: #38342f }
  a, h3 b { color: #e3a857 }
}
@media (max-width: 640px) { ul { columns: 1 } }
"""

ROUTES = [document, page, style]
