"""The doctor: quiet about what is well, and for each thing that is wrong a finding with a way to mend it."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.engines import redis
from tests.engines.product import free_ports
from tintype.entry import certificate, client, doctor, redis_checks
from tintype.entry.checks import Check
from tintype.platform import db, secrets
from tintype.platform.clients.redis import About, RedisClient
from tintype.platform.config import Settings


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(data_dir=folder / "data", **({"port": free_ports()} | more))


async def findings(given: Settings) -> dict[str, Check]:
    """What is not fine, by its name; that root runs the tests is no finding."""
    return {one.name: one for one in await doctor.examine(given) if one.state != "fine" and one.name != "account"}


@pytest.fixture(autouse=True)
def _with_a_built_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "is_built", lambda: True)


async def test_nothing_is_wrong_with_a_new_installation(tmp_path: Path) -> None:
    found = await findings(settings(tmp_path))
    assert {name: one.state for name, one in found.items()} == {"data folder": "note", "database": "note"}
    assert list(tmp_path.iterdir()) == []


async def test_nothing_is_wrong_with_a_database_that_was_given(tmp_path: Path, database: str) -> None:
    given = settings(tmp_path, database_url=database)
    secrets.load(given)
    assert await findings(given) == {}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("public address", {"public_url": "http://photos.example.org"}),
        ("public address", {"public_url": "https://photos.example.org"}),
        ("public address", {"public_url": "https://photos.example.org/folder", "trusted_proxies": "127.0.0.1"}),
        ("public address", {"host": "0.0.0.0"}),
        ("trusted proxies", {"public_url": "https://photos.example.org", "trusted_proxies": "0.0.0.0/0"}),
        ("certificate", {"public_url": "https://photos.example.org", "tls_cert": "none.pem", "tls_key": "none.pem"}),
        ("database", {"database_url": "postgresql://nobody@127.0.0.1:1/nothing"}),
    ],
)
async def test_settings_that_do_harm_are_found(tmp_path: Path, name: str, wrong: dict[str, Any]) -> None:
    found = await findings(settings(tmp_path, **wrong))
    assert found[name].state == "wrong"
    assert found[name].mend


async def test_a_proxy_or_a_certificate_makes_https(tmp_path: Path) -> None:
    proxied = settings(tmp_path, public_url="https://photos.example.org", trusted_proxies="127.0.0.1,::1")
    assert "public address" not in await findings(proxied)
    cert, key = certified(tmp_path, days=90)
    own = settings(tmp_path, public_url="https://photos.example.org", tls_cert=cert, tls_key=key)
    assert {"public address", "certificate"}.isdisjoint(await findings(own))


async def test_secrets_that_others_can_read_are_found(tmp_path: Path) -> None:
    given = settings(tmp_path)
    secrets.load(given)
    (given.secrets_dir / "access").chmod(0o644)
    found = await findings(given)
    assert found["secrets"].said == "others can read access"
    assert found["secrets"].mend == f"chmod -R go= {given.secrets_dir}"


async def test_a_taken_port_is_found(tmp_path: Path) -> None:
    given = settings(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", given.port))
        taken.listen()
        assert (await findings(given))["ports"].said == f"127.0.0.1:{given.port} is taken"


async def test_a_client_that_is_not_built_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "is_built", lambda: False)
    assert (await findings(settings(tmp_path)))["web client"].state == "wrong"


async def test_a_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_LEAST", 2**60)
    found = (await findings(settings(tmp_path)))["disk"]
    assert found.state == "wrong"
    assert set(found.facts) == {"free", "total", "used"}


async def test_events_that_were_given_up_are_found(tmp_path: Path, database: str) -> None:
    given = settings(tmp_path, database_url=database)
    async with db.act(db.SYSTEM) as tx:
        await tx.run(GIVE_UP)
    found = await findings(given)
    assert found["event log"].state == "wrong"
    assert "redrive" in found["event log"].mend


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("'failed', now(), now()", "given up after five tries: media.process 1"),
        ("'queued', now(), now() - interval '5 minutes'", "due and not done: media.process 1"),
        ("'picked', now() - interval '5 minutes', now()", "due and not done: media.process 1"),
    ],
)
async def test_jobs_that_are_stuck_are_found(tmp_path: Path, database: str, values: str, said: str) -> None:
    columns = "priority, entrypoint, status, heartbeat, execute_after"
    async with db.act(db.SYSTEM) as tx:
        await tx.run(f"insert into pgqueuer ({columns}) values (0, 'media.process', {values})")
    found = (await findings(settings(tmp_path, database_url=database)))["jobs"]
    assert (found.state, found.said) == ("wrong", said)


async def test_rules_that_do_nothing_are_found(tmp_path: Path) -> None:
    given = settings(tmp_path)
    given.policy_dir.mkdir(parents=True)
    (given.policy_dir / "patterns.txt").write_text("fine+\n# note\n(broken\n")
    found = (await findings(given))["text policy"]
    assert found.said == "1 rules are no valid expression: (broken"
    assert str(given.policy_dir) in found.mend


async def test_a_clock_that_was_set_back_is_noted(tmp_path: Path, database: str) -> None:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update id_nodes set high_water = high_water + 60000")
    found = await findings(settings(tmp_path, database_url=database))
    assert found["time"].state == "note"


async def test_migrations_that_are_missing_are_found(tmp_path: Path, database: str) -> None:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update alembic_version set version_num = '0007'")
    assert "0008" in (await findings(settings(tmp_path, database_url=database)))["migrations"].said


async def test_a_check_that_fails_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> int:
        raise PermissionError("no")

    monkeypatch.setattr(doctor, "_size", broken)
    assert "could not be looked at: PermissionError" in (await findings(settings(tmp_path)))["disk"].said


def test_certificates_are_judged_as_a_browser_does(tmp_path: Path) -> None:
    cert, key = certified(tmp_path, days=30)
    until = certificate.good_until(cert, key, "photos.example.org")
    assert (until - datetime.now(UTC)).days in {29, 30}
    with pytest.raises(certificate.Unfit, match="Hostname mismatch"):
        certificate.good_until(cert, key, "other.example.org")
    old, old_key = certified(tmp_path, days=-1)
    with pytest.raises(certificate.Unfit, match="expired"):
        certificate.good_until(old, old_key, "photos.example.org")
    with pytest.raises(certificate.Unfit, match="cannot be used"):
        certificate.good_until(cert, old_key, "photos.example.org")


def certified(folder: Path, days: int) -> tuple[Path, Path]:
    """A certificate for photos.example.org, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "photos.example.org")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days=days))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("photos.example.org")]), critical=False)
    paths = folder / f"cert{days}.pem", folder / f"key{days}.pem"
    paths[0].write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths[1].write_bytes(key.private_bytes(*form))
    return paths


GIVE_UP = """
-- tests: an event that was tried too often
insert into log_parked (group_name, topic, part, key, pos, event_id, type, payload, created_at, state, tries)
values ('fan-out', 'filtered_posts', 0, 1, 1, gen_random_uuid(), 'PostApproved', '', now(), 'dead', 5)
"""


async def test_redis_is_looked_at(tmp_path: Path) -> None:
    try:
        with redis.running(tmp_path / "redis") as server:
            given = settings(tmp_path, redis_url=server.url)

            async def told() -> dict[str, list[str]]:
                found = [one for one in await doctor.examine(given) if one.name == "redis"]
                return {state: [one.said for one in found if one.state == state] for state in {o.state for o in found}}

            server.ask("CONFIG", "SET", "maxmemory", "100mb")
            server.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
            assert list(await told()) == ["fine"]
            server.ask("CONFIG", "SET", "zset-max-listpack-entries", 128)
            assert "zset-max-listpack-entries 128" in (await told())["note"][0]
            server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
            assert "refuses writes" in (await told())["wrong"][0]
            server.ask("CONFIG", "SET", "maxmemory", 0)
            assert [len(said) for said in (await told()).values()] == [2], "the feeds, and no bound"
            server.ask("ACL", "SETUSER", "default", "-config")
            assert "does not tell its settings" in (await told())["note"][0]
            server.kill()
            assert "does not answer" in (await told())["wrong"][0]
    except redis.NotThere as missing:
        pytest.skip(str(missing))


async def test_each_master_of_a_cluster_is_looked_at(tmp_path: Path) -> None:
    try:
        with redis.cluster(tmp_path / "redis") as cluster:
            given = settings(tmp_path, redis_url=cluster.url)
            found = [one for one in await doctor.examine(given) if one.name == "redis"]
            assert {one.said.split()[2] for one in found} == {f"127.0.0.1:{node.port}" for node in cluster.nodes}
    except redis.NotThere as missing:
        pytest.skip(str(missing))


async def test_a_redis_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def about(_: RedisClient) -> list[About]:
        return [About("redis", "6.0.16", 0, None)]

    monkeypatch.setattr(RedisClient, "about", about)
    found = await redis_checks.look("redis://127.0.0.1:1")
    assert [(one.state, one.mend) for one in found] == [("wrong", "Redis 6.2 or newer is needed.")]
