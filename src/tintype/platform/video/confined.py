"""The process that becomes the encoder: it gives up what it can, then is FFmpeg. `python -m … SECONDS FFMPEG …`."""

import os
import sys

from tintype.platform.imaging import sandbox


def main() -> None:
    """Confine, then run the program that the arguments name."""
    sandbox.confine(niceness=sandbox.IDLE_NICENESS)
    sandbox.allow_seconds(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - no shell, and the program is ours


if __name__ == "__main__":
    main()
