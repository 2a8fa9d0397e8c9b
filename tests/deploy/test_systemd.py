"""The units of deploy/systemd, as systemd itself reads them; only the program they start is not where they say."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.repository.tree import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    program = tmp_path / "tintype"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    placed = []
    for unit in UNITS:
        name = unit.name.replace("@.", "@8000.")
        (tmp_path / name).write_text(unit.read_text().replace("/opt/tintype/bin/tintype", str(program)))
        placed.append(str(tmp_path / name))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *placed], capture_output=True, text=True, timeout=60, check=False
    )
    ours = [
        line for line in done.stderr.splitlines() if "tintype" in line and "Unit configuration has fatal" not in line
    ]
    assert not ours
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", [one for one in UNITS if one.suffix == ".service"], ids=lambda one: one.name)
def test_services_run_without_rights(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert "DynamicUser=yes" in lines
    assert "NoNewPrivileges=yes" in lines
    assert "ProtectSystem=strict" in lines
