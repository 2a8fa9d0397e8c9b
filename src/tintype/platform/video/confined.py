"""The process that becomes the encoder: `python -m … SECONDS NICENESS FFMPEG …` confines itself and is FFmpeg then."""

import os
import sys

from tintype.platform.imaging import sandbox


def main() -> None:
    """Confine, then run the program that the arguments name."""
    sandbox.confine(niceness=int(sys.argv[2]))
    sandbox.allow_seconds(int(sys.argv[1]))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 - no shell, and the program is ours


if __name__ == "__main__":
    main()
