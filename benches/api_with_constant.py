"""The API as it is, with a bare handler in the same process: `/constant?size=…` answers so many bytes unchecked.

`python -m benches.api_with_constant` reads TINTYPE_… as `tintype api` does.
"""

from functools import cache

from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from tintype.entry import api
from tintype.entry.edge import Outside
from tintype.platform.config import Settings


class WithConstant(Outside):
    """The edge, and the constant before it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["path"] == "/constant":
            headers, body = _constant(scope["query_string"])
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body, "more_body": False})
        else:
            await super().__call__(scope, receive, send)


@cache
def _constant(query: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    body = b"x" * int(query.partition(b"=")[2])
    return [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))], body


if __name__ == "__main__":
    vars(api)["Outside"] = WithConstant
    settings = Settings()
    api.main(settings, settings.database_url)
