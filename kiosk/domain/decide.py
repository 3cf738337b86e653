"""`decide(state, input) -> Outcome`: the one place where a fact or a touch becomes changes and effects."""

from collections.abc import Callable

from kiosk.domain import inputs as i
from kiosk.domain import place_touches as t
from kiosk.domain.allocation import is_spoken_for
from kiosk.domain.code_touches import CopyOrder, CopyTouch
from kiosk.domain.draft import Draft, Outcome
from kiosk.domain.events import BenchUnlocked, CompartmentSettled
from kiosk.domain.frozen import replace
from kiosk.domain.help_touches import HelpTouch
from kiosk.domain.model.session import Session, SessionKind, Step
from kiosk.domain.model.vacancy import VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules import (
    access,
    cases,
    code_copies,
    codes,
    commands,
    cutting_in,
    disposal,
    drop_off,
    drop_off_trouble,
    hand_over,
    holds,
    key_use,
    names,
    overflow,
    parcel_orders,
    parcels,
    parts,
    pickup,
    pickup_time,
    questions,
    refused,
    rescue,
    screen_touches,
    sharing,
    staff,
    staff_parcels,
    starting,
    sync_trouble,
    taking_out,
    undelivered,
    unlocking,
)
from kiosk.domain.rules.census import change_directory
from kiosk.domain.rules.deadlines import time_elapsed
from kiosk.domain.rules.doors import door_seen
from kiosk.domain.staff_touches import AnswerOpening, StaffTouch
from kiosk.domain.state import State

SessionRule = Callable[[Draft, Session], Refusal | None]


def decide(state: State, given: i.Input) -> Outcome:
    """What an input changes; `state` stays as it was."""
    draft = Draft(state, given.stamp)
    if session := state.active_session:
        draft.actor = session.actor if isinstance(given.fact, i.PanelTouch) else "kiosk"
    return draft.outcome(_decide(draft, given.fact))


def _decide(draft: Draft, fact: i.Fact) -> Refusal | None:
    if isinstance(fact, i.Observation):
        _observe(draft, fact)
        parcels.finish_when_shut(draft)
        return None
    if isinstance(fact, i.BenchUnlock):
        return _bench(draft, fact)
    if isinstance(fact, CopyOrder):
        return code_copies.ordered(draft, fact)
    if isinstance(fact, i.OrderParcel):
        return parcel_orders.order_parcel(draft, fact)
    if isinstance(fact, i.RemoteCommand):
        commands.obey(draft, fact)
        return None
    _wake(draft)
    return _touch(draft, fact)


def _wake(draft: Draft) -> None:
    """Any touch restarts the clock and clears the last sentence."""
    visit = draft.state.visit
    if visit.step is Step.PICKUP_DONE:
        return
    draft.show(replace(visit, touched_mono_ms=draft.stamp.mono_ms, is_warned=False, notice=None, saying=None))


def _observe(draft: Draft, fact: i.Observation) -> None:
    match fact:
        case i.KioskStart():
            starting.kiosk_start(draft, fact)
        case i.TimeElapsed():
            time_elapsed(draft)
        case i.CalendarRead():
            holds.release_ended(draft)
            pickup_time.calendar_read(draft, fact)
        case i.ChangeDirectory():
            change_directory(draft, fact)
        case i.SyncBlocked():
            sync_trouble.blocked(draft)
        case i.SyncResumed():
            sync_trouble.resumed(draft)
        case i.PartReported():
            parts.reported(draft, fact)
        case i.MessageStuck() | i.MessageUnstuck() | i.MessagesHeldUp():
            undelivered.heard(draft, fact)
        case _:
            _observe_doors(draft, fact)


def _observe_doors(
    draft: Draft,
    fact: i.BankSeen | i.BankGone | i.DoorSeen | i.DoorsRead | i.UnlockSent | i.UnlockFailed,
) -> None:
    match fact:
        case i.BankSeen():
            starting.bank_seen(draft, fact)
        case i.BankGone():
            starting.bank_gone(draft, fact)
        case i.DoorSeen():
            door_seen(draft, fact)
        case i.DoorsRead():
            unlocking.doors_read(draft, fact)
        case i.UnlockSent():
            unlocking.unlock_sent(draft, fact)
        case i.UnlockFailed():
            unlocking.unlock_failed(draft, fact)


def _bench(draft: Draft, fact: i.BenchUnlock) -> Refusal | None:
    """The bench tool opens no compartment of a delivery; what it opens must be looked into before use."""
    if is_spoken_for(draft.state, fact.compartment):
        draft.actor = "command:bench"
        return refused.at_door(draft, Refusal.DOOR_IN_USE, fact.compartment)
    draft.actor = "command:bench"
    draft.record(BenchUnlocked(fact.compartment, fact.reason))
    if fact.compartment in draft.state.compartments:
        draft.record(CompartmentSettled(fact.compartment, VacancyFact.LEFT_OPEN))
    return None


def _touch(draft: Draft, fact: i.PanelTouch) -> Refusal | None:
    if isinstance(fact, t.PlaceTouch):
        return _place_touch(draft, fact)
    if isinstance(fact, HelpTouch):
        return rescue.asked_for_help(draft, fact)
    if isinstance(fact, CopyTouch):
        session = draft.state.active_session
        return code_copies.touched(draft, session, fact) if session else Refusal.NOT_NOW
    match fact:
        case (
            i.ChooseFlow()
            | i.GoBack()
            | i.AskHelp()
            | i.AskToHold()
            | i.FirstTime()
            | i.StayHere()
            | i.ChooseLanguage()
        ):
            return _page_touch(draft, fact)
        case i.PresentCarrierCode():
            return access.present_carrier_code(draft, fact)
        case i.PresentCode():
            return codes.present_code(draft, fact)
        case i.PresentStaffPin():
            return access.present_staff_pin(draft, fact)
        case _:
            return _session_touch(draft, fact)


def _place_touch(draft: Draft, fact: t.PlaceTouch) -> Refusal | None:
    """Parcels that no compartment takes; each touch is of one kind of person only."""
    session = draft.state.active_session
    kind = session.kind if session else None
    if session and kind is SessionKind.CARRIER and isinstance(fact, t.CourierPlaceTouch):
        return overflow.courier_at_place(draft, session, fact)
    if kind is SessionKind.RESIDENT and isinstance(fact, t.ResidentPlaceTouch):
        return hand_over.resident_at_place(draft, fact)
    if session and kind is SessionKind.STAFF and isinstance(fact, t.StaffPlaceTouch):
        return hand_over.staff_at_place(draft, session, fact)
    return Refusal.NOT_NOW


_PageTouch = i.ChooseFlow | i.GoBack | i.AskHelp | i.AskToHold | i.FirstTime | i.StayHere | i.ChooseLanguage


def _page_touch(draft: Draft, fact: _PageTouch) -> Refusal | None:
    match fact:
        case i.ChooseFlow():
            return screen_touches.choose_flow(draft, fact)
        case i.GoBack():
            return screen_touches.go_back(draft)
        case i.AskHelp():
            return screen_touches.ask_help(draft)
        case i.AskToHold():
            return holds.ask_to_hold(draft)
        case i.FirstTime():
            return screen_touches.first_time(draft)
        case i.StayHere():
            return screen_touches.stay_here(draft)
        case i.ChooseLanguage():
            return screen_touches.choose_language(draft, fact)


_SessionTouch = (
    i.CourierTouch
    | i.NextParcel
    | i.Finish
    | i.Reopen
    | i.PushAgain
    | i.AnswerPickup
    | i.SomethingWrong
    | i.HoldParcels
    | StaffTouch
)


def _session_touch(draft: Draft, fact: _SessionTouch) -> Refusal | None:
    session = draft.state.active_session
    if session is None:
        return _after_session(draft, fact)
    if isinstance(fact, i.PushAgain):
        return drop_off_trouble.push_again(draft, session)
    match session.kind:
        case SessionKind.CARRIER:
            return _courier_touch(draft, session, fact)
        case SessionKind.RESIDENT:
            return _resident_touch(draft, session, fact)
        case SessionKind.STAFF:
            return _staff_touch(draft, session, fact)


def _after_session(draft: Draft, fact: _SessionTouch) -> Refusal | None:
    match fact:
        case i.NextParcel():
            return screen_touches.carry_on(draft)
        case i.Finish():
            return screen_touches.go_back(draft)
        case _:
            return Refusal.NOT_NOW


def _courier_touch(draft: Draft, session: Session, fact: _SessionTouch) -> Refusal | None:
    match fact:
        case i.AnswerQuestion():
            return questions.answer_question(draft, session, fact)
        case i.ChooseUnit():
            return names.choose_unit(draft, session, fact)
        case i.ChooseSize():
            return drop_off.choose_size(draft, session, fact)
        case i.TypeName():
            return names.type_name(draft, session, fact)
        case i.ChooseParcel():
            return parcels.choose_parcel(draft, session, fact)
        case i.ChooseMatch():
            return names.choose_match(draft, session, fact)
        case _:
            rule = _COURIER_RULES.get(type(fact))
            return rule(draft, session) if rule else Refusal.NOT_NOW


_COURIER_RULES: dict[type[i.PanelTouch], SessionRule] = {
    i.FindByName: names.find_by_name,
    i.QuickPickup: cutting_in.quick_pickup,
    i.AddToDoor: sharing.add_to_door,
    i.ShowParcels: parcels.show_parcels,
    i.WrongUnit: parcels.wrong_unit,
    i.NextParcel: drop_off.next_parcel,
    i.Finish: drop_off.finish,
    i.Reopen: drop_off_trouble.reopen,
    i.UseAnotherDoor: drop_off_trouble.use_another_door,
    i.DoesNotFit: drop_off_trouble.does_not_fit,
    i.NotDeposited: drop_off_trouble.not_deposited,
    i.SomethingInside: drop_off_trouble.something_inside,
}


def _resident_touch(draft: Draft, session: Session, fact: _SessionTouch) -> Refusal | None:
    match fact:
        case i.AnswerPickup():
            return pickup.answer_pickup(draft, session, fact)
        case i.SomethingWrong():
            return pickup.something_wrong(draft, session)
        case i.HoldParcels():
            return holds.hold_at_screen(draft, session, fact)
        case i.Reopen():
            return pickup.reopen(draft, session)
        case i.NextParcel():
            return pickup.next_parcel(draft, session)
        case i.Finish():
            return pickup.finish(draft, session)
        case _:
            return Refusal.NOT_NOW


def _staff_touch(draft: Draft, session: Session, fact: _SessionTouch) -> Refusal | None:
    match fact:
        case i.StaffOpen() | i.StaffSettle() | AnswerOpening():
            return _staff_at_door(draft, session, fact)
        case i.CloseCase():
            return cases.close_case(draft, session, fact)
        case i.ChooseStored():
            return staff_parcels.choose_stored(draft, session, fact)
        case i.TakeOut():
            return taking_out.take_out(draft, session, fact)
        case i.AnswerTaking():
            return taking_out.answer_taking(draft, session, fact)
        case i.HoldParcels():
            return holds.hold_at_screen(draft, session, fact)
        case i.Finish():
            return screen_touches.go_back(draft)
        case _:
            rule = _STAFF_RULES.get(type(fact))
            return rule(draft, session) if rule else Refusal.NOT_NOW


def _staff_at_door(
    draft: Draft, session: Session, fact: i.StaffOpen | i.StaffSettle | AnswerOpening
) -> Refusal | None:
    match fact:
        case i.StaffOpen():
            return staff.staff_open(draft, session, fact)
        case i.StaffSettle():
            return staff.staff_settle(draft, session, fact)
        case AnswerOpening():
            return key_use.answer_opening(draft, session, fact)


_STAFF_RULES: dict[type[i.PanelTouch], SessionRule] = {
    i.ShowCases: cases.show_cases,
    i.ShowStored: staff_parcels.show_stored,
    i.MoveParcel: taking_out.move,
    i.AnnounceDisposal: disposal.announce_at_screen,
    i.Reopen: taking_out.reopen,
    i.UseAnotherDoor: taking_out.use_another_door,
}
