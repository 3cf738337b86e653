"""What one lock board is wired to. The world implements it; so does a bench without a world."""

from collections.abc import Collection
from typing import Protocol


class Wiring(Protocol):
    """Latches and coils at the terminals of one board. Channels count from 1."""

    def hooked(self) -> Collection[int]:
        """Every channel whose latch feedback is closed; an empty terminal reads open."""

    def energise(self, channel: int, pulse_ms: int) -> None:
        """Give a coil current for so long, starting now; an empty terminal takes it and nothing moves."""
