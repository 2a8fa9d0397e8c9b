"""What a stream is: its tracks, the names of their files, and the playlists that are written from it when asked for."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

AUDIO = "audio"
MASTER = "master.m3u8"
SEGMENT_SECONDS = 2
TYPES = {"m3u8": "application/vnd.apple.mpegurl", "mp4": "video/mp4", "m4s": "video/mp4"}
START_AT = 480

_NAME = re.compile(r"([0-9a-f]{8})-(audio|[0-9]{2,4})(?:-([0-9]{1,4}))?\.(m3u8|mp4|m4s)", re.ASCII)


class Track(msgspec.Struct, omit_defaults=True):
    """One rung, or the sound: what it is, and the length of each segment there is so far. Rungs are named by height."""

    name: str
    width: int = 0
    height: int = 0
    codecs: str = ""
    most: int = 0
    seconds: list[float] = msgspec.field(default_factory=list)
    bytes: int = 0

    @property
    def length(self) -> float:
        return sum(self.seconds)


class Stream(msgspec.Struct):
    """A stream under way or done. `token` begins every file's name, so that no two tries share one."""

    token: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}$")]
    rate: float
    tracks: list[Track]

    @property
    def rungs(self) -> list[Track]:
        return [one for one in self.tracks if one.name != AUDIO]

    @property
    def playable(self) -> bool:
        """Whether a player could begin: the first segment of everything is there."""
        return all(one.seconds for one in self.tracks)

    @property
    def length(self) -> float:
        """Seconds of which every rung is there."""
        return min(one.length for one in self.rungs)

    @property
    def bytes(self) -> int:
        return sum(one.bytes for one in self.tracks)

    def files(self) -> Iterator[str]:
        """The names of all files."""
        for track in self.tracks:
            if track.codecs:
                yield init_name(self, track)
            yield from (segment_name(self, track, n) for n in range(len(track.seconds)))


Kind = Literal["master", "playlist", "file"]


def init_name(stream: Stream, track: Track) -> str:
    return f"{stream.token}-{track.name}.mp4"


def segment_name(stream: Stream, track: Track, n: int) -> str:
    return f"{stream.token}-{track.name}-{n}.m4s"


def find(stream: Stream, name: str) -> tuple[Kind, Track | None] | None:
    """What a file name means in this stream; None for what is not in it (any more, or yet)."""
    if name == MASTER:
        return "master", None
    found = _NAME.fullmatch(name)
    if found is None or found[1] != stream.token:
        return None
    track = next((one for one in stream.tracks if one.name == found[2]), None)
    if track is None or not track.codecs:
        return None
    match found[3], found[4]:
        case None, "m3u8":
            return "playlist", track
        case None, "mp4":
            return "file", track
        case str(n), "m4s" if str(int(n)) == n and int(n) < len(track.seconds):
            return "file", track
    return None


def is_file(name: str) -> bool:
    """Whether a name is one that files of streams have."""
    return _NAME.fullmatch(name) is not None


def master(stream: Stream, query: str) -> str:
    """The list of rungs, with `query` on every address. Players that go by order begin in the middle."""
    sound = next((one for one in stream.tracks if one.name == AUDIO), None)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sound is not None:
        about = f'TYPE=AUDIO,GROUP-ID="{AUDIO}",NAME="{AUDIO}",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2"'
        lines.append(f'#EXT-X-MEDIA:{about},URI="{stream.token}-{AUDIO}.m3u8{query}"')
    for track in sorted(stream.rungs, key=_place):
        codecs = track.codecs if sound is None else f"{track.codecs},{sound.codecs}"
        about = f"BANDWIDTH={track.most + (sound.most if sound else 0)},RESOLUTION={track.width}x{track.height}"
        about += f',FRAME-RATE={stream.rate:.3f},CODECS="{codecs}"'
        about += f',AUDIO="{AUDIO}"' if sound else ""
        lines += [f"#EXT-X-STREAM-INF:{about}", f"{stream.token}-{track.name}.m3u8{query}"]
    return "\n".join(lines) + "\n"


def playlist(stream: Stream, track: Track, query: str, *, ended: bool) -> str:
    """One track's segments, with `query` on every address; one that has not ended grows."""
    longest = max([SEGMENT_SECONDS, *(int(one + 0.999) for one in track.seconds)])
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{longest}", "#EXT-X-MEDIA-SEQUENCE:0"]
    lines += [f"#EXT-X-PLAYLIST-TYPE:{'VOD' if ended else 'EVENT'}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines.append(f'#EXT-X-MAP:URI="{init_name(stream, track)}{query}"')
    for n, seconds in enumerate(track.seconds):
        lines += [f"#EXTINF:{seconds:.6f},", f"{segment_name(stream, track, n)}{query}"]
    if ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def _place(track: Track) -> tuple[bool, int]:
    short = min(track.width, track.height)
    return short > START_AT, -short if short <= START_AT else short
