"""Events of what was refused to somebody at the kiosk: wrong tries, and doors that stayed shut."""

from dataclasses import dataclass

from kiosk.domain.event import Event
from kiosk.domain.model.ids import CompartmentId, DeliveryId, SessionId


@dataclass(frozen=True, slots=True)
class CodeRefused(Event):
    """A code was refused; `left` is what its bucket holds after this try."""

    bucket: str
    why: str
    left: int
    boot: str
    mono_ms: int


@dataclass(frozen=True, slots=True)
class AccessRefused(Event):
    """A door was not opened, or somebody not signed in, though no try was counted; repetitions are left out.

    `bucket`: which sign-in it was, where no door was asked for.
    """

    why: str
    bucket: str = ""
    session: SessionId | None = None
    compartment: CompartmentId | None = None
    delivery: DeliveryId | None = None

    @property
    def subject(self) -> str:
        return self.compartment or self.session or ""
