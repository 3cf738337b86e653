"""One parcel in the arms of a courier, and what becomes of it."""

import enum
from dataclasses import dataclass

from sim.cabinet import DoorId
from sim.doors import Parcel
from sim.scenario.script import Load, Mishap

TRIES_AT_MOST = 5


class Where(enum.Enum):
    """Where a parcel is, as its courier sees it."""

    IN_HAND = enum.auto()
    INSIDE = enum.auto()
    """Behind a door, and the kiosk has not said so yet."""
    BEHIND = enum.auto()
    """Behind a door for good."""
    KEPT = enum.auto()
    """The courier takes it along again."""


@dataclass(slots=True)
class Bundle:
    """One parcel. `mishap` is what still goes wrong with it; each thing does so once."""

    load: Load
    parcel: Parcel
    mishap: Mishap
    where: Where = Where.IN_HAND
    door: DoorId | None = None
    tries: int = 0
    is_added: bool = False
    """It goes behind a door that holds a parcel of the same unit already."""
    typed: str = ""
    """The wrong unit that was typed for it, until that is put right."""
    is_named: bool = False
    """Whether its true unit was typed."""

    @property
    def unit(self) -> str:
        """The unit that the kiosk has for it."""
        return self.typed or self.load.unit

    def has(self, mishap: Mishap) -> bool:
        """Whether this goes wrong now; once it did, it does not again."""
        if self.mishap is not mishap:
            return False
        self.mishap = Mishap.NONE
        return True

    def try_again(self) -> bool:
        """One more try; False where it has been enough, and the parcel goes home."""
        self.tries += 1
        if self.tries > TRIES_AT_MOST:
            self.where = Where.KEPT
        return self.where is Where.IN_HAND
