"""Video: what a stream costs against the bare FFmpeg command, and what its making takes from photos.

`python -m benches.video` (or `make bench`). The clip is a shared 1080p one with sound, repeated.

- `video.cpu_ratio`: CPU time of all our processes for one clip (looking, poster, encoding, cutting, storing) over that
  of one bare FFmpeg run, which writes the same rungs as HLS with `split` and `var_stream_map`, and looks at nothing.
- `video.photo_ready_ratio`: p95 of a photo from the first byte of its form to `ready`, over HTTP on a served product,
  while a 90 s clip is encoded, over the p95 without. One photo after the other.

Last figures (2 cores): cpu_ratio 0.915 (17 s of 1080p30: 23.3 CPU s against 25.5, since each rung is scaled from the
one above; other work beside it); photo_ready_ratio 1.09 on free cores (p95 0.41 s alone, 0.45 s beside a clip).
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import imageio_ffmpeg

from benches.harness import percentile, report
from benches.server import Served, newcomers, product

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
CLIP = DATA / "videos" / "sample-5s.mp4"
SHORT_SECONDS, WHOLE_SECONDS = 23, 89
PHOTOS = 30


def repeated(folder: Path, seconds: int) -> Path:
    """The clip, as often as it takes, without encoding it again."""
    file = folder / f"{seconds}.mp4"
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-stream_loop", "-1", "-i", str(CLIP), "-t", str(seconds)]
    subprocess.run([*ffmpeg, "-c", "copy", str(file)], check=True)
    return file


def bare(file: Path, folder: Path) -> float:
    """CPU seconds of the command that a person would write."""
    from tintype.platform.video.command import RUNGS

    sides = list(RUNGS.items())
    names = "".join(f"[s{n}]" for n in range(len(sides)))
    filters = ";".join(f"[s{n}]scale=-2:{side}[v{n}]" for n, (side, _) in enumerate(sides))
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(file)]
    command += ["-filter_complex", f"[0:v]split={len(sides)}{names};{filters}"]
    for n, (_, bits) in enumerate(sides):
        command += ["-map", f"[v{n}]", f"-maxrate:v:{n}", str(bits), f"-bufsize:v:{n}", str(bits * 2)]
    command += [
        "-map",
        "0:a",
        "-c:v",
        "libx264",
        "-preset",
        "superfast",
        "-crf",
        "23",
        "-sc_threshold",
        "0",
        "-g",
        "60",
    ]
    command += ["-force_key_frames", "expr:gte(t,n_forced*2)", "-c:a", "aac", "-b:a", "128k", "-f", "hls"]
    command += ["-hls_time", "2", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
    streams = " ".join([*(f"v:{n},agroup:a" for n in range(len(sides))), "a:0,agroup:a"])
    command += ["-var_stream_map", streams, "-master_pl_name", "master.m3u8", str(folder / "%v.m3u8")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, cwd=folder)
    return spent(before, resource.getrusage(resource.RUSAGE_CHILDREN))


def spent(before: resource.struct_rusage, after: resource.struct_rusage) -> float:
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


async def ours(file: Path, folder: Path) -> float:
    """CPU seconds of everything that we do for the same."""
    from tintype.platform.objects.folder import FolderObjects
    from tintype.platform.objects.port import file_key
    from tintype.platform.video import command, encoder

    store = FolderObjects(folder, b"k" * 32)
    before = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)

    async def keep(name: str, data: bytes) -> None:
        await store.put({file_key(1, name): data})

    async def progress() -> None:
        return None

    with file.open("rb") as upload:
        video, poster = await encoder.look(upload.fileno())
        await store.put({file_key(1, one.name): one.data for one in poster})
        await encoder.encode(upload.fileno(), video, command.planned(video, "0" * 8), keep, progress, 3_600)
    children, own = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
    return spent(before[0], children) + spent(before[1], own)


async def cost(folder: Path, seconds: int) -> None:
    from tintype.platform.video import encoder

    encoder.use(0)  # both at the same priority: what is measured is work, not waiting
    file = repeated(folder, seconds)
    for name in ("ours", "bare"):
        (folder / name).mkdir()
    mine, theirs = await ours(file, folder / "ours"), bare(file, folder / "bare")
    print(f"{seconds} s of 1080p30: CPU s ours {mine:.1f}, bare {theirs:.1f}; load {os.getloadavg()[0]:.1f}")
    report("video.cpu_ratio", mine / theirs, "<=1.1")


async def send(http: httpx2.AsyncClient, kind: str, content_type: str, body: bytes) -> str:
    wish = {"kind": kind, "content_type": content_type, "size": len(body)}
    ticket = (await http.post("/api/v1/media/upload-url", json=wish)).raise_for_status().json()["data"]
    way = ticket["upload"]
    if way["method"] == "MULTIPART":
        for part in way["parts"]:
            at = (part["number"] - 1) * way["part_size"]
            (await http.put(part["url"], content=body[at : at + way["part_size"]])).raise_for_status()
    else:
        files = {"file": ("file", body, content_type)}
        (await http.post(way["url"], data=way["fields"], files=files)).raise_for_status()
    (await http.post(f"/api/v1/media/{ticket['media_id']}/complete")).raise_for_status()
    return str(ticket["media_id"])


async def photos(http: httpx2.AsyncClient, count: int) -> list[float]:
    """Seconds until each of so many photos was ready."""
    bodies = [one.read_bytes() for one in sorted((DATA / "photos").glob("*.jpg"))[:5]]
    times = []
    for n in range(count + 2):
        began = time.perf_counter()
        media_id = await send(http, "IMAGE", "image/jpeg", bodies[n % len(bodies)])
        found = (await http.get(f"/api/v1/media/{media_id}/wait?seconds=30")).json()["data"]
        if found["status"] != "ready":
            raise SystemExit(f"a photo is {found['status']}")
        if n >= 2:  # the first ones warm decoder and connections
            times.append(time.perf_counter() - began)
    return times


async def delay(folder: Path, seconds: int, count: int) -> None:
    clip = repeated(folder, seconds).read_bytes()
    async with product(newcomers(2)) as served:
        await compare(served, clip, count)


async def compare(served: Served, clip: bytes, count: int) -> None:
    tokens = list(served.tokens.values())
    headers = [{"Authorization": f"Bearer {token}"} for token in tokens]
    async with (
        httpx2.AsyncClient(base_url=served.base_url, headers=headers[0], timeout=120) as one,
        httpx2.AsyncClient(base_url=served.base_url, headers=headers[1], timeout=120) as other,
    ):
        quiet = await photos(one, count)
        media_id = await send(other, "VIDEO", "video/mp4", clip)
        while (await other.get(f"/api/v1/media/{media_id}")).json()["data"].get("progress") is None:
            await asyncio.sleep(0.2)
        busy = await photos(one, count)
        still = (await other.get(f"/api/v1/media/{media_id}")).json()["data"]
    if still["status"] != "processing":
        raise SystemExit("the clip was done before the photos were: take a longer one, or fewer photos")
    before, during = percentile(quiet, 0.95), percentile(busy, 0.95)
    print(f"photo ready p95: {before:.3f} s alone, {during:.3f} s beside a clip; load {os.getloadavg()[0]:.1f}")
    report("video.photo_ready_ratio", during / before, "<=2")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["cost", "delay"])
    parser.add_argument("--seconds", type=int, help="of the clips; shorter for a quick look")
    parser.add_argument("--photos", type=int, default=PHOTOS)
    given = parser.parse_args()
    if not CLIP.exists():
        sys.exit(f"needs {CLIP.name} of the shared test data, which is not beside this checkout")
    with tempfile.TemporaryDirectory() as folder:
        if given.only != "delay":
            asyncio.run(cost(Path(folder), given.seconds or SHORT_SECONDS))
    with tempfile.TemporaryDirectory() as folder:
        if given.only != "cost":
            asyncio.run(delay(Path(folder), given.seconds or WHOLE_SECONDS, given.photos))


if __name__ == "__main__":
    main()
