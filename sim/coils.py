"""Coils of one cabinet: which are energised, until when, and the log of every pulse for a judge to read."""

from collections import deque
from dataclasses import dataclass, replace

from sim.cabinet import DoorId
from sim.faults import Power

PULSES_KEPT = 100_000
SHORTEST_PULSE_MS = 40
"""A coil energised for less does not move its latch."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One energised interval, numbered from 1. `door` is empty where no lock hangs on the channel."""

    number: int
    bank: str
    channel: int
    door: DoorId | None
    supply: str | None
    start_ms: int
    end_ms: int
    power: Power

    @property
    def moves_latch(self) -> bool:
        """Whether it is strong and long enough."""
        return self.power is Power.FULL and self.end_ms - self.start_ms >= SHORTEST_PULSE_MS


class Coils:
    """The log of pulses, and which of them still run."""

    def __init__(self) -> None:
        self._log: deque[Pulse] = deque(maxlen=PULSES_KEPT)
        self._running: dict[tuple[str, int], Pulse] = {}
        self._number = 0

    @property
    def running(self) -> tuple[Pulse, ...]:
        """Pulses that have not ended."""
        return tuple(self._running.values())

    def on(self, bank: str, channel: int) -> Pulse | None:
        """The running pulse of a channel."""
        return self._running.get((bank, channel))

    def latest(self, pulse: Pulse) -> Pulse:
        """What has become of a pulse."""
        index = self._index(pulse)
        return self._log[index] if index >= 0 else pulse

    def after(self, number: int) -> tuple[Pulse, ...]:
        """Every pulse kept with a greater number, oldest first; a running one shows its planned end."""
        wanted = min(self._number - number, len(self._log))
        return tuple(self._log[index] for index in range(len(self._log) - max(wanted, 0), len(self._log)))

    def start(self, pulse: Pulse) -> Pulse:
        """Energise; a channel that is energised already starts anew, as boards do."""
        self.stop(pulse.bank, pulse.channel, pulse.start_ms)
        self._number += 1
        numbered = replace(pulse, number=self._number)
        self._log.append(numbered)
        self._running[pulse.bank, pulse.channel] = numbered
        return numbered

    def weaken(self, pulse: Pulse) -> None:
        """The supply sags under a running pulse."""
        self._running[pulse.bank, pulse.channel] = self._rewrite(replace(pulse, power=Power.WEAK))

    def stop(self, bank: str, channel: int, now_ms: int) -> None:
        """De-energise a channel, at its planned end or before it."""
        if pulse := self._running.pop((bank, channel), None):
            self._rewrite(replace(pulse, end_ms=min(now_ms, pulse.end_ms)))

    def _index(self, pulse: Pulse) -> int:
        return len(self._log) - 1 - (self._number - pulse.number)

    def _rewrite(self, pulse: Pulse) -> Pulse:
        index = self._index(pulse)
        if index >= 0:
            self._log[index] = pulse
        return pulse
