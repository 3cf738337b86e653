"""What all events are made of."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.domain.model.ids import CompartmentId, DeliveryId, SessionId


@dataclass(frozen=True, slots=True)
class Event:
    """A durable fact. `V` is the version of its form, `PRIVATE` names its personal fields."""

    V: ClassVar[int] = 1
    PRIVATE: ClassVar[frozenset[str]] = frozenset()

    @property
    def subject(self) -> str:
        """What the log's only extra index finds this event by."""
        return ""


@dataclass(frozen=True, slots=True)
class OfCompartment(Event):
    """Something about one compartment."""

    compartment: CompartmentId

    @property
    def subject(self) -> str:
        return self.compartment


@dataclass(frozen=True, slots=True)
class OfDelivery(Event):
    """Something about one delivery."""

    delivery: DeliveryId

    @property
    def subject(self) -> str:
        return self.delivery


@dataclass(frozen=True, slots=True)
class OfSession(Event):
    """Something about one session."""

    session: SessionId

    @property
    def subject(self) -> str:
        return self.session
