"""Where Kafka is, as `TINTYPE_KAFKA_URL` says it.

`kafka://[user:password@]host:port[,host:port…]/prefix`, or `kafkas://` for TLS. Names there begin with the prefix.
After `?` may stand `mechanism=` (PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512: how the password is shown) and `replicas=`
(copies of each topic that is made; otherwise as many as there are brokers, at most 3).
"""

from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

MECHANISMS = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}


class Place(msgspec.Struct, frozen=True):
    """What the URL says; `replicas` is 0 where it says nothing."""

    brokers: list[str]
    prefix: str
    is_tls: bool
    user: str
    password: str
    mechanism: str
    replicas: int


def place_of(url: str) -> Place:
    """Raises ValueError with what would be right."""
    parts = urlsplit(url)
    login, _, hosts = parts.netloc.rpartition("@")
    brokers = hosts.split(",")
    if parts.scheme not in {"kafka", "kafkas"} or not all(_is_broker(one) for one in brokers):
        raise ValueError("TINTYPE_KAFKA_URL is kafka://host:port[,host:port…]/prefix, or kafkas:// for TLS")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    mechanism, replicas = asked.get("mechanism", "PLAIN"), asked.get("replicas", "0")
    if mechanism not in MECHANISMS or not replicas.isdigit():
        raise ValueError(f"TINTYPE_KAFKA_URL: mechanism is one of {', '.join(sorted(MECHANISMS))}, replicas a number")
    user, _, password = login.partition(":")
    prefix = parts.path.strip("/") or "tintype"
    return Place(brokers, prefix, parts.scheme == "kafkas", unquote(user), unquote(password), mechanism, int(replicas))


def _is_broker(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isdigit()
