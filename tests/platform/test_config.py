"""Bad configuration: all of it is told at once, with names and what would be right, and without a value."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository.tree import table
from tintype.platform import config, shapes
from tintype.platform.config import Settings, Unusable

SECRET = "hunter2hunter2"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def problems(monkeypatch: pytest.MonkeyPatch, **given: str) -> list[str]:
    for name, value in given.items():
        monkeypatch.setenv(f"TINTYPE_{name}", value)
    with pytest.raises(Unusable) as refused:
        config.read()
    return refused.value.problems


def test_everything_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems(
        monkeypatch,
        PORT="eighty",
        REGISTRATION="whoever",
        TLS_CERT="cert.pem",
        SMTP_URL=f"http://me:{SECRET}@mail.example.org",
        DATABASE_URL=f"mysql://me:{SECRET}@db.example.org/tintype",
        OIDC=f'[{{"name": "a", "client_secret": "{SECRET}"',
        RATE_LIMIT="off",
    )
    named = {line.partition(":")[0].split()[0] for line in found}
    assert named == {
        f"TINTYPE_{one}"
        for one in ("PORT", "REGISTRATION", "TLS_CERT", "SMTP_URL", "DATABASE_URL", "OIDC", "RATE_LIMIT")
    }
    assert "TINTYPE_DATABASE_URL begins with postgresql:// or postgres://" in found
    assert "TINTYPE_RATE_LIMIT is no setting: is TINTYPE_RATE_LIMITS meant?" in found
    assert SECRET not in "\n".join(found)


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("tintype.toml").write_text("port = \n")
    assert problems(monkeypatch)[0].startswith("tintype.toml: ")
    Path("tintype.toml").write_text("regstration = 'open'\n")
    assert problems(monkeypatch) == ["TINTYPE_REGSTRATION is no setting: is TINTYPE_REGISTRATION meant?"]


def test_several_machines_need_what_all_of_them_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems(monkeypatch, MACHINES="several")
    assert [line.split()[0] for line in found] == [f"TINTYPE_{one.setting.upper()}" for one in shapes.MATRIX["several"]]
    found = problems(
        monkeypatch, DATABASE_URL=f"postgresql://me:{SECRET}@127.0.0.1/tintype", REDIS_URL="redis://localhost"
    )
    assert [line.split()[0] for line in found if "names this machine alone" in line] == [
        "TINTYPE_DATABASE_URL",
        "TINTYPE_REDIS_URL",
    ]
    assert SECRET not in "\n".join(found)


def test_several_processes_on_one_machine_need_nothing() -> None:
    assert Settings(machines="one").machines == "one"


def test_settings_do_not_show_what_they_hold() -> None:
    given = Settings(database_url=f"postgresql://me:{SECRET}@db.example.org/tintype")
    assert SECRET not in f"{given} {given!r} {[given]}"


def test_logs_do_not_show_passwords_of_addresses() -> None:
    program = f"""
import logging
from tintype.platform import telemetry
telemetry.start("test", form="json")
address = "postgresql://me:{SECRET}@db.example.org/tintype"
telemetry.log.warning("lost", url=address)
logging.getLogger("library").warning("cannot reach %s", address)
try:
    raise OSError(f"refused: {{address}}")
except OSError:
    telemetry.log.exception("failed")
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    assert said.count("postgresql://me:…@db.example.org/tintype") + said.count("postgresql://me:\\u2026@db") >= 3, said
    assert SECRET not in said


def test_the_page_on_machines_has_the_matrix() -> None:
    rows = table("docs/operations/roles.md", "## Several machines")
    assert rows == [[f"TINTYPE_{one.setting.upper()}", one.why] for one in shapes.MATRIX["several"]]
