"""The event log as the product sees it: events, `publish`, subscriptions and their kinds.

`publish(tx, event)` appends to the log in the caller's transaction. A subscription says which group handles a topic
and of which kind its effect is; the runner enforces what the kind promises:

- `tx`: the effect is in PostgreSQL; it commits together with the group's position, which is the dedupe.
- `state`: re-reads the truth or sets absolute values, so late and repeated delivery is harmless; may be replayed.
- `once`: something leaves the house; the handler only enqueues jobs, in the transaction of the position.
"""

import zlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, Literal

import msgspec

from tintype.platform import telemetry
from tintype.platform.db import Outgoing, Tx

PARTITIONS = 8
LARGEST_BYTES = 900_000  # a broker as shipped takes 1 MiB, headers included

TOPICS = frozenset(
    {
        "raw_posts",
        "saves",
        "filtered_posts",
        "blocked_posts",
        "posts",
        "engagement",
        "graph",
        "accounts",
        "sessions",
        "feed_updates",
        "media",
        "counts",
        "timelines",
        "views",
    }
)

Kind = Literal["tx", "state", "once"]
tx: Kind = "tx"
state: Kind = "state"
once: Kind = "once"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in the past tense: ids, versions and small facts, never text or addresses.

    A subclass names its `topic` and the field that is its `key`; events of one key are handled in order.
    """

    topic: ClassVar[str] = ""
    key: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.topic:
            assert cls.topic in TOPICS, f"{cls.__name__} names no known topic"
            _types[cls.__name__] = cls


class Delivered(msgspec.Struct, frozen=True):
    """An event as a consumer gets it, with its place in the log."""

    pos: int
    event_id: str
    topic: str
    part: int
    key: int
    type: str
    payload: bytes
    headers: bytes | None
    created_at: float

    def event(self) -> Event:
        """The typed event; raises LookupError for a type that this version does not know."""
        return msgspec.msgpack.decode(self.payload, type=_types[self.type])


Handler = Callable[..., Awaitable[None]]


class Subscription(msgspec.Struct, frozen=True):
    """One line of `entry/subscriptions.py`."""

    topic: str
    group: str
    consumer: Handler
    kind: Kind
    lanes: int = 1
    batch: int = 500
    only: tuple[type[Event], ...] = ()


def on(
    topic: str,
    group: str,
    consumer: Handler,
    kind: Kind,
    *,
    lanes: int = 1,
    batch: int = 500,
    only: Sequence[type[Event]] = (),
) -> Subscription:
    """`consumer` handles `topic` as a member of `group`, in batches of at most `batch`, on `lanes` tasks side by side.

    `only` leaves out events of other types before the consumer sees them.
    """
    assert topic in TOPICS, f"no topic {topic}"
    return Subscription(topic, group, consumer, kind, lanes, batch, tuple(only))


_types: dict[str, type[Event]] = {}


async def publish(tx: Tx, event: Event) -> None:
    """Append to the log in this transaction; refused outside one, and where it is larger than Kafka carries."""
    if not tx.is_open:
        raise RuntimeError(f"{type(event).__name__} was published outside its transaction")
    payload = msgspec.msgpack.encode(event)
    if len(payload) > LARGEST_BYTES:
        raise ValueError(f"{type(event).__name__} has {len(payload)} bytes, and an event at most {LARGEST_BYTES}")
    key: int = getattr(event, type(event).key)
    tx.facts.append(event)
    tx.outgoing.append(
        Outgoing(
            event.topic,
            part_of(key),
            key,
            type(event).__name__,
            payload,
            telemetry.outgoing_trace(),
        )
    )


def part_of(key: int) -> int:
    """The partition of a key: fixed for ever, since order by key rests on it."""
    return zlib.crc32(key.to_bytes(8, "big")) % PARTITIONS
