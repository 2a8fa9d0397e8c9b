"""What `TINTYPE_REDIS_URL` may say, and that what is wrong with an address shows nothing of its password."""

from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import ValidationError

from tintype.platform import config
from tintype.platform.clients.redis_url import Place, place_of
from tintype.platform.config import Settings

SECRET = "hidden"


def test_an_address_says_servers_database_and_who_asks() -> None:
    assert place_of("redis://one") == Place([("one", 6379)], 0, None, None, is_tls=False, is_cluster=False)
    assert place_of("rediss://:p%40ss@one:7/2") == Place([("one", 7)], 2, None, "p@ss", is_tls=True, is_cluster=False)
    many = place_of("rediss+cluster://ana:p%2Fss@one,[::1]:7/")
    assert many == Place([("one", 6379), ("::1", 7)], 0, "ana", "p/ss", is_tls=True, is_cluster=True)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://one", "begins with redis://"),
        ("redis://", "is redis://host"),
        ("redis://one,two", "is redis://host"),
        ("redis://one:port", "is redis://host"),
        ("redis://one/x", "number of a database"),
        ("redis+cluster://one/1", "number of a database"),
        ("redis://one?ssl_cert_reqs=none", "takes nothing after"),
    ],
)
def test_an_address_that_is_none_is_told_with_what_would_be_right(url: str, said: str) -> None:
    with pytest.raises(ValidationError, match=f"TINTYPE_REDIS_URL.*{said}"):
        Settings(redis_url=url)


SCHEMES = {"REDIS_URL": "redis", "KAFKA_URL": "kafka", "CASSANDRA_URL": "cassandra", "RABBITMQ_URL": "amqp"}
ODD = ["{}/", "/{}", "[{}", "{}\u2100", "?{}", "#{}", "{}:{}", "{}@{}"]


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("odd", ODD)
def test_a_password_that_makes_an_address_unreadable_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, odd: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = []
    for scheme in ("other", SCHEMES[name]):
        monkeypatch.setenv(f"TINTYPE_{name}", f"{scheme}://ana:{odd.format(SECRET, SECRET)}@one:1/x")
        with suppress(config.Unusable):
            config.read()
            continue
        with pytest.raises(config.Unusable) as wrong:
            config.read()
        said += wrong.value.problems
    assert said
    assert all(line.startswith(f"TINTYPE_{name}") for line in said)
    assert SECRET not in "\n".join(said)


def test_what_certificates_are_believed_with_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    for path in (tmp_path / "none.pem", tmp_path / "absent.pem"):
        with pytest.raises(ValidationError, match="TINTYPE_ENGINES_CA is a file"):
            Settings(engines_ca=path)
    with pytest.raises(ValidationError, match="needs TINTYPE_ENGINES_CA"):
        Settings(cassandra_url="cassandras://one/tintype")
