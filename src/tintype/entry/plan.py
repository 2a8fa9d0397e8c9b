"""`tintype plan`: the servers, bytes and money that so many daily users take, reckoned from what was measured.

`plan(dau)` is the arithmetic; its figures are in `plan_figures.py`; docs/scale.md shows and explains the same table.
"""

import math
from collections.abc import Callable, Sequence
from typing import Annotated

import msgspec
from cyclopts import Parameter

from tintype.entry import plan_figures as figures
from tintype.entry.command import LOOK_AFTER, Json, Positive, app, say, say_json
from tintype.entry.plan_figures import DAY, GB, MACHINES, PEAK, TB, Cpu

DAUS = (1_000_000, 10_000_000, 100_000_000)
MONTH_DAYS = 365 / 12

ACTS: tuple[tuple[Cpu, float], ...] = (
    (figures.HOME, figures.FEED_PAGES),
    (figures.READ, figures.OTHER_READS),
    (figures.READ, figures.IMPRESSIONS),  # not measured by itself; one statement, as a read
    (figures.POST, figures.POSTS),
    (figures.LIKE, figures.LIKES),
    (figures.COMMENT, figures.COMMENTS),
    (figures.FOLLOW, figures.FOLLOWS),
    (figures.FOLLOW, figures.RENEWALS),  # not measured by itself; several rows, as a follow
)


class Load(msgspec.Struct, frozen=True):
    """What comes in at the peak, a second."""

    requests: float
    feed_pages: float
    writes: float
    events: float
    timeline_entries: float
    photos: float
    videos: float


class Cores(msgspec.Struct, frozen=True):
    """Processors that are busy at the peak."""

    edge: float
    api: float
    workers: float
    media: float
    database: float
    redis: float
    cassandra: float


class Bytes(msgspec.Struct, frozen=True):
    """What is kept at the end of the time in YEARS_KEPT, copies included, and what leaves the CDN in a month."""

    database: float
    redis: float
    kafka: float
    cassandra: float
    media: float
    media_a_day: float
    cdn_a_month: float


class Limit(msgspec.Struct, frozen=True):
    """What one installation does not carry beyond so many daily users, and what is to be done then."""

    what: str
    dau: int
    then: str


class Plan(msgspec.Struct, frozen=True):
    """What so many daily users take. `cost`: USD a month at list prices; `reserved`: paid ahead, and spot."""

    dau: int
    load: Load
    cores: Cores
    bytes: Bytes
    servers: dict[str, int]
    cost: dict[str, float]
    reserved: dict[str, float]


def plan(dau: int) -> Plan:
    """What so many daily users take."""
    load, cores, stored = load_of(dau), cores_of(dau), bytes_of(dau)
    servers = servers_of(cores, load, stored)
    return Plan(dau, load, cores, stored, servers, *costs(servers, stored))


def load_of(dau: int) -> Load:
    """Requests and what follows from them, a second at the peak."""

    def a_second(times: float) -> float:
        return dau * times * PEAK / DAY

    writes = figures.POSTS + figures.LIKES + figures.COMMENTS + figures.FOLLOWS
    photos = figures.POSTS * (1 - figures.VIDEOS) * figures.PHOTOS_A_POST
    videos = figures.POSTS * figures.VIDEOS
    misses = (figures.PHOTOS_SEEN + figures.VIDEO_SEEN_SECONDS / 2) * (1 - figures.CDN_HITS)  # segments of two seconds
    return Load(
        requests=a_second(sum(times for _, times in ACTS) + misses + figures.LOGINS),
        feed_pages=a_second(figures.FEED_PAGES),
        writes=a_second(writes),
        events=a_second(writes + 3 * figures.POSTS),  # a post is raw, filtered, and then planned
        timeline_entries=a_second(figures.POSTS * figures.FOLLOWERS),
        photos=a_second(photos),
        videos=a_second(videos),
    )


def cores_of(dau: int) -> Cores:
    """Busy processors at the peak."""
    load = load_of(dau)
    users = dau * PEAK / DAY
    missed = load.requests - users * sum(times for _, times in ACTS)
    logins = users * figures.LOGINS * figures.PASSWORD_CPU.value
    fan_out = load.timeline_entries * figures.FAN_OUT_WORKER.value
    video = load.videos * figures.VIDEO_SECONDS * figures.VIDEO_CPU.value
    return Cores(
        edge=load.requests / figures.EDGE_REQUESTS,
        api=users * sum(cpu.api * times for cpu, times in ACTS) + logins + missed * figures.READ.api,
        workers=users * sum(cpu.worker * times for cpu, times in ACTS) + fan_out,
        media=load.photos * figures.PHOTO_CPU.value + video,
        database=users * sum(cpu.database * times for cpu, times in ACTS) + missed * figures.READ.database,
        redis=load.feed_pages / figures.REDIS_READS.value + load.timeline_entries / figures.REDIS_ENTRIES.value,
        cassandra=load.timeline_entries * figures.CASSANDRA_COPIES / figures.CASSANDRA_WRITES.value,
    )


def bytes_of(dau: int) -> Bytes:
    """What is kept and what is sent."""
    days = figures.YEARS_KEPT * 365
    users = dau * figures.ACTIVE_A_MONTH
    a_day = (
        figures.LIKES * figures.LIKE_BYTES
        + figures.COMMENTS * figures.COMMENT_BYTES
        + figures.POSTS * figures.POST_BYTES
        + figures.FOLLOWS * figures.FOLLOW_BYTES
    )
    graph = users * figures.FOLLOWEES_A_USER * figures.FOLLOW_BYTES
    photo = figures.PHOTO_CAME.value + figures.PHOTO_KEPT.value
    photos = figures.POSTS * (1 - figures.VIDEOS) * figures.PHOTOS_A_POST * photo
    media_a_day = dau * (photos + figures.POSTS * figures.VIDEOS * figures.VIDEO_BYTES)
    seen = figures.PHOTOS_SEEN * figures.PHOTO_SHOWN.value + figures.VIDEO_SEEN_SECONDS * figures.VIDEO_RATE
    entries = dau * figures.POSTS * figures.FOLLOWERS * figures.CASSANDRA_DAYS
    events = load_of(dau).events / PEAK * DAY * figures.KAFKA_DAYS
    return Bytes(
        database=(dau * a_day * days + graph) * figures.DATABASE_COPIES,
        redis=dau * figures.FEED_MEMORY.value * figures.REDIS_BESIDE * figures.REDIS_COPIES,
        kafka=events * figures.KAFKA_EVENT * figures.KAFKA_COPIES,
        cassandra=entries * figures.CASSANDRA_ROW * figures.CASSANDRA_COPIES,
        media=media_a_day * days,
        media_a_day=media_a_day,
        cdn_a_month=dau * seen * MONTH_DAYS,
    )


def servers_of(cores: Cores, load: Load, stored: Bytes) -> dict[str, int]:
    """How many servers of each kind: enough processors at the peak, memory and disk, and never fewer than the least."""

    def number(kind: str, busy: float, disk: float = 0.0, memory: float = 0.0) -> int:
        machine = MACHINES[kind]
        wanted = [machine.least, busy / (machine.cpus * machine.most)]
        wanted += [disk / machine.disk if disk else 0, memory / machine.memory]
        return math.ceil(max(wanted))

    relays = load.events / figures.KAFKA_EVENTS.value
    primaries = number("PostgreSQL", cores.database, stored.database / figures.DATABASE_COPIES)
    redis = number("Redis", cores.redis, memory=stored.redis / figures.REDIS_COPIES)
    return {
        "edge": number("edge", cores.edge),
        "api": number("api", cores.api),
        "workers": number("workers", cores.workers + relays),
        "media workers": number("media workers", cores.media),
        "PostgreSQL": primaries * figures.DATABASE_COPIES,
        "Redis": redis * figures.REDIS_COPIES,
        "Kafka": number("Kafka", relays, stored.kafka),
        "Cassandra": number("Cassandra", cores.cassandra, stored.cassandra / figures.CASSANDRA_FULL),
    }


def costs(servers: dict[str, int], stored: Bytes) -> tuple[dict[str, float], dict[str, float]]:
    """USD a month at list prices, and with servers paid a year ahead and media workers that may be taken away."""

    def of(kinds: Sequence[str], price: float) -> float:
        return sum(servers[kind] * MACHINES[kind].cpus * price for kind in kinds)

    compute, media = of(["edge", "api", "workers"], figures.CPU_MONTH), of(["media workers"], figures.CPU_MONTH)
    databases = of(["PostgreSQL", "Redis", "Kafka", "Cassandra"], figures.MEMORY_CPU_MONTH)
    disks = (stored.database + stored.kafka + stored.cassandra / figures.CASSANDRA_FULL) * figures.DISK_MONTH
    rest = {"storage": _storage(stored.media_a_day), "CDN": stored.cdn_a_month * figures.CDN_BYTE}
    listed = {"compute": compute + media, "databases": databases + disks, **rest}
    saved = {
        "compute": compute * figures.RESERVED + media * figures.SPOT,
        "databases": databases * figures.RESERVED + disks,
        **rest,
    }
    return listed, saved


def _storage(a_day: float) -> float:
    """Media of YEARS_KEPT: hot at first, then warm, then cold."""
    days = figures.YEARS_KEPT * 365
    hot, warm = min(days, figures.HOT_DAYS), min(days, figures.WARM_DAYS)
    cold = (days - warm) * figures.COLD_MONTH
    return a_day * (hot * figures.HOT_MONTH + (warm - hot) * figures.WARM_MONTH + cold)


def limits() -> list[Limit]:
    """What gives way first, in the order in which it does; all are in proportion to the users."""
    one = plan(DAUS[0])
    load, cores = one.load, one.cores
    videos_a_day = figures.VIDEOS_AT_ONCE.value * DAY / (figures.VIDEO_SECONDS * figures.VIDEO_CPU.value)
    processes = (cores.api + cores.workers) / MACHINES["api"].most
    found = [
        ("one machine of 2 processors, all embedded", figures.EMBEDDED_REQUESTS.value / load.requests,
         "a larger machine, then PostgreSQL of its own"),
        ("one video at a time, over all workers", videos_a_day * figures.VIDEO_CPUS * PEAK / (load.videos * DAY),
         "raise AT_ONCE in entry/subscriptions.py"),
        ("31 processes that give out ids", figures.ID_PROCESSES.value / processes,
         "wider node numbers, or a database a group of shards"),
        ("one primary, of 96 processors", figures.LARGEST_DATABASE * MACHINES["PostgreSQL"].most / cores.database,
         "spread the 1,024 shards over several (Citus)"),
        ("one sequencer of the log", figures.LOG_EVENTS.value / load.events,
         "a log a database, when the shards are spread"),
    ]  # fmt: skip
    return sorted((Limit(what, round(of * one.dau), then) for what, of, then in found), key=lambda limit: limit.dau)


ROWS: list[tuple[str, str, Callable[[Plan], float]]] = [
    ("At the peak, a second", "", lambda _: 0),
    ("requests to the API", "number", lambda p: p.load.requests),
    ("feed pages", "number", lambda p: p.load.feed_pages),
    ("writes", "number", lambda p: p.load.writes),
    ("events", "number", lambda p: p.load.events),
    ("timeline entries", "number", lambda p: p.load.timeline_entries),
    ("photos and videos", "number", lambda p: p.load.photos + p.load.videos),
    ("Servers", "", lambda _: 0),
    *((f"{kind}, {machine.cpus} CPU, {machine.memory / GB:.0f} GB", "number",
       lambda p, kind=kind: p.servers[kind]) for kind, machine in MACHINES.items()),
    ("processors of the product and PostgreSQL, busy", "number",
     lambda p: p.cores.api + p.cores.workers + p.cores.media + p.cores.database),
    ("Bytes after a year, copies included", "", lambda _: 0),
    ("PostgreSQL", "TB", lambda p: p.bytes.database),
    ("Redis, memory", "TB", lambda p: p.bytes.redis),
    ("Kafka, 7 days", "TB", lambda p: p.bytes.kafka),
    ("Cassandra, 30 days", "TB", lambda p: p.bytes.cassandra),
    ("media", "TB", lambda p: p.bytes.media),
    ("sent by the CDN, a month", "TB", lambda p: p.bytes.cdn_a_month),
    ("USD a month, list prices", "", lambda _: 0),
    *((name, "number", lambda p, name=name: p.cost[name]) for name in figures.SOURCES_COST),
    ("all", "number", lambda p: sum(p.cost.values())),
    ("all, a year ahead and spot", "number", lambda p: sum(p.reserved.values())),
    ("a thousand daily users", "money", lambda p: 1000 * sum(p.cost.values()) / p.dau),
]  # fmt: skip


def shown(daus: Sequence[int]) -> str:
    """The plans side by side, a column each, and what gives way first."""
    plans = [plan(dau) for dau in daus]
    head = f"{'daily users':<48}" + "".join(f"{one.dau:>14,}" for one in plans)
    lines = [head]
    for name, form, value in ROWS:
        if form:
            lines.append(f"  {name:<46}" + "".join(f"{_written(value(one), form):>14}" for one in plans))
        else:
            lines += ["", name]
    lines += ["", f"{'One installation carries':<48}{'daily users':>14}"]
    lines += [f"  {one.what:<46}{_rounded(one.dau):>14}  then: {one.then}" for one in limits()]
    return "\n".join(lines)


def _written(value: float, form: str) -> str:
    match form:
        case "TB":
            return f"{value / TB:,.{1 if value < 100 * TB else 0}f} TB"
        case "money":
            return f"{value:.2f}"
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _rounded(value: int) -> str:
    """Two digits that count."""
    digits = 2 - len(str(value))
    return f"{round(value, digits):,}"


@app.command(name="plan", group=LOOK_AFTER)
def print_plan(
    *,
    dau: Annotated[Sequence[Positive], Parameter(help="How many people come on a day; several make a table.")] = DAUS,
    json: Json = False,
) -> None:
    """Reckon servers, bytes and cost for so many daily users; docs/scale.md says from what."""
    if json:
        document = {"plans": [plan(one) for one in dau], "limits": limits()}
        say_json(document)
    else:
        say(shown(dau))
