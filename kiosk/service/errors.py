"""Every fault with its number, in one table that log, command line and documents share."""

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.service.board_faults import BOARD_FAULTS
from kiosk.service.fault import Fault, FaultSeverity
from kiosk.service.incident_faults import INCIDENT_FAULTS, UNNAMED

__all__ = ["FAULTS", "FAULT_BY_NUMBER", "Fault", "FaultSeverity"]

_NOTICE, _TASK, _ALARM = FaultSeverity.NOTICE, FaultSeverity.TASK, FaultSeverity.ALARM

# LW-K: the kiosk's start

BAD_SETTINGS = Fault(
    "LW-K001",
    "bad_settings",
    "the settings file is missing, is not TOML or says what cannot be",
    "correct each line named; `kiosk check-config FILE` shows the same list",
    _ALARM,
)
ALREADY_RUNNING = Fault(
    "LW-K002",
    "already_running",
    "another process works on this data folder",
    "stop that process, or give this one another folder",
    _NOTICE,
)
ADDRESS_TAKEN = Fault(
    "LW-K003",
    "address_taken",
    "another program listens on the address of the page",
    "stop that program, or choose another address with `--listen`",
    _ALARM,
)
FILES_OUTSIDE_SIMULATION = Fault(
    "LW-K004",
    "files_outside_simulation",
    "the settings have messages or a clock in files, and no simulated world has marked their folder",
    "remove [file_channel] and [file_clock] from a real kiosk's settings; `kiosk sim` starts a simulated one",
    _ALARM,
)
KEY_UNUSABLE = Fault(
    "LW-K005",
    "key_unusable",
    "a key file is missing, damaged or readable by others",
    "bring the keys back from the backup, or correct the rights as the line says; live codes depend on them",
    _ALARM,
)

NOT_SET_UP = Fault(
    "LW-K006",
    "not_set_up",
    "the directory has no unit or no carrier with a code, so nobody can deliver",
    "`kiosk residents import FILE.csv`, `kiosk carriers add NAME`, `kiosk staff add ACCOUNT NAME`",
    _TASK,
)

NOT_STARTED = Fault(
    "LW-K007",
    "not_started",
    "the program of the daemon cannot be started: its Python is gone, or may not be run",
    "install Latchwork again, as the page on installing says",
    _ALARM,
)

NOT_RUNNING = Fault(
    "LW-K008",
    "not_running",
    "no daemon works on this data folder, so the screen is dark and nobody looks at the doors",
    "start it: `sudo systemctl start kiosk`, or `kiosk run` to see why it ends",
    _ALARM,
)
CLOCK_UNTRUSTED = Fault(
    "LW-K009",
    "clock_untrusted",
    "nobody vouches for the time of day, so no reminder or due date is judged",
    "connect the network or a time server, or set `clock_trust` to what vouches for the clock here",
    _TASK,
)
SCREEN_SILENT = Fault(
    "LW-K010",
    "screen_silent",
    "no page has given a sign of life: the browser of the touchscreen is not there or hangs",
    "look at the screen; start its browser again, and look where it should open the page",
    _ALARM,
)
VERSION_DIFFERS = Fault(
    "LW-K011",
    "version_differs",
    "the running daemon is of another version than the program that is installed",
    "start the daemon again when nobody stands at the screen",
    _TASK,
)
NO_ANSWER = Fault(
    "LW-K012",
    "no_answer",
    "a process works on the data folder and does not answer at the local socket",
    "try again in a minute, it may be starting or stopping; otherwise end it and read its log",
    _ALARM,
)
NOT_ALLOWED_TO_ASK = Fault(
    "LW-K013",
    "not_allowed_to_ask",
    "this account may not ask the daemon or read its folder, so much stays unknown",
    "run the command as the user of the kiosk, or join its group",
    _NOTICE,
)

# LW-D: the database and the disk

DATABASE_NEWER = Fault(
    "LW-D001",
    "database_newer",
    "a newer version of this program wrote the database",
    "install that version again; nothing was changed",
    _ALARM,
)
DATABASE_DAMAGED = Fault(
    "LW-D002",
    "database_damaged",
    "the database file is damaged or is none",
    "copy the data folder first: there may be parcels behind the doors; nothing was changed or deleted",
    _ALARM,
)
DATA_NOT_WRITABLE = Fault(
    "LW-D003",
    "data_not_writable",
    "the data folder cannot be written: rights, or a card that has gone read-only",
    "correct the owner of the folder, or replace the card",
    _ALARM,
)
DISK_FULL = Fault(
    "LW-D004",
    "disk_full",
    "no room is left on the disk of the data folder",
    "free some room outside the data folder; until then no new parcel is accepted",
    _ALARM,
)

DATABASE_GONE = Fault(
    "LW-D005",
    "database_gone",
    "the data folder has the keys of an earlier start and no database",
    "bring the database back from the backup; if the cabinet is certainly empty, move the keys away",
    _ALARM,
)

NO_BACKUP = Fault(
    "LW-D006",
    "no_backup",
    "no place for backups is set up: a broken card takes every code and every record with it",
    "until this version makes backups: stop the kiosk at times and copy the data folder to another machine",
    _TASK,
)
DISK_LOW = Fault(
    "LW-D007",
    "disk_low",
    "little room is left on the disk of the data folder",
    "free some room outside the data folder before it is full",
    _TASK,
)

# LW-M: messages to residents

CHANNEL_DOWN = Fault(
    "LW-M001",
    "channel_down",
    "a message could not be handed over",
    "nothing: it is tried again by itself; the parcel is safe",
    _NOTICE,
)
SEAL_BROKEN = Fault(
    "LW-M002",
    "seal_broken",
    "the sealed copy of a code was made under another key",
    "bring the key files back that belong to this database; until then staff hand the parcel out",
    _ALARM,
)
NOBODY_THERE = Fault(
    "LW-M003",
    "nobody_there",
    "the person a message is for is no longer in the directory",
    "tell the people of the unit another way",
    _TASK,
)
NO_WORDS = Fault(
    "LW-M004",
    "no_words",
    "a message cannot be written: its template is missing or asks for something unknown",
    "correct the template; the message waits",
    _TASK,
)
NOT_DELIVERABLE = Fault(
    "LW-M005",
    "not_deliverable",
    "no contact of a person takes messages: none that the kiosk can use, or the server refuses it",
    "correct the contact in the directory, or tell the person another way; the message waits",
    _TASK,
)

NO_CHANNEL = Fault(
    "LW-M008",
    "no_channel",
    "no way to send messages is in the settings, so nobody is told of a parcel",
    "add the table [mail] or [[apprise]] to the settings, and try it with `kiosk notify test`",
    _TASK,
)
CHANNEL_SILENT = Fault(
    "LW-M009",
    "channel_silent",
    "the server that takes messages cannot be reached from here",
    "check the network, host and port; `kiosk notify test ADDRESS` shows the whole way",
    _TASK,
)

# LW-S: events on their way to the broker

BROKER_AWAY = Fault(
    "LW-S001",
    "broker_away",
    "the broker cannot be reached, or does not answer",
    "check the network and the broker with `kiosk broker test`; events wait in the log, parcels come and go",
    _NOTICE,
)
BROKER_REFUSES = Fault(
    "LW-S002",
    "broker_refuses",
    "the broker refuses who we are, what we subscribe to or what we publish",
    "correct the account, the certificate or the rights at the broker; events wait in the log",
    _TASK,
)

_FAULTS = (
    BAD_SETTINGS,
    ALREADY_RUNNING,
    ADDRESS_TAKEN,
    FILES_OUTSIDE_SIMULATION,
    KEY_UNUSABLE,
    NOT_SET_UP,
    NOT_STARTED,
    NOT_RUNNING,
    CLOCK_UNTRUSTED,
    SCREEN_SILENT,
    VERSION_DIFFERS,
    NO_ANSWER,
    NOT_ALLOWED_TO_ASK,
    DATABASE_NEWER,
    DATABASE_DAMAGED,
    DATA_NOT_WRITABLE,
    DISK_FULL,
    DATABASE_GONE,
    NO_BACKUP,
    DISK_LOW,
    CHANNEL_DOWN,
    SEAL_BROKEN,
    NOBODY_THERE,
    NO_WORDS,
    NOT_DELIVERABLE,
    NO_CHANNEL,
    CHANNEL_SILENT,
    BROKER_AWAY,
    BROKER_REFUSES,
)

FAULTS: tuple[Fault, ...] = tuple(
    sorted((*_FAULTS, *BOARD_FAULTS, *INCIDENT_FAULTS, UNNAMED), key=lambda fault: fault.number)
)
"""Every fault, by its number."""

FAULT_BY_NUMBER: Mapping[str, Fault] = MappingProxyType({fault.number: fault for fault in FAULTS})
