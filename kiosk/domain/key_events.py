"""Events about doors that opened although nobody had asked the kiosk for it."""

from dataclasses import dataclass

from kiosk.domain.event import OfCompartment
from kiosk.domain.model.key_use import OpeningAnswer


@dataclass(frozen=True, slots=True)
class OpeningUnexplained(OfCompartment):
    """A door opened by itself; staff may say that it was them before it becomes an incident."""

    mono_ms: int


@dataclass(frozen=True, slots=True)
class OpeningAnswered(OfCompartment):
    """Somebody of the staff, the actor, said whether they had used the key, and what for."""

    answer: OpeningAnswer
