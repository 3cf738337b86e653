"""One process at a time on a data folder, whatever became of the one before."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.service.instance_lock import AlreadyRunning, InstanceLock

HOLDER = """
import sys
from pathlib import Path
from kiosk.service.instance_lock import InstanceLock
with InstanceLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        if holder.stdout is None or holder.stdout.readline() != "held\n":
            pytest.fail("the other process did not get the lock")
        try:
            yield holder
        finally:
            holder.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk" / "kiosk.lock"


def test_a_second_process_is_told_which_folder_and_who_has_it(path: Path) -> None:
    with another_process(path) as holder, pytest.raises(AlreadyRunning) as refused:
        InstanceLock(path).__enter__()
    assert str(refused.value) == f"{path.parent} is in use by process {holder.pid}; stop it first"


def test_a_process_that_was_killed_blocks_nobody(path: Path) -> None:
    with another_process(path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert path.exists()
    with InstanceLock(path):
        pass


def test_being_refused_leaves_the_holders_name_standing(path: Path) -> None:
    with another_process(path) as holder:
        for _ in range(2):
            with pytest.raises(AlreadyRunning, match=str(holder.pid)):
                InstanceLock(path).__enter__()


def test_the_lock_is_free_again_after_its_context(path: Path) -> None:
    for _ in range(2):
        with InstanceLock(path):
            pass


def test_a_program_started_meanwhile_does_not_keep_the_lock(path: Path) -> None:
    with InstanceLock(path):
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    try:
        with InstanceLock(path):
            pass
    finally:
        child.communicate()


def test_a_folder_that_cannot_be_made_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        InstanceLock(tmp_path / "file" / "kiosk.lock").__enter__()


def test_what_an_older_holder_left_in_the_file_is_replaced(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("999999999999\n", encoding="ascii")
    with InstanceLock(path):
        assert len(path.read_text(encoding="ascii")) < 12
