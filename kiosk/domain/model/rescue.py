"""Rescue: large compartments open one after another, because somebody says that a person is locked in."""

from dataclasses import dataclass

from kiosk.domain.model.ids import CompartmentId

LOCKED_IN = "locked_in"
"""The bucket that lets the doors be opened once in ten minutes, and the reason of each unlock."""


@dataclass(frozen=True, slots=True)
class Rescue:
    """The compartments that are still to open, and when the next one may (monotonic milliseconds)."""

    waiting: tuple[CompartmentId, ...]
    next_mono_ms: int
