"""Each board keeps the promises of a lock bank over clean, chopped, lossy and slow lines."""

from collections.abc import Mapping

import pytest

from drivers.kerong.dialects import DIALECTS
from hal.lock_bank import LockBank
from sim.boards.line import Fault, Switch
from tests.contract.lock_bank_suite import LockBankContract
from tests.drivers.rig import Rig, rig

LINES: Mapping[str, dict[Fault, Switch]] = {
    "clean": {},
    "chopped": {Fault.CHOP: Switch()},
    "echoing": {Fault.ECHO: Switch()},
    "noisy": {Fault.JUNK: Switch()},
    "lossy": {Fault.DROP_REPLY: Switch(chance=0.3), Fault.GARBLE: Switch(chance=0.3)},
    "slow": {Fault.LATE: Switch(amount=150)},
    "too slow now and then": {Fault.LATE: Switch(chance=0.4, amount=320)},
    "everything": {
        Fault.CHOP: Switch(),
        Fault.ECHO_SHORT: Switch(),
        Fault.JUNK: Switch(),
        Fault.DROP_REPLY: Switch(chance=0.2),
        Fault.GARBLE: Switch(chance=0.2),
        Fault.WRONG_ADDRESS: Switch(chance=0.2),
        Fault.LATE: Switch(chance=0.2, amount=320),
    },
}


class MemoryStand:
    """A board on a made-up line, in virtual time."""

    def __init__(self, made: Rig) -> None:
        self._made = made
        self.bank: LockBank = made.bank

    def open_door(self, channel: int) -> None:
        self._made.bench.open(channel)

    def close_door(self, channel: int) -> None:
        self._made.bench.close(channel)

    def pulses(self) -> list[int]:
        return [pulse.channel for pulse in self._made.pulses]


def stand_on(line: str, dialect: str) -> MemoryStand:
    made = rig(dialect=dialect)
    for fault, switch in LINES[line].items():
        made.line.set(fault, switch)
    return MemoryStand(made)


class TestCu48OverMemory(LockBankContract):
    """Each line in turn."""

    @pytest.fixture(params=LINES)
    def stand(self, request: pytest.FixtureRequest) -> MemoryStand:
        return stand_on(request.param, "cu48")


class TestCu16OverMemory(LockBankContract):
    """Each line in turn."""

    @pytest.fixture(params=LINES)
    def stand(self, request: pytest.FixtureRequest) -> MemoryStand:
        return stand_on(request.param, "cu16")


def test_every_dialect_is_tried_here() -> None:
    assert set(DIALECTS) == {"cu48", "cu16"}
