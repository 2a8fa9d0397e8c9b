"""Where Cassandra is, as `TINTYPE_CASSANDRA_URL` says it.

`cassandra://[user:password@]host[:port][,host…]/keyspace?replication=3`; all hosts listen on one port. `replication` is
a number of copies, or `dc1:3,dc2:2` by data centre; `dc` is the data centre to ask first. `cassandras://` is TLS.
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from tintype.platform.clients.hosts import hosts_of

PORT = 9042


class Place(msgspec.Struct, frozen=True):
    """What the URL says."""

    hosts: list[str]
    port: int
    keyspace: str
    user: str | None
    password: str | None
    replication: str
    dc: str | None
    is_tls: bool


def place_of(url: str) -> Place:
    """Raises ValueError with what would be right."""
    parts = urlsplit(url)
    people, _, places = parts.netloc.rpartition("@")
    user, _, password = people.partition(":")
    nodes = hosts_of(places, PORT)
    ports = {port for _, port in nodes}
    keyspace = parts.path.removeprefix("/") or "tintype"
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme not in {"cassandra", "cassandras"} or not nodes:
        raise ValueError("TINTYPE_CASSANDRA_URL is cassandra://host[:port][,host…]/keyspace, or cassandras:// for TLS")
    if len(ports) != 1:
        raise ValueError("TINTYPE_CASSANDRA_URL: all hosts listen on one port")
    if not re.fullmatch("[a-z][a-z0-9_]{0,47}", keyspace):
        raise ValueError("TINTYPE_CASSANDRA_URL: a keyspace is a-z, 0-9 and _, and begins with a letter")
    if options.keys() - {"replication", "dc"} or parts.fragment:
        raise ValueError(
            "TINTYPE_CASSANDRA_URL: after ? come replication and dc; write %23 and %3F within user and password"
        )
    return Place(
        hosts=[host for host, _ in nodes],
        port=ports.pop(),
        keyspace=keyspace,
        user=unquote(user) or None,
        password=unquote(password) or None,
        replication=_replication(options.get("replication", "3")),
        dc=options.get("dc"),
        is_tls=parts.scheme == "cassandras",
    )


def _replication(given: str) -> str:
    """As CQL writes it."""
    if given.isdigit():
        return f"{{'class': 'NetworkTopologyStrategy', 'replication_factor': {given}}}"
    if not re.fullmatch(r"[\w-]+:\d+(,[\w-]+:\d+)*", given):
        raise ValueError("TINTYPE_CASSANDRA_URL: replication is a number, or dc1:3,dc2:2")
    copies = ", ".join("'{}': {}".format(*one.split(":")) for one in given.split(","))
    return f"{{'class': 'NetworkTopologyStrategy', {copies}}}"
