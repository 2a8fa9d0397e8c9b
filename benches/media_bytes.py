"""How many bytes a photo takes: as it came, as it is kept, and as a feed shows it.

`python -m benches.media_bytes [folder]` (or `make bench`). Pictures: the shared photos that a camera made (at least two
megapixels and half a megabyte), else it is skipped.

- `media_bytes.kept_ratio`: all renditions together, over the upload.
- `media_bytes.shown_kilobytes`: what a browser loads of a photo in the feed: the large size, as a phone's dense
  screen asks for it, AVIF where there is one, else WebP.

Last figures (2 cores, November 2026), 30 photos in the mean: upload 1,829 KB, renditions 452 KB, shown 83
KB.
"""

import os
import statistics
import sys
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from tintype.platform.imaging import pictures
from tintype.platform.imaging.messages import PLAIN_ORDER, Picture, Rendition

PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data" / "photos"
BYTES_LEAST, PIXELS_LEAST = 500_000, 2_000_000
SECONDS = 60


def measured(photo: Path) -> tuple[int, int, int] | None:
    """Bytes of a camera's photo: the upload, all renditions, the one that is shown; None for other pictures."""
    upload = os.open(photo, os.O_RDONLY)
    try:
        if os.fstat(upload).st_size < BYTES_LEAST:
            return None
        found = list(pictures.work(upload, PLAIN_ORDER, get_ffmpeg_exe(), SECONDS))
    except pictures.Unusable:
        return None
    finally:
        os.close(upload)
    about = next(one for one in found if isinstance(one, Picture))
    if about.source_width * about.source_height < PIXELS_LEAST:
        return None
    sizes = {one.name: len(one.data) for one in found if isinstance(one, Rendition)}
    shown = sizes.get("large.avif", sizes["large.webp"])
    return photo.stat().st_size, sum(sizes.values()), shown


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PHOTOS
    if not folder.is_dir():
        print(f"bench media_bytes skipped: no photos in {folder}", flush=True)
        return
    found = [one for one in map(measured, sorted(folder.iterdir())) if one is not None]
    came, kept, shown = (statistics.mean(column) for column in zip(*found, strict=True))
    print(f"{len(found)} photos, bytes in the mean: upload {came:,.0f}, renditions {kept:,.0f}, shown {shown:,.0f}")
    ratio, kilobytes = kept / came, shown / 1000
    print(f"bench media_bytes.kept_ratio value={ratio:.2f} goal=<=0.50 met={'yes' if ratio <= 0.5 else 'no'}")
    met = "yes" if kilobytes <= 200 else "no"
    print(f"bench media_bytes.shown_kilobytes value={kilobytes:.0f} goal=<=200 met={met}", flush=True)


if __name__ == "__main__":
    main()
