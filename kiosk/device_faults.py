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
from kiosk.service import errors

_FAULTS: tuple[tuple[type[HalError], errors.Fault], ...] = (
    (PortMissing, errors.PORT_MISSING),
    (PortBusy, errors.PORT_BUSY),
    (PortForbidden, errors.PORT_FORBIDDEN),
    (NotAPort, errors.NOT_A_PORT),
    (Unwatched, errors.BOARD_UNWATCHED),
    (LinkLost, errors.LINE_LOST),
    (OnlyEcho, errors.ONLY_ECHO),
    (NoReply, errors.BOARD_MUTE),
    (BadFrame, errors.BOARD_GARBLES),
    (AddressDoubled, errors.ADDRESS_DOUBLED),
    (DeviceFault, errors.BOARD_FAULT),
)
"""What is more special stands before what it is a case of."""


def fault_of(error: HalError) -> errors.Fault:
    """The fault that an error means; what fits nowhere is between the settings and the wires."""
    found = (fault for kind, fault in _FAULTS if isinstance(error, kind))
    return next(found, errors.BAD_SETTINGS)
