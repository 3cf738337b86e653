"""Pulses as they were, each with the authorisation that it spends."""

import enum
from dataclasses import dataclass

from kiosk.rehearsal.judge.nouns import Unlock


@dataclass(frozen=True, slots=True)
class Pulse:
    """A coil that a board energised, and where in the diary that stands."""

    place: int
    at_ms: int
    door: str
    bank: str
    supply: str
    pulse_ms: int


class Fault(enum.StrEnum):
    """Why a pulse has no authorisation."""

    NONE = "without any authorisation"
    EARLY = "before its authorisation was on disk"
    NOT_SENT = "though the log says that this unlock never left"
    LATE = "after the deadline of its authorisation"
    TWICE = "a second time for one authorisation"
    EARLIER_LIFE = "for an authorisation of a process that had ended"


@dataclass(frozen=True, slots=True)
class Match:
    """One pulse; `unlock` is empty where a fault is named."""

    pulse: Pulse
    unlock: Unlock | None
    fault: Fault | None
