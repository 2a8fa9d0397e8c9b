"""A served product for benches: API and worker as processes, a crowd of people, and wrk as the generator."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from tests.engines.product import free_ports

from benches.harness import database
from tintype.domains.accounts import actions as accounts
from tintype.platform import auth, db, secrets
from tintype.platform.config import Settings

READY_SECONDS = 30


class Served(msgspec.Struct, frozen=True):
    """Where the product answers, the access tokens of its people by account id, and its folder of bells."""

    base_url: str
    database_url: str
    tokens: dict[int, str]
    api_pid: int
    worker_pid: int
    run_dir: Path


API = ("-m", "tintype", "api")
WORKER = ("-m", "tintype", "worker")
Peopled = Callable[[str], Awaitable[dict[int, str]]]


def newcomers(number: int) -> Peopled:
    """So many new people, signed in."""

    async def come(_: str) -> dict[int, str]:
        return await _people(number)

    return come


@asynccontextmanager
async def product(people: int | Peopled, api: Sequence[str] = API) -> AsyncIterator[Served]:
    """API and worker over a durable database, with people signed in; limits are raised, not off.

    `people` is how many, or who puts them there before the processes start and returns their tokens.
    """
    folder = Path(tempfile.mkdtemp(prefix="tintype-bench-data-"))
    async with database() as url:
        auth.use(secrets.load(Settings(data_dir=folder)), secure=False)
        tokens = await (newcomers(people) if isinstance(people, int) else people)(url)
        try:
            async with processes(folder, tokens, api, TINTYPE_DATABASE_URL=url) as served:
                yield served
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def processes(
    folder: Path, tokens: dict[int, str], api: Sequence[str] = API, **settings: str
) -> AsyncIterator[Served]:
    """API and worker with their data in this folder, whose people and secrets are there; limits are raised, not off."""
    port = free_ports()
    environment = {
        **os.environ,
        "TINTYPE_DATA_DIR": str(folder),
        "TINTYPE_PORT": str(port),
        "TINTYPE_SUPERVISED": "1",
        "TINTYPE_LOG_LEVEL": "warning",
        **{f"TINTYPE_{name.upper()}": "1000000000" for name in Settings.model_fields if name.startswith("limit_")},
        **settings,
    }
    started = [_started([sys.executable, *arguments], environment) for arguments in (api, WORKER)]
    pids = [process.pid for process in started]
    run_dir, url = Settings(data_dir=folder).run_dir, settings["TINTYPE_DATABASE_URL"]
    try:
        await _ready(port + 1)
        yield Served(f"http://127.0.0.1:{port}", url, tokens, pids[0], pids[1], run_dir)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(15)


async def _people(number: int) -> dict[int, str]:
    tokens = {}
    for n in range(number):
        async with db.act(db.SYSTEM) as tx:
            account_id = await accounts.create(tx, f"person{n}", f"person{n}@example.org", None)
            session = await accounts.open_session(tx, account_id, None, user_agent="bench", ip="127.0.0.1")
        tokens[account_id] = session.access_token
    return tokens


async def _ready(admin_port: int) -> None:
    async with httpx2.AsyncClient() as client, asyncio.timeout(READY_SECONDS):
        while True:
            with suppress(httpx2.TransportError):
                if (await client.get(f"http://127.0.0.1:{admin_port}/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.1)


def _started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=environment)


def wrk(
    url: str, *, connections: int, seconds: int, tokens: list[str] | None = None, order: Sequence[int] | None = None
) -> dict[str, Any]:
    """Good answers a second and latencies of a closed loop, each request with a token of its own.

    `order` says which token comes when, by its place; by default each in turn.
    """
    if shutil.which("wrk") is None:
        raise SystemExit("This bench needs wrk (apt-get install wrk).")
    script = "local n = 0\n"
    if tokens:
        places = [one + 1 for one in order or range(len(tokens))]
        script += f"local tokens = {json.dumps(tokens).replace('[', '{').replace(']', '}')}\n"
        script += f"local order, made = {json.dumps(places).replace('[', '{').replace(']', '}')}, {{}}\n"
        script += "request = function()\n n = n % #order + 1\n local one = order[n]\n if not made[one] then"
        script += " made[one] = wrk.format('GET', nil, {['Authorization'] = 'Bearer ' .. tokens[one]}) end\n"
        script += " return made[one]\nend\n"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", file.name, url]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    counted = re.search(r"(\d+) requests in", out)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    assert counted is not None, out
    assert rate is not None, out
    share = int(refused.group(1)) / int(counted.group(1)) if refused else 0.0
    if share:
        print(f"{share:.2%} of the requests were refused, and are not counted")
    return {"rate": float(rate.group(1)) * (1 - share), "requests": int(counted.group(1)), "text": out}
