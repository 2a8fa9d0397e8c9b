"""Engines with passwords and TLS, by an authority of one's own: let in, kept out, and never a password in an error."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import acsylla
import pytest

from tests.engines import cassandra, certificates, kafka, rabbitmq, redis, s3
from tests.engines.certificates import Certificates
from tintype.platform.cache.redis import RedisCache
from tintype.platform.clients import cassandra_schema, trust
from tintype.platform.clients.cassandra import CassandraClient
from tintype.platform.clients.kafka import Kafka
from tintype.platform.clients.redis import RedisClient
from tintype.platform.clients.s3 import Bucket
from tintype.platform.guard import EngineDown
from tintype.platform.jobs import rabbitmq as rabbitmq_jobs
from tintype.platform.objects.s3 import S3Objects

pytestmark = pytest.mark.timeout(300)  # engines are started
USER, SECRET = "ana", "p@ss/wörd: hidden?#"
WRITTEN = "p%40ss%2Fw%C3%B6rd%3A%20hidden%3F%23"
ASCII, ASCII_WRITTEN = "p@ss/word:hidden", "p%40ss%2Fword%3Ahidden"
A_MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def _trusting_nobody_afterwards() -> Iterator[None]:
    yield
    trust.use(None)


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory, ours: Certificates) -> Iterator[redis.Server]:
    """With TLS alone, a password for everybody, and a user with another."""
    folder = tmp_path_factory.mktemp("redis")
    try:
        with redis.running(folder, *by_tls(ours), "--requirepass", ASCII, password=ASCII, **believing(ours)) as server:
            server.ask("ACL", "SETUSER", USER, "on", f">{SECRET}", "~*", "+@all")
            yield server
    except redis.NotThere as missing:
        pytest.skip(str(missing))


def by_tls(ours: Certificates) -> list[str]:
    files = ("--tls-cert-file", ours.certificate, "--tls-key-file", ours.key, "--tls-ca-cert-file", ours.authority)
    return [*map(str, files), "--tls-auth-clients", "no"]


def believing(ours: Certificates) -> dict[str, Any]:
    """What redis-py needs for that."""
    return {"ssl": True, "ssl_ca_certs": str(ours.authority)}


@pytest.mark.engine("redis")
async def test_redis_by_password_and_tls(redis_server: redis.Server, ours: Certificates) -> None:
    trust.use(ours.authority)
    for who in (f"{USER}:{WRITTEN}", f":{ASCII_WRITTEN}"):
        async with in_redis(f"rediss://{who}@localhost:{redis_server.port}/1") as cache:
            await cache.set("a", b"1", A_MINUTE)
            assert await cache.get("a") == b"1"


@pytest.mark.engine("redis")
@pytest.mark.parametrize(
    ("who", "host", "knows_authority"),
    [
        (f"{USER}:{WRITTEN}x", "localhost", True),
        (f"x{USER}:{WRITTEN}", "localhost", True),
        (f":{WRITTEN}", "localhost", True),
        ("", "localhost", True),
        (f"{USER}:{WRITTEN}", "localhost", False),
        (f"{USER}:{WRITTEN}", "localhost.localdomain", True),
    ],
    ids=["wrong password", "nobody's", "another's", "none", "unknown authority", "another name"],
)
async def test_redis_keeps_out_and_is_not_believed(
    redis_server: redis.Server,
    ours: Certificates,
    who: str,
    host: str,
    knows_authority: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trust.use(ours.authority if knows_authority else None)
    loop = asyncio.get_running_loop()
    find = loop.getaddrinfo
    monkeypatch.setattr(loop, "getaddrinfo", lambda *asked, **named: find("127.0.0.1", *asked[1:], **named))
    client = RedisClient(f"rediss://{who}@{host}:{redis_server.port}", seconds=5)
    try:
        with pytest.raises(EngineDown) as refused:
            await client.run("GET", "a")
        assert_hidden(str(refused.value))
    finally:
        await client.close()


@asynccontextmanager
async def in_redis(url: str) -> AsyncIterator[RedisCache]:
    client = RedisClient(url, seconds=5)
    cache = RedisCache(client)
    yield cache
    await cache.close()
    await client.close()


@pytest.mark.engine("redis")
async def test_a_cluster_of_redis_by_password_and_tls(tmp_path: Path, ours: Certificates) -> None:
    trust.use(ours.authority)
    try:
        with redis.cluster(tmp_path, *by_tls(ours), "--tls-cluster", "yes", **believing(ours)) as cluster:
            for node in cluster.nodes:
                node.ask("ACL", "SETUSER", USER, "on", f">{SECRET}", "~*", "+@all")
                node.ask("ACL", "SETUSER", "default", "-@all", "+ping")
            url = cluster.url.replace("://", f"://{USER}:{WRITTEN}@")
            async with in_redis(url) as cache:
                for n in range(20):
                    await cache.set(f"key:{n}", b"1", A_MINUTE)
                assert set(await cache.get_many([f"key:{n}" for n in range(20)])) == {b"1"}
            client = RedisClient(cluster.url, seconds=5)
            with pytest.raises(EngineDown):
                await client.run("GET", "key:1")
            await client.close()
    except redis.NotThere as missing:
        pytest.skip(str(missing))


@pytest.mark.engine("kafka")
async def test_kafka_by_scram_and_plain_over_tls(tmp_path: Path, ours: Certificates) -> None:
    formatting = ("--add-scram", f"SCRAM-SHA-512=[name={USER},password={ASCII}]")
    settings = KAFKA.replace("AUTHORITY", str(ours.authority)).replace("BOTH", str(ours.both))
    with kafka.running(tmp_path / "kafka", settings=settings, formatting=formatting) as broker:
        here = f"127.0.0.1:{broker.port}"
        trust.use(ours.authority)
        for scheme, mechanism, password in (("kafkas", "SCRAM-SHA-512", ASCII_WRITTEN), ("kafkas", "PLAIN", "plainly")):
            await prepared(f"{scheme}://{USER}:{password}@{here}/t{len(mechanism)}?mechanism={mechanism}")
        for wrong in (
            f"kafkas://{USER}:{ASCII_WRITTEN}x@{here}/t?mechanism=SCRAM-SHA-512",
            f"kafkas://{USER}:{ASCII_WRITTEN}@{here}/t?mechanism=PLAIN",
            f"kafkas://{here}/t",
            f"kafka://{USER}:{ASCII_WRITTEN}@{here}/t?mechanism=SCRAM-SHA-512",
        ):
            await assert_kept_out(prepared, wrong)
        trust.use(None)
        await assert_kept_out(prepared, f"kafkas://{USER}:{ASCII_WRITTEN}@{here}/t?mechanism=SCRAM-SHA-512")


async def prepared(url: str) -> None:
    client = Kafka(url, topics=["graph"])
    try:
        await client.prepare()
    finally:
        await client.close()


@pytest.mark.engine("cassandra")
async def test_cassandra_by_password_and_tls(tmp_path: Path, ours: Certificates) -> None:
    more = CASSANDRA.replace("BOTH", str(ours.both))
    with cassandra.running(tmp_path / "cassandra", more=more) as node:
        trust.use(ours.authority)
        await with_a_role(node.port, ours)
        good = f"cassandras://{USER}:{WRITTEN}@127.0.0.1:{node.port}/t?replication=1"
        await cassandra_schema.make(good)
        client = CassandraClient(good, seconds=20)
        assert await client.rows("select mark from store where name = 'timelines'") == []
        await client.close()
        for wrong in (
            good.replace("hidden", "hiddenx"),
            good.replace(f"{USER}:{WRITTEN}@", ""),
            good.replace("cassandras", "cassandra"),
        ):
            await assert_kept_out(cassandra_schema.make, wrong)
        other = certificates.made(tmp_path / "other")
        trust.use(other.authority)
        await assert_kept_out(cassandra_schema.make, good)


async def with_a_role(port: int, ours: Certificates) -> None:
    """As an operator does once; the first superuser is made a moment after the start."""
    first = {"username": "cassandra", "password": "cassandra", "ssl_enabled": True, "log_level": "critical"}
    async with asyncio.timeout(60):
        while True:
            cluster = acsylla.create_cluster(
                ["127.0.0.1"], port=port, ssl_trusted_cert=ours.authority.read_text(), **first
            )
            try:
                session = await cluster.create_session()
                break
            except acsylla.errors.CassException:
                await asyncio.sleep(0.5)
    secret = SECRET.replace("'", "''")
    role = f"create role {USER} with password = '{secret}' and login = true and superuser = true"
    await session.execute(acsylla.create_statement(role))
    await session.close()


@pytest.mark.engine("rabbitmq")
async def test_rabbitmq_over_tls(tmp_path: Path, ours: Certificates) -> None:
    port = rabbitmq._free_port()
    more = (
        f"listeners.ssl.default = 127.0.0.1:{port}\nssl_options.cacertfile = {ours.authority}\n"
        f"ssl_options.certfile = {ours.certificate}\nssl_options.keyfile = {ours.key}\n"
        f"default_user = {USER}\ndefault_pass = {ASCII}\n"
    )
    try:
        with rabbitmq.running(tmp_path, more):
            trust.use(ours.authority)
            good = f"amqps://{USER}:{ASCII_WRITTEN}@localhost:{port}/"
            await rabbitmq_jobs.prepare(good, ["test.secured"])
            await assert_kept_out(rabbitmq_jobs.prepare, good.replace("hidden", "hiddenx"), ["test.secured"])
            trust.use(None)
            await assert_kept_out(rabbitmq_jobs.prepare, good, ["test.secured"])
    except rabbitmq.NotThere as missing:
        pytest.skip(str(missing))


@pytest.mark.engine("s3")
async def test_a_bucket_over_tls(tmp_path: Path, ours: Certificates) -> None:
    flags = ("--cert", str(ours.certificate), "--key", str(ours.key))
    with s3.running(tmp_path / "s3", *flags) as store:
        bucket = Bucket(f"https://localhost:{store.port}/media", s3.KEY, s3.SECRET)
        for authority in (ours.authority, None):
            trust.use(authority)
            objects = S3Objects(bucket, b"k" * 32, tmp_path / "drafts", public=None, seconds=5)
            try:
                if authority is None:
                    await assert_kept_out(objects.put, {"files/a": b"1"})
                    continue
                await objects.put({"files/a": b"1"})
                assert b"".join([one async for one in objects.iter_range("files/a")]) == b"1"
                assert await objects._client.holds("files/")
            finally:
                await objects.close()


async def assert_kept_out(do: Callable[..., Awaitable[object]], *given: object) -> None:
    """It fails as a down engine does, and says nothing of a password."""
    with pytest.raises(EngineDown) as refused:
        await do(*given)
    assert_hidden(str(refused.value))


def assert_hidden(said: str) -> None:
    assert "hidden" not in said
    assert "plainly" not in said


@pytest.fixture(autouse=True)
def _nothing_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert_hidden("\n".join(record.getMessage() for record in caplog.records))


KAFKA = f"""
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{{controller}}
controller.listener.names=CONTROLLER
listeners=CLIENTS://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{{controller}}
listener.security.protocol.map=CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENTS
sasl.mechanism.inter.broker.protocol=PLAIN
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.clients.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.clients.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  username="{USER}" password="plainly" user_{USER}="plainly";
ssl.keystore.type=PEM
ssl.keystore.location=BOTH
ssl.truststore.type=PEM
ssl.truststore.location=AUTHORITY
log.dirs={{data}}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
"""

CASSANDRA = """
authenticator: PasswordAuthenticator
authorizer: CassandraAuthorizer
role_manager: CassandraRoleManager
client_encryption_options:
  enabled: true
  optional: false
  keystore: BOTH
  require_client_auth: false
  ssl_context_factory:
    class_name: org.apache.cassandra.security.PEMBasedSslContextFactory
"""
