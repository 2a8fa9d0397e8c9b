"""The port of the scanner: none, and ClamAV by TCP and by its socket; and what becomes of files while it is away."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from tests.engines import clamav
from tintype.platform import clock
from tintype.platform.guard import EngineDown
from tintype.platform.scanner import port
from tintype.platform.scanner.clamd import Clamd
from tintype.platform.scanner.none import NoScanner
from tintype.platform.scanner.port import Infected, NotScannable, Scanner

NAME = "Eicar-Test-Signature"


class Subject(NamedTuple):
    """An adapter, and what it calls the test file."""

    scanner: Scanner
    finds: str | None


@pytest.fixture(params=["none", "clamd-tcp", "clamd-unix"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "none":
        return Subject(NoScanner(), None)
    daemon: clamav.Clamd = request.getfixturevalue("clamd")
    url = daemon.url if request.param == "clamd-tcp" else daemon.socket_url
    return Subject(Clamd(url, seconds=20), f"{NAME}.UNOFFICIAL")


@pytest.fixture
def cut(clamd: clamav.Clamd) -> Iterator[clamav.Clamd]:
    """One that the test may stop."""
    yield clamd
    clamd.resume()
    clamd.kill()
    clamd.restart()


@contextmanager
def file(data: bytes) -> Iterator[int]:
    with tempfile.TemporaryFile() as opened:
        opened.write(data)
        opened.flush()
        yield opened.fileno()


@pytest.mark.parametrize("data", [b"", b"x", b"a picture" * 1000, bytes(10 * 1024 * 1024)])
async def test_what_is_clean(subject: Subject, data: bytes) -> None:
    with file(data) as descriptor:
        assert await subject.scanner.scan(descriptor) is None


@pytest.mark.parametrize("before", [0, 1, 256 * 1024 - 10, 5_000_000])
async def test_what_is_not(subject: Subject, before: int) -> None:
    """Wherever it lies, also across two pieces."""
    with file(bytes(before) + clamav.EICAR + b"\n") as descriptor:
        assert await subject.scanner.scan(descriptor) == subject.finds


async def test_from_the_beginning_wherever_the_descriptor_stands(subject: Subject) -> None:
    with file(clamav.EICAR + bytes(1000)) as descriptor:
        os.lseek(descriptor, 900, os.SEEK_SET)
        assert await subject.scanner.scan(descriptor) == subject.finds


async def test_many_at_once(subject: Subject) -> None:
    async def one(n: int) -> str | None:
        with file(clamav.EICAR if n % 2 else b"clean") as descriptor:
            return await subject.scanner.scan(descriptor)

    assert await asyncio.gather(*(one(n) for n in range(20))) == [None, subject.finds] * 10


async def test_what_is_too_large_for_it_is_told(clamd: clamav.Clamd) -> None:
    large = bytes(clamav.STREAM_BYTES + 1_000_000)
    with file(large) as descriptor, pytest.raises(NotScannable, match="StreamMaxLength"):
        await Clamd(clamd.url, seconds=20).scan(descriptor)


@pytest.mark.parametrize("by", ["tcp", "unix"])
async def test_one_that_hangs_is_told_in_time(cut: clamav.Clamd, by: str) -> None:
    scanner = Clamd(cut.url if by == "tcp" else cut.socket_url, seconds=0.5)
    cut.pause()
    began = clock.monotonic()
    with file(b"x" * 5_000_000) as descriptor, pytest.raises(EngineDown):
        await scanner.scan(descriptor)
    assert clock.monotonic() - began < 2
    cut.resume()
    with file(clamav.EICAR) as descriptor:
        assert await scanner.scan(descriptor) == f"{NAME}.UNOFFICIAL"


async def test_one_that_was_killed_is_told_at_once(cut: clamav.Clamd) -> None:
    scanner = Clamd(cut.url)
    cut.kill()
    began = clock.monotonic()
    with file(b"x") as descriptor:
        with pytest.raises(EngineDown):
            await scanner.scan(descriptor)
        assert clock.monotonic() - began < 2
        cut.restart()
        assert await scanner.scan(descriptor) is None


@pytest.mark.parametrize("fails_open", [False, True])
async def test_closed_or_open_while_it_is_away(cut: clamav.Clamd, fails_open: bool) -> None:
    port.use(Clamd(cut.url, seconds=5), fails_open=fails_open)
    try:
        with file(clamav.EICAR) as infected, file(b"x") as clean, file(bytes(clamav.STREAM_BYTES * 2)) as large:
            await port.check(clean)
            with pytest.raises(Infected, match=NAME):
                await port.check(infected)
            if fails_open:
                await port.check(large)
            else:
                with pytest.raises(NotScannable):
                    await port.check(large)
            cut.kill()
            if fails_open:
                await port.check(infected)
            else:
                with pytest.raises(EngineDown):
                    await port.check(clean)
    finally:
        port.use(NoScanner())
