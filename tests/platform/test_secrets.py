"""The installation's keys: made once, whole, readable by their owner alone."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
import pytest

from tintype.platform import secrets
from tintype.platform.config import Settings


def _load(folder: str) -> secrets.Secrets:
    return secrets.load(Settings(data_dir=Path(folder)))


def test_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    first = _load(str(tmp_path))
    assert _load(str(tmp_path)) == first
    keys = msgspec.structs.astuple(first)
    assert len(set(keys)) == len(keys) == 6
    assert all(len(key) == 32 for key in keys)


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    _load(str(tmp_path))
    files = list((tmp_path / "secrets").iterdir())
    assert len(files) == 6, "no draft is left behind"
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        found = list(pool.map(_load, [str(tmp_path)] * 8))
    assert all(one == found[0] for one in found)


def test_keys_do_not_show_in_logs(tmp_path: Path) -> None:
    found = _load(str(tmp_path))
    assert found.access.hex() not in repr(found)
    assert repr(found.access) not in repr(found)


def test_a_key_that_was_cut_is_refused(tmp_path: Path) -> None:
    _load(str(tmp_path))
    (tmp_path / "secrets" / "access").write_bytes(b"short")
    with pytest.raises(RuntimeError, match="delete it"):
        _load(str(tmp_path))
