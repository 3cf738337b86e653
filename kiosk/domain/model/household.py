"""Who lives where, as the building's office lists it: before anybody has an identity in the directory."""

from dataclasses import dataclass

from kiosk.domain.model.directory import UnitMode


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of a list. What it does not say stays as it is; for somebody new, the building's first
    language and no need of a low door.
    """

    name: str
    language: str = ""
    contact: str = ""
    is_accessible: bool | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """One unit of a list with the people in it. Without a mode: as it is; if it is new, a household."""

    label: str
    mode: UnitMode | None
    members: tuple[Listed, ...]
