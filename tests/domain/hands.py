"""Hands at the screen: what a post of each offer would ask of the rules, with fields a person might type."""

from collections.abc import Callable

from kiosk.domain import inputs as i
from kiosk.domain import place_touches as t
from kiosk.domain.code_touches import RenewCode, SendAgain
from kiosk.domain.help_touches import OpenLargeDoors, SayLockedIn
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.delivery import RemovalWay
from kiosk.domain.model.ids import CompartmentId, DeliveryId, IncidentId, StaffId
from kiosk.domain.model.key_use import OpeningAnswer
from kiosk.domain.model.place import Identified, Outlet, OverflowWhy
from kiosk.domain.model.screen import Action, Offer
from kiosk.domain.staff_touches import AnswerOpening
from tests.domain.rig import Rig, digest

PLAIN: dict[Action, i.PanelTouch] = {
    Action.PICK_UP: i.ChooseFlow(i.Flow.PICK_UP),
    Action.DELIVER: i.ChooseFlow(i.Flow.DELIVER),
    Action.STAFF: i.ChooseFlow(i.Flow.STAFF),
    Action.HELP: i.AskHelp(),
    Action.FIRST_TIME: i.FirstTime(),
    Action.BACK: i.GoBack(),
    Action.STAY: i.StayHere(),
    Action.CARRIER_CODE: i.PresentCarrierCode(digest("111111")),
    Action.CODE: i.PresentCode(digest("00000000"), is_long=False),
    Action.STAFF_PIN: i.PresentStaffPin("1", StaffId("7")),
    Action.UNIT: i.ChooseUnit("412"),
    Action.NO_UNIT: i.FindByName(),
    Action.ADD_TO: i.AddToDoor(),
    Action.QUICK_PICKUP: i.QuickPickup(),
    Action.PARCELS: i.ShowParcels(),
    Action.WRONG_UNIT: i.WrongUnit(),
    Action.NAME: i.TypeName("LIN"),
    Action.NEXT: i.NextParcel(),
    Action.FINISH: i.Finish(),
    Action.REOPEN: i.Reopen(),
    Action.PUSH_AGAIN: i.PushAgain(),
    Action.ANOTHER_DOOR: i.UseAnotherDoor(),
    Action.DOES_NOT_FIT: i.DoesNotFit(),
    Action.NOT_DEPOSITED: i.NotDeposited(),
    Action.SOMETHING_INSIDE: i.SomethingInside(),
    Action.GOT_EVERYTHING: i.AnswerPickup(i.PickupAnswer.GOT_EVERYTHING),
    Action.STILL_INSIDE: i.AnswerPickup(i.PickupAnswer.STILL_INSIDE),
    Action.NOT_IN_THERE: i.AnswerPickup(i.PickupAnswer.NOT_IN_THERE),
    Action.SOMETHING_WRONG: i.SomethingWrong(),
    Action.NOT_MINE: i.AnswerPickup(i.PickupAnswer.NOT_MINE),
    Action.DAMAGED_TAKEN: i.AnswerPickup(i.PickupAnswer.DAMAGED_TAKEN),
    Action.DAMAGED_LEFT: i.AnswerPickup(i.PickupAnswer.DAMAGED_LEFT),
    Action.CALL_STAFF: i.CallStaff(),
    Action.LOCKED_IN: SayLockedIn(),
    Action.OPEN_LARGE: OpenLargeDoors(),
    Action.ASK_TO_HOLD: i.AskToHold(),
    Action.CASES: i.ShowCases(),
    Action.ALL_PARCELS: i.ShowStored(),
    Action.MOVE: i.MoveParcel(),
    Action.TOOK_IT: i.AnswerTaking(i.Taken.TOOK_IT),
    Action.LEFT_IT: i.AnswerTaking(i.Taken.LEFT_IT),
    Action.NOT_THERE: i.AnswerTaking(i.Taken.NOT_THERE),
    Action.PUT_IT_IN: i.AnswerTaking(i.Taken.PUT_IT_IN),
    Action.ANNOUNCE_DISPOSAL: i.AnnounceDisposal(),
    Action.FOUND_EMPTY: i.StaffSettle(i.Found.EMPTY),
    Action.FOUND_PARCEL: i.StaffSettle(i.Found.PARCEL),
    Action.FOUND_FOREIGN: i.StaffSettle(i.Found.FOREIGN),
    Action.NEEDS_PERSON: t.NeedsPerson(),
    Action.PLACED: t.Placed(),
    Action.NOT_PLACED: t.NotPlaced(),
    Action.HAVE_IT: t.HaveIt(),
    Action.NOT_ON_SHELF: t.NotOnShelf(),
    Action.PLACES: t.ShowPlaces(),
    Action.IS_HERE: t.SayWhetherHere(is_here=True),
    Action.IS_NOT_HERE: t.SayWhetherHere(is_here=False),
}


def answered(compartment: str, answer: str) -> AnswerOpening:
    """What staff say of a door that opened by itself."""
    return AnswerOpening(CompartmentId(compartment), OpeningAnswer(answer))


WAYS_OUT = (
    Action.HELP,
    Action.CALL_STAFF,
    Action.LOCKED_IN,
    Action.OPEN_LARGE,
    Action.NO_UNIT,
    Action.BACK,
    Action.LANGUAGE,
    Action.STAY,
    Action.FIRST_TIME,
)
"""What leads away from what a person came for."""

VALUED: dict[Action, Callable[[str], i.PanelTouch]] = {
    Action.HOLD: lambda value: i.HoldParcels(int(value)),
    Action.PARCEL: lambda value: i.ChooseStored(DeliveryId(value)),
    Action.TAKE_OUT: lambda value: i.TakeOut(RemovalWay(value)),
    Action.SEND_AGAIN: lambda value: SendAgain(DeliveryId(value)),
    Action.NEW_CODE: lambda value: RenewCode(DeliveryId(value)),
    Action.FITS_NOWHERE: lambda value: t.FitsNowhere(OverflowWhy(value)),
    Action.OUTLET: lambda value: t.ChooseOutlet(Outlet(value)),
    Action.PLACED_PARCEL: lambda value: t.ChoosePlaced(DeliveryId(value)),
    Action.HAND_OVER: lambda value: t.HandOver(Identified(value)),
    Action.BRING_TO: lambda value: t.BringTo(Outlet(value)),
    Action.KEY_ANSWER: lambda value: answered(*value.split("/")),
}


def fact_of(rig: Rig, offer: Offer) -> i.PanelTouch:
    """What a touch of this offer asks for now."""
    if valued := VALUED.get(offer.action):
        return valued(offer.value)
    match offer.action:
        case Action.LANGUAGE:
            return i.ChooseLanguage(offer.value)
        case Action.MATCH:
            return i.ChooseMatch(int(offer.value))
        case Action.TURN_TO:
            return i.ChooseParcel(int(offer.value))
        case Action.SIZE:
            return i.ChooseSize(SizeClass(offer.value))
        case Action.STAFF_OPEN:
            return i.StaffOpen(CompartmentId(offer.value))
        case Action.CASE_DONE:
            return i.CloseCase(IncidentId(offer.value))
        case Action.INSIDE_YES | Action.INSIDE_NO:
            delivery = rig.state.visit.delivery or DeliveryId("none")
            return i.AnswerQuestion(delivery, is_inside=offer.action is Action.INSIDE_YES)
        case _:
            return PLAIN[offer.action]
