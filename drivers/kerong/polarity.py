"""What the bits of a board mean: contacts are wired one way or the other, and now and then one is turned."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a bit says of a closed latch, and the channels whose contact says the opposite."""

    closed_bit: int = 1
    turned: Collection[int] = frozenset()

    def flips(self, channels: int) -> int:
        """The bits to turn over in a status of so many channels, so that one means closed."""
        every = 0 if self.closed_bit else (1 << channels) - 1
        return every ^ mask(self.turned)


def mask(channels: Collection[int]) -> int:
    """The bits of some channels, each once."""
    return sum(1 << channel - 1 for channel in frozenset(channels))
