"""One holder of the data folder at a time, however holders end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tintype.entry import folder


def test_a_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    with folder.held(tmp_path, "serve"):
        assert folder.holder(tmp_path) == os.getpid()
        with pytest.raises(folder.Held, match=f"in use by `tintype serve`, process {os.getpid()}"):
            folder.held(tmp_path, "verify").__enter__()


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with folder.held(tmp_path / "new", "serve"):
        pass
    assert list((tmp_path / "new").iterdir()) == []
    assert folder.holder(tmp_path / "new") == 0
    with folder.held(tmp_path / "new", "serve"):
        assert folder.holder(tmp_path / "new") == os.getpid()


def test_the_lock_of_a_killed_holder_is_in_nobodys_way(tmp_path: Path) -> None:
    program = "import sys, time; from pathlib import Path; from tintype.entry import folder\n"
    program += "with folder.held(Path(sys.argv[1]), 'serve'): print(flush=True); time.sleep(60)"
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert folder.holder(tmp_path) == other.pid
        other.kill()
        other.wait(10)
    assert (tmp_path / folder.LOCK).exists()
    assert folder.holder(tmp_path) == 0
    with folder.held(tmp_path, "serve"):
        assert folder.holder(tmp_path) == os.getpid()


def test_children_of_an_earlier_run_are_waited_for(tmp_path: Path) -> None:
    folder.wait_for_children(tmp_path, 0)
    lock = folder.children_lock(tmp_path)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=(lock,)) as child:
        os.close(lock)
        with pytest.raises(folder.ChildrenLeft):
            folder.wait_for_children(tmp_path, 0.1)
        child.kill()
        child.wait(10)
    folder.wait_for_children(tmp_path, 5)
