"""Firefox as it is, driven by WebDriver BiDi, which it speaks itself: no driver, no patched browser."""

import asyncio
import base64
import json
import os
import re
import struct
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

SECONDS = 30.0
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://[^\s]+)")
PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "intl.accept_languages": "en-US",
    "ui.prefersReducedMotion": 1,
}


class Refused(Exception):
    """The browser answered a command with an error."""


class Firefox:
    """One browser with one page; elements are found by role and name, as people and screen readers find them."""

    def __init__(self, program: str, profile: Path) -> None:
        self._program, self._profile = program, profile
        self._process: asyncio.subprocess.Process | None = None
        self._socket: _Socket | None = None
        self._drain: asyncio.Task[None] | None = None
        self._context = ""
        self._count = 0
        self.complaints: list[str] = []

    async def start(self) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (self._profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            self._program,
            *("--headless", "--no-remote", "--width", "1280", "--height", "900"),
            *("--profile", str(self._profile), "--remote-debugging-port", "0", "about:blank"),
            env=os.environ | {"HOME": str(self._profile), "MOZ_DISABLE_CONTENT_SANDBOX": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert self._process.stderr is not None
        async with asyncio.timeout(SECONDS * 2):
            while (line := (await self._process.stderr.readline()).decode(errors="replace")) != "":
                if found := LISTENING.search(line):
                    break
            else:
                raise AssertionError("Firefox ended before it listened")
        self._drain = asyncio.create_task(_drained(self._process.stderr))
        self._socket = await _Socket.connect(f"{found[1]}/session")
        await self.ask("session.new", capabilities={})
        await self.ask("session.subscribe", events=["log.entryAdded"])
        tree = await self.ask("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]

    async def stop(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._process is not None:
            if self._process.returncode is None:
                self._process.terminate()
            await self._process.wait()
        if self._drain is not None:
            await self._drain

    async def ask(self, method: str, **params: Any) -> Any:
        """The result of one command; what the page logs meanwhile is kept."""
        assert self._socket is not None
        self._count += 1
        await self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        async with asyncio.timeout(SECONDS):
            while True:
                said = json.loads(await self._socket.receive())
                if said.get("method") == "log.entryAdded" and said["params"]["level"] == "error":
                    self.complaints.append(str(said["params"]["text"]))
                if said.get("id") != self._count:
                    continue
                if said["type"] == "error":
                    raise Refused(f"{method}: {said['error']}: {said['message']}")
                return said["result"]

    async def goto(self, address: str) -> None:
        await self.ask("browsingContext.navigate", context=self._context, url=address, wait="complete")

    async def find(self, role: str, name: str) -> str:
        """The first element of this role and name, once it is there."""
        return await self._locate({"type": "accessibility", "value": {"role": role, "name": name}})

    async def find_css(self, selector: str) -> str:
        return await self._locate({"type": "css", "value": selector})

    async def click(self, role: str, name: str) -> None:
        await self._point(await self.find(role, name))

    async def write(self, role: str, name: str, text: str) -> None:
        """Click into a field and type."""
        await self.click(role, name)
        await self._type(text)

    async def write_css(self, selector: str, text: str) -> None:
        """The same for a field without a role, as those of passwords are."""
        await self._point(await self.find_css(selector))
        await self._type(text)

    async def _type(self, text: str) -> None:
        keys = [step for one in text for step in ({"type": "keyDown", "value": one}, {"type": "keyUp", "value": one})]
        await self.ask(
            "input.performActions", context=self._context, actions=[{"type": "key", "id": "keys", "actions": keys}]
        )

    async def choose_files(self, selector: str, *files: Path) -> None:
        element = {"sharedId": await self.find_css(selector)}
        await self.ask("input.setFiles", context=self._context, element=element, files=[str(file) for file in files])

    async def until(self, expression: str) -> None:
        """Wait until the expression is true in the page."""
        deadline = time.monotonic() + SECONDS
        while not await self.evaluate(expression):
            assert time.monotonic() < deadline, f"never: {expression}\n{await self.evaluate('document.body.innerText')}"
            await asyncio.sleep(0.1)

    async def until_text(self, text: str) -> None:
        await self.until(f"document.body.innerText.includes({json.dumps(text)})")

    async def evaluate(self, expression: str) -> Any:
        answer = await self.ask(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))",
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise Refused(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    async def _locate(self, locator: dict[str, Any]) -> str:
        deadline = time.monotonic() + SECONDS
        while True:
            answer = await self.ask(
                "browsingContext.locateNodes", context=self._context, locator=locator, maxNodeCount=1
            )
            if answer["nodes"]:
                return str(answer["nodes"][0]["sharedId"])
            assert time.monotonic() < deadline, f"not there: {locator}"
            await asyncio.sleep(0.1)

    async def _point(self, element: str) -> None:
        await self.ask(
            "script.callFunction",
            functionDeclaration="(one) => one.scrollIntoView({ block: 'center' })",
            arguments=[{"sharedId": element}],
            target={"context": self._context},
            awaitPromise=False,
        )
        origin = {"type": "element", "element": {"sharedId": element}}
        steps = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        await self.ask("input.performActions", context=self._context, actions=[pointer])


class _Socket:
    """As much of a WebSocket client as a test on one's own machine needs (RFC 6455)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, address: str) -> "_Socket":
        host, _, path = address.removeprefix("ws://").partition("/")
        name, _, port = host.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port), limit=2**26)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in answer, answer
        return cls(reader, writer)

    async def send(self, text: str) -> None:
        body = text.encode()
        length = len(body)
        if length < 126:
            head = struct.pack("!BB", 0x81, 0x80 | length)
        elif length < 2**16:
            head = struct.pack("!BBH", 0x81, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", 0x81, 0x80 | 127, length)
        self._writer.write(head + _masked(body))
        await self._writer.drain()

    async def receive(self) -> str:
        """The next whole message; pings are answered on the way."""
        whole = b""
        while True:
            first, second = await self._reader.readexactly(2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", await self._reader.readexactly(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", await self._reader.readexactly(8))
            body = await self._reader.readexactly(length)
            kind = first & 0x0F
            if kind == 8:
                raise ConnectionResetError("Firefox closed the connection")
            if kind == 9:
                self._writer.write(struct.pack("!BB", 0x8A, 0x80 | length) + _masked(body))
            if kind in {0, 1}:
                whole += body
                if first & 0x80:
                    return whole.decode()

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


def _masked(body: bytes) -> bytes:
    mask = os.urandom(4)
    return mask + bytes(one ^ mask[at % 4] for at, one in enumerate(body))


async def _drained(stream: asyncio.StreamReader) -> None:
    while await stream.read(65_536):
        pass
