"""The one FFmpeg command that makes every rung of a stream, and the rungs that a source allows."""

from collections.abc import Sequence

import msgspec

from tintype.platform.video.messages import Video
from tintype.platform.video.streams import AUDIO, SEGMENT_SECONDS, Stream, Track

# The short side of each rung, and the most bits a second that its pictures take.
RUNGS = {240: 400_000, 360: 800_000, 480: 1_400_000, 720: 2_800_000, 1080: 5_000_000}
SOUND_BITS = 128_000
LONGEST_SECONDS, SHORTEST_SECONDS = 90, 1
LONGEST_SIDE = 4_096
PIXELS_MOST = 7_680 * 4_320
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
DECODERS = (
    "h264,hevc,vp8,vp9,libdav1d,av1,mpeg4,prores,mjpeg,"
    "aac,mp3,mp3float,opus,vorbis,alac,flac,ac3,eac3,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le"
)
PRESET = "superfast"

# Linear light, mapped to the range of ordinary screens, and back; at the size of the largest rung, as it is costly.
SDR = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=limited"
)


class Rung(msgspec.Struct, frozen=True):
    """One size of the pictures."""

    name: str
    width: int
    height: int
    most: int


def rungs(width: int, height: int) -> list[Rung]:
    """What a source of this shown size allows: never above it, by the short side; below 240, its own size alone."""
    short, long = min(width, height), max(width, height)
    found = []
    for side in [one for one in RUNGS if one <= short] or [short]:
        scale = min(side / short, LONGEST_SIDE / long)
        most = RUNGS.get(side, RUNGS[240])
        found.append(Rung(str(side), _even(width * scale), _even(height * scale), most))
    return found


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)


def reading(upload: int) -> list[str]:
    """The options before and with the input: nothing but this descriptor, these containers, these decoders."""
    return [
        "-v", "error", "-nostdin", "-max_alloc", str(1 << 30),
        "-protocol_whitelist", "fd", "-format_whitelist", CONTAINERS, "-codec_whitelist", DECODERS,
        "-max_pixels", str(PIXELS_MOST), "-threads", "2", "-t", str(LONGEST_SECONDS), "-fd", str(upload), "-i", "fd:",
    ]  # fmt: skip


def planned(video: Video, token: str) -> Stream:
    """The stream that this video will become."""
    tracks = [Track(one.name, one.width, one.height, most=one.most) for one in rungs(video.width, video.height)]
    if video.has_sound:
        tracks.append(Track(AUDIO, most=SOUND_BITS))
    return Stream(token, video.rate, tracks)


def encoding(video: Video, stream: Stream, upload: int, outputs: Sequence[int]) -> list[str]:
    """The arguments: each track of the stream goes to its own descriptor as fragmented MP4."""
    rungs_, is_short = stream.rungs, video.seconds is not None and video.seconds < SHORTEST_SECONDS
    arguments = [*reading(upload), "-filter_complex", _filters(video, rungs_, is_short)]
    for n, (track, output) in enumerate(zip(stream.tracks, outputs, strict=True)):
        arguments += _sound(is_short) if track.name == AUDIO else _pictures(n, track, stream.rate)
        arguments += ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flush_packets", "1"]
        arguments += ["-f", "mp4", f"pipe:{output}"]
    return arguments


def _filters(video: Video, rungs_: Sequence[Track], is_short: bool) -> str:
    """Scaled from one rung to the next: the largest first, each smaller one from the one above.

    Players do not begin with less than a second: what is shorter stands still at its end.
    """
    size = f"w={rungs_[-1].width}:h={rungs_[-1].height}"
    scaled = f"zscale={size},{SDR}" if video.is_hdr else f"scale={size}:flags=bicubic"
    held = f",tpad=stop_mode=clone:stop_duration={SHORTEST_SECONDS},trim=end={SHORTEST_SECONDS}" if is_short else ""
    chain = f"[0:V:0]fps={_exact(video.rate)}{held},{scaled},format=yuv420p,setsar=1"
    steps = []
    for n in range(len(rungs_) - 1, 0, -1):
        smaller = rungs_[n - 1]
        steps.append(f"{chain},split=2[v{n}][s{n}]")
        chain = f"[s{n}]scale=w={smaller.width}:h={smaller.height}:flags=bicubic,setsar=1"
    return ";".join([*steps, f"{chain}[v0]"])


def _pictures(n: int, track: Track, rate: float) -> list[str]:
    return [
        "-map", f"[v{n}]", "-c:v", "libx264", "-preset", PRESET, "-threads", "1", "-crf", "23",
        "-maxrate", str(track.most), "-bufsize", str(track.most * 2), "-pix_fmt", "yuv420p",
        "-g", str(round(rate * SEGMENT_SECONDS)), "-sc_threshold", "0",
        "-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})",
        "-movflags", "+cmaf+frag_keyframe+skip_trailer",
    ]  # fmt: skip


def _sound(is_short: bool) -> list[str]:
    held = f",apad=whole_dur={SHORTEST_SECONDS},atrim=end={SHORTEST_SECONDS}" if is_short else ""
    return [
        "-map", "0:a:0", "-c:a", "aac", "-b:a", str(SOUND_BITS), "-ac", "2", "-ar", "48000",
        "-af", f"aresample=async=1:first_pts=0{held}", "-frag_duration", str(SEGMENT_SECONDS * 1_000_000),
        "-movflags", "+cmaf+skip_trailer",
    ]  # fmt: skip


def _exact(rate: float) -> str:
    """Rates of 1,000/1,001 as the fractions they are."""
    for whole in (24, 30, 60):
        if abs(rate - whole * 1000 / 1001) < 0.005:
            return f"{whole * 1000}/1001"
    return f"{rate:g}"
