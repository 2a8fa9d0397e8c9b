"""What engines are made of: Java and Go of this machine, jars that are fetched and versitygw that is built, once.

`python -m tests.engines.cache` makes all of it ready beforehand; the standard library is enough for that.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

DOWNLOAD_SECONDS, BUILD_SECONDS = 540.0, 1200.0
LEAST_GO = (1, 25)
HERE = Path(__file__).parent
GO_OF_WHEEL = HERE.parents[1] / ".go" / "shims" / "go"  # of `scripts/prepare go`


class Missing(Exception):
    """This machine lacks what an engine needs; says what would bring it."""


class Jars(NamedTuple):
    """What Maven resolves of these artifacts; `name.sha256` beside this file has the checksum of every jar."""

    name: str
    version: str
    artifacts: tuple[str, ...]


KAFKA = Jars("kafka", "4.3.1", ("org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36"))
CASSANDRA = Jars("cassandra", "5.0.9", ("org.apache.cassandra:cassandra-all:5.0.9",))
VERSITYGW = "v1.8.0"  # by `go install`, which checks it against Go's checksum database


def ready(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name, which outlives runs; where it is not there `make` fills it, and others wait for that."""
    cache = Path(os.environ.get("TINTYPE_ENGINES") or Path.home() / ".cache/tintype/engines")
    place = cache / name
    if place.is_dir():
        return place
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # ends with the process, whatever ends that
        if not place.is_dir():
            with tempfile.TemporaryDirectory(prefix=f"{name}.", dir=cache) as work:
                (new := Path(work) / "new").mkdir()
                make(new)
                new.rename(place)
    return place


def java(least: int, most: int = 99) -> Path:
    """A Java of one of these versions, wherever it stands. Raises Missing."""
    for home in (Path(os.environ.get("JAVA_HOME", "/nowhere")), *sorted(Path("/usr/lib/jvm").glob("*"))):
        release = home / "release"
        if release.is_file() and (home / "bin/java").exists():
            found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8"), re.MULTILINE)
            if found and least <= int(found[1]) <= most:
                return home / "bin" / "java"
    raise Missing(f"needs Java {least}: apt-get install openjdk-{least}-jre-headless")


def jars(wanted: Jars) -> Path:
    """The folder with the jars, each compared with its checksum. Raises Missing."""

    def make(new: Path) -> None:
        if shutil.which("mvn") is None:
            raise Missing("needs Maven: apt-get install maven")
        pom = new.parent / "pom.xml"
        pom.write_text(POM.format(name=wanted.name, dependencies="".join(map(_dependency, wanted.artifacts))))
        command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
        _run([*command, "-DincludeScope=runtime", f"-DoutputDirectory={new}"], DOWNLOAD_SECONDS)
        sums = HERE / f"{wanted.name}.sha256"
        due = {line[66:]: line[:64] for line in sums.read_text(encoding="utf-8").splitlines()}
        found = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in new.iterdir()}
        if found != due:
            odd = sorted(name for name in found.keys() | due.keys() if found.get(name) != due.get(name))
            raise RuntimeError(f"not what {sums.name} says: {', '.join(odd)}")

    return ready(f"{wanted.name}-{wanted.version}", make)


def versitygw() -> Path:
    """The S3 store, built from its source, which takes minutes. Raises Missing."""

    def make(new: Path) -> None:
        package = f"github.com/versity/versitygw/cmd/versitygw@{VERSITYGW}"
        _run([str(_go()), "install", package], BUILD_SECONDS, GOBIN=str(new))

    return ready(f"versitygw-{VERSITYGW}", make) / "versitygw"


def _go() -> Path:
    for found in (shutil.which("go"), str(GO_OF_WHEEL)):
        if found and Path(found).exists():
            said = subprocess.run([found, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout
            version = re.match(r"go(\d+)\.(\d+)", said)
            if version and (int(version[1]), int(version[2])) >= LEAST_GO:
                return Path(found)
    wanted = ".".join(map(str, LEAST_GO))
    raise Missing(f"needs Go {wanted} or later to build versitygw: scripts/prepare go, or your system's")


def _run(command: list[str], seconds: float, **environment: str) -> None:
    """Raises RuntimeError with what it said last."""
    done = subprocess.run(
        command,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed ({done.returncode}):\n{done.stdout[-3000:]}")


def _dependency(artifact: str) -> str:
    group, name, version = artifact.split(":")
    place = f"<groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>"
    return f"<dependency>{place}</dependency>"


def _made(name: str, make: Callable[[], object]) -> bool:
    """Say what became of one; what this machine lacks is no failure, as its tests will name it."""
    began = time.monotonic()
    try:
        make()
        said, fine = "ready", True
    except Missing as missing:
        said, fine = str(missing), True
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        said, fine = f"FAILED: {error}", False
    sys.stdout.write(f"{name}: {said}, {time.monotonic() - began:.1f} s\n")
    return fine


def main() -> int:
    """The build beside the downloads, which take turns, as they share Maven's own folder."""
    with ThreadPoolExecutor(1) as beside:
        built = beside.submit(_made, "versitygw", versitygw)
        fetched = [_made(one.name, partial(jars, one)) for one in (KAFKA, CASSANDRA)]
        return 0 if all([*fetched, built.result()]) else 1


POM = """<project><modelVersion>4.0.0</modelVersion>
<groupId>engines</groupId><artifactId>{name}</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>{dependencies}</dependencies></project>
"""

if __name__ == "__main__":
    sys.exit(main())
