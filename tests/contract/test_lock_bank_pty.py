"""The CU48 driver keeps the promises of a lock bank over a real pty with the emulator in its own process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import KerongSettings
from drivers.bus import Bus
from drivers.catalogue import build_bench
from drivers.kerong.lock_bank import KerongBank
from drivers.serial_link import SerialLink
from drivers.supply import Coil, Supply
from hal.lock_bank import LockBank
from tests.contract.lock_bank_suite import LockBankContract, opened
from tests.drivers.emulator import Emulator
from tests.virtual import REAL_TIME

SHORT_PULSE_S = 0.1
"""The emulated lock lets go after 50 ms; short pulses keep real time short."""


def pty_bank(link: Path) -> KerongBank:
    settings = KerongSettings.model_validate({"id": "a", "driver": "kerong", "port": str(link), "address": 0})
    supply = Supply("main", gap_s=0.05, rest_s=0.1)
    coils = {channel: Coil(f"a/{channel}", supply, SHORT_PULSE_S) for channel in range(1, 49)}
    return KerongBank(Bus(SerialLink(str(link), 19200), baud=19200), settings, coils)


class PtyStand:
    """A board in another process."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.bank: LockBank = pty_bank(emulator.link)

    def open_door(self, channel: int) -> None:
        self._emulator.order(f"open {channel}")

    def close_door(self, channel: int) -> None:
        self._emulator.order(f"close {channel}")

    def pulses(self) -> list[int]:
        return [int(text.rpartition("lock ")[2]) for text in self._emulator.unlocks()]


@REAL_TIME
class TestCu48OverPty(LockBankContract):
    """Real bytes, real time, real processes."""

    @pytest.fixture
    def stand(self, tmp_path: Path) -> Iterator[PtyStand]:
        with Emulator(tmp_path / "lockers", "--boards", "0", "--pulse-ms", "100") as emulator:
            yield PtyStand(emulator)


@REAL_TIME
class TestCu48OverChoppedPty(LockBankContract):
    """The same, byte by byte."""

    @pytest.fixture
    def stand(self, tmp_path: Path) -> Iterator[PtyStand]:
        with Emulator(tmp_path / "lockers", "--boards", "0", "--pulse-ms", "100") as emulator:
            emulator.order("fault chop")
            yield PtyStand(emulator)


@pytest.mark.hardware
@REAL_TIME
async def test_a_real_board_at_address_0_reads_the_same_twice(hardware_port: str) -> None:
    settings = KerongSettings.model_validate(
        {"id": "bench", "driver": "kerong", "port": hardware_port, "address": 0}
    )
    bank = build_bench(settings)
    try:
        assert opened(await bank.connect()) == opened(await bank.read_states())
    finally:
        bank.close()
