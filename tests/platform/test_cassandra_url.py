"""What `TINTYPE_CASSANDRA_URL` may say, and the tables for servers with and without unified compaction."""

import pytest
from pydantic import ValidationError

from tintype.platform.clients.cassandra_schema import tables
from tintype.platform.clients.cassandra_url import place_of
from tintype.platform.config import Settings


def test_an_address_says_hosts_keyspace_and_copies() -> None:
    place = place_of("cassandras://ana:p%40ss@one:9043,two:9043/photos?replication=east:3,west:2&dc=east")
    assert (place.hosts, place.port, place.keyspace) == (["one", "two"], 9043, "photos")
    assert (place.user, place.password, place.dc, place.is_tls) == ("ana", "p@ss", "east", True)
    assert place.replication == "{'class': 'NetworkTopologyStrategy', 'east': 3, 'west': 2}"
    short = place_of("cassandra://one")
    assert (short.hosts, short.port, short.keyspace, short.user) == (["one"], 9042, "tintype", None)
    assert not short.is_tls
    assert short.replication == "{'class': 'NetworkTopologyStrategy', 'replication_factor': 3}"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://one/tintype", "is cassandra://"),
        ("cassandra:///tintype", "is cassandra://"),
        ("cassandra://one:1,two:2/tintype", "one port"),
        ("cassandra://one/Tin-type", "keyspace"),
        ("cassandra://one/tintype?copies=3", "replication and dc"),
        ("cassandra://one/tintype?replication='}; drop", "replication is"),
    ],
)
def test_an_address_that_is_none_is_told_with_what_would_be_right(url: str, said: str) -> None:
    with pytest.raises(ValidationError, match=f"TINTYPE_CASSANDRA_URL.*{said}"):
        Settings(cassandra_url=url)


def test_tables_are_compacted_as_the_server_can() -> None:
    for unified, strategy in ((True, "UnifiedCompactionStrategy"), (False, "SizeTieredCompactionStrategy")):
        found = tables(unified=unified)
        assert all(one.startswith("create table if not exists ") for one in found)
        assert sum(strategy in one for one in found) == 4, "all but the mark's"
