"""Foreseeable failures of a start, as lines for a person and a code for whoever started the program."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from config.load import BadSettings
from hal.errors import WiringError
from kiosk.keys import KeysMissing
from kiosk.service import errors
from kiosk.service.exits import Exit
from kiosk.service.instance_lock import AlreadyRunning
from kiosk.service.made_up import NotASimulation
from kiosk.service.secret_files import SecretDamaged, SecretExposed
from kiosk.service.sockets import AddressTaken
from kiosk.store.errors import DatabaseAbsent, DatabaseCorrupt, DatabaseGone, DatabaseNewer, DatabaseRefused


@dataclass(frozen=True, slots=True)
class Failure:
    """What to say, and how to end."""

    code: Exit
    lines: tuple[str, ...]


class StartNotWritten(Exception):
    """The first decision could not be put on disk: nothing that follows could be either."""


Foreseeable = (
    BadSettings
    | NotASimulation
    | WiringError
    | AlreadyRunning
    | StartNotWritten
    | DatabaseRefused
    | AddressTaken
    | KeysMissing
    | SecretExposed
    | SecretDamaged
    | OSError
)
FORESEEABLE: tuple[type[Foreseeable], ...] = get_args(Foreseeable)


def foreseen(error: BaseException) -> Foreseeable | None:
    """The foreseeable error behind an error; nothing where something else is wrong too."""
    if isinstance(error, BaseExceptionGroup):
        found = [foreseen(inner) for inner in error.exceptions]
        return found[0] if None not in found else None
    return error if isinstance(error, Foreseeable) else None


def explain(error: Foreseeable) -> Failure:
    """The failure that an error means."""
    match error:
        case BadSettings():
            return _all_of(error.problems)
        case WiringError():
            return _all_of([str(error)])
        case NotASimulation():
            return _one(Exit.BAD_SETTINGS, errors.FILES_OUTSIDE_SIMULATION, error)
        case SecretExposed():
            return _one(Exit.BAD_SETTINGS, errors.KEY_UNUSABLE, error)
        case KeysMissing() | SecretDamaged():
            return _one(Exit.BAD_DATA, errors.KEY_UNUSABLE, error)
        case AlreadyRunning():
            line = f"{errors.ALREADY_RUNNING.number} already running: {error}"
            return Failure(Exit.ALREADY_RUNNING, (line,))
        case AddressTaken():
            return _one(Exit.UNAVAILABLE, errors.ADDRESS_TAKEN, error)
        case DatabaseRefused() | StartNotWritten() | OSError():
            return _of_disk(error)


def _of_disk(error: DatabaseRefused | StartNotWritten | OSError) -> Failure:
    match error:
        case DatabaseNewer():
            return Failure(Exit.BAD_DATA, (f"{errors.DATABASE_NEWER.number} {error}",))
        case DatabaseCorrupt():
            return Failure(Exit.BAD_DATA, (f"{errors.DATABASE_DAMAGED.number} {error}",))
        case DatabaseGone():
            return Failure(Exit.BAD_DATA, (f"{errors.DATABASE_GONE.number} {error}",))
        case DatabaseAbsent():
            return Failure(Exit.IO, (str(error),))
        case DatabaseRefused():
            return Failure(Exit.IO, (f"{errors.DATA_NOT_WRITABLE.number} {error}",))
        case OSError(errno=errno.ENOSPC):
            return _one(Exit.IO, errors.DISK_FULL, error)
        case _:
            return _one(Exit.IO, errors.DATA_NOT_WRITABLE, error)


def _all_of(problems: Sequence[str]) -> Failure:
    return Failure(
        Exit.BAD_SETTINGS, tuple(f"{errors.BAD_SETTINGS.number} {problem}" for problem in problems)
    )


def _one(code: Exit, fault: errors.Fault, error: Exception) -> Failure:
    return Failure(code, (fault.line(str(error)),))
