"""Which fault of the table an error of a device is."""

from hal.errors import (
    AddressDoubled,
    BadFrame,
    DeviceFault,
    HalError,
    LinkLost,
    NoReply,
    NotAPort,
    OnlyEcho,
    PortBusy,
    PortForbidden,
    PortMissing,
    Unwatched,
)
from kiosk.service import board_faults as faults
from kiosk.service.errors import BAD_SETTINGS
from kiosk.service.fault import Fault

_FAULTS: tuple[tuple[type[HalError], Fault], ...] = (
    (PortMissing, faults.PORT_MISSING),
    (PortBusy, faults.PORT_BUSY),
    (PortForbidden, faults.PORT_FORBIDDEN),
    (NotAPort, faults.NOT_A_PORT),
    (Unwatched, faults.BOARD_UNWATCHED),
    (LinkLost, faults.LINE_LOST),
    (OnlyEcho, faults.ONLY_ECHO),
    (NoReply, faults.BOARD_MUTE),
    (BadFrame, faults.BOARD_GARBLES),
    (AddressDoubled, faults.ADDRESS_DOUBLED),
    (DeviceFault, faults.BOARD_FAULT),
)
"""What is more special stands before what it is a case of."""


def fault_of(error: HalError) -> Fault:
    """The fault that an error means; what fits nowhere is between the settings and the wires."""
    found = (fault for kind, fault in _FAULTS if isinstance(error, kind))
    return next(found, BAD_SETTINGS)
