"""Every error of a device is a fault of the table, the special ones by their own number."""

from collections.abc import Iterator

import pytest

from hal import errors as hal
from kiosk.device_faults import fault_of

NUMBERS = {
    hal.PortMissing: "LW-L001",
    hal.PortBusy: "LW-L002",
    hal.PortForbidden: "LW-L003",
    hal.LinkLost: "LW-L004",
    hal.NotAPort: "LW-L005",
    hal.OnlyEcho: "LW-L006",
    hal.NoReply: "LW-B001",
    hal.BadFrame: "LW-B002",
    hal.AddressDoubled: "LW-B003",
    hal.DeviceFault: "LW-B004",
    hal.Unwatched: "LW-B005",
    hal.WiringError: "LW-K001",
}
NEVER_A_LOST_BANK = {hal.NotSent}


def kinds(root: type[hal.HalError]) -> Iterator[type[hal.HalError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_no_error_of_a_device_is_without_a_number() -> None:
    assert set(kinds(hal.HalError)) - NEVER_A_LOST_BANK == set(NUMBERS)


@pytest.mark.parametrize("kind", NUMBERS, ids=lambda kind: kind.__name__)
def test_an_error_has_the_number_of_its_kind(kind: type[hal.HalError]) -> None:
    assert fault_of(kind("bank a")).number == NUMBERS[kind]
