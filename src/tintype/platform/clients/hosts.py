"""Hosts in the addresses of engines that are several servers: `host[:port][,host…]`."""

from urllib.parse import urlsplit


def hosts_of(places: str, default: int) -> list[tuple[str, int]]:
    """Each host with its port; none at all where one cannot be read."""
    found = []
    for place in places.split(","):
        try:
            parts = urlsplit(f"//{place}")
            host, port = parts.hostname, parts.port or default
        except ValueError:
            return []
        if not host or parts.path:
            return []
        found.append((host, port))
    return found
