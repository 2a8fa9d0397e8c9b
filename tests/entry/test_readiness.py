"""The page that says whether a process is ready, with a line for each engine that anybody on this machine uses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import httpx2
import pytest

from tests.deploy.proxies import free_port
from tintype.entry import health
from tintype.platform import guard


async def fine() -> bool:
    return True


@pytest.fixture(autouse=True)
def _redis_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process uses Redis, and nothing else."""
    monkeypatch.setattr(guard, "_guards", {})
    guard.Guard("redis", 1)


@asynccontextmanager
async def beside(folder: Path, role: str, page: str | None) -> AsyncIterator[None]:
    """Another process, whose page this is; without one it hangs."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if page is None:
            await reader.read()  # until the other side has given up
        else:
            writer.write(f"HTTP/1.1 200 OK\r\n\r\n{page}".encode())
        writer.close()

    async with await asyncio.start_unix_server(answer, str(folder / f"{role}-1.health")):
        yield


async def readyz(folder: Path) -> str:
    port = free_port()
    async with health.served(folder, "api", fine, port=port), httpx2.AsyncClient(trust_env=False) as http:
        return (await http.get(f"http://127.0.0.1:{port}/readyz")).text


async def test_engines_of_other_processes_are_told_and_one_that_anybody_misses_is_down(tmp_path: Path) -> None:
    async with beside(tmp_path, "worker", "ready\nkafka down\nrabbitmq consumer up\nredis down\n"):
        assert await readyz(tmp_path) == "ready\nkafka down\nrabbitmq consumer up\nredis down\n"


async def test_another_process_that_hangs_or_is_gone_holds_up_nobody(tmp_path: Path) -> None:
    (tmp_path / "worker-2.health").touch()
    async with beside(tmp_path, "worker", None):
        began = monotonic()
        assert await readyz(tmp_path) == "ready\nredis up\n"
    assert monotonic() - began < 1
