"""What the screen shows, as a person sees it: read by attribute, for the made-up world knows no kiosk."""

from collections.abc import Sequence
from typing import Protocol


class SeenOffer(Protocol):
    """One thing that may be touched."""

    @property
    def action(self) -> str:
        """What a touch asks for."""

    @property
    def value(self) -> str:
        """What is touched with it: a size, a language, a compartment; empty where it is typed."""

    @property
    def is_main(self) -> bool:
        """Whether it is the one filled button."""


class SeenSize(Protocol):
    """One size of compartment on offer."""

    @property
    def size(self) -> str:
        """S, M, L or XL."""

    @property
    def free(self) -> int:
        """How many of it are free."""


class SeenProof(Protocol):
    """The proof of one parcel."""

    @property
    def proof(self) -> str:
        """Six characters to write down."""

    @property
    def door(self) -> str:
        """The label of its door."""

    @property
    def unit(self) -> str:
        """The label of its unit."""


class SeenParcel(Protocol):
    """One parcel of a courier's sign-in."""

    @property
    def door(self) -> str:
        """The label of its door."""

    @property
    def unit(self) -> str:
        """The label of its unit."""

    @property
    def is_open(self) -> bool:
        """Whether its door is open."""


class SeenTask(Protocol):
    """A compartment that staff must look into."""

    @property
    def compartment(self) -> str:
        """Its id, as the offer to open it carries it."""

    @property
    def door(self) -> str:
        """The label of its door."""

    @property
    def why(self) -> str:
        """The key of its sentence."""

    @property
    def is_in_use(self) -> bool:
        """Whether somebody is at it now."""


class SeenStored(Protocol):
    """A parcel on the staff's list."""

    @property
    def delivery(self) -> str:
        """Its id, as the offer to choose it carries it."""


class SeenCase(Protocol):
    """Something that staff have to see to."""

    @property
    def incident(self) -> str:
        """Its id, as the offer to close it carries it."""


class SeenPlace(Protocol):
    """A shelf or the desk."""

    @property
    def kind(self) -> str:
        """`shelf` or `desk`."""

    @property
    def label(self) -> str:
        """What stands on it, or how it is called."""


class SeenPlaced(Protocol):
    """A parcel on a shelf or at the desk."""

    @property
    def delivery(self) -> str:
        """Its id, as the offer to choose it carries it."""

    @property
    def place(self) -> str:
        """The label of its shelf, or how the desk is called."""

    @property
    def kind(self) -> str:
        """`shelf` or `desk`."""

    @property
    def unit(self) -> str:
        """The label of its unit."""

    @property
    def is_on_the_way(self) -> bool:
        """Whether its courier is about to put it there."""

    @property
    def is_accepted(self) -> bool:
        """Whether it is in custody."""

    @property
    def is_in_doubt(self) -> bool:
        """Whether somebody did not find it."""


class SeenOpenDoor(Protocol):
    """A door that stands open besides the one at hand."""

    @property
    def door(self) -> str:
        """Its label."""


class Seen(Protocol):
    """One page. Fields that a page does not use are empty; all words are plain texts to a person."""

    @property
    def kind(self) -> str:
        """Which page it is."""

    @property
    def language(self) -> str:
        """The language chosen, if any."""

    @property
    def offers(self) -> Sequence[SeenOffer]:
        """Everything that can be touched."""

    @property
    def notice(self) -> str | None:
        """Why the last touch was refused."""

    @property
    def unit(self) -> str:
        """The label of the unit at hand."""

    @property
    def initial(self) -> str:
        """How the people of the unit begin, to compare with the label on the parcel."""

    @property
    def door(self) -> str:
        """The label of the door at hand."""

    @property
    def size(self) -> str | None:
        """The size of the door at hand."""

    @property
    def pulses(self) -> int:
        """How often the lock was tried."""

    @property
    def is_left_open(self) -> bool:
        """Whether the screen asks to close the door."""

    @property
    def look_first(self) -> bool:
        """Whether the screen asks to look inside first."""

    @property
    def was_short(self) -> bool:
        """Whether the door was open for a moment only."""

    @property
    def place_of(self) -> tuple[int, int] | None:
        """Which of how many doors, where there are several."""

    @property
    def digits(self) -> int:
        """How many digits are asked for."""

    @property
    def unit_labels(self) -> Sequence[str]:
        """Every unit there is."""

    @property
    def matches(self) -> Sequence[str]:
        """Masked names to choose from."""

    @property
    def sizes(self) -> Sequence[SeenSize]:
        """The sizes on offer."""

    @property
    def parcels(self) -> Sequence[SeenParcel]:
        """What the courier has put behind doors."""

    @property
    def proofs(self) -> Sequence[SeenProof]:
        """Proofs to write down."""

    @property
    def tasks(self) -> Sequence[SeenTask]:
        """What staff are asked to look into."""

    @property
    def place(self) -> SeenPlace | None:
        """The shelf or the desk at hand."""

    @property
    def placed(self) -> Sequence[SeenPlaced]:
        """What is on shelves and at the desk."""

    @property
    def open_doors(self) -> Sequence[SeenOpenDoor]:
        """Other doors that stand open."""

    @property
    def case(self) -> str:
        """The number of what staff were told of, if they were."""

    @property
    def stored(self) -> Sequence[SeenStored]:
        """The parcels that are here, as staff read of them."""

    @property
    def cases(self) -> Sequence[SeenCase]:
        """What staff were told of and have to see to."""

    @property
    def warning_s(self) -> int | None:
        """How long until the page closes, while it warns."""

    @property
    def lost_banks(self) -> Sequence[str]:
        """Banks that do not answer."""

    @property
    def is_collect_only(self) -> bool:
        """Whether parcels are only given out."""


def offers(seen: Seen, action: str, value: str | None = None) -> bool:
    """Whether a page lets a person do something, with one value if it matters."""
    return any(one.action == action and value in (None, one.value) for one in seen.offers)
