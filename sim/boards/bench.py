"""A bench for one board without a world around it: locks that open by a pulse or a key, and stay open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drivers.kerong.dialects import CU48

OPEN_DELAY_MS = 50
"""A real latch reads open 40 to 550 ms after the pulse began."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A coil was energised, in seconds of the bench's clock."""

    channel: int
    start_s: float
    end_s: float


class Bench:
    """Locks on a table, one on each of so many channels.

    Does not simulate: springs, door leaves that swing, parcels, the strength of the supply, a coil's heat.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        locked: Iterable[int] = (),
        open_delay_ms: int = OPEN_DELAY_MS,
        channels: int = CU48.channels,
    ) -> None:
        self.pulses: list[Pulse] = []
        self.jammed: set[int] = set()
        """Channels whose coil pulls and whose latch does not move."""
        self._clock = clock
        self._channels = channels
        self._open_delay_s = open_delay_ms / 1000
        self._hooked = set(locked)
        self._opens_at: dict[int, float] = {}

    def is_hooked(self, channel: int) -> bool:
        """Whether the latch of a channel holds."""
        if self._opens_at.get(channel, float("inf")) <= self._clock():
            self.open(channel)
        return channel in self._hooked

    def hooked(self) -> list[int]:
        """Every channel whose latch holds."""
        return [channel for channel in sorted(self._hooked) if self.is_hooked(channel)]

    def energise(self, channel: int, pulse_ms: int) -> None:
        """Pull the latch; it moves if the pulse outlasts the lock's delay."""
        now = self._clock()
        self.pulses.append(Pulse(channel, now, now + pulse_ms / 1000))
        if channel not in self.jammed and pulse_ms / 1000 >= self._open_delay_s:
            self._opens_at.setdefault(channel, now + self._open_delay_s)

    def open(self, channel: int) -> None:
        """Somebody opens by key, or the latch lets go."""
        self._opens_at.pop(channel, None)
        self._hooked.discard(self._checked(channel))

    def close(self, channel: int) -> None:
        """Somebody pushes the door shut."""
        self._opens_at.pop(channel, None)
        self._hooked.add(self._checked(channel))

    def _checked(self, channel: int) -> int:
        if not 1 <= channel <= self._channels:
            raise ValueError(f"lock {channel}, expected 1 to {self._channels}")
        return channel


def most_at_once(pulses: Iterable[Pulse]) -> int:
    """How many coils were energised at the same time at the worst moment."""
    changes = [(pulse.start_s, 1) for pulse in pulses]
    changes += [(end_s, -1) for _, end_s in ((p.start_s, p.end_s) for p in pulses)]
    worst = now = 0
    for _, change in sorted(changes):
        now += change
        worst = max(worst, now)
    return worst
