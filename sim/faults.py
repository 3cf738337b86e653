"""What can be wrong with doors and lock supplies, as data. Faults of the wire are in `sim.boards.line`."""

import enum
from dataclasses import dataclass

QUICKEST_OPEN_MS, SLOWEST_OPEN_MS = 40, 550
"""A lock's feedback moves this long after its coil is energised, as seen on real boards."""


class Sensor(enum.StrEnum):
    """Whether the latch feedback follows the latch."""

    WORKS = "works"
    STUCK_OPEN = "stuck_open"
    STUCK_CLOSED = "stuck_closed"


class Power(enum.StrEnum):
    """What a lock supply gives: enough, too little to move a latch, nothing."""

    FULL = "full"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DoorFaults:
    """Everything that may be wrong with one door; the defaults are a good door."""

    jammed: bool = False
    """The coil pulls and the latch does not move."""
    sticky_pulses: int = 0
    """So many pulses are in vain before one frees the latch, unless somebody presses the door first."""
    held_shut: bool = False
    """Somebody leans on it, or ice does: freed, it does not spring open."""
    blocked: bool = False
    """Something sticks out: it cannot be pushed shut."""
    latch_fails: bool = False
    """Pushed shut, it does not catch."""
    sensor: Sensor = Sensor.WORKS
    bounce_ms: int = 0
    """How long the feedback chatters after each change."""
    open_delay_ms: int = 50

    def __post_init__(self) -> None:
        _bounded("sticky_pulses", self.sticky_pulses, 0, 20)
        _bounded("bounce_ms", self.bounce_ms, 0, 5000)
        _bounded("open_delay_ms", self.open_delay_ms, QUICKEST_OPEN_MS, SLOWEST_OPEN_MS)


def _bounded(name: str, value: int, lowest: int, highest: int) -> None:
    if not lowest <= value <= highest:
        raise ValueError(f"{name} is {value}, expected {lowest} to {highest}")
