"""What a person is shown, as a value. Pages render it, posts carry its offers, the judge reads it."""

import enum
from dataclasses import dataclass

from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.delivery import RemovalWay
from kiosk.domain.model.ids import CompartmentId, DeliveryId, IncidentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.place import OverflowWhy
from kiosk.domain.model.session import Saying
from kiosk.domain.model.shown import LargeDoors, PlacedParcel, ShownPlace
from kiosk.domain.refusals import Refusal


class ScreenKind(enum.StrEnum):
    """Every page of the touchscreen; one template each."""

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
    """No compartment takes the parcel: what else does."""
    PUT_AT_PLACE = "put_at_place"
    PLACED = "placed"
    KEPT = "kept"
    """The carrier keeps the parcel, with a receipt."""
    PLACE_QUESTION = "place_question"
    PARCELS = "parcels"
    """What this sign-in has put behind doors; also what must be shut before the courier is done."""
    OPENING = "opening"
    """An unlock was authorised and the door is not open yet. `pulses` says how often it was tried."""
    JAMMED = "jammed"
    """Watched and never open, or not sent; with the notice `door_unreachable` where nobody can see it."""
    PUT_IN = "put_in"
    STORED = "stored"
    PROOF = "proof"
    CODE = "code"
    TAKE_OUT = "take_out"
    PICKUP_AT_PLACE = "pickup_at_place"
    GOT_EVERYTHING = "got_everything"
    PICKUP_TROUBLE = "pickup_trouble"
    """Something is wrong with the parcel behind the shut door: what is it."""
    PICKUP_DONE = "pickup_done"
    HOLD = "hold"
    """How much longer to keep one's parcels."""
    HELP = "help"
    LOCKED_IN = "locked_in"
    STAFF_SIGN_IN = "staff_sign_in"
    STAFF_LIST = "staff_list"
    STAFF_KEY = "staff_key"
    """A door opened by itself: was it this person of the staff, and why."""
    STAFF_LOOK = "staff_look"
    STAFF_SETTLE = "staff_settle"
    STAFF_PLACES = "staff_places"
    STAFF_PLACED = "staff_placed"
    STAFF_CASES = "staff_cases"
    STAFF_PARCELS = "staff_parcels"
    STAFF_PARCEL = "staff_parcel"
    STAFF_TAKE = "staff_take"
    """Staff are to take the parcel out of the open door."""
    STAFF_TAKEN = "staff_taken"
    """Behind the shut door: do they have it."""
    STAFF_PUT = "staff_put"
    """They are to put it behind its new door."""


class Action(enum.StrEnum):
    """Everything a person can do at the screen: the `action` of a post."""

    PICK_UP = "pick_up"
    DELIVER = "deliver"
    STAFF = "staff"
    HELP = "help"
    FIRST_TIME = "first_time"
    BACK = "back"
    STAY = "stay"
    LANGUAGE = "language"
    """Field `value`: a language tag."""
    CARRIER_CODE = "carrier_code"
    """Field `value`: six digits."""
    CODE = "code"
    """Field `value`: eight digits, or twelve when the screen asks for them."""
    STAFF_PIN = "staff_pin"
    """Fields `account` and `value` (eight digits)."""
    INSIDE_YES = "inside_yes"
    INSIDE_NO = "inside_no"
    UNIT = "unit"
    """Field `value`: the unit as typed."""
    ADD_TO = "add_to"
    QUICK_PICKUP = "quick_pickup"
    PARCELS = "parcels"
    TURN_TO = "turn_to"
    """Field `value`: which of the parcels shown, from 0."""
    WRONG_UNIT = "wrong_unit"
    NO_UNIT = "no_unit"
    NAME = "name"
    """Field `value`: the first letters of a surname."""
    MATCH = "match"
    """Field `value`: which of the names shown, from 0."""
    SIZE = "size"
    """Field `value`: S, M, L or XL."""
    NEXT = "next"
    FINISH = "finish"
    REOPEN = "reopen"
    PUSH_AGAIN = "push_again"
    ANOTHER_DOOR = "another_door"
    DOES_NOT_FIT = "does_not_fit"
    NOT_DEPOSITED = "not_deposited"
    SOMETHING_INSIDE = "something_inside"
    GOT_EVERYTHING = "got_everything"
    STILL_INSIDE = "still_inside"
    SOMETHING_WRONG = "something_wrong"
    NOT_IN_THERE = "not_in_there"
    NOT_MINE = "not_mine"
    DAMAGED_TAKEN = "damaged_taken"
    DAMAGED_LEFT = "damaged_left"
    CALL_STAFF = "call_staff"
    LOCKED_IN = "locked_in"
    OPEN_LARGE = "open_large"
    ASK_TO_HOLD = "ask_to_hold"
    HOLD = "hold"
    """Field `value`: 3, 7 or 14 days; 0 ends the hold."""
    STAFF_OPEN = "staff_open"
    """Field `value`: a compartment id."""
    FOUND_EMPTY = "found_empty"
    FOUND_PARCEL = "found_parcel"
    FOUND_FOREIGN = "found_foreign"
    KEY_ANSWER = "key_answer"
    """Field `value`: a compartment id, a slash and an answer."""
    NEEDS_PERSON = "needs_person"
    FITS_NOWHERE = "fits_nowhere"
    """Field `value`: why: too_large, signature, age_check or cash."""
    OUTLET = "outlet"
    """Field `value`: room, desk or carrier."""
    PLACED = "placed"
    NOT_PLACED = "not_placed"
    HAVE_IT = "have_it"
    NOT_ON_SHELF = "not_on_shelf"
    PLACES = "places"
    PLACED_PARCEL = "placed_parcel"
    """Field `value`: a delivery id."""
    IS_HERE = "is_here"
    IS_NOT_HERE = "is_not_here"
    HAND_OVER = "hand_over"
    """Field `value`: known, document or code."""
    BRING_TO = "bring_to"
    """Field `value`: room or desk."""
    ALL_PARCELS = "all_parcels"
    PARCEL = "parcel"
    """Field `value`: a delivery id."""
    TAKE_OUT = "take_out"
    """Field `value`: a way that a parcel may go."""
    MOVE = "move"
    TOOK_IT = "took_it"
    LEFT_IT = "left_it"
    NOT_THERE = "not_there"
    PUT_IT_IN = "put_it_in"
    ANNOUNCE_DISPOSAL = "announce_disposal"
    CASES = "cases"
    CASE_DONE = "case_done"
    """Field `value`: an incident id."""
    SEND_AGAIN = "send_again"
    """Field `value`: a delivery id."""
    NEW_CODE = "new_code"
    """Field `value`: a delivery id."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing the person may do here. `is_main`: the one filled button."""

    action: Action
    value: str = ""
    is_main: bool = False


class DoorMark(enum.StrEnum):
    """How a door is drawn."""

    PLAIN = "plain"
    YOURS = "yours"
    OPEN = "open"
    DONE = "done"


class Side(enum.StrEnum):
    """Where a door is, as seen from in front of the screen."""

    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class DrawnDoor:
    """One door, or the screen itself (empty `label`), in the drawing of the cabinet."""

    label: str
    size: SizeClass | None
    mark: DoorMark = DoorMark.PLAIN


@dataclass(frozen=True, slots=True)
class OfferedSize:
    """A size class with its inner millimetres and how many compartments of it are free."""

    size: SizeClass
    width_mm: int
    height_mm: int
    depth_mm: int
    free: int


@dataclass(frozen=True, slots=True)
class ShownProof:
    """The proof of one parcel of this sign-in."""

    delivery: DeliveryId
    proof: str
    door: str
    unit: str


@dataclass(frozen=True, slots=True)
class ShownParcel:
    """One parcel of this sign-in."""

    door: str
    unit: str
    is_open: bool
    is_stored: bool


@dataclass(frozen=True, slots=True)
class StaffTask:
    """A compartment that staff must look into; `why` is the key of its sentence."""

    compartment: CompartmentId
    door: str
    why: str
    unit: str = ""
    is_in_use: bool = False
    is_out_of_sight: bool = False
    """Nobody can see its door, so it does not open from here."""


@dataclass(frozen=True, slots=True)
class StoredParcel:
    """A parcel behind a door, as staff read of it; `remarks` are keys of sentences."""

    delivery: DeliveryId
    compartment: CompartmentId
    door: str
    unit: str
    carrier: str
    stored_at_ms: int | None = None
    remarks: tuple[str, ...] = ()
    disposal_from_ms: int | None = None
    held_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ShownCase:
    """Something that staff were told of and that no look behind a door settles."""

    incident: IncidentId
    number: str
    kind: IncidentKind
    door: str = ""
    unit: str = ""
    again: str = ""
    """The delivery whose message can be sent again."""


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A door that stands open: `is_drop_off` says whether a courier is, or was, putting a parcel in."""

    door: str
    unit: str
    is_drop_off: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """One page. Fields that a page does not use stay empty."""

    kind: ScreenKind
    building: str
    language: str = ""
    languages: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    notice: Refusal | None = None
    saying: Saying | None = None
    """What was done at the person's wish."""
    step: int | None = None
    """Of the courier's four: 1 sign in, 2 unit, 3 size, 4 put in and close."""
    carrier: str = ""
    unit: str = ""
    initial: str = ""
    door: str = ""
    side: Side | None = None
    size: SizeClass | None = None
    pulses: int = 0
    is_left_open: bool = False
    """The door has been open for 20 s or more."""
    open_calls: int = 0
    """How often a door left open has been called out: once at 20 s, again at 60 s. A change makes a sound."""
    look_first: bool = False
    """The compartment is presumed empty, not verified; or nobody knows, after an opening that was brief."""
    was_short: bool = False
    """The door was open for less than two seconds."""
    place_of: tuple[int, int] | None = None
    """Progress: which of how many."""
    digits: int = 0
    keys: tuple[str, ...] = ()
    """Keys of the unit page, beyond the ten digits: only the letters that occur."""
    unit_labels: tuple[str, ...] = ()
    """Every unit label, so that the page can enter one as soon as no other begins with these keys."""
    is_resuming: bool = False
    """A courier let somebody cut in and is asked for the code again."""
    add_to: str = ""
    """The door that holds a parcel of this household already, from this same sign-in."""
    lookalikes: tuple[str, ...] = ()
    """Units that are easily taken for the one at hand."""
    matches: tuple[str, ...] = ()
    """Masked names to choose from."""
    sizes: tuple[OfferedSize, ...] = ()
    cabinet: tuple[tuple[DrawnDoor, ...], ...] = ()
    parcels: tuple[ShownParcel, ...] = ()
    proofs: tuple[ShownProof, ...] = ()
    tasks: tuple[StaffTask, ...] = ()
    open_doors: tuple[OpenDoor, ...] = ()
    """Doors that stand open besides the one at hand."""
    case: str = ""
    """The number of what staff were told of here; empty where they were told of nothing."""
    cases: tuple[ShownCase, ...] = ()
    stored: tuple[StoredParcel, ...] = ()
    """Of the staff's list, or the one parcel of their page about it."""
    way: RemovalWay | None = None
    """Where staff bring the parcel at hand."""
    warning_s: int | None = None
    """Set while the page is about to close: how long the warning lasts in seconds."""
    help_contact: str = ""
    lost_banks: tuple[str, ...] = ()
    bank_faults: tuple[str, ...] = ()
    """The number of each lost bank's fault, in the same order; empty where none is known."""
    place: ShownPlace | None = None
    """The shelf or the desk that the page is about."""
    desk: str = ""
    """How the desk is called."""
    why: OverflowWhy | None = None
    """Why no compartment takes the parcel at hand."""
    receipt: str = ""
    is_accepted: bool = False
    """Whether the parcel at a place is in custody, or waits for staff to say so."""
    placed: tuple[PlacedParcel, ...] = ()
    """Parcels on shelves and at the desk."""
    large: LargeDoors | None = None
    is_out_of_reach: bool = False
    """Not one bank answers, so that no door can be opened from here."""
    messages_held_since_ms: int | None = None
    """Since when messages to residents wait for a way to leave (UTC milliseconds); parcels are safe."""
    failing: tuple[IncidentKind, ...] = ()
    """Parts beside the core that crash again and again; staff read of them."""
    is_collect_only: bool = False

    def offers_action(self, action: Action) -> bool:
        """Whether this page offers an action."""
        return any(offer.action is action for offer in self.offers)
