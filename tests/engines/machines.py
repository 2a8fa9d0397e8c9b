"""Several machines on one: network namespaces on a bridge, each with an address and processes of its own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

READY_SECONDS = 90.0
Process = subprocess.Popen[bytes]


class Machine:
    """A namespace with one address, in which Tintype runs by role."""

    def __init__(self, name: str, address: str, folder: Path, environment: dict[str, str]) -> None:
        self.name, self.address, self.folder = name, address, folder
        self.environment = environment
        self.processes: list[Process] = []

    def run(self, *arguments: str, port: int = 8000, **settings: str) -> Process:
        """Start `tintype …` here; it listens on `port`, and on the next one for health."""
        own = {"HOST": self.address, "PORT": str(port), "ADMIN_HOST": self.address, "DATA_DIR": str(self.folder)}
        given = {f"TINTYPE_{name}": value for name, value in (own | settings).items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TINTYPE_")}
        with (self.folder / f"{arguments[0]}-{port}.log").open("ab") as log:
            process = subprocess.Popen(
                ["ip", "netns", "exec", self.name, sys.executable, "-m", "tintype", *arguments],
                cwd=self.folder,
                env=kept | self.environment | given,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def status(self, path: str = "/readyz", port: int = 8001) -> int:
        """The status of a page on a health port here; 0 when nobody answers."""
        command = [
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-m",
            "2",
            "-w",
            "%{http_code}",
            f"http://{self.address}:{port}{path}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return int(done.stdout or 0)

    def wait_until_ready(self, port: int = 8001) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while self.status(port=port) != 200:
            assert time.monotonic() < deadline, self.said()
            assert all(one.poll() is None for one in self.processes), self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def pull_the_plug(self) -> None:
        """Nothing goes in or out any more, and nobody is told."""
        _ip("-n", self.name, "link", "set", "eth0", "down")

    def end(self) -> None:
        for one in self.processes:
            if one.poll() is None:
                one.kill()
            with suppress(subprocess.TimeoutExpired):
                one.wait(10)


class Network:
    """A bridge whose own address is `gateway`, where this machine, and so a test's engines, can be reached."""

    def __init__(self, tag: str, folder: Path, net: str) -> None:
        self._tag, self._folder, self._net = tag, folder, net
        self.gateway = f"{net}.1"
        self.machines: list[Machine] = []

    def machine(self, **environment: str) -> Machine:
        """Another machine; its environment holds for everything that runs there."""
        number = len(self.machines) + 2
        name, address = f"{self._tag}n{number}", f"{self._net}.{number}"
        _ip("netns", "add", name)
        folder = self._folder / name
        folder.mkdir(parents=True)
        made = Machine(name, address, folder, {f"TINTYPE_{key}": value for key, value in environment.items()})
        self.machines.append(made)
        _ip("link", "add", f"{self._tag}v{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", f"{self._tag}v{number}", "master", f"{self._tag}br", "up")
        _ip("-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", name, "link", "set", "eth0", "up")
        return made


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """A network of one's own, for root on Linux; elsewhere the test is skipped, and says why."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs root on Linux, for network namespaces")
    if shutil.which("ip") is None:
        pytest.skip("needs ip: apt-get install iproute2")
    tag = f"t{uuid4().hex[:6]}"
    net = f"10.{int(tag[1:3], 16) | 1}.{int(tag[3:5], 16)}"
    made = Network(tag, folder, net)
    try:
        _ip("link", "add", f"{tag}br", "type", "bridge")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"needs network namespaces, which are not allowed here: {error.stderr.strip()}")
    try:
        _ip("addr", "add", f"{made.gateway}/24", "dev", f"{tag}br")
        _ip("link", "set", f"{tag}br", "up")
        yield made
    finally:
        for one in made.machines:
            one.end()
            _ip("netns", "del", one.name)
        _ip("link", "del", f"{tag}br")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True, timeout=10)
