"""A script: who comes when and how they behave, what breaks when, what must be true at the end. Data only.

Drawn from a seed or written by hand; the same script on the same seed always tells the same story, and a
script with some of its lines left out is still a script. Times are seconds after the curtain rises.
"""

import enum
from dataclasses import dataclass
from typing import Union


class Mishap(enum.StrEnum):
    """What goes differently with one parcel of a courier."""

    NONE = "none"
    TYPES_WRONG_UNIT = "types_wrong_unit"
    """First a unit that there is none of, then the right one."""
    NO_UNIT_ON_LABEL = "no_unit_on_label"
    """The label names a person only: found by name, or handed over with the unit that somebody asked for."""
    MISREADS_UNIT = "misreads_unit"
    """Types another unit, sees it behind the shut door, and puts it right."""
    LEAVES_DOOR_FOR_LATER = "leaves_door_for_later"
    """Goes on with the next parcel, or finishes, while the door is open, and shuts it then."""
    STEPS_ASIDE = "steps_aside"
    """Lets whoever waits in line cut in before this parcel, and goes on afterwards."""
    SHARES_DOOR = "shares_door"
    """Goes behind the door that was filled for the same unit a moment ago, where the screen offers it."""
    PRESSES_TWICE = "presses_twice"
    """Every touch is made twice, as fast as a finger can."""
    LEANS_ON_DOOR = "leans_on_door"
    """Holds the door shut while its lock pulls, for the first pulses."""
    TOO_LARGE = "too_large"
    """Does not fit the size chosen first: "does not fit", then the next larger size."""
    FITS_NOWHERE = "fits_nowhere"
    """Too large for every compartment: a shelf, the desk, or back again."""
    NEEDS_SIGNATURE = "needs_signature"
    """Somebody must sign for it: the desk, or back again."""
    TAKES_BACK = "takes_back"
    """Puts it in, takes it out again and says "not deposited"."""
    CANCELS_INSIDE = "cancels_inside"
    """Says "not deposited" and closes the door on the parcel."""
    CLOSES_EMPTY = "closes_empty"
    """Closes the door on an empty compartment and keeps the parcel; says nothing."""
    WALKS_OFF_OPEN = "walks_off_open"
    """Puts it in and walks away from the open door."""
    WALKS_OFF_EMPTY = "walks_off_empty"
    """Takes the parcel along and leaves the door open."""
    WALKS_OFF_BEFORE_OPEN = "walks_off_before_open"
    """Walks away between the size and the open door."""


@dataclass(frozen=True, slots=True)
class Load:
    """One parcel of a courier."""

    unit: str
    """The label of the unit."""
    size: str
    """S, M, L or XL: what it needs."""
    mishap: Mishap = Mishap.NONE


@dataclass(frozen=True, slots=True)
class CourierVisit:
    """A courier comes with parcels, and answers what the kiosk asks about earlier ones truthfully."""

    at_s: float
    carrier: str
    """The carrier's id in the sample building."""
    loads: tuple[Load, ...]
    open_s: float = 20.0
    """How long a door stands open."""


class Pickup(enum.StrEnum):
    """How a resident behaves at the doors."""

    ANSWERS = "answers"
    """Takes everything, closes, and answers truthfully."""
    SAYS_NOTHING = "says_nothing"
    """Takes everything, closes, and walks away from the question."""
    LEAVES_PARCEL = "leaves_parcel"
    """Closes the door on the parcel and says "still inside"."""
    LEAVES_PARCEL_SILENTLY = "leaves_parcel_silently"
    """Closes the door on the parcel and walks away. No sensor sees that."""
    LEAVES_DOOR = "leaves_door"
    """Takes the parcel and leaves the door open."""
    LEAVES_BOTH = "leaves_both"
    """Walks away from an open door with the parcel behind it."""
    COMES_BACK = "comes_back"
    """Takes it, closes, and opens the door again to look once more."""
    MISTYPES = "mistypes"
    """Types a wrong digit first."""
    NOT_MINE = "not_mine"
    """Sees somebody else's name on it, leaves it inside, and says so."""
    DAMAGED_TAKEN = "damaged_taken"
    """Takes it, and says that it is damaged."""
    DAMAGED_LEFT = "damaged_left"
    """Leaves it inside, and says that it is damaged."""
    ASKS_HELP = "asks_help"
    """Is frightened by the open door: asks for staff first, then takes everything and answers."""
    NEW_CODE = "new_code"
    """Leaves it inside, says so, and asks for another code, for somebody looked over the shoulder."""
    ONLY_LOOKS = "only_looks"
    """Types the code and walks off before the door opens."""


@dataclass(frozen=True, slots=True)
class ResidentVisit:
    """Somebody of a unit comes for whatever the phones of the unit announce; nobody comes where none does."""

    at_s: float
    unit: str
    pickup: Pickup = Pickup.ANSWERS
    open_s: float = 20.0
    together: int = 1
    """So many people of the unit come at once, each with the phone in the hand."""
    code_shared: bool = False
    """The code was passed on: a friend types it, and a resident who does not know comes later with it."""


class StaffWork(enum.StrEnum):
    """What staff do at the kiosk."""

    SETTLE = "settle"
    """Sign in, open whatever the list names, look, and say what is there."""
    KEY_MOVE = "key_move"
    """Open an occupied door by the mechanical key and carry its parcels behind another door."""
    GIVE_BACK = "give_back"
    """Sign in, take the oldest parcel out and give it back to its carrier."""
    TO_DESK = "to_desk"
    """The same, but keep it at the desk."""
    MOVE = "move"
    """Carry the oldest parcel to another door."""
    CLOSE_DOORS = "close_doors"
    """Push every door that stands open shut, and touch nothing else."""


@dataclass(frozen=True, slots=True)
class StaffVisit:
    """Somebody of the staff comes."""

    at_s: float
    account: str
    work: StaffWork = StaffWork.SETTLE


@dataclass(frozen=True, slots=True)
class TechnicianVisit:
    """A technician presses the TEST button of a bank's board, and pushes shut every door that it opened."""

    at_s: float
    bank: str


class Mischief(enum.StrEnum):
    """What a stranger does."""

    GUESSES = "guesses"
    """Types codes as fast as the kiosk takes them."""
    PULLS_DOORS = "pulls_doors"
    """Pulls every door and presses some."""
    TOUCHES_ANYTHING = "touches_anything"
    """Touches whatever a page offers, at random."""
    SAYS_LOCKED_IN = "says_locked_in"
    """Says that somebody is locked in, again and again, and nobody is."""


@dataclass(frozen=True, slots=True)
class StrangerVisit:
    """Somebody who has no business here."""

    at_s: float
    lasts_s: float
    mischief: Mischief


Visit = Union[CourierVisit, ResidentVisit, StaffVisit, TechnicianVisit, StrangerVisit]  # noqa: UP007 - read by tools


AT_ONCE = "at once"
"""As `where` of a disk, of phones or of the broker: do not wait for the next commit, message or event."""


class FaultKind(enum.StrEnum):
    """What can break. `FaultOrder.where` is a door's id, a bank's id, a supply, a boundary, or empty.

    Empty is the next use: a door, a supply or a bank's line breaks just before the next lock is pulled, at
    that lock; the disk at the next commit; the phones at the next message; the broker at the next
    event that is published. What nobody uses stays whole.
    """

    DOOR_JAMMED = "door_jammed"
    DOOR_STICKY = "door_sticky"
    DOOR_BLOCKED = "door_blocked"
    LATCH_FAILS = "latch_fails"
    SENSOR_STUCK_OPEN = "sensor_stuck_open"
    SENSOR_STUCK_CLOSED = "sensor_stuck_closed"
    SENSOR_BOUNCES = "sensor_bounces"
    SLOW_LOCK = "slow_lock"
    LINE_GARBLES = "line_garbles"
    LINE_DROPS_REQUESTS = "line_drops_requests"
    LINE_DROPS_REPLIES = "line_drops_replies"
    LINE_IS_LATE = "line_is_late"
    LINE_HAS_JUNK = "line_has_junk"
    LINE_CHOPS = "line_chops"
    LINE_ECHOES = "line_echoes"
    LINE_IS_MUTE = "line_is_mute"
    BOARD_IS_DEAD = "board_is_dead"
    ADAPTER_UNPLUGGED = "adapter_unplugged"
    SUPPLY_WEAK = "supply_weak"
    SUPPLY_NONE = "supply_none"
    PROCESS_KILLED = "process_killed"
    """At the next passing of the boundary in `where`, or at once where it is empty."""
    POWER_CUT = "power_cut"
    """The same, and the machine itself starts anew."""
    COMMIT_REFUSED = "commit_refused"
    COMMIT_LOST = "commit_lost"
    COMMIT_KEPT = "commit_kept"
    DISK_FULL = "disk_full"
    DISK_GONE = "disk_gone"
    CLOCK_JUMPS = "clock_jumps"
    """By `amount` seconds, forward or back."""
    CLOCK_NOT_TRUSTED = "clock_not_trusted"
    PHONES_SILENT = "phones_silent"
    """No message goes through."""
    BROKER_AWAY = "broker_away"
    """Every connection ends, and none is made."""
    BROKER_FORGETS = "broker_forgets"
    """The same, and it comes back knowing no session and nothing retained."""
    BROKER_SILENT = "broker_silent"
    """Connections stand half open: nothing that is published arrives, and nothing is answered."""
    BROKER_UNTOLD = "broker_untold"
    """What is published arrives, and the acknowledgement does not."""
    BROKER_REFUSES = "broker_refuses"
    """It takes no event: the kiosk has no right to publish any."""


@dataclass(frozen=True, slots=True)
class FaultOrder:
    """One fault: from when, how long, where, and how much where the kind says so."""

    at_s: float
    """From when on; where it waits for the next use or boundary, from when on it waits."""
    kind: FaultKind
    where: str = ""
    """Empty: at the next use of what it breaks."""
    lasts_s: float = 0.0
    """From the moment it strikes. Zero for what happens at one instant."""
    amount: float = 0.0


class Expected(enum.StrEnum):
    """What a script may expect besides the promises, which always hold."""

    PARCELS_INSIDE = "parcels_inside"
    """So many parcels are behind doors at the end."""
    STORED = "stored"
    """So many deliveries have been stored in all."""
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    """So many were taken out by staff, or found gone by them."""
    UNCERTAIN = "uncertain"
    """So many are uncertain at the end."""
    INCIDENTS = "incidents"
    """So many incidents of the kind in `what` were raised; any kind where it is empty."""
    UNKNOWN_COMPARTMENTS = "unknown_compartments"
    """So many compartments are unknown at the end."""
    CODES_REFUSED = "codes_refused"
    CODES_RENEWED = "codes_renewed"
    REMINDED = "reminded"
    """So often a recipient was reminded of a parcel."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A count at the end of the script, after the quiet phase."""

    expected: Expected
    count: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The building before the curtain rises."""

    doors: int = 24
    """24 or 48 doors of the standard kiosk."""
    seed: int = 1
    """Fixes everything that the script leaves to chance."""
    starts_at: str = "2026-01-05T08:00:00Z"
    lasts_s: float = 86_400.0
    """After that, and after the last fault, comes the quiet phase."""
    measured_from_s: float = 0.0
    """The measures count from then on until the end of the script, without the quiet phase."""
    is_polled: bool = False
    """Whether doors are read at the true period."""
    code_digits: int = 8
    """How many of the eight digits of a code count: with four, a stranger guesses one now and then."""


@dataclass(frozen=True, slots=True)
class Script:
    """One story."""

    name: str
    given: Given
    visits: tuple[Visit, ...] = ()
    faults: tuple[FaultOrder, ...] = ()
    expect: tuple[Expectation, ...] = ()
