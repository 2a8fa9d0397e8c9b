"""An event as a record of Kafka: key and payload as they are, everything else in headers that tools can read."""

from typing import Any, NamedTuple

import asyncpg
from aiokafka import ConsumerRecord

from tintype.platform.event_log.port import Delivered

Headers = list[tuple[str, bytes]]


class Chained(NamedTuple):
    """An event with its place in its partition: `after` is the position of the one before it, 0 where unknown."""

    event: Delivered
    after: int
    incarnation: str
    offset: int


def key_of(row: asyncpg.Record) -> bytes:
    """Eight bytes, big-endian."""
    key: int = row["key"]
    return key.to_bytes(8, "big", signed=True)


def headers_of(row: asyncpg.Record, after: int, incarnation: bytes) -> Headers:
    """What a record says of its event besides key, payload and time."""
    headers = [
        ("event_id", row["event_id"].hex.encode()),
        ("pos", b"%d" % row["pos"]),
        ("after", b"%d" % after),
        ("incarnation", incarnation),
        ("type", row["type"].encode()),
    ]
    if row["headers"] is not None:
        headers.append(("trace", row["headers"]))
    return headers


def chained(record: ConsumerRecord[bytes, bytes], topic: str) -> Chained:
    """What a record says; `topic` is its name in the log. Raises KeyError or ValueError where it is none of ours."""
    headers: dict[str, Any] = dict(record.headers)
    assert record.key is not None
    event = Delivered(
        int(headers["pos"]),
        headers["event_id"].decode(),
        topic,
        record.partition,
        int.from_bytes(record.key, "big", signed=True),
        headers["type"].decode(),
        record.value or b"",
        headers.get("trace"),
        record.timestamp / 1000,
    )
    return Chained(event, int(headers["after"]), headers["incarnation"].decode(), record.offset)
