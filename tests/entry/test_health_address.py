"""Health answers on the loopback alone, unless a setting names another address."""

import socket
import sys
from pathlib import Path

import pytest

from tests.deploy.proxies import free_port
from tintype.entry import health


async def fine() -> bool:
    return True


def reachable(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), 1).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="needs a second loopback address, which Linux has")
@pytest.mark.parametrize(("host", "elsewhere"), [({}, False), ({"host": "0.0.0.0"}, True)])
async def test_who_reaches_it(tmp_path: Path, host: dict[str, str], elsewhere: bool) -> None:
    port = free_port()
    async with health.served(tmp_path, "api", fine, port=port, **host):
        assert reachable("127.0.0.1", port)
        assert reachable("127.0.0.2", port) is elsewhere
