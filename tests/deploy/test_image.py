"""deploy/Containerfile, as far as it can be judged without a container engine: sources, versions, user, the rest."""

import re
import tomllib

import pytest

from tests.repository.tree import ROOT, files
from tintype.platform.config import Settings

FILE = ROOT / "deploy" / "Containerfile"
IGNORED = FILE.with_name("Containerfile.dockerignore")
TEXT = re.sub(r"\\\n\s*", "", FILE.read_text())
LINES = [line for line in TEXT.splitlines() if line and not line.startswith("#")]


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage."""
    found: list[list[tuple[str, str]]] = []
    for line in LINES:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


def copied() -> list[tuple[str | None, list[str], str]]:
    """Each COPY: the stage that it takes from, its sources, where they go."""
    found = []
    for word, rest in (each for stage in stages() for each in stage):
        if word == "COPY":
            taken = re.search(r"--from=(\S+)", rest)
            *sources, target = [part for part in rest.split() if not part.startswith("--")]
            found.append((taken[1] if taken else None, sources, target))
    return found


def of_last_stage(word: str) -> list[str]:
    return [rest for each, rest in stages()[-1] if each == word]


def lets_in(path: str) -> bool:
    """Whether the ignore file leaves a path in what is sent to the builder."""
    allowed = [line[1:] for line in IGNORED.read_text().splitlines() if line.startswith("!")]
    return any(path == one or path.startswith(f"{one}/") for one in allowed)


def test_every_source_is_there_and_sent() -> None:
    sources = [source for taken, sources, _ in copied() if taken is None for source in sources]
    assert sources
    known = {file.relative_to(ROOT).as_posix() for file in files()}
    for source in sources:
        name = source.rstrip("/")
        assert name in known if not source.endswith("/") else any(file.startswith(source) for file in known), source
        assert lets_in(name), source


def test_the_ignore_file_keeps_out_what_is_not_named() -> None:
    lines = [line for line in IGNORED.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert not any(lets_in(name) for name in ("data", ".venv", ".git", "tests", "deploy/compose/.env", "tintype.toml"))
    assert {"**/node_modules", "src/tintype/web"} <= set(lines)


def test_base_images_have_a_version_and_stages_a_name() -> None:
    froms = [rest for word, rest in (each for stage in stages() for each in stage) if word == "FROM"]
    for one in froms:
        assert re.match(r"docker\.io/\S+:\d+\.\d+\.\d+(-bookworm-slim|-slim-bookworm)( AS \w+)?$", one), one
    named = {one.rpartition(" AS ")[2] for one in froms[:-1]}
    assert {taken for taken, _, _ in copied() if taken} == named
    assert "." in froms[-1].partition(":")[2]


def test_the_python_of_both_stages_is_the_same() -> None:
    pythons = {re.search(r"python:([\d.]+)", line)[1] for line in LINES if "FROM" in line and "python:" in line}  # type: ignore[index]
    assert len(pythons) == 1
    short = ".".join(pythons.pop().split(".")[:2])
    assert set(re.findall(r"lib/python([\d.]+)/", TEXT)) == {short}


def test_it_runs_as_somebody_without_rights() -> None:
    (user,) = of_last_stage("USER")
    assert re.fullmatch(r"(\d{5}):\1", user)
    after = stages()[-1][[word for word, _ in stages()[-1]].index("USER") :]
    assert not {word for word, _ in after} & {"RUN", "COPY", "ADD"}
    assert f"--uid {user.split(':')[0]}" in TEXT


def test_the_last_stage_holds_no_tools() -> None:
    last = " ".join(of_last_stage("RUN"))
    assert not re.search(r"\b(npm|pip|gcc|build-essential|git|curl)\b", last)
    assert "rm -rf /var/lib/apt/lists/*" in last
    assert [taken for taken, _, _ in copied()][-1] == "packages"
    assert [word for word, _ in stages()[-1]].count("COPY") == 1


def test_packages_are_hashed() -> None:
    installs = re.findall(r"pip install ([^&|\n]+)", TEXT)
    assert len(installs) == 3
    assert all("--require-hashes" in one or one.split()[-1] == "." for one in installs)
    assert all("--no-deps" in one for one in installs)


def test_the_client_that_is_built_is_in_the_package() -> None:
    (source,) = [sources for taken, sources, target in copied() if taken == "client" and target == "src/tintype/web/"]
    assert source == ["/build/src/tintype/web/"]
    assert 'outDir: "../src/tintype/web"' in (ROOT / "web/vite.config.ts").read_text()
    shared = re.findall(r'from "(?:\.\./)+(src/tintype/[^"]+)"', "".join(_client_sources()))
    assert shared
    assert {name for name in shared if f"COPY {name} /build/{name}" not in TEXT} == set()


def _client_sources() -> list[str]:
    return [file.read_text() for file in files() if file.suffix in {".ts", ".tsx"}]


def test_the_package_takes_every_file_along() -> None:
    package = ROOT / "src" / "tintype"
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["tintype"]
    taken = {path for pattern in patterns for path in package.glob(pattern)}
    ours = [file for file in files() if file.is_relative_to(package) and file.suffix != ".py"]
    assert [str(file) for file in ours if file not in taken] == []


@pytest.mark.parametrize("name", ["TINTYPE_HOST", "TINTYPE_ADMIN_HOST", "TINTYPE_DATA_DIR"])
def test_settings_of_the_image_are_settings(name: str) -> None:
    assert name.removeprefix("TINTYPE_").lower() in Settings.model_fields
    assert f"{name}=" in of_last_stage("ENV")[-1]
