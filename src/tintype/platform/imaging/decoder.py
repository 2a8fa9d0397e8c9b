"""The decoder process: takes an open file from its parent, gives back what the picture is and its renditions.

`python -m tintype.platform.imaging.decoder FFMPEG SECONDS`, with one end of a socket pair as standard input. It reads
nothing but the descriptor and the order of its job, writes nothing but to that socket, and ends when the socket does.
"""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tintype.platform.imaging import sandbox
from tintype.platform.imaging.messages import (
    LENGTH_BYTES,
    Broken,
    Finished,
    Message,
    Order,
    Refused,
    frame,
    parse_order,
)


def main() -> None:
    """Serve jobs, one after the other, until the parent is gone."""
    ffmpeg, seconds = sys.argv[1], int(sys.argv[2])
    with socket.socket(fileno=0) as channel:
        try:
            sandbox.confine()
            from tintype.platform.imaging import pictures  # after confine: libvips starts threads

            while True:
                word, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
                if not word:
                    return
                sandbox.allow_seconds(seconds)
                with os.fdopen(descriptors[0], "rb") as upload:
                    order = parse_order(_exactly(channel, int.from_bytes(_exactly(channel, LENGTH_BYTES), "big")))
                    for message in _job(pictures, upload.fileno(), order, ffmpeg, seconds):
                        channel.sendall(frame(message))
        except (BrokenPipeError, ConnectionResetError):
            return
        except Exception as error:
            channel.sendall(frame(Broken(repr(error)[:1000])))
            raise SystemExit(1) from error


def _exactly(channel: socket.socket, length: int) -> bytes:
    body = channel.recv(length, socket.MSG_WAITALL)
    if len(body) < length:
        raise ConnectionResetError
    return body


def _job(pictures: Any, upload: int, order: Order, ffmpeg: str, seconds: int) -> Iterator[Message]:
    before = _cpu_seconds()
    try:
        yield from pictures.work(upload, order, ffmpeg, seconds)
    except pictures.Unusable as reason:
        yield Refused(reason.code)
    except subprocess.TimeoutExpired:
        yield Refused("TOO_COMPLEX")
    yield Finished(_cpu_seconds() - before, _peak_bytes())


def _cpu_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _peak_bytes() -> int:
    """The most memory this process had. `ru_maxrss` counts that of the parent, up to its exec, as well."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
