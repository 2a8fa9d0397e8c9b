"""The process that looks at one video: what it is, and its poster. `python -m … FFMPEG SECONDS NICENESS DESCRIPTOR`.

It confines itself before it reads a byte, writes nothing but frames to its standard output, and ends.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator

from tintype.platform.imaging import sandbox
from tintype.platform.imaging.messages import Broken, Finished, Refused
from tintype.platform.video.messages import Message, frame


def main() -> None:
    """Look, tell, end."""
    ffmpeg, seconds, niceness, upload = sys.argv[1], *map(int, sys.argv[2:5])
    try:
        sandbox.confine(niceness=niceness)
        sandbox.allow_seconds(seconds)
        for message in _looked(upload, ffmpeg, seconds):
            _say(message)
    except Exception as error:
        _say(Broken(repr(error)[:1000]))
        raise SystemExit(1) from error


def _looked(upload: int, ffmpeg: str, seconds: int) -> Iterator[Message]:
    from tintype.platform.video import poster, probe  # after confine: libvips starts threads

    try:
        found = probe.probe(upload)
        yield from poster.made(found, upload, ffmpeg, seconds)
    except probe.Unusable as reason:
        yield Refused(reason.code)
    except subprocess.TimeoutExpired:
        yield Refused("VIDEO_TOO_COMPLEX")
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    yield Finished(sum(used.ru_utime + used.ru_stime for used in both), 0)


def _say(message: Message) -> None:
    view = memoryview(frame(message))
    while view:
        view = view[os.write(1, view) :]


if __name__ == "__main__":
    main()
