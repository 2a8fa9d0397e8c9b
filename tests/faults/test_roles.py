"""Tintype by role, on two machines: ready, drained without a failed request, and taken over when a machine vanishes."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest

from tests.engines import external, load, machines
from tests.engines.machines import Machine
from tintype.platform import secrets
from tintype.platform.config import Settings

pytestmark = [pytest.mark.faults, pytest.mark.paired, pytest.mark.timeout(300)]
RATE, SECONDS, CLIENTS, BEFORE = 30, 8.0, 15, 2.0
TAKEOVER_SECONDS = 10.0
BALANCER = """\
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error;
events {{ worker_connections 500; }}
http {{
  access_log off;
  upstream tintype {{ {servers} keepalive 8; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://tintype; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_next_upstream error timeout; proxy_connect_timeout 2s; }}
  }}
}}
"""


class Town:
    """Two machines that run an API and a worker each, on one database which neither is the master of."""

    def __init__(self, network: machines.Network, url: str, folder: Path) -> None:
        self.url = url
        self.log = folder
        settings = {"DATABASE_URL": url, "BCRYPT_COST": "4", "RATE_LIMITS": "off", "LIMIT_POSTS_PER_HOUR": "100000"}
        self.machines = [network.machine(**settings) for _ in range(2)]
        keys = Settings(data_dir=folder / "keys")
        secrets.load(keys)
        for one in self.machines:
            shutil.copytree(keys.secrets_dir, one.folder / "secrets")
        done = self.machines[0].run("migrate")
        assert done.wait(120) == 0, self.machines[0].said()
        self.machines[0].processes.clear()
        self.apis = [one.run("api") for one in self.machines]
        self.workers = [one.run("worker", port=8100) for one in self.machines]
        for one in self.machines:
            one.wait_until_ready()
            one.wait_until_ready(8101)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with machines.network(tmp_path / "machines") as network, external.running(network.gateway) as server:
        yield Town(network, asyncio.run(server.make(network.gateway)), tmp_path)


async def test_an_api_is_drained_without_a_failed_request(town: Town, tmp_path: Path) -> None:
    if shutil.which("nginx") is None:
        pytest.skip("needs nginx: apt-get install nginx-light")
    with balanced(town.machines, tmp_path) as port:
        people = [register(f"http://127.0.0.1:{port}", f"person{n}") for n in range(4)]
        requests = [load.request("GET", f"/api/v1/users/{one['id']}", one["token"]) for one in people]
        texts = {"type": "TEXT", "caption": "from either machine"}
        requests += [load.request("POST", "/api/v1/posts", one["token"], texts) for one in people]
        generator = load.Generator(load.Plan(port, requests, RATE, SECONDS, CLIENTS))
        await asyncio.sleep(BEFORE)
        child = children_of(town.apis[0].pid)
        for pid in child or [town.apis[0].pid]:
            os.kill(pid, signal.SIGTERM)
        assert town.apis[0].wait(20) == 0
        seen = generator.seen()
    assert town.machines[0].status() == 0
    assert town.machines[1].status() == 200
    assert seen.lost == 0
    assert not seen.failed_at
    assert seen.count(201) > 0
    connection = await asyncpg.connect(town.url)
    try:
        assert await connection.fetchval("select count(*) from posts") >= seen.count(201)
    finally:
        await connection.close()


def test_a_vanished_machine_is_taken_over(town: Town) -> None:
    first, second = town.machines
    ana, ben = (register(f"http://{second.address}:8000", name) for name in ("ana", "ben"))
    ask(second, ben, "POST", f"/users/{ana['id']}/follow")
    before = ask(second, ana, "POST", "/posts", {"type": "TEXT", "caption": "all are here"})["post_id"]
    reaches(second, ben, before, 30)
    first.pull_the_plug()
    gone_at = time.monotonic()
    posts = [
        ask(second, ana, "POST", "/posts", {"type": "TEXT", "caption": f"number {n}"})["post_id"] for n in range(5)
    ]
    for post_id in posts:
        reaches(second, ben, post_id, TAKEOVER_SECONDS + 5)
    took = time.monotonic() - gone_at
    sys.stdout.write(f"taken over in {took:.1f} s\n")
    assert took <= TAKEOVER_SECONDS
    assert second.status() == 200


def test_no_password_is_in_any_log_or_list_of_processes(town: Town) -> None:
    listed = subprocess.run(["ps", "axww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    password = external.password_of(town.url)
    assert password
    for text in (listed, *(one.said() for one in town.machines)):
        assert password not in text


@contextmanager
def balanced(ours: list[Machine], folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    servers = " ".join(f"server {one.address}:8000 max_fails=1 fail_timeout=5s;" for one in ours)
    (folder / "nginx.conf").write_text(BALANCER.format(folder=folder, servers=servers, port=port))
    process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        deadline = time.monotonic() + 20
        while not listens(port):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def children_of(pid: int) -> list[int]:
    """What `ip netns exec` became or started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def register(url: str, name: str) -> dict[str, Any]:
    body = {"username": name, "email": f"{name}@example.org", "password": "long enough", "session": "token"}
    signed = httpx2.post(f"{url}/api/v1/users/register", json=body, timeout=30).raise_for_status().json()["data"]
    return {"id": signed["user"]["user_id"], "token": signed["access_token"]}


def ask(machine: Machine, person: dict[str, Any], method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {person['token']}"}
    url = f"http://{machine.address}:8000/api/v1{path}"
    return httpx2.request(method, url, json=body, headers=headers, timeout=30).raise_for_status().json()["data"]


def reaches(machine: Machine, reader: dict[str, Any], post_id: str, seconds: float) -> None:
    """Until a post is in a reader's home feed."""
    deadline = time.monotonic() + seconds
    while post_id not in {one["post_id"] for one in ask(machine, reader, "GET", "/feed/home?order=latest")}:
        assert time.monotonic() < deadline, machine.said()
        time.sleep(0.1)
