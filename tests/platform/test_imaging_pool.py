"""The pool of decoder processes: bounded, confined, and unmoved by children that are killed, hang or lie."""

import asyncio
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.platform.pictures import decode, plain
from tintype.platform.imaging import messages
from tintype.platform.imaging.messages import Picture
from tintype.platform.imaging.pool import DecoderFailed, PictureRefused, Pool

PICTURE = plain(400, 300, [10, 90, 200]).jpegsave_buffer()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def spoiled(pool: Pool, number: signal.Signals, file: Path) -> str:
    """Decode, and send the child a signal as soon as it has told what the picture is."""
    file.write_bytes(PICTURE)

    async def seen(_: Picture) -> None:
        for pid in pool.pids:
            os.kill(pid, number)

    with file.open("rb") as upload:
        try:
            await pool.decode(upload.fileno(), seen)
        except DecoderFailed:
            return "failed"
        return "done"


async def test_a_killed_child_costs_one_call(tmp_path: Path) -> None:
    async with Pool(size=1, timeout=20) as pool:
        outcomes = [await spoiled(pool, signal.SIGKILL, tmp_path / "photo") for _ in range(5)]
        assert "failed" in outcomes  # a fast child may be done before the signal arrives
        found, _ = await decode(pool, PICTURE)
        assert found.picture.width == 400


async def test_a_child_killed_while_idle_costs_nothing() -> None:
    async with Pool(size=1, timeout=20) as pool:
        await decode(pool, PICTURE)
        (pid,) = pool.pids
        os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        await decode(pool, PICTURE)
        assert pool.pids != [pid]


async def test_a_hanging_child_is_ended_in_time(tmp_path: Path) -> None:
    async with Pool(size=1, timeout=2) as pool:
        await pool.warm()
        (pid,) = pool.pids
        os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(DecoderFailed, match="2 s"):
            await decode(pool, PICTURE)
        assert time.monotonic() - began < 4
        assert not is_running(pid)
        await decode(pool, PICTURE)


async def test_a_cancelled_call_leaves_no_child_at_work() -> None:
    async with Pool(size=1, timeout=20) as pool:
        await pool.warm()
        (pid,) = pool.pids
        os.kill(pid, signal.SIGSTOP)
        work = asyncio.create_task(decode(pool, PICTURE))
        await asyncio.sleep(0.1)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert pool.pids == []
        assert not is_running(pid)


async def test_children_are_bounded_and_kept() -> None:
    async with Pool(size=2, timeout=20) as pool:
        await asyncio.gather(*(decode(pool, PICTURE) for _ in range(8)))
        assert len(before := pool.pids) == 2
        await decode(pool, PICTURE)
        assert pool.pids == before
    assert pool.pids == []


async def test_children_are_recycled() -> None:
    async with Pool(size=1, timeout=20, recycle_after=2) as pool:
        seen: list[int] = []
        for _ in range(4):
            await pool.warm() if not pool.pids else None
            seen += pool.pids
            await decode(pool, PICTURE)
        assert seen[0] == seen[1] != seen[2] == seen[3]
        assert pool.pids == []


async def test_one_bad_picture_does_not_touch_the_others() -> None:
    async with Pool(size=2, timeout=20) as pool:
        bodies = [PICTURE, b"no picture", PICTURE[:200], PICTURE]
        found = await asyncio.gather(*(decode(pool, body) for body in bodies), return_exceptions=True)
        assert [type(one) for one in found] == [tuple, PictureRefused, PictureRefused, tuple]


def bomb_png(width: int, height: int, kind: int = 0) -> bytes:
    """A PNG of one colour: a few kilobytes that unpack to width times height."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 1 if kind == 0 else 8, kind, 0, 0, 0)
    row = b"\0" * (1 + (width + 7) // 8 * (1 if kind == 0 else 24))
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(min(height, 10_000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def bomb_gif(width: int, height: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHH", 0, 0, width, height) + b"\0" + b"\x02\x02\x44\x01\0"
    return head + frame * 50 + b";"


@pytest.mark.parametrize(
    "bomb",
    [
        partial(bomb_png, 60_000, 60_000),
        partial(bomb_png, 1_000_000, 200_000),
        partial(bomb_png, 30_000, 30_000, 2),
        partial(bomb_gif, 65_535, 65_535),
    ],
)
async def test_bombs_are_refused_by_their_header(bomb: Callable[[], bytes]) -> None:
    body = bomb()
    async with Pool(size=1, timeout=20) as pool:
        await pool.warm()
        (pid,) = pool.pids
        began = time.monotonic()
        with pytest.raises(PictureRefused) as refusal:
            await decode(pool, body)
        assert refusal.value.code in {"TOO_MANY_PIXELS", "DAMAGED"}
        assert time.monotonic() - began < 2
        assert pool.pids == [pid]


async def test_the_largest_picture_allowed() -> None:
    """A hundred megapixels, line by line."""
    async with Pool(size=1, timeout=60) as pool:
        found, _ = await decode(pool, bomb_png(10_000, 10_000, 2))
    assert (found.picture.width, found.picture.height) == (10_000, 10_000)
    assert found.cost.peak_bytes < 150 << 20


async def test_the_largest_interlaced_picture() -> None:
    """A hundred megapixels that have to be in memory all at once."""
    body = plain(10_000, 10_000, [1, 2, 3]).jpegsave_buffer(interlace=True, subsample_mode="off")
    async with Pool(size=1, timeout=60) as pool:
        found, _ = await decode(pool, body)
    assert found.cost.peak_bytes < 1 << 30


async def test_nonsense_from_a_child_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes from a process that read untrusted bytes is not trusted either."""
    monkeypatch.setattr(messages, "LARGEST_FRAME", 10)
    async with Pool(size=1, timeout=20) as pool:
        with pytest.raises(DecoderFailed, match="too much"):
            await decode(pool, PICTURE)
    for frame in (b"", b"\xc1", b"\x81\xa4type\xa7picture", b"\x80"):
        with pytest.raises(ValueError):
            messages.parse(frame)


def test_a_child_ends_with_its_parent() -> None:
    """However the parent ends."""
    program = (
        "import asyncio, sys\n"
        "from tintype.platform.imaging.pool import Pool\n"
        "async def main():\n"
        "    pool = Pool(size=1, timeout=20)\n"
        "    await pool.warm()\n"
        "    print(pool.pids[0], flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout as out:
        child = int(out.readline())
        assert is_running(child)
        parent.kill()
        parent.wait()
    for _ in range(50):
        if not is_running(child):
            return
        time.sleep(0.05)
    pytest.fail("the decoder outlived its parent")


def test_what_a_decoder_has_given_up(tmp_path: Path) -> None:
    """No files, no cores, little memory; no network where the system allows namespaces."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        program = (
            "import resource, socket, sys\n"
            "from tintype.platform.imaging.sandbox import confine\n"
            "confine()\n"
            "def fails(do):\n"
            "    try: do()\n"
            "    except (OSError, MemoryError): return True\n"
            "    return False\n"
            f"def write():\n    with open({str(tmp_path / 'file')!r}, 'w') as f: f.write('x')\n"
            f"print(fails(write), fails(lambda: bytearray(8 << 30)),"
            f" fails(lambda: socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 1)))\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    may_unshare = subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, check=False)
    written, allocated, connected = done.stdout.split()
    assert (written, allocated) == ("True", "True")
    assert connected == "True" or may_unshare.returncode != 0
