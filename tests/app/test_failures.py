"""Every foreseeable failure of a start has a code that the service unit knows, and a number to look up."""

import errno
from pathlib import Path

import pytest

from config.load import BadSettings
from hal.errors import WiringError
from kiosk.failures import FORESEEABLE, Foreseeable, StartNotWritten, explain, foreseen
from kiosk.keys import KeysMissing
from kiosk.service.errors import FAULTS
from kiosk.service.exits import Exit
from kiosk.service.instance_lock import AlreadyRunning
from kiosk.service.made_up import NotASimulation
from kiosk.service.secret_files import SecretDamaged, SecretExposed
from kiosk.service.sockets import AddressTaken
from kiosk.store.errors import DatabaseCorrupt, DatabaseGone, DatabaseNewer, DatabaseNotWritable

CASES: list[tuple[Foreseeable, Exit]] = [
    (BadSettings(["one", "two"]), Exit.BAD_SETTINGS),
    (WiringError("two speeds on one port"), Exit.BAD_SETTINGS),
    (NotASimulation("no marker"), Exit.BAD_SETTINGS),
    (SecretExposed("mode is 0644"), Exit.BAD_SETTINGS),
    (SecretDamaged("31 bytes"), Exit.BAD_DATA),
    (KeysMissing("gone"), Exit.BAD_DATA),
    (DatabaseGone("no database"), Exit.BAD_DATA),
    (DatabaseNewer("schema 9"), Exit.BAD_DATA),
    (DatabaseCorrupt("malformed"), Exit.BAD_DATA),
    (DatabaseNotWritable("read-only"), Exit.IO),
    (StartNotWritten("not durable"), Exit.IO),
    (OSError(errno.ENOSPC, "no room"), Exit.IO),
    (PermissionError(errno.EACCES, "no right"), Exit.IO),
    (AddressTaken("127.0.0.1", 8080, "in use"), Exit.UNAVAILABLE),
    (AlreadyRunning(Path("folder/kiosk.lock"), "42"), Exit.ALREADY_RUNNING),
]


@pytest.mark.parametrize(("error", "code"), CASES, ids=lambda value: type(value).__name__)
def test_failure_has_its_code_and_a_number(error: Foreseeable, code: Exit) -> None:
    failure = explain(error)
    assert failure.code is code
    numbers = {fault.number for fault in FAULTS}
    assert all(line.split()[0] in numbers for line in failure.lines)


def test_every_problem_of_the_settings_is_a_line() -> None:
    assert len(explain(BadSettings(["one", "two"])).lines) == 2


def test_every_kind_of_failure_is_tried_here() -> None:
    assert not [kind for kind in FORESEEABLE if not any(isinstance(error, kind) for error, _ in CASES)]


def test_group_with_a_bug_in_it_is_not_foreseen() -> None:
    known, bug = OSError("disk"), ZeroDivisionError()
    assert foreseen(ExceptionGroup("", [known])) is known
    assert foreseen(ExceptionGroup("", [known, ExceptionGroup("", [bug])])) is None
