"""The wheel: everything the product needs is in it, and it serves from an environment that has no checkout."""

import os
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from sysconfig import get_path
from urllib.request import urlopen

import pytest

from tests.engines.product import free_ports
from tests.repository.tree import ROOT, files

CLIENT = "<!doctype html><title>The built client</title>"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what is committed, with a client that stands for the built one."""
    copy = tmp_path_factory.mktemp("checkout")
    for path in files():
        (to := copy / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    (copy / "src" / "tintype" / "web" / "assets").mkdir(parents=True)
    (copy / "src" / "tintype" / "web" / "index.html").write_text(CLIENT)
    (copy / "src" / "tintype" / "web" / "assets" / "app.js").write_text("export {};\n")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "-w", str(copy / "dist"), str(copy)], check=True, capture_output=True, timeout=110)
    (made,) = (copy / "dist").glob("tintype-*.whl")
    return made


def test_it_carries_what_the_product_reads(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    ours = {str(path.relative_to(ROOT / "src")) for path in files() if path.is_relative_to(ROOT / "src" / "tintype")}
    carried = {
        f"tintype/{path.relative_to(ROOT)}"
        for path in files()
        if path.is_relative_to(ROOT / "migrations") or path.is_relative_to(ROOT / "deploy" / "storage")
    }
    assert any(name.endswith("storage/cors.xml") for name in carried)
    assert not (ours | carried) - inside
    assert {"tintype/web/index.html", "tintype/web/assets/app.js"} <= inside


@pytest.fixture(scope="module")
def venv(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, and no checkout beside."""
    made = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True, timeout=60)
    pip = [sys.executable, "-m", "pip", "--python", f"{made}/bin/python", "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, timeout=110)
    (packages,) = made.glob("lib/python3*/site-packages")
    (packages / "others.pth").write_text(f"{get_path('purelib')}\n")  # the libraries, not what is linked beside them
    return made


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("TINTYPE_", "PYTHON"))}


def test_it_has_the_rules_of_buckets(venv: Path, tmp_path: Path) -> None:
    given = {"TINTYPE_S3_URL": "http://127.0.0.1:9/media", "TINTYPE_S3_KEY": "k", "TINTYPE_S3_SECRET": "s"}
    done = subprocess.run(
        [venv / "bin" / "tintype", "storage", "apply"],
        cwd=tmp_path,
        env=environment() | given | {"TINTYPE_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "does not answer" in done.stderr + done.stdout, "it has read the rules, and there is nobody to give them to"


@pytest.mark.timeout(240)
def test_it_serves_without_a_checkout(venv: Path, database: str, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    port = free_ports()
    kept = environment()
    given = {"TINTYPE_PORT": str(port), "TINTYPE_DATABASE_URL": database, "TINTYPE_DATA_DIR": str(here / "data")}
    where = [f"{venv}/bin/python", "-c", "import tintype; print(tintype.__file__)"]
    found = subprocess.run(where, cwd=here, env=kept, capture_output=True, text=True, check=True, timeout=60)
    assert Path(found.stdout.strip()).is_relative_to(venv)
    with (here / "log").open("wb") as log:
        serving = subprocess.Popen(
            [venv / "bin" / "tintype", "serve"],
            cwd=here,
            env=kept | given,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + 150
        page = ""
        while CLIENT not in page:
            assert serving.poll() is None, (here / "log").read_text()
            assert time.monotonic() < deadline, (here / "log").read_text()
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                page = answer.read().decode()
            time.sleep(0.2)
    finally:
        serving.terminate()
        assert serving.wait(30) == 0
