"""How a server stops without losing a request that somebody has sent.

Every answer closes its connection from now on, so that clients go elsewhere; then new connections are turned away while
those that the system has taken already are served; what is inside by then is finished.
"""

import asyncio
import ctypes
import os
import socket
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path

from tintype.entry.shedding import Gate

FAREWELL_SECONDS, QUIET_SECONDS, LAST_SECONDS = 1.0, 0.15, 2.5
SO_ATTACH_FILTER = 26
# Classic BPF: load the byte of the TCP flags, and drop what has SYN set.
NO_SYN = struct.pack("=" + "HBBI" * 4, 0x30, 0, 0, 13, 0x45, 0, 1, 0x02, 0x06, 0, 0, 0, 0x06, 0, 0, 0xFFFFFFFF)


async def finished(gate: Gate, port: int) -> None:
    """Return when what was sent to this port has been answered, or after some seconds."""
    deadline = time.monotonic() + FAREWELL_SECONDS
    while time.monotonic() < deadline and not await _is_quiet(gate):
        pass
    turn_away(port)
    deadline = time.monotonic() + LAST_SECONDS
    while time.monotonic() < deadline and not await _is_quiet(gate):
        pass


async def _is_quiet(gate: Gate) -> bool:
    """Whether nothing came in for a moment, and nothing is inside."""
    before = gate.came
    await asyncio.sleep(QUIET_SECONDS)
    return gate.came == before and not any(gate.inside)


def turn_away(port: int) -> None:
    """Drop what would open a connection to this port; without this, those in the queue at the end would be cut off.

    A connection that was not opened is tried again by its client, and refused once the port is closed. Linux only.
    """
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(NO_SYN)
    for opened in Path("/proc/self/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(opened.name))) as one:
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and _port(one) == port:
                filter_ = struct.pack("HP", len(NO_SYN) // 8, ctypes.addressof(program))
                one.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, filter_)


def _port(listener: socket.socket) -> int | None:
    return int(listener.getsockname()[1]) if listener.family in (socket.AF_INET, socket.AF_INET6) else None
