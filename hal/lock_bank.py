"""A bank of locks with door sensors on one board. A pulse accepted is not a door open."""

import enum
from dataclasses import dataclass
from typing import Protocol


class DoorReading(enum.StrEnum):
    """What the sensor of one channel says, polarity already applied; unknown is not closed."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BankReading:
    """One answer of a board: a reading per channel, channel 1 first."""

    doors: tuple[DoorReading, ...]


class LockBank(Protocol):
    """What a board of locks can do. Nothing of it energises a coil but `unlock`."""

    @property
    def channels(self) -> int:
        """How many locks the board has."""

    async def connect(self) -> BankReading:
        """Open the link if need be, drain stale bytes, read every door; LinkLost, NoReply, WiringError."""

    async def read_states(self) -> BankReading:
        """Read every door; LinkLost, NoReply, BadFrame."""

    async def unlock(self, channel: int, *, not_after: float) -> None:
        """One pulse of the board's own length, never repeated by the driver.

        Waits for its turn on the supply, the coil and the bus. NotSent when the first byte could not
        leave by loop time `not_after`; any other HalError means that nobody knows.
        """

    def close(self) -> None:
        """Give the link up; safe to call twice. The next `connect` starts afresh."""
