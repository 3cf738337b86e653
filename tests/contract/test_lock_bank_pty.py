"""Each board keeps the promises of a lock bank over a real pty or gateway, in a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import CHANNELS, KerongSettings
from drivers.bus import Bus
from drivers.catalogue import build_bench, open_link
from drivers.kerong.lock_bank import KerongBank
from drivers.supply import Coil, Supply
from hal.lock_bank import LockBank
from tests.contract.lock_bank_suite import LockBankContract, opened
from tests.drivers.emulator import Emulator
from tests.virtual import REAL_TIME

SHORT_PULSE_S = 0.1
"""The emulated lock lets go after 50 ms; short pulses keep real time short."""


def bank_at(port: str, dialect: str) -> KerongBank:
    settings = KerongSettings.model_validate(
        {"id": "a", "driver": "kerong", "dialect": dialect, "port": port, "address": 0}
    )
    supply = Supply("main", gap_s=0.05, rest_s=0.1)
    every = range(1, CHANNELS[dialect] + 1)
    coils = {channel: Coil(f"a/{channel}", supply, SHORT_PULSE_S) for channel in every}
    return KerongBank(Bus(open_link(port, 19200), baud=19200), settings, coils)


class FarStand:
    """A board in another process."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.bank: LockBank = bank_at(emulator.link, emulator.dialect)

    def open_door(self, channel: int) -> None:
        self._emulator.order(f"open {channel}")

    def close_door(self, channel: int) -> None:
        self._emulator.order(f"close {channel}")

    def pulses(self) -> list[int]:
        return [int(text.rpartition("lock ")[2]) for text in self._emulator.unlocks()]


def far_stand(port: str, dialect: str, *orders: str) -> Iterator[FarStand]:
    with Emulator(port, "--boards", "0", "--pulse-ms", "100", dialect=dialect) as emulator:
        for order in orders:
            emulator.order(order)
        yield FarStand(emulator)


@REAL_TIME
class TestCu48OverPty(LockBankContract):
    """Real bytes, real time, real processes."""

    @pytest.fixture
    def stand(self, tmp_path: Path) -> Iterator[FarStand]:
        yield from far_stand(str(tmp_path / "lockers"), "cu48")


@REAL_TIME
class TestCu48OverChoppedPty(LockBankContract):
    """The same, byte by byte."""

    @pytest.fixture
    def stand(self, tmp_path: Path) -> Iterator[FarStand]:
        yield from far_stand(str(tmp_path / "lockers"), "cu48", "fault chop")


@REAL_TIME
class TestCu16OverPty(LockBankContract):
    """The smaller board."""

    @pytest.fixture
    def stand(self, tmp_path: Path) -> Iterator[FarStand]:
        yield from far_stand(str(tmp_path / "lockers"), "cu16")


@REAL_TIME
class TestCu48OverGateway(LockBankContract):
    """Through a socket."""

    @pytest.fixture
    def stand(self, free_port: int) -> Iterator[FarStand]:
        yield from far_stand(f"socket://127.0.0.1:{free_port}", "cu48")


@REAL_TIME
class TestCu16OverChoppedGateway(LockBankContract):
    """Through a socket, byte by byte."""

    @pytest.fixture
    def stand(self, free_port: int) -> Iterator[FarStand]:
        yield from far_stand(f"socket://127.0.0.1:{free_port}", "cu16", "fault chop")


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
