"""Boards on a made-up line behind a memory link, and the banks that drive them, all in virtual time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from config.settings import KerongSettings
from drivers.bus import Bus
from drivers.kerong.frames import CHANNELS, MassUnlock, Unlock
from drivers.kerong.lock_bank import KerongBank
from drivers.kerong.polarity import Polarity
from drivers.memory_link import MemoryLink
from drivers.supply import Coil, Supply
from hal.lock_bank import BankReading, DoorReading
from sim.boards.bench import Bench, Pulse
from sim.boards.catalogue import DIALECTS
from sim.boards.kerong import Bus as BoardBus
from sim.boards.line import Line, Sending

BAUD = 19200
PULSE_S = 0.5
GAP_S = 0.2
REST_S = 2.0
QUIET_S = PULSE_S + REST_S
REPLY_S = 0.2
EVERY = range(1, CHANNELS + 1)


def now() -> float:
    return asyncio.get_running_loop().time()


def bank_settings(address: int, *, closed_bit: int = 1, dialect: str = "cu48") -> KerongSettings:
    return KerongSettings.model_validate(
        {
            "id": f"b{address}",
            "driver": "kerong",
            "dialect": dialect,
            "port": "wire",
            "address": address,
            "closed_bit": closed_bit,
        }
    )


@dataclass(frozen=True, slots=True)
class Rig:
    """One port with boards, their banks, and what a judge may look at."""

    link: MemoryLink
    line: Line
    bus: Bus
    supply: Supply
    benches: Sequence[Bench]
    banks: Sequence[KerongBank]
    sent: bytearray
    """Every byte that was handed to the line."""

    @property
    def bank(self) -> KerongBank:
        return self.banks[0]

    @property
    def bench(self) -> Bench:
        return self.benches[0]

    @property
    def pulses(self) -> list[Pulse]:
        """Every pulse of every board, in order of time."""
        return sorted((pulse for bench in self.benches for pulse in bench.pulses), key=lambda p: p.start_s)

    @property
    def unlock_frames(self) -> list[Unlock | MassUnlock]:
        """Every unlock that went out on the wire."""
        sent = self.line.bus.dialect.board_reader().feed(bytes(self.sent))
        return [frame for frame in sent if isinstance(frame, Unlock | MassUnlock)]

    def close(self) -> None:
        for bank in self.banks:
            bank.close()


def rig(boards: int = 1, *, closed_bit: int = 1, dialect: str = "cu48", turned: Sequence[int] = ()) -> Rig:
    """A port with so many boards, every lock closed, all on one supply."""
    make = DIALECTS[dialect]
    every = range(1, make.DIALECT.channels + 1)
    benches = [Bench(now, locked=every, channels=len(every)) for _ in range(boards)]
    polarity = Polarity(closed_bit, turned)
    line = Line(BoardBus([make(n, bench, polarity=polarity) for n, bench in enumerate(benches)]), baud=BAUD)
    sent = bytearray()

    def hear(chunk: bytes) -> list[Sending]:
        sent.extend(chunk)
        return line.receive(chunk)

    link = MemoryLink("wire", hear)
    bus = Bus(link, baud=BAUD)
    supply = Supply("main", gap_s=GAP_S, rest_s=REST_S)
    banks = [
        KerongBank(
            bus,
            bank_settings(n, closed_bit=closed_bit, dialect=dialect),
            {channel: Coil(f"b{n}/{channel}", supply, PULSE_S) for channel in every},
            turned,
        )
        for n in range(boards)
    ]
    return Rig(link, line, bus, supply, benches, banks, sent)


async def ready(made: Rig) -> Rig:
    """The same rig, connected and past the quiet time."""
    for bank in made.banks:
        await bank.connect()
    await asyncio.sleep(QUIET_S)
    return made


def opened(reading: BankReading) -> list[int]:
    return [channel for channel, door in enumerate(reading.doors, 1) if door is DoorReading.OPEN]
