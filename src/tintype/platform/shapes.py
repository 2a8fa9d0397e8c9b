"""The shapes an installation may have, and what each needs: one matrix, checked whenever settings are read."""

from ipaddress import ip_address
from typing import Literal, NamedTuple, Protocol
from urllib.parse import parse_qs, urlsplit

Shape = Literal["one", "several"]


class Need(NamedTuple):
    """A setting that has to be given, and why."""

    setting: str
    why: str


# Several processes on one machine need nothing: they share PostgreSQL, the data folder and its bells.
MATRIX: dict[Shape, list[Need]] = {
    "one": [],
    "several": [
        Need("database_url", "each machine would have a PostgreSQL of its own; name one that all of them reach"),
        Need("redis_url", "limits, sessions and caches would differ from machine to machine; name one Redis for all"),
        Need("s3_url", "a machine would not find what was uploaded to another; name one S3 store for all"),
    ],
}
SHARED = ("database_url", "database_direct_url", "redis_url")
SCHEMES = {
    "database_url": ("postgresql", "postgres"),
    "database_direct_url": ("postgresql", "postgres"),
    "public_url": ("http", "https"),
    "otlp_url": ("http", "https"),
    "media_url": ("http", "https"),
    "s3_url": ("http", "https"),
    "s3_public_url": ("http", "https"),
    "clamd_url": ("tcp", "unix"),
    "rabbitmq_url": ("amqp", "amqps"),
}


class Given(Protocol):
    """Settings, as far as this is concerned."""

    @property
    def machines(self) -> Shape: ...


def problems(settings: Given) -> list[str]:
    """Everything that cannot work, each with the setting's name and what would be right; never with a value."""
    found = []
    for name, schemes in SCHEMES.items():
        url = str(getattr(settings, name, ""))
        if url and _scheme(url) not in schemes:
            found.append(f"TINTYPE_{name.upper()} begins with {' or '.join(f'{one}://' for one in schemes)}")
    found += [
        f"TINTYPE_{need.setting.upper()} has to be set with TINTYPE_MACHINES=several: {need.why}"
        for need in MATRIX[settings.machines]
        if not getattr(settings, need.setting, "")
    ]
    found += [
        f"TINTYPE_{name.upper()} names this machine alone, and TINTYPE_MACHINES is several: "
        "give the address by which the others reach it too"
        for name in SHARED
        if settings.machines == "several" and _stays_here(str(getattr(settings, name, "")))
    ]
    return found


def _scheme(url: str) -> str:
    """What an address begins with; nothing, where it is none."""
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _stays_here(url: str) -> bool:
    """Whether an address leads to this machine, from wherever it is asked."""
    if not _scheme(url):
        return False
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
