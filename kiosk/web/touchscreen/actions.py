"""A posted form as a touch of the rules: what each action of a screen means, and what its field may hold.

Digits become digests here and go no further. Nothing that was typed is logged or shown again.
"""

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from kiosk.domain import inputs as i
from kiosk.domain import place_touches as t
from kiosk.domain.code_touches import RenewCode, SendAgain
from kiosk.domain.help_touches import OpenLargeDoors, SayLockedIn
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.delivery import RemovalWay
from kiosk.domain.model.ids import CompartmentId, DeliveryId, IncidentId
from kiosk.domain.model.key_use import OpeningAnswer
from kiosk.domain.model.place import Identified, Outlet, OverflowWhy
from kiosk.domain.model.screen import Action
from kiosk.domain.staff_touches import AnswerOpening
from kiosk.domain.state import State
from kiosk.ports import CodeMaker

FIELDS_AT_MOST = 8
_CARRIER_CODE = re.compile(r"[0-9]{6}")
_CODE = re.compile(r"[0-9]{8}|[0-9]{12}")
_PIN = re.compile(r"[0-9]{8}")
_ACCOUNT = re.compile(r"[\w.-]{1,20}")
_UNIT = re.compile(r"[^\x00-\x1f\x7f]{1,20}")
_LETTERS = re.compile(r"[^\W\d_]{2,3}")
_MATCH = re.compile(r"[0-9]{1,2}")
_COMPARTMENT = re.compile(r"[a-z0-9-]{1,40}")
_DELIVERY = re.compile(r"[0-9a-z-]{1,40}\.[0-9]{1,4}")
_DERIVED = re.compile(r"[0-9a-f-]{36}\.[0-9]{1,6}")
"""An identity that was made of an intent."""
_DAYS = re.compile(r"[0-9]{1,2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


class Malformed(Exception):
    """A post that no page of ours makes."""


@dataclass(frozen=True, slots=True)
class Post:
    """A posted form: `action`, or `action:value` as a button carries both in one."""

    token: str
    action: str
    value: str = field(default="", repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class StaffPin:
    """An account and a PIN whose slow hash has to be checked before the rules hear of it."""

    account: str
    pin: str = field(repr=False)


def read_post(body: bytes) -> Post:
    """The fields of a form; Malformed when it is none."""
    try:
        fields = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST))
    except ValueError as error:
        raise Malformed("the body is no form") from error
    action, _, value = fields.get("action", "").partition(":")
    return Post(fields.get("token", ""), action, fields.get("value", value), fields)


def touch_of(post: Post, state: State, codes: CodeMaker) -> i.PanelTouch | StaffPin:
    """What a post asks for; Malformed when the action or its field is none of ours."""
    try:
        action = Action(post.action)
    except ValueError as error:
        raise Malformed("no such action") from error
    if plain := _PLAIN.get(action):
        return plain
    if valued := _VALUED.get(action):
        return valued(post.value)
    match action:
        case Action.CARRIER_CODE:
            return i.PresentCarrierCode(codes.carrier_digest_of(_matching(_CARRIER_CODE, post.value)))
        case Action.CODE:
            digits = _matching(_CODE, post.value)
            return i.PresentCode(codes.digest_of(digits), is_long=len(digits) > 8)
        case Action.STAFF_PIN:
            account = _matching(_ACCOUNT, post.fields.get("account", "").strip())
            return StaffPin(account, _matching(_PIN, post.value))
        case _:
            return _answer(action, state)


def _answer(action: Action, state: State) -> i.PanelTouch:
    """The answer about an interrupted door is about the delivery that the screen shows."""
    if action not in (Action.INSIDE_YES, Action.INSIDE_NO) or state.visit.delivery is None:
        raise Malformed("there is no question on the screen")
    return i.AnswerQuestion(state.visit.delivery, is_inside=action is Action.INSIDE_YES)


def _matching(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise Malformed("a field does not look as expected")
    return value


def _size(value: str) -> i.PanelTouch:
    if value not in set(SizeClass):
        raise Malformed("no such size")
    return i.ChooseSize(SizeClass(value))


def _one_of(kind: type[enum.StrEnum], value: str) -> str:
    if value not in set(kind):
        raise Malformed("a field is none of those known")
    return value


def _opening(value: str) -> i.PanelTouch:
    compartment, _, answer = value.partition("/")
    door = CompartmentId(_matching(_COMPARTMENT, compartment))
    return AnswerOpening(door, OpeningAnswer(_one_of(OpeningAnswer, answer)))


_PLAIN: dict[Action, i.PanelTouch] = {
    Action.PICK_UP: i.ChooseFlow(i.Flow.PICK_UP),
    Action.DELIVER: i.ChooseFlow(i.Flow.DELIVER),
    Action.STAFF: i.ChooseFlow(i.Flow.STAFF),
    Action.HELP: i.AskHelp(),
    Action.FIRST_TIME: i.FirstTime(),
    Action.BACK: i.GoBack(),
    Action.STAY: i.StayHere(),
    Action.NO_UNIT: i.FindByName(),
    Action.ADD_TO: i.AddToDoor(),
    Action.QUICK_PICKUP: i.QuickPickup(),
    Action.PARCELS: i.ShowParcels(),
    Action.WRONG_UNIT: i.WrongUnit(),
    Action.NEXT: i.NextParcel(),
    Action.FINISH: i.Finish(),
    Action.REOPEN: i.Reopen(),
    Action.PUSH_AGAIN: i.PushAgain(),
    Action.ANOTHER_DOOR: i.UseAnotherDoor(),
    Action.DOES_NOT_FIT: i.DoesNotFit(),
    Action.NOT_DEPOSITED: i.NotDeposited(),
    Action.SOMETHING_INSIDE: i.SomethingInside(),
    Action.GOT_EVERYTHING: i.AnswerPickup(i.PickupAnswer.GOT_EVERYTHING),
    Action.SOMETHING_WRONG: i.SomethingWrong(),
    Action.STILL_INSIDE: i.AnswerPickup(i.PickupAnswer.STILL_INSIDE),
    Action.NOT_IN_THERE: i.AnswerPickup(i.PickupAnswer.NOT_IN_THERE),
    Action.NOT_MINE: i.AnswerPickup(i.PickupAnswer.NOT_MINE),
    Action.DAMAGED_TAKEN: i.AnswerPickup(i.PickupAnswer.DAMAGED_TAKEN),
    Action.DAMAGED_LEFT: i.AnswerPickup(i.PickupAnswer.DAMAGED_LEFT),
    Action.ASK_TO_HOLD: i.AskToHold(),
    Action.CALL_STAFF: i.CallStaff(),
    Action.LOCKED_IN: SayLockedIn(),
    Action.OPEN_LARGE: OpenLargeDoors(),
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

_VALUED: dict[Action, Callable[[str], i.PanelTouch]] = {
    Action.LANGUAGE: lambda value: i.ChooseLanguage(_matching(_LANGUAGE, value)),
    Action.UNIT: lambda value: i.ChooseUnit(_matching(_UNIT, value.strip())),
    Action.NAME: lambda value: i.TypeName(_matching(_LETTERS, value)),
    Action.MATCH: lambda value: i.ChooseMatch(int(_matching(_MATCH, value))),
    Action.TURN_TO: lambda value: i.ChooseParcel(int(_matching(_MATCH, value))),
    Action.SIZE: _size,
    Action.HOLD: lambda value: i.HoldParcels(int(_matching(_DAYS, value))),
    Action.PARCEL: lambda value: i.ChooseStored(DeliveryId(_matching(_DERIVED, value))),
    Action.TAKE_OUT: lambda value: i.TakeOut(RemovalWay(_one_of(RemovalWay, value))),
    Action.SEND_AGAIN: lambda value: SendAgain(DeliveryId(_matching(_DERIVED, value))),
    Action.NEW_CODE: lambda value: RenewCode(DeliveryId(_matching(_DERIVED, value))),
    Action.CASE_DONE: lambda value: i.CloseCase(IncidentId(_matching(_DERIVED, value))),
    Action.FITS_NOWHERE: lambda value: t.FitsNowhere(OverflowWhy(_one_of(OverflowWhy, value))),
    Action.OUTLET: lambda value: t.ChooseOutlet(Outlet(_one_of(Outlet, value))),
    Action.PLACED_PARCEL: lambda value: t.ChoosePlaced(DeliveryId(_matching(_DELIVERY, value))),
    Action.HAND_OVER: lambda value: t.HandOver(Identified(_one_of(Identified, value))),
    Action.BRING_TO: lambda value: t.BringTo(Outlet(_one_of(Outlet, value))),
    Action.KEY_ANSWER: _opening,
    Action.STAFF_OPEN: lambda value: i.StaffOpen(CompartmentId(_matching(_COMPARTMENT, value))),
}
