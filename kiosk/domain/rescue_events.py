"""Events of somebody who is locked in."""

from dataclasses import dataclass

from kiosk.domain.event import Event
from kiosk.domain.model.ids import CompartmentId


@dataclass(frozen=True, slots=True)
class LockedInReported(Event):
    """Somebody at the screen says that a person is locked in, and large compartments begin to open.

    `opening` in this order; `for_staff` may hold parcels, or nobody can see their doors. The next report
    counts ten minutes later, by monotonic time.
    """

    opening: tuple[CompartmentId, ...]
    for_staff: tuple[CompartmentId, ...]
    boot: str
    mono_ms: int
