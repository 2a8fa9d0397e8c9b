"""deploy/compose: valid, pinned, whole, and as careful with secrets as a file to copy can be."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.proxies import free_port, started
from tests.repository.tree import ROOT, files
from tintype.domains.media.rules import VIDEO_BYTES
from tintype.platform.config import Settings

FOLDER = ROOT / "deploy" / "compose"
FILE = FOLDER / "compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PRODUCT = {"migrate", "api", "worker"}
ONCE = {"migrate", "redis-cluster"}
ENGINE_SETTINGS = {
    "database_url", "replica_urls", "redis_url", "kafka_url", "cassandra_url", "s3_url", "rabbitmq_url", "clamd_url",
}  # fmt: skip
ENGINES = {"postgres", "postgres-replica", "redis-1", "kafka", "cassandra", "s3", "rabbitmq", "clamav"}


def checked(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_valid() -> None:
    answer = checked(FILE)
    assert answer.returncode == 0, answer.stdout


def test_a_wrong_file_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(FILE.read_text().replace("    restart: unless-stopped\n", "    restarts: unless-stopped\n", 1))
    assert checked(wrong).returncode == 1


def test_the_product_and_every_engine_are_there() -> None:
    assert PRODUCT | ENGINES | {"redis-2", "redis-3", "redis-cluster"} == set(SERVICES)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - PRODUCT))
def test_versions_are_pinned(name: str) -> None:
    assert re.search(r":v?\d+\.\d+(\.\d+)?(-bookworm)?$", SERVICES[name]["image"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_others_wait_for_says_when_it_is_ready(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert SERVICES[other]["healthcheck"]["test"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert other in ONCE
    assert name in ONCE or "healthcheck" in SERVICES[name]


@pytest.mark.parametrize("name", sorted(PRODUCT))
def test_the_product_runs_as_nobody_on_a_root_it_cannot_write(name: str) -> None:
    one = SERVICES[name]
    user = re.search(r"^USER (\S+)", (ROOT / "deploy" / "Containerfile").read_text(), re.MULTILINE)
    assert user is not None
    assert one["user"] == user[1]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert {each.partition(":")[0] for each in one["tmpfs"]} == {"/tmp", "/data"}
    assert one["command"][0] == name


def given() -> dict[str, str]:
    """The product's environment, with `word` for each password that is asked for and the default of what is offered."""
    environment: dict[str, str] = SERVICES["api"]["environment"]
    with_words = {name: re.sub(r"\$\{\w+:\?\}", "word", value) for name, value in environment.items()}
    return {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for name, value in with_words.items()}


def test_settings_are_settings_and_go_together() -> None:
    values = {name.removeprefix("TINTYPE_").lower(): value for name, value in given().items()}
    assert set(values) <= set(Settings.model_fields)
    settings = Settings(**values)  # type: ignore[arg-type]
    assert settings.machines == "several"
    engines = {name for name in Settings.model_fields if name in ENGINE_SETTINGS}
    assert engines == ENGINE_SETTINGS
    assert all(getattr(settings, name) for name in engines)


def test_every_address_leads_to_a_service() -> None:
    addresses = {one["networks"]["inside"].get("ipv4_address") for one in SERVICES.values() if _is_fixed(one)}
    for name, value in given().items():
        if name.endswith(("_URL", "_URLS")) and not name.endswith("PUBLIC_URL") and value:
            hosts = [each.rpartition("@")[2] for each in re.split(r",|://", value)[1:]]
            for host in hosts:
                assert re.split(r"[:/]", host)[0] in {*SERVICES, *addresses}, value


def _is_fixed(one: dict[str, Any]) -> bool:
    return isinstance(one["networks"], dict)


def test_no_password_is_written_down_and_all_are_asked_for() -> None:
    text = FILE.read_text()
    asked = set(re.findall(r"\$\{([A-Z_0-9]+):\?\}", text))
    given = (FOLDER / ".env.example").read_text()
    assert asked == set(re.findall(r"^([A-Z_0-9]+)=$", given, re.MULTILINE))
    offered = set(re.findall(r"\$\{([A-Z_0-9]+):-", text))
    assert set(re.findall(r"^# ([A-Z_0-9]+)=", given, re.MULTILINE)) <= offered
    for line in text.splitlines():
        if re.search(r"(?i)(password|secret)\S*:\s", line) and "url" not in line.lower():
            assert "${" in line, line


def test_engines_are_not_reached_from_outside() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name, one in SERVICES.items():
        for port in one.get("ports", []):
            assert port.startswith("127.0.0.1:"), name
    assert {name for name, one in SERVICES.items() if "ports" in one} == {"api", "s3"}


def test_mounted_files_are_there_and_volumes_declared() -> None:
    for one in SERVICES.values():
        for mount in one.get("volumes", []):
            source = mount.partition(":")[0]
            if source.startswith("./"):
                assert (FOLDER / source).is_file()
                assert mount.endswith(":ro")
            else:
                assert source in COMPOSE["volumes"]


@pytest.mark.parametrize(
    "script", sorted(file for file in files() if file.is_relative_to(FOLDER) and file.suffix == ".sh")
)
def test_scripts_are_bash(script: Path) -> None:
    assert script.read_text().startswith("#!/usr/bin/env bash\n")
    subprocess.run(["bash", "-n", script], check=True)


def test_redis_takes_its_configuration(tmp_path: Path) -> None:
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server: apt-get install redis-server")
    port = free_port()
    command = ["redis-server", str(FOLDER / "redis/redis.conf"), "--port", str(port), "--dir", str(tmp_path)]
    with started([*command, "--cluster-port", str(free_port()), "--bind", "127.0.0.1"], port, tmp_path / "log"):
        asked = ["redis-cli", "-p", str(port), "config", "get", "zset-max-listpack-entries"]
        assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()[-1] == "1000"


def test_clamd_takes_the_largest_video_whole() -> None:
    lines = (FOLDER / "clamav/clamd.conf").read_text().splitlines()
    limits = dict(line.split() for line in lines if not line.startswith("#"))
    for name in ("StreamMaxLength", "MaxScanSize", "MaxFileSize"):
        assert int(limits[name].removesuffix("M")) * 1024 * 1024 > VIDEO_BYTES
