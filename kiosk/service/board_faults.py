"""Faults of the way to the lock boards, and of the boards."""

from kiosk.service.fault import Fault, FaultSeverity

_ALARM = FaultSeverity.ALARM

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

SUPPLY_WEAK = Fault(
    "LW-B007",
    "supply_weak",
    "several doors of one lock supply do not open: the supply is off, too weak, or its fuse has gone",
    "measure the supply while a door is being opened; 12 V must not fall below 11",
    _ALARM,
)
WRONG_SPEED = Fault(
    "LW-B008",
    "wrong_speed",
    "a board answers at another speed than the settings say",
    "set `baud` of the bank to the speed named, and start again",
    _ALARM,
)
WRONG_ADDRESS = Fault(
    "LW-B009",
    "wrong_address",
    "no board answers to the address of the settings, but one does to another",
    "turn the board's switches to the address of the settings, or correct `address`",
    _ALARM,
)

BOARD_FAULTS: tuple[Fault, ...] = (
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
    SUPPLY_WEAK,
    WRONG_SPEED,
    WRONG_ADDRESS,
)
"""Every one of them."""
