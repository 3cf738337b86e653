"""Touches of staff at the screen."""

import enum
from dataclasses import dataclass

from kiosk.domain.model.delivery import RemovalWay
from kiosk.domain.model.ids import CompartmentId, DeliveryId, IncidentId
from kiosk.domain.model.key_use import OpeningAnswer


@dataclass(frozen=True, slots=True)
class StaffOpen:
    """Staff open a compartment to look."""

    compartment: CompartmentId


class Found(enum.StrEnum):
    """What staff saw inside."""

    EMPTY = "empty"
    PARCEL = "parcel"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class StaffSettle:
    """Staff say what they saw."""

    found: Found


@dataclass(frozen=True, slots=True)
class ShowCases:
    """Staff look at what they were told of."""


@dataclass(frozen=True, slots=True)
class CloseCase:
    """Staff have seen to something that they were told of."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class ShowStored:
    """Staff look at every parcel that is here."""


@dataclass(frozen=True, slots=True)
class ChooseStored:
    """One parcel of the list."""

    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class TakeOut:
    """Staff want to take the parcel at hand out of custody."""

    way: RemovalWay


@dataclass(frozen=True, slots=True)
class MoveParcel:
    """Staff want to carry the parcel at hand to another door."""


class Taken(enum.StrEnum):
    """What became of a parcel behind the door that staff opened for it."""

    TOOK_IT = "took_it"
    LEFT_IT = "left_it"
    NOT_THERE = "not_there"
    PUT_IT_IN = "put_it_in"
    """Behind its new door."""


@dataclass(frozen=True, slots=True)
class AnswerTaking:
    """Staff say what became of it."""

    taken: Taken


@dataclass(frozen=True, slots=True)
class AnnounceDisposal:
    """The parcel at hand is to be disposed of, once its recipient has had thirty days' notice."""


@dataclass(frozen=True, slots=True)
class AnswerOpening:
    """Staff say whether they opened a door by key, and why."""

    compartment: CompartmentId
    answer: OpeningAnswer


StaffTouch = (
    StaffOpen
    | StaffSettle
    | ShowCases
    | CloseCase
    | ShowStored
    | ChooseStored
    | TakeOut
    | MoveParcel
    | AnswerTaking
    | AnnounceDisposal
    | AnswerOpening
)
