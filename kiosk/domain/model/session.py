"""Sessions (on disk, at custody points) and the visit (in memory: what the person at the screen is doing)."""

import enum
from dataclasses import dataclass

from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.delivery import RemovalWay
from kiosk.domain.model.ids import (
    CarrierCodeId,
    CarrierId,
    CompartmentId,
    DeliveryId,
    IncidentId,
    ResidentId,
    SessionId,
    StaffId,
    UnitId,
)
from kiosk.domain.model.place import OverflowWhy
from kiosk.domain.name_search import Match
from kiosk.domain.refusals import Refusal


class SessionKind(enum.StrEnum):
    """Who stands at the screen."""

    CARRIER = "carrier"
    RESIDENT = "resident"
    STAFF = "staff"


class SessionState(enum.StrEnum):
    """One active session per panel, many parked."""

    ACTIVE = "active"
    PARKED = "parked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Session:
    """One person's time at the screen. `actor` is written into every event of it."""

    id: SessionId
    kind: SessionKind
    actor: str
    state: SessionState
    started_at_ms: int
    carrier: CarrierId | None = None
    carrier_code: CarrierCodeId | None = None
    staff: StaffId | None = None
    delivery: DeliveryId | None = None
    """The delivery whose code a resident keyed in."""


class Step(enum.StrEnum):
    """Where the person at the screen is. What a door does is read from the delivery, not kept here."""

    HOME = "home"
    CARRIER_CODE = "carrier_code"
    FIRST_TIME = "first_time"
    QUESTION = "question"
    UNIT = "unit"
    FIND_NAME = "find_name"
    MATCHES = "matches"
    SIZE = "size"
    NEEDS_PERSON = "needs_person"
    OVERFLOW = "overflow"
    PLACE = "place"
    KEPT = "kept"
    PARCELS = "parcels"
    DROP_OFF_DOOR = "drop_off_door"
    PROOF = "proof"
    CODE = "code"
    PICKUP_DOOR = "pickup_door"
    PICKUP_DONE = "pickup_done"
    HOLD = "hold"
    HELP = "help"
    LOCKED_IN = "locked_in"
    STAFF_SIGN_IN = "staff_sign_in"
    STAFF_LIST = "staff_list"
    STAFF_DOOR = "staff_door"
    STAFF_PLACES = "staff_places"
    STAFF_PLACED = "staff_placed"
    STAFF_CASES = "staff_cases"
    STAFF_PARCELS = "staff_parcels"
    STAFF_PARCEL = "staff_parcel"
    STAFF_TAKE = "staff_take"


class Saying(enum.StrEnum):
    """What was done at somebody's wish, and the page would not show otherwise."""

    SENT_AGAIN = "sent_again"
    NEW_CODE = "new_code"


@dataclass(frozen=True, slots=True)
class Visit:
    """What the screen shows now. Lives in memory: a restart parks the session and shows the home page."""

    step: Step = Step.HOME
    back: Step = Step.HOME
    """Where help leads back to."""
    session: SessionId | None = None
    unit: UnitId | None = None
    resident: ResidentId | None = None
    """Whose parcel it is, where the courier found a person by name."""
    matches: tuple[Match, ...] = ()
    """Who was found by the letters typed last."""
    correcting: DeliveryId | None = None
    """A parcel that is given to another unit: the unit page is about it."""
    is_finishing: bool = False
    """The courier is done, and leaves with the last door that shuts."""
    again: tuple[DeliveryId, ...] = ()
    """Parcels whose door a courier opened again, once for each time."""
    size: SizeClass | None = None
    delivery: DeliveryId | None = None
    """The delivery whose door is at hand."""
    compartment: CompartmentId | None = None
    """The compartment that staff look into, or that was last at hand."""
    waiting: tuple[DeliveryId, ...] = ()
    """Deliveries whose doors, or whose questions, come after this one."""
    done: tuple[DeliveryId, ...] = ()
    """Deliveries of this sign-in that are finished: stored by a courier, or taken by a resident."""
    why: OverflowWhy | None = None
    """Why no compartment takes the parcel at hand."""
    receipt: str = ""
    """What the courier has to show for a parcel that the carrier keeps."""
    notice: Refusal | None = None
    saying: Saying | None = None
    needs_more_digits: bool = False
    language: str = ""
    """Empty for the building's own."""
    touched_mono_ms: int = 0
    is_warned: bool = False
    closed_mono_ms: int | None = None
    """When the door at hand was last seen to close."""
    reopened: int = 0
    open_calls: int = 0
    """How often a door of this visit that stands open has been called out (at 20 s, again at 60 s)."""
    is_troubled: bool = False
    """The resident said at the close that something is wrong, and is asked what."""
    is_holding: bool = False
    """The code that is asked for is to keep parcels longer, not to open doors."""
    way: RemovalWay | None = None
    """Where staff bring the parcel that they take out; empty when they carry it to another door."""
    is_second_door: bool = False
    """The parcel has left its old door, and the door at hand is its new one."""
    answered: tuple[CompartmentId, ...] = ()
    """Doors that opened by themselves and this person of the staff was asked about."""
    case: IncidentId | None = None
    """What staff were told of at the wish of this person: the screen names its number."""
    found_open: bool = False
    """The door at hand stood open already when the visit turned to it, so no pulse was sent."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A courier's visit that waits while a resident is served; in memory only."""

    session: SessionId
    visit: Visit
    mono_ms: int
    """When the courier touched the screen last."""
