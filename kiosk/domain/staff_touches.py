"""Touches of staff at the screen."""

import enum
from dataclasses import dataclass

from kiosk.domain.model.ids import CompartmentId, IncidentId


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


StaffTouch = StaffOpen | StaffSettle | ShowCases | CloseCase
