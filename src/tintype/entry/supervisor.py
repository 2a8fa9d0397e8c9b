"""`tintype serve`: PostgreSQL, migrations, the API and the worker on one machine, started, watched, ended together."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from tintype.entry import folder, health, lifeline, moved, preparing
from tintype.platform import db, migrations
from tintype.platform.child import dies_with_parent
from tintype.platform.config import CHECKOUT, Settings
from tintype.platform.embedded_postgres import EmbeddedPostgres, NotStarted

ROLES = ("api", "worker")
LOOK_SECONDS = 0.1
READY_SECONDS = 60.0
START_TRIES = 3
EARLIER_RUN_SECONDS = 15.0
STOP_SECONDS = {"api": 5.0, "worker": 2.0}
ALL_STOP_SECONDS, DATABASE_STOP_SECONDS = 9.0, 1.5
BACK_OFF = (0.1, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 5.0


class Refused(RuntimeError):
    """Why the product cannot start, and what to do about it."""


class BackOff:
    """How long to wait before the next try: longer while tries fail, short again after a steady while."""

    def __init__(self) -> None:
        self.tries = 0
        self._since = time.monotonic()

    def started(self) -> None:
        self._since = time.monotonic()

    def rest(self) -> float:
        """Seconds to rest now that it has ended or failed."""
        if time.monotonic() - self._since > STEADY_SECONDS:
            self.tries = 0
        rest = BACK_OFF[min(self.tries, len(BACK_OFF) - 1)]
        self.tries += 1
        return rest


class Child:
    """One process of the product, in a session of its own so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, role: str, settings: Settings, lifeline_end: int) -> None:
        self.role = role
        self.back_off = BackOff()
        self._settings = settings
        self._lifeline = lifeline_end
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    def start(self, database_url: str) -> None:
        lock = folder.children_lock(self._settings.run_dir)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tintype", self.role],
                stdin=subprocess.DEVNULL,
                env={
                    **os.environ,
                    lifeline.VARIABLE: str(self._lifeline),
                    "TINTYPE_SUPERVISED": "1",
                    "TINTYPE_DATABASE_URL": self._settings.database_url or database_url,
                },
                pass_fds=(self._lifeline, lock),
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        finally:
            os.close(lock)
        self.back_off.started()

    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.poll() if self._process is not None else None

    def send(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    async def ready(self) -> bool:
        with suppress(OSError, TimeoutError, IndexError, ValueError):
            status, _ = await health.ask(self._settings.run_dir / f"{self.role}-{self.pid}.health", "/readyz")
            return status == 200
        return False


class Supervisor:
    """One product on one data folder, which the caller holds. `run` returns when it has been told to stop."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._postgres = None if settings.database_url else EmbeddedPostgres(settings.data_dir)
        self._lifeline, self._lifeline_held = os.pipe()
        self._children = {role: Child(role, settings, self._lifeline) for role in ROLES}
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()

    @property
    def url(self) -> str:
        return self._postgres.url if self._postgres is not None else self._settings.direct_url

    async def run(self) -> None:
        """Start everything, keep it running, and end everything. Raises Refused when it cannot start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._told)
        try:
            await self._until_stopped(self._start())
            if not self._stop.is_set():
                await self._watch()
        except Refused:  # what was on its way up fails when Ctrl-C reaches it, too
            if not self._stop.is_set():
                raise
        finally:
            await self._end()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.remove_signal_handler(number)
            os.close(self._lifeline)
            os.close(self._lifeline_held)

    def _told(self) -> None:
        """The first signal asks, the second insists."""
        (self._hurry if self._stop.is_set() else self._stop).set()

    async def _until_stopped(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this, or as much of it as there is time for before being told to stop."""
        working, stopping = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    async def _start(self) -> None:
        settings = self._settings
        try:
            moved.check(settings)
        except moved.LeftBehind as error:
            raise Refused(str(error)) from error
        self._clear_run_dir()
        for what, host, port in (
            ("", settings.host, settings.port),
            ("admin ", settings.admin_host, settings.admin_port),
        ):
            _check_port(what, host, port)
        if self._postgres is not None:
            self._say(f"starting PostgreSQL in {self._postgres.folder}")
            try:
                await self._postgres.start()
            except NotStarted as error:
                raise Refused(f"{error}\n`tintype doctor` may say more.") from error
        await self._migrate()
        self._say("starting the API and the worker")
        for child in self._children.values():
            child.start(self.url)

    def _clear_run_dir(self) -> None:
        """Wait for what an earlier, killed supervisor left behind, and take away its sockets."""
        run_dir = self._settings.run_dir
        try:
            folder.wait_for_children(run_dir, EARLIER_RUN_SECONDS)
        except folder.ChildrenLeft as error:
            raise Refused(str(error)) from error
        for pattern in ("*.health", "*.bell"):
            for left in run_dir.glob(pattern):
                left.unlink(missing_ok=True)

    async def _migrate(self) -> None:
        try:
            await preparing.prepare_again(self._settings, self.url, self._say)
        except preparing.Unready as error:
            raise Refused(str(error)) from error
        except db.NO_ANSWER as error:
            raise Refused(f"The database does not answer: {error}") from error
        except migrations.MadeByNewer as error:
            raise Refused(f"This database cannot be used: {error}") from error
        except migrations.MigrationFailed as error:
            raise Refused(f"The database could not be migrated: {error}") from error

    async def _greet(self) -> None:
        """Say that it is ready once it is. Raises Refused when it does not become so."""
        deadline = time.monotonic() + READY_SECONDS
        waiting = dict(self._children)
        while waiting:
            for role, child in list(waiting.items()):
                if child.back_off.tries >= START_TRIES:
                    raise Refused(f"The {role} ended {START_TRIES} times: what it said stands above.")
                if await child.ready():
                    del waiting[role]
            if waiting and time.monotonic() > deadline:
                raise Refused(f"Not ready after {READY_SECONDS:.0f} s: {', '.join(waiting)}")
            await asyncio.sleep(LOOK_SECONDS / 2)
        await self._welcome()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    async def _watch(self) -> None:
        """Until told to stop, start again whatever ends."""
        kept = [
            self._keep(one.role, one.back_off, one.ended, partial(one.start, self.url))
            for one in self._children.values()
        ]
        if self._postgres is not None:
            kept.append(self._keep("PostgreSQL", BackOff(), self._postgres_ended, self._postgres.start))
        greeting = asyncio.create_task(self._greet())
        tasks = {greeting, asyncio.create_task(self._stop.wait()), *(asyncio.create_task(one) for one in kept)}
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if done == {greeting} and greeting.exception() is None:
            done, _ = await asyncio.wait(tasks - done, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    def _postgres_ended(self) -> int | None:
        process = self._postgres.process if self._postgres is not None else None
        return -1 if process is None else process.poll()

    async def _keep(
        self,
        name: str,
        back_off: BackOff,
        ended: Callable[[], int | None],
        start: Callable[[], Awaitable[None] | None],
    ) -> None:
        while not self._stop.is_set():
            code = ended()
            if code is None:
                await self._pause(LOOK_SECONDS)
                continue
            rest = back_off.rest()
            self._say(f"{name} ended with code {code}; starting it again in {rest:g} s")
            await self._pause(rest)
            if self._stop.is_set():
                return
            try:
                starting = start()
                if starting is not None:
                    await starting
                back_off.started()
            except (NotStarted, *db.NO_ANSWER) as error:
                # A database without room for its log goes down while it comes up, until there is room.
                self._say(f"{name} did not start: {error}")

    async def _end(self) -> None:
        """The API first, so that what it has accepted is answered; then the worker; then the database."""
        self._stop.set()
        deadline = time.monotonic() + ALL_STOP_SECONDS
        if any(child.pid and child.ended() is None for child in self._children.values()):
            self._say("stopping")
        for role, child in self._children.items():
            await self._end_child(child, STOP_SECONDS[role])
        if self._postgres is not None:
            await self._postgres.stop(max((deadline - time.monotonic()) * 0.8, DATABASE_STOP_SECONDS))
        self._say("stopped")

    async def _end_child(self, child: Child, seconds: float) -> None:
        if not child.pid or child.ended() is not None:
            return
        child.send(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while child.ended() is None:
            if self._hurry.is_set() or time.monotonic() > deadline:
                child.send(signal.SIGKILL)
            await asyncio.sleep(LOOK_SECONDS / 5)

    async def _welcome(self) -> None:
        settings = self._settings
        self._say(f"ready: {settings.public_url}")
        self._say(f"data folder: {settings.data_dir}")
        if not await self._has_admin():
            if settings.registration == "open":
                self._say(f"to become its admin: register there, then run  {_program()} user promote YOUR_NAME")
            else:
                self._say(f"to become its admin:  {_program()} user create YOUR_NAME YOUR_EMAIL --admin")
        self._say("Ctrl-C stops it")

    async def _has_admin(self) -> bool:
        """Also when that cannot be found out just now."""
        with suppress(*db.NO_ANSWER):
            connection = await asyncpg.connect(self.url, timeout=5, command_timeout=5)
            try:
                return bool(await connection.fetchval(HAS_ADMIN))
            finally:
                await connection.close(timeout=2)
        return True


def _program() -> str:
    """How the command is called from where this one was, with the settings that lead it to the same product."""
    inside = CHECKOUT / ".venv" / "bin" / "tintype"
    program = "tintype"
    if inside.exists():
        program = str(inside.relative_to(Path.cwd()) if inside.is_relative_to(Path.cwd()) else inside)
    given = os.environ.get("TINTYPE_DATA_DIR")
    return f"TINTYPE_DATA_DIR={given} {program}" if given else program


def _check_port(what: str, host: str, port: int) -> None:
    """Raise Refused for an address that is taken, rather than let a process die of it later."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            setting = "TINTYPE_ADMIN_PORT" if what else "TINTYPE_PORT"
            raise Refused(
                f"The {what}port {host}:{port} cannot be used: {error.strerror}. "
                f"Stop what is listening there, or choose another with {setting}."
            ) from error


async def serve(settings: Settings) -> None:
    """Hold the data folder and run the product. Raises Refused or folder.Held."""
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:6.1f} s] {text}", flush=True)  # noqa: T201 - what it is for

    with folder.held(settings.data_dir, "serve"):
        await Supervisor(settings, say).run()


HAS_ADMIN = """
-- entry: whether somebody is admin
select exists (select from accounts where role = 'admin' and deleted_at is null)
"""
