"""Inputs: facts and touches that come to the core, each with a stamp of time and fresh values."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.code_touches import CopyOrder, CopyTouch
from kiosk.domain.courier_touches import (
    AddToDoor,
    AnswerQuestion,
    ChooseMatch,
    ChooseParcel,
    ChooseSize,
    ChooseUnit,
    CourierTouch,
    DoesNotFit,
    FindByName,
    FirstTime,
    NotDeposited,
    QuickPickup,
    ShowParcels,
    SomethingInside,
    TypeName,
    UseAnotherDoor,
    WrongUnit,
)
from kiosk.domain.help_touches import CallStaff, HelpTouch
from kiosk.domain.house_facts import ChangeDirectory, PartReported, SyncBlocked, SyncResumed
from kiosk.domain.message_news import MessageNews, MessagesHeldUp, MessageStuck, MessageUnstuck
from kiosk.domain.model.command import Order
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.credential import CodeCandidate
from kiosk.domain.model.ids import (
    BankId,
    BootId,
    CompartmentId,
    DeliveryId,
    Digest,
    IntentId,
    StaffId,
    UnlockId,
)
from kiosk.domain.parcel_acts import OrderParcel
from kiosk.domain.place_touches import PlaceTouch
from kiosk.domain.staff_touches import (
    AnnounceDisposal,
    AnswerTaking,
    ChooseStored,
    CloseCase,
    Found,
    MoveParcel,
    ShowCases,
    ShowStored,
    StaffOpen,
    StaffSettle,
    StaffTouch,
    Taken,
    TakeOut,
)

__all__ = [
    "AddToDoor",
    "AnnounceDisposal",
    "AnswerQuestion",
    "AnswerTaking",
    "CallStaff",
    "ChangeDirectory",
    "ChooseMatch",
    "ChooseParcel",
    "ChooseSize",
    "ChooseStored",
    "ChooseUnit",
    "CloseCase",
    "CourierTouch",
    "DoesNotFit",
    "FindByName",
    "FirstTime",
    "Found",
    "MessageNews",
    "MessageStuck",
    "MessageUnstuck",
    "MessagesHeldUp",
    "MoveParcel",
    "NotDeposited",
    "OrderParcel",
    "PartReported",
    "QuickPickup",
    "ShowCases",
    "ShowParcels",
    "ShowStored",
    "SomethingInside",
    "StaffOpen",
    "StaffSettle",
    "SyncBlocked",
    "SyncResumed",
    "TakeOut",
    "Taken",
    "TypeName",
    "UseAnotherDoor",
    "WrongUnit",
]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and as what an input came in; fresh values are drawn here so that deciding stays pure."""

    at_ms: int
    """UTC milliseconds."""
    mono_ms: int
    boot: BootId
    is_trusted: bool
    """Whether the wall clock may be believed."""
    intent: IntentId
    codes: tuple[CodeCandidate, ...] = ()
    proofs: tuple[str, ...] = ()
    """Short proof texts: six characters without 0 O 1 I."""


# Observations


@dataclass(frozen=True, slots=True)
class KioskStart:
    """Once, before anything else."""

    version: str


@dataclass(frozen=True, slots=True)
class BankSeen:
    """A bank came up; the level of every door of it."""

    bank: BankId
    doors: Mapping[CompartmentId, DoorState]


@dataclass(frozen=True, slots=True)
class BankGone:
    """A bank did not answer three times, or its port is gone."""

    bank: BankId
    fault: str


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """A door's confirmed state (a level: saying it twice changes nothing)."""

    compartment: CompartmentId
    state: DoorState


@dataclass(frozen=True, slots=True)
class DoorsRead:
    """A bank was read, and what had changed was told before; said only while an unlock waits for its door."""

    bank: BankId


@dataclass(frozen=True, slots=True)
class UnlockSent:
    """The bytes of an unlock have left; the door has not answered yet."""

    unlock: UnlockId


@dataclass(frozen=True, slots=True)
class UnlockFailed:
    """An unlock was not carried out. `is_certain`: no byte left; otherwise nobody knows."""

    unlock: UnlockId
    fault: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class TimeElapsed:
    """Some deadline may be due."""


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """The wall clock has been believed for long enough that what hangs on the calendar may be judged."""

    is_quiet: bool
    """Whether people are asleep: nobody is reminded now."""


# Touches at the screen


class Flow(enum.StrEnum):
    """What the home page offers."""

    PICK_UP = "pick_up"
    DELIVER = "deliver"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class ChooseFlow:
    """Home page: what the person came for."""

    flow: Flow


@dataclass(frozen=True, slots=True)
class GoBack:
    """One step back; signs out where nothing is left to go back to."""


@dataclass(frozen=True, slots=True)
class AskHelp:
    """The help page, from anywhere."""


@dataclass(frozen=True, slots=True)
class StayHere:
    """Any touch that only says: I am still here."""


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Another language for this visit."""

    language: str


@dataclass(frozen=True, slots=True)
class PresentCarrierCode:
    """Six digits of a carrier, as a keyed digest."""

    digest: Digest


@dataclass(frozen=True, slots=True)
class PresentCode:
    """A resident's code as a keyed digest, of eight digits or of all twelve."""

    digest: Digest
    is_long: bool


@dataclass(frozen=True, slots=True)
class PresentStaffPin:
    """A staff sign-in; the slow hash was checked before, `staff` is empty when it did not match."""

    account: str
    staff: StaffId | None


@dataclass(frozen=True, slots=True)
class NextParcel:
    """The courier goes on with another parcel."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The person is done at the screen."""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open the door at hand once more."""


@dataclass(frozen=True, slots=True)
class PushAgain:
    """A pulse on touch for a door that did not open."""


class PickupAnswer(enum.StrEnum):
    """The resident's answer at the close."""

    GOT_EVERYTHING = "got_everything"
    STILL_INSIDE = "still_inside"
    NOT_IN_THERE = "not_in_there"
    """The compartment was empty."""
    NOT_MINE = "not_mine"
    """The parcel inside is somebody else's, and stays there."""
    DAMAGED_TAKEN = "damaged_taken"
    DAMAGED_LEFT = "damaged_left"


@dataclass(frozen=True, slots=True)
class AnswerPickup:
    """Whether the parcel was taken."""

    answer: PickupAnswer


@dataclass(frozen=True, slots=True)
class AskToHold:
    """Somebody wants to keep their parcels here longer."""


@dataclass(frozen=True, slots=True)
class HoldParcels:
    """So many days from now on; none ends the hold."""

    days: int


@dataclass(frozen=True, slots=True)
class SomethingWrong:
    """Something is wrong with the parcel behind the door at hand."""


# Commands


@dataclass(frozen=True, slots=True)
class BenchUnlock:
    """A technician's bench tool asks for one pulse with the daemon stopped."""

    compartment: CompartmentId
    reason: str


@dataclass(frozen=True, slots=True)
class CancelDelivery:
    """The parcel will not come after all."""

    order: Order
    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class ReissueCode:
    """The recipient needs another code; the old one opens nothing any more."""

    order: Order
    delivery: DeliveryId


@dataclass(frozen=True, slots=True)
class HoldDelivery:
    """The parcel waits for its recipient longer than usual, or no longer does."""

    order: Order
    delivery: DeliveryId
    is_held: bool
    until_at_ms: int | None = None
    """As long as a hold may last, if nothing is said."""


RemoteCommand = CancelDelivery | ReissueCode | HoldDelivery
Observation = (
    KioskStart
    | BankSeen
    | BankGone
    | DoorSeen
    | DoorsRead
    | UnlockSent
    | UnlockFailed
    | TimeElapsed
    | CalendarRead
    | ChangeDirectory
    | SyncBlocked
    | SyncResumed
    | PartReported
    | MessageNews
)
PanelTouch = (
    ChooseFlow
    | GoBack
    | AskHelp
    | FirstTime
    | StayHere
    | ChooseLanguage
    | PresentCarrierCode
    | PresentCode
    | PresentStaffPin
    | NextParcel
    | Finish
    | Reopen
    | PushAgain
    | AnswerPickup
    | SomethingWrong
    | AskToHold
    | HoldParcels
    | HelpTouch
    | StaffTouch
    | CourierTouch
    | PlaceTouch
    | CopyTouch
)
Fact = Observation | PanelTouch | BenchUnlock | RemoteCommand | CopyOrder | OrderParcel


@dataclass(frozen=True, slots=True)
class Input:
    """A fact with its stamp: all that `decide` may know besides the state."""

    fact: Fact
    stamp: Stamp
