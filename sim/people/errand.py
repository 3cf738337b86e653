"""One errand of a unit to the kiosk: the codes in hand, what was fetched. Several people may share it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.cabinet import DoorId
from sim.people.announcements import Announcement, announced, done_with_door, waiting
from sim.people.doorways import inside, is_for, shut, take
from sim.people.kiosk import Hands
from sim.people.place import Place
from sim.people.places import found_at, take_from
from sim.scenario.script import Pickup


@dataclass(slots=True)
class Errand:
    """What the people of one visit know together."""

    place: Place
    unit: str
    residents: Sequence[str]
    """Whose phones are read; the first is whoever comes."""
    habit: Pickup
    open_s: float
    only: Announcement | None = None
    """The one code that was passed on; its holder has no phone to look at."""
    dead: set[str] = field(default_factory=set)
    """Codes that the screen refused for good."""
    is_signed_in: bool = False
    is_over: bool = False
    has_mistyped: bool = False
    has_looked_again: bool = False
    has_asked: bool = False
    refused: int = 0
    sign_ins: int = 0
    left_inside: bool = False
    """Whether a parcel of the unit was seen behind the door at hand when it was shut."""
    doors: dict[DoorId, None] = field(default_factory=dict)

    def next_code(self) -> Announcement | None:
        """The newest code that may still be good."""
        if self.only is not None:
            return None if self.only.code in self.dead else self.only
        found = [one for one in waiting(self.place, self.residents[0]) if one.code not in self.dead]
        return found[-1] if found else None

    def give_up_code(self, code: Announcement) -> None:
        """The screen says that it is good for nothing any more."""
        self.dead.add(code.code)
        self.place.memory.done_codes.add(code.code)

    def fetch(self, hands: Hands, door: DoorId, label: str) -> None:
        """Take everything of the unit out of an open door."""
        mine = [parcel for parcel in inside(hands, door) if is_for(parcel, self.unit)]
        taken = [parcel for parcel in mine if take(hands, self.place.memory, door, parcel)]
        self.place.memory.fetched += taken
        if taken:
            done_with_door(self.place, self.residents, label)
            self.dead |= {one.code for one in self._known() if one.door == label}

    def fetch_from(self, hands: Hands, place: str, label: str) -> bool:
        """Take everything of the unit from a shelf; whether there was any."""
        taken = [parcel for parcel in found_at(hands, place, self.unit) if take_from(hands, place, parcel)]
        self.place.memory.fetched += taken
        done_with_door(self.place, self.residents, label)
        self.dead |= {one.code for one in self._known() if one.door == label}
        return bool(taken)

    def _known(self) -> list[Announcement]:
        return [self.only] if self.only else list(announced(self.place.phone(self.residents[0])))

    def close(self, hands: Hands, door: DoorId) -> None:
        """Push the door shut, and remember what was seen behind it."""
        if found := inside(hands, door):
            self.left_inside = any(is_for(parcel, self.unit) for parcel in found)
        else:
            self.left_inside = False
        shut(hands, door)

    def shut_all(self, hands: Hands) -> None:
        """Push every door shut that was opened for this errand and stands open yet."""
        for door in self.doors:
            shut(hands, door)
