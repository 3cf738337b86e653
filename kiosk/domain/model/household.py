"""Who lives where, as the building's office lists it: before anybody has an identity in the directory."""

from dataclasses import dataclass

from kiosk.domain.model.directory import UnitMode


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of a list. An empty language means the building's first."""

    name: str
    language: str = ""
    contact: str = ""
    is_accessible: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """One unit of a list with the people in it."""

    label: str
    mode: UnitMode
    members: tuple[Listed, ...]
