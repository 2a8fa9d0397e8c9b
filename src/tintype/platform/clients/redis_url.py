"""Where Redis is, as `TINTYPE_REDIS_URL` says it.

`redis://[user:password@]host[:port][/database]` is one server, `redis+cluster://[user:password@]host[:port][,host…]` a
cluster by some of its masters; `rediss` for either is TLS. Without a user the password is the default user's.
"""

from urllib.parse import unquote, urlsplit

import msgspec

from tintype.platform.clients.hosts import hosts_of

PORT = 6379
SCHEMES = ("redis", "rediss", "redis+cluster", "rediss+cluster")


class Place(msgspec.Struct, frozen=True):
    """What the URL says."""

    hosts: list[tuple[str, int]]
    database: int
    user: str | None
    password: str | None
    is_tls: bool
    is_cluster: bool


def place_of(url: str) -> Place:
    """Raises ValueError with what would be right."""
    scheme, _, rest = url.partition("://")
    if scheme not in SCHEMES:
        raise ValueError("TINTYPE_REDIS_URL begins with redis://, rediss://, redis+cluster:// or rediss+cluster://")
    parts = urlsplit(f"//{rest}")
    people, _, places = parts.netloc.rpartition("@")
    user, _, password = people.partition(":")
    is_cluster, database = scheme.endswith("+cluster"), parts.path.strip("/") or "0"
    if parts.query or parts.fragment:
        raise ValueError("TINTYPE_REDIS_URL takes nothing after ?; write %23 and %3F within user and password")
    if not database.isdigit() or (is_cluster and database != "0"):
        raise ValueError("TINTYPE_REDIS_URL ends with the number of a database, of a cluster with nothing")
    hosts = hosts_of(places, PORT)
    if not hosts or (not is_cluster and len(hosts) > 1):
        raise ValueError("TINTYPE_REDIS_URL is redis://host[:port][/database] or redis+cluster://host[:port][,host…]")
    return Place(hosts, int(database), unquote(user) or None, unquote(password) or None, "rediss" in scheme, is_cluster)
