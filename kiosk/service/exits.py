"""Exit codes of the daemon and of every command: one meaning each, as the service unit knows them."""

import enum


class Exit(enum.IntEnum):
    """Why a process ended."""

    OK = 0
    FAILED = 1
    USAGE = 2
    BAD_DATA = 65
    """The database or the keys are newer than the program, damaged or gone: trying again cannot help."""
    UNAVAILABLE = 69
    """An address is taken, or a device is absent."""
    IO = 74
    """A folder or file cannot be read or written."""
    ALREADY_RUNNING = 75
    BAD_SETTINGS = 78
