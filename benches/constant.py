"""A bare ASGI handler on the product's server that answers a constant: `python -m benches.constant PORT SIZE`."""

import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar.types import Receive, Scope, Send

BODY = b"x" * int(sys.argv[2]) if len(sys.argv) > 2 else b""
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def constant(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY, "more_body": False})


if __name__ == "__main__":
    import uvloop

    server = Server(constant, port=int(sys.argv[1]), interface=Interfaces.ASGINL, log_level=LogLevels.error)
    uvloop.run(server.serve())
