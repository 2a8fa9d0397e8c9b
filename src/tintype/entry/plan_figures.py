"""What `tintype plan` reckons with: a user's day, what was measured, machines and prices. Change these for your own.

A `Measured` names the page or bench that it was read from and words that stand there; a test finds them, so that a new
figure there has to be taken over here.
"""

import msgspec

MS, KB, MB, GB, TB = 1e-3, 1e3, 1e6, 1e9, 1e12


class Measured(msgspec.Struct, frozen=True):
    """A figure, where it was measured and the words that say so."""

    value: float
    source: str
    words: str


class Cpu(msgspec.Struct, frozen=True):
    """CPU seconds that one act takes of an API process, of a worker, and of PostgreSQL."""

    api: float
    worker: float
    database: float
    source: str
    words: str


class Machine(msgspec.Struct, frozen=True):
    """A kind of server. `most` is the busiest that it shall be at the peak, as a share of its processors."""

    cpus: int
    memory: float
    disk: float
    least: int
    most: float = 0.5


# A user's day. Posts, likes, feed pages and followers are those that the sources plan 100 million users with.
FEED_PAGES = 20.0
OTHER_READS = 10.0  # posts and profiles, half as often as feed pages (DeathStarBench: 30 beside 60)
LIKES = 20.0
COMMENTS = 2.0
FOLLOWS = 0.5
POSTS = 0.1
IMPRESSIONS = 20.0  # batches, one a page
LOGINS = 1 / 30
RENEWALS = 5.0  # of the access token, every 15 minutes of use
FOLLOWERS = 300.0
ACTIVE_A_MONTH = 2.0  # people with follows, for each that comes daily
PEAK = 3.0  # the busiest minutes over the mean
DAY = 86_400.0

VIDEOS = 0.05  # of posts; the others are photos
PHOTOS_A_POST = 1.3
VIDEO_SECONDS = 20.0
VIDEO_BYTES = 25 * MB  # the upload and its rungs, for 20 seconds
PHOTOS_SEEN = 60.0  # that the browser's cache does not hold
VIDEO_SEEN_SECONDS = 50.0
VIDEO_RATE = 1.4e6 / 8  # bytes a second of the rung 480, which phones take most
CDN_HITS = 0.95

# CPU of one act, measured over HTTP on the embedded product.
HOME = Cpu(0.6 * MS, 0.0, 0.1 * MS, "benches/writes.py", "home 0.6 / 0 / 0.1")
READ = Cpu(1.6 * MS, 0.0, 0.75 * MS, "benches/writes.py", "profile 1.6 / 0 / 0.75")
POST = Cpu(2.4 * MS, 1.7 * MS, 3.3 * MS, "benches/writes.py", "post 2.4 / 1.7 / 3.3")
LIKE = Cpu(2.5 * MS, 1.3 * MS, 2.6 * MS, "benches/writes.py", "like 2.5 / 1.3 / 2.6")
COMMENT = Cpu(2.1 * MS, 1.0 * MS, 2.2 * MS, "benches/writes.py", "comment 2.1 / 1.0 / 2.2")
FOLLOW = Cpu(2.6 * MS, 2.0 * MS, 3.3 * MS, "benches/writes.py", "follow 2.6 / 2.0 / 3.3")

FAN_OUT_WORKER = Measured(1 / 11_000, "docs/scale.md", "11 k readers a second and worker")
PHOTO_CPU = Measured(147.4 * MS, "benches/images.py", "147.4 ms a picture")
VIDEO_CPU = Measured(23.3 / 17, "benches/video.py", "17 s of 1080p30: 23.3 CPU s")
PHOTO_CAME = Measured(1_829 * KB, "benches/media_bytes.py", "upload 1,829 KB")
PHOTO_KEPT = Measured(452 * KB, "benches/media_bytes.py", "renditions 452 KB")
PHOTO_SHOWN = Measured(83 * KB, "benches/media_bytes.py", "shown 83 KB")
LOG_EVENTS = Measured(24_000, "benches/event_log.py", "24 k events/s")
PASSWORD_CPU = Measured(0.38, "docs/scale.md", "380 ms a password")

# The engines, each tried by itself before its adapter was written.
FEED_MEMORY = Measured(16 * KB, "docs/scale.md", "16 KB a timeline")
REDIS_READS = Measured(16_000, "docs/scale.md", "16 k feeds/s")
REDIS_ENTRIES = Measured(256_000, "docs/scale.md", "256 k entries/s")
CASSANDRA_WRITES = Measured(3_200 / 2, "docs/scale.md", "3.2 k inserts/s on two cores")
KAFKA_EVENTS = Measured(12_000, "docs/scale.md", "12 k events/s")

REDIS_BESIDE = 1.5  # timelines are kept 24 hours, so of daily users; the half is for all else, and to breathe
REDIS_COPIES = 2
CASSANDRA_ROW, CASSANDRA_DAYS, CASSANDRA_COPIES = 50.0, 30, 3
CASSANDRA_FULL = 0.5  # compaction needs the other half
KAFKA_EVENT, KAFKA_DAYS, KAFKA_COPIES = 200.0, 7, 3
DATABASE_COPIES = 3  # the primary, one to take over, one to read from
LIKE_BYTES, COMMENT_BYTES, POST_BYTES, FOLLOW_BYTES = 200.0, 500.0, 2 * KB, 200.0  # rows with their indexes
FOLLOWEES_A_USER = 300.0
YEARS_KEPT = 1.0

EDGE_REQUESTS = 5_000.0  # TLS, HTTP/2 and logs, a second and processor

MACHINES = {
    "edge": Machine(cpus=2, memory=4 * GB, disk=0, least=2),
    "api": Machine(cpus=4, memory=16 * GB, disk=0, least=3),
    "workers": Machine(cpus=4, memory=16 * GB, disk=0, least=2),
    "media workers": Machine(cpus=8, memory=32 * GB, disk=0, least=2, most=0.8),
    "PostgreSQL": Machine(cpus=16, memory=128 * GB, disk=8 * TB, least=1),
    "Redis": Machine(cpus=8, memory=64 * GB, disk=0, least=3),
    "Kafka": Machine(cpus=4, memory=16 * GB, disk=4 * TB, least=3),
    "Cassandra": Machine(cpus=8, memory=64 * GB, disk=3 * TB, least=3, most=0.6),
}

# What one installation carries, whatever machines it has.
EMBEDDED_REQUESTS = Measured(500, "benches/writes.py", "500 requests a second hold")
ID_PROCESSES = Measured(31, "src/tintype/platform/ids.py", "All 31 id nodes are held")
VIDEOS_AT_ONCE = Measured(1, "src/tintype/entry/subscriptions.py", '"media.video": 1')
VIDEO_CPUS = 4.0  # that FFmpeg keeps busy
LARGEST_DATABASE = 96.0  # processors

# USD; list prices of large providers in 2026, rounded. A month has 730 hours.
CPU_MONTH = 35.0  # one processor with 4 GB
MEMORY_CPU_MONTH = 46.0  # one processor with 8 GB: databases
DISK_MONTH = 80.0 / TB
HOT_MONTH, WARM_MONTH, COLD_MONTH = 23.0 / TB, 12.5 / TB, 4.0 / TB
HOT_DAYS, WARM_DAYS = 30.0, 180.0
CDN_BYTE = 10.0 / TB  # with a committed volume; without one up to eight times as much
RESERVED = 0.62  # paid for a year ahead, of the list price
SPOT = 0.35  # what may be taken away: media workers

# What the sources name for a million daily users, USD a month.
SOURCES_DAU = 1_000_000
SOURCES_COST = {"compute": 8_000.0, "databases": 3_000.0, "storage": 2_000.0, "CDN": 1_500.0}
SOURCES_FACTOR = 2.0
