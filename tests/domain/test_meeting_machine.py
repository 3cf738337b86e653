"""Random days on which everything meets: shelves, commands, calendar, people who move, and every page."""

import random
from dataclasses import replace

import pytest

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.changes import MessageQueued
from kiosk.domain.code_touches import OrderNewCode, OrderSendAgain
from kiosk.domain.draft import Outcome
from kiosk.domain.limits import DAY_MS
from kiosk.domain.model.command import Order
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import Delivery, DeliveryState, RemovalWay
from kiosk.domain.model.directory import Resident, UnitMode
from kiosk.domain.model.ids import DeliveryId, ResidentId, StaffId
from kiosk.domain.model.incident import Incident, IncidentKind
from kiosk.domain.model.screen import Action, Offer
from kiosk.domain.model.session import SessionKind
from kiosk.domain.parcel_acts import (
    KeepParcel,
    OrderParcel,
    ParcelAct,
    PutElsewhere,
    RemoveParcel,
    SettleParcel,
)
from kiosk.domain.rules.at_places import at_places
from kiosk.domain.rules.custody import WITH_CODE
from kiosk.domain.rules.staff import tasks
from kiosk.domain.staff_touches import Found
from kiosk.domain.state import State
from tests.domain.building import PLACES, Building
from tests.domain.place_rig import OVERFLOW
from tests.domain.rig import START_MS
from tests.domain.test_machine import choices

STEPS = 600
OFTEN: dict[Action, float] = {
    Action.ADD_TO: 20,
    Action.CARRIER_CODE: 20,
    Action.CODE: 20,
    Action.STAFF_PIN: 20,
    Action.UNIT: 12,
    Action.NEXT: 8,
    Action.DELIVER: 6,
    Action.PICK_UP: 4,
    Action.QUICK_PICKUP: 3,
    Action.WRONG_UNIT: 3,
    Action.BACK: 0.5,
    Action.LANGUAGE: 0.1,
    Action.HELP: 0.3,
    Action.FIRST_TIME: 0.1,
    Action.NO_UNIT: 0.5,
    Action.CASE_DONE: 0.3,
    Action.STAY: 0.3,
}
"""How much more often than the rest a touch is made."""


class MeetingDay(Building):
    """Every kind of input; what must hold of each parcel is looked at after each."""

    overflow = OVERFLOW

    def do(self, fact: i.Fact) -> Outcome:
        before = self.rig.state
        outcome = super().do(fact)
        self._watch_doors_of_people(before, outcome)
        self._watch_messages(outcome)
        return outcome

    def _usual_offer(self, pick: int) -> Offer:
        offers = self.rig.screen().offers
        dice = random.Random(pick)
        return dice.choices(offers, [OFTEN.get(one.action, 1) for one in offers])[0]

    def _filled(self, offer: Offer, pick: int) -> i.PanelTouch:
        live = [*self.rig.state.credentials.values()]
        if offer.action is Action.CODE and live and pick % 3:
            code = live[pick % len(live)]
            is_long = self.rig.screen().digits == 12
            return i.PresentCode(code.long_digest if is_long else code.digest, is_long=is_long)
        return super()._filled(offer, pick)

    # What comes from elsewhere

    def from_afar(self, dice: random.Random) -> None:
        """A command, an order of staff, the bench tool, the calendar, or another directory."""
        names = [*self.rig.state.deliveries] or [DeliveryId("none")]
        name = dice.choice(names)
        order = Order("desk", START_MS + self.rig.mono_ms + 60_000)
        until = START_MS + self.rig.mono_ms + 3 * DAY_MS
        acts: list[ParcelAct] = [SettleParcel(found) for found in Found]
        acts += [RemoveParcel(way, "by key") for way in RemovalWay]
        acts += [PutElsewhere(dice.choice(PLACES)), KeepParcel(until), KeepParcel(None)]
        facts: list[i.Fact] = [
            i.CancelDelivery(order, name),
            i.ReissueCode(order, name),
            i.HoldDelivery(order, name, is_held=True, until_at_ms=until),
            i.HoldDelivery(order, name, is_held=False),
            OrderSendAgain(name),
            OrderNewCode(name, "seen"),
            i.BenchUnlock(dice.choice(PLACES), "bench"),
            i.CalendarRead(is_quiet=dice.random() < 0.5),
            self._other_directory(dice),
            *(OrderParcel(name, StaffId("7"), act) for act in acts),
        ]
        self.do(dice.choice(facts))

    def _other_directory(self, dice: random.Random) -> i.ChangeDirectory:
        known = self.rig.state.directory
        unit = dice.choice([*known.units])
        units, residents = dict(known.units), dict(known.residents)
        match dice.randrange(3):
            case 0:
                other = {UnitMode.HOUSEHOLD: UnitMode.SEPARATE, UnitMode.SEPARATE: UnitMode.HOUSEHOLD}
                units[unit] = replace(units[unit], mode=other[units[unit].mode])
            case 1:
                name = ResidentId(f"r{unit}-{self.rig.mono_ms}")
                residents[name] = Resident(name, unit, "Ada Wolf", "en", "")
            case _ if residents:
                gone = dice.choice([*residents])
                residents[gone] = replace(residents[gone], moved_out_at_ms=START_MS)
        changed = replace(known, units=units, residents=residents)
        return i.ChangeDirectory(directory=changed, what="residents", added=0, changed=1, moved_out=0)

    def days_pass(self, days: int) -> None:
        """Nobody comes for so long."""
        self.rig.mono_ms += days * DAY_MS
        self.do(i.TimeElapsed())
        self.do(i.CalendarRead(is_quiet=False))

    # What must hold

    def _watch_doors_of_people(self, before: State, outcome: Outcome) -> None:
        """A code opens no door with somebody else's parcel, a carrier's none that another sign-in filled."""
        for change in outcome.changes:
            if not isinstance(change, e.UnlockAuthorised) or change.session is None:
                continue
            session = outcome.after.sessions.get(change.session)
            inside = before.deliveries_in(change.compartment)
            if session and session.kind is SessionKind.RESIDENT and session.delivery:
                mine = self.codes[session.delivery].credential.recipient
                assert all(one.recipient == mine for one in inside)
            if session and session.kind is SessionKind.CARRIER:
                assert all(session.id == one.session or one.id == change.delivery for one in inside)

    def _watch_messages(self, outcome: Outcome) -> None:
        """A code goes to those whose parcel it is, and none of one that is said not to be."""
        after = outcome.after
        for change in outcome.changes:
            if isinstance(change, MessageQueued) and change.kind in WITH_CODE:
                parcel = after.deliveries[change.delivery]
                people = after.directory.recipients(parcel.recipient, parcel.unit)
                assert change.resident in {one.id for one in people}
                assert parcel.has_code
                assert not parcel.is_disputed

    def everybody_is_seen_to(self) -> None:
        """Each parcel has a code, or is somebody's task: one who is at the screen, or of staff who know."""
        state = self.rig.state
        listed = {one.compartment for one in tasks(state)}
        for parcel in state.deliveries.values():
            told = _told_of(state, parcel)
            match parcel.state:
                case DeliveryState.STORED:
                    _stored_is_sound(state, parcel, told)
                case DeliveryState.UNCERTAIN:
                    assert IncidentKind.DROP_OFF_UNCERTAIN in told or _is_somebodys(state, parcel)
                    assert not parcel.has_code
                case DeliveryState.RESERVED:
                    is_unseen = state.door(parcel.compartment) is DoorState.UNKNOWN
                    assert is_unseen or _is_somebodys(state, parcel)
                case _:
                    assert parcel.compartment in listed or _is_somebodys(state, parcel)
            if not parcel.has_door:
                assert parcel in at_places(state)
            elif parcel.is_in_doubt or parcel.is_disputed or parcel.state is DeliveryState.UNCERTAIN:
                assert parcel.compartment in listed
        for place in PLACES:
            assert len(state.deliveries_in(place)) <= state.limits.live_parcels_a_compartment

    def look(self) -> None:
        """Every invariant."""
        super().look()
        self.everybody_is_seen_to()


def _told_of(state: State, parcel: Delivery) -> set[IncidentKind]:
    """What staff are told of a parcel, or of its door."""
    here = (one for one in state.incidents.values() if parcel.id == one.delivery or _is_at(one, parcel))
    return {one.kind for one in here}


def _is_at(incident: Incident, parcel: Delivery) -> bool:
    return parcel.has_door and incident.compartment == parcel.compartment


def _is_somebodys(state: State, parcel: Delivery) -> bool:
    is_aside = state.aside is not None and state.aside.session == parcel.session
    return is_aside or state.is_session_alive(parcel.session)


def _stored_is_sound(state: State, parcel: Delivery, told: set[IncidentKind]) -> None:
    assert parcel.has_code or parcel.owes_code or parcel.is_disputed
    assert not (parcel.has_code and parcel.is_disputed)
    assert IncidentKind.PICKUP_IN_DOUBT in told or not parcel.is_in_doubt
    if parcel.is_disputed and not _is_somebodys(state, parcel):
        assert IncidentKind.PARCEL_DISPUTED in told


@pytest.mark.parametrize("seed", range(12))
def test_long_walks_keep_every_rule(seed: int) -> None:
    walk(seed)


def walk(seed: int) -> None:
    dice, day = random.Random(seed), MeetingDay()
    day.start()
    for _ in range(STEPS):
        more = [(12, lambda: day.from_afar(dice)), (1, lambda: day.days_pass(dice.choice((1, 2, 6))))]
        weights, steps = zip(*choices(day, dice), *more, strict=True)
        dice.choices(steps, weights)[0]()
        day.look()
    day.teardown()
