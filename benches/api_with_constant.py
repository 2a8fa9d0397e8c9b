"""The API as it is, with a bare handler in the same process: `/constant?size=…` answers so many bytes unchecked.

`python -m benches.api_with_constant` reads TINTYPE_… as `tintype api` does.
"""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from tintype.entry import api
from tintype.platform.config import Settings
from tintype.platform.secrets import Secrets

_product = api.application
_made: dict[bytes, tuple[list[tuple[bytes, bytes]], bytes]] = {}


def application(settings: Settings, keys: Secrets) -> ASGIApp:
    """The product's application, and the constant."""
    app = _product(settings, keys)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["path"] == "/constant":
            headers, body = _constant(scope["query_string"])
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body, "more_body": False})
        else:
            await app(scope, receive, send)

    return either


def _constant(query: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    if query not in _made:
        body = b"x" * int(query.partition(b"=")[2])
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        _made[query] = headers, body
    return _made[query]


if __name__ == "__main__":
    api.application = application  # type: ignore[assignment]
    settings = Settings()
    api.main(settings, settings.database_url)
