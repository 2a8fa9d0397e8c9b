"""Who is let in when too much is asked."""

import json
from typing import Any

import pytest

from tintype.entry import shedding
from tintype.entry.shedding import FEWEST, MOST, Gate, Kind


def slow() -> Gate:
    """A gate whose last requests took long."""
    gate = Gate()
    gate.took = 1.0
    return gate


def filled(gate: Gate, path: str) -> int:
    """How many of these are let in before one is refused."""
    number = 0
    while gate.enter(path) is not None:
        number += 1
        assert number <= 10 * MOST
    return number


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", Kind.FREE),
        ("/assets/index.js", Kind.FREE),
        ("/api/v1/users/1", Kind.SOON),
        ("/api/v1/feed/home", Kind.FEED),
        ("/m/1/key/small.webp", Kind.FILE),
        ("/p/1/thumb", Kind.FILE),
        ("/api/v1/posts/1/wait", Kind.PATIENT),
        ("/api/v1/media/upload/1", Kind.PATIENT),
    ],
)
def test_what_a_request_counts_as(path: str, kind: Kind) -> None:
    gate = Gate()
    assert gate.enter(path) is kind
    assert gate.inside[kind] == 1
    gate.leave(kind, 0.01)
    assert sum(gate.inside) == 0


def test_long_waits_let_fewer_in_and_short_ones_more_again() -> None:
    gate = slow()
    assert filled(gate, "/api/v1/posts/1") == MOST
    gate.inside = [0] * len(Kind)
    for _ in range(100):
        gate.look(loop=0.05, pool=0)
    assert filled(gate, "/api/v1/posts/1") == FEWEST
    gate.inside = [0] * len(Kind)
    for _ in range(10):
        gate.look(loop=0.001, pool=0.001)
    assert filled(gate, "/api/v1/posts/1") == FEWEST + 10


def test_long_waits_are_no_harm_while_answers_come_soon() -> None:
    gate = Gate()
    for _ in range(100):
        assert gate.enter("/api/v1/posts/1") is Kind.SOON
        gate.leave(Kind.SOON, 0.01)
        gate.look(loop=0.05, pool=1)
    assert filled(gate, "/api/v1/posts/1") == MOST


def test_waiting_for_the_database_counts_as_well() -> None:
    gate = slow()
    gate.look(loop=0, pool=1)
    assert filled(gate, "/api/v1/posts/1") < MOST


def test_a_page_and_its_pictures_come_through_when_little_else_does() -> None:
    gate = slow()
    for _ in range(100):
        gate.look(loop=0.05, pool=0)
    assert filled(gate, "/api/v1/posts/1") == FEWEST
    assert filled(gate, "/m/1/key/small.webp") == FEWEST * shedding.FILES
    assert gate.enter("/assets/index.js") is Kind.FREE


def test_what_hangs_keeps_no_feed_out() -> None:
    gate = slow()
    filled(gate, "/api/v1/users/1")
    gate.look(loop=0, pool=2)
    assert gate.enter("/api/v1/users/1") is None
    assert filled(gate, "/api/v1/feed/home") >= FEWEST


def test_who_would_only_wait_is_let_in_when_there_is_room() -> None:
    gate = Gate()
    filled(gate, "/api/v1/posts/1")
    gate.look(loop=0, pool=0)
    assert gate.enter("/api/v1/posts/1/wait") is None
    gate.leave(Kind.SOON, 0.01)
    gate.look(loop=0, pool=0)
    assert gate.enter("/api/v1/posts/1/wait") is Kind.PATIENT


async def test_the_refusal_says_when_to_come_back() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"headers": [(b"host", b"localhost")], "method": "GET"}
    await shedding.refuse(scope, send, [(b"x-frame-options", b"DENY")])
    start, body = sent
    headers = dict(start["headers"])
    assert start["status"] == 503
    assert int(headers[b"retry-after"]) >= 1
    assert headers[b"x-frame-options"] == b"DENY"
    error = json.loads(body["body"])
    assert error["error"]["code"] == "OVERLOADED"
    assert error["meta"]["request_id"] == headers[b"x-request-id"].decode()
