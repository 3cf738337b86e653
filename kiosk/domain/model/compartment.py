"""Compartments: where they are, how large, and in what condition."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.domain.model.ids import BankId, CompartmentId, SupplyId
from kiosk.domain.model.vacancy import Vacancy


class SizeClass(enum.StrEnum):
    """Size classes, smallest first."""

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"

    @property
    def rank(self) -> int:
        """Place in the order of sizes, 0 for the smallest."""
        return list(SizeClass).index(self)


class Climate(enum.StrEnum):
    """What the air in a compartment is kept at."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class Condition(enum.StrEnum):
    """Whether a compartment can be used, apart from being vacant."""

    SERVICEABLE = "serviceable"
    JAMMED = "jammed"
    HELD_OPEN = "held_open"
    SENSOR_SUSPECT = "sensor_suspect"
    TOO_WARM = "too_warm"
    OUT_OF_SERVICE = "out_of_service"


class DoorState(enum.StrEnum):
    """What the door sensor says; unknown is never taken for closed."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


PERSON_MM3 = 57_000_000
"""Two cubic feet: where laws on refrigerators begin to ask for a door that opens from inside."""


@dataclass(frozen=True, slots=True)
class SizeSpec:
    """Inner room of a size class in millimetres."""

    size: SizeClass
    width_mm: int
    height_mm: int
    depth_mm: int

    @property
    def holds_person(self) -> bool:
        """Whether somebody small could be shut in."""
        return self.width_mm * self.height_mm * self.depth_mm >= PERSON_MM3


@dataclass(frozen=True, slots=True)
class Compartment:
    """One compartment as built: fixed identity, printed label, wire address, place and size."""

    id: CompartmentId
    label: str
    bank: BankId
    channel: int
    column: int
    row: int
    size: SizeClass
    supply: SupplyId
    opening_height_mm: int
    pulse_ms: int = 500
    climate: Climate = Climate.AMBIENT
    has_inside_release: bool = False


def left_out(compartment: CompartmentId) -> Compartment:
    """A compartment that the settings no longer name: a parcel may be behind it, nothing of it is wired."""
    return Compartment(
        id=compartment,
        label=compartment,
        bank=BankId(""),
        channel=0,
        column=0,
        row=0,
        size=SizeClass.S,
        supply=SupplyId(""),
        opening_height_mm=0,
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """The cabinet as it stands: every compartment, the size classes, and where the screen is."""

    compartments: Mapping[CompartmentId, Compartment]
    sizes: Mapping[SizeClass, SizeSpec]
    screen_column: int
    screen_row: int
    columns: tuple[tuple[Compartment | None, ...], ...] = field(init=False, repr=False, compare=False)
    """As people see it: from left to right, each column from top to bottom, nothing where the screen is."""

    def __post_init__(self) -> None:
        cells: dict[int, dict[int, Compartment | None]] = {self.screen_column: {self.screen_row: None}}
        for place in self.compartments.values():
            cells.setdefault(place.column, {})[place.row] = place
        columns = tuple(tuple(cells[x][row] for row in sorted(cells[x])) for x in sorted(cells))
        object.__setattr__(self, "columns", columns)

    @property
    def large(self) -> tuple[Compartment, ...]:
        """Every compartment that could hold a person, in walking order."""
        places = self.compartments.values()
        large = (one for one in places if one.has_inside_release or self.sizes[one.size].holds_person)
        return tuple(sorted(large, key=lambda one: (one.column, one.row)))

    def of_bank(self, bank: BankId) -> tuple[Compartment, ...]:
        """Every compartment wired to a bank, by channel."""
        mine = (place for place in self.compartments.values() if place.bank == bank)
        return tuple(sorted(mine, key=lambda place: place.channel))

    @property
    def banks(self) -> tuple[BankId, ...]:
        """Every bank that has a compartment, in order of name."""
        return tuple(sorted({place.bank for place in self.compartments.values()}))


@dataclass(frozen=True, slots=True)
class CompartmentStatus:
    """What is believed of a compartment; `uses` counts drop-offs, for even wear."""

    id: CompartmentId
    vacancy: Vacancy
    condition: Condition = Condition.SERVICEABLE
    uses: int = 0
    may_stand_open: bool = False
    """Its door was pulsed or seen open with no parcel inside, and has not been seen shut since.

    Kept on disk: after a gap in watching nobody knows what was put in meanwhile.
    """
    is_unexplained: bool = False
    """Its door opened by itself, and it is not an incident yet: who used the key may still say so."""


@dataclass(frozen=True, slots=True)
class DoorView:
    """The last confirmed sight of a door and when it was taken (monotonic milliseconds)."""

    state: DoorState
    since_mono_ms: int
    opened_mono_ms: int | None = None
    """When the opening that goes on, or the last one that was seen to end, began; a bounce belongs to it."""
    is_bounce: bool = False
    """It stands open because it sprang open just after it was closed."""
