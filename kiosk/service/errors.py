"""Every fault with its number, in one table that log, command line and documents share."""

import enum
from dataclasses import dataclass


class FaultSeverity(enum.StrEnum):
    """How soon somebody must act."""

    NOTICE = "notice"
    TASK = "task"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: `number` for ever, `key` of its sentence, why it happens and what to do next."""

    number: str
    key: str
    cause: str
    next_step: str
    severity: FaultSeverity

    def line(self, detail: str) -> str:
        """One line for the log and the error stream: the number, what exactly, what to do."""
        return f"{self.number} {detail}; {self.next_step}"


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

# LW-L: the line to the boards

PORT_MISSING = Fault(
    "LW-L001",
    "port_missing",
    "the serial device is not there: unplugged, or another name",
    "plug the adapter in, or name the port under /dev/serial/by-id; it is tried again by itself",
    _ALARM,
)
PORT_BUSY = Fault(
    "LW-L002",
    "port_busy",
    "another program has the serial device open",
    "stop that program; it is tried again by itself",
    _ALARM,
)
PORT_FORBIDDEN = Fault(
    "LW-L003",
    "port_forbidden",
    "the account of the kiosk may not open the serial device",
    "add the account to the group of the device (`dialout` on Debian) and start again",
    _ALARM,
)

LINE_LOST = Fault(
    "LW-L004",
    "line_lost",
    "the way to the boards broke: an adapter unplugged in use or hanging, a gateway that is away",
    "check the adapter or the gateway, its plug and its power; it is tried again by itself",
    _ALARM,
)
NOT_A_PORT = Fault(
    "LW-L005",
    "not_a_port",
    "what the settings name as a port is there, and is no serial device",
    "name a device under /dev/serial/by-path in the settings and start again",
    _ALARM,
)
ONLY_ECHO = Fault(
    "LW-L006",
    "only_echo",
    "the adapter hears its own bytes, and no board answers",
    "check the power of the board and wires A and B; the echo itself does no harm",
    _ALARM,
)

# LW-B: lock boards

BOARD_MUTE = Fault(
    "LW-B001",
    "board_mute",
    "a lock board does not answer: no power, a loose wire, another address or speed",
    "check power, wires A and B, and the address switches; `kiosk board` talks to it with the daemon stopped",
    _ALARM,
)
BOARD_GARBLES = Fault(
    "LW-B002",
    "board_garbles",
    "what a lock board answers is no frame: noise, two boards on one address, another speed",
    "check the ends of the line, the shield and the address switches",
    _ALARM,
)

ADDRESS_DOUBLED = Fault(
    "LW-B003",
    "address_doubled",
    "two boards on one line answer to the same address, so both would open a door",
    "give each board an address of its own with its switches",
    _ALARM,
)
BOARD_FAULT = Fault(
    "LW-B004",
    "board_fault",
    "a lock board answers that it failed",
    "switch its supply off and on; if it says so again, replace the board",
    _ALARM,
)
BOARD_UNWATCHED = Fault(
    "LW-B005",
    "board_unwatched",
    "a board was not asked for some seconds, so its doors may have moved unseen: the computer stood still",
    "nothing if it happened once; otherwise look what else runs on the computer, and at its supply",
    _ALARM,
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

FAULTS: tuple[Fault, ...] = (
    BAD_SETTINGS,
    ALREADY_RUNNING,
    ADDRESS_TAKEN,
    FILES_OUTSIDE_SIMULATION,
    KEY_UNUSABLE,
    NOT_SET_UP,
    NOT_STARTED,
    DATABASE_NEWER,
    DATABASE_DAMAGED,
    DATA_NOT_WRITABLE,
    DISK_FULL,
    DATABASE_GONE,
    PORT_MISSING,
    PORT_BUSY,
    PORT_FORBIDDEN,
    LINE_LOST,
    NOT_A_PORT,
    ONLY_ECHO,
    BOARD_MUTE,
    BOARD_GARBLES,
    ADDRESS_DOUBLED,
    BOARD_FAULT,
    BOARD_UNWATCHED,
    CHANNEL_DOWN,
    SEAL_BROKEN,
    NOBODY_THERE,
    NO_WORDS,
    NOT_DELIVERABLE,
    BROKER_AWAY,
    BROKER_REFUSES,
)
"""Every fault, in the order of the documents."""
