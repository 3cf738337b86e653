"""Random people, doors, faults and restarts against the rules, with what must always hold after each step."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kiosk.domain import events as e
from kiosk.domain import inputs as i
from kiosk.domain.allocation import free_of
from kiosk.domain.changes import CredentialAdded
from kiosk.domain.draft import Outcome
from kiosk.domain.effects import Unlock
from kiosk.domain.evolve import evolve
from kiosk.domain.frozen import replace
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.delivery import DELIVERY_TABLE, DeliveryState
from kiosk.domain.model.ids import BankId, CompartmentId, DeliveryId
from kiosk.domain.model.place import Overflow
from kiosk.domain.model.place_stay import PLACE_TABLE
from kiosk.domain.model.screen import Action, Offer
from kiosk.domain.model.session import SessionKind, SessionState
from kiosk.domain.model.vacancy import Vacancy, VacancyFact
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.deadlines import moments
from kiosk.domain.rules.unlocking import waits_for_reads
from kiosk.domain.state import State
from tests.domain.hands import PLAIN, WAYS_OUT, fact_of
from tests.domain.rig import BANKS, START_MS, Rig, digest

PLACES = tuple(CompartmentId(f"c{number}") for number in range(1, 9))
TYPED = ("411", "412", "101", "102")
JUNK: tuple[i.PanelTouch, ...] = (
    *PLAIN.values(),
    *(i.ChooseSize(size) for size in SizeClass),
    *(i.ChooseUnit(label) for label in TYPED),
    *(i.StaffOpen(place) for place in PLACES),
    i.AnswerQuestion(DeliveryId("none"), is_inside=True),
    i.ChooseLanguage("xx"),
    i.PresentStaffPin("1", None),
    i.PresentCarrierCode(digest("999999")),
)
ENDINGS = (e.DeliveryCollected, e.DeliveryRemoved, e.DeliveryCancelled)
ENDED = {
    e.DeliveryCollected: DeliveryState.COLLECTED,
    e.DeliveryRemoved: DeliveryState.REMOVED,
    e.DeliveryCancelled: DeliveryState.CANCELLED,
}
FAULTS = ("goes", "comes", "comes", "blinks", "restart")
PAIRS = {(before, after) for (before, _), after in DELIVERY_TABLE.items() if isinstance(after, DeliveryState)}
PLACE_PAIRS = {
    (before, after) for (before, _), after in PLACE_TABLE.items() if isinstance(after, DeliveryState)
}
BUSY = {DeliveryState.DEPOSITING, DeliveryState.COLLECTING}


def _told_empty(before: State, change: object) -> CompartmentId | None:
    """What somebody who looked inside says is empty."""
    told = (VacancyFact.COLLECTED_CONFIRMED, VacancyFact.SEEN_EMPTY)
    match change:
        case e.CompartmentSettled(compartment=place, fact=fact) if fact in told:
            return place
        case e.DeliveryCollected() | e.DeliveryRemoved() if change.fact in told:
            return before.deliveries[change.delivery].compartment
        case e.ParcelCarried() if change.fact in told:
            return before.deliveries[change.delivery].compartment
        case _:
            return None


class Building(RuleBasedStateMachine):
    """Everything that can happen in front of a kiosk, in any order."""

    overflow = Overflow()
    """Where parcels go that no compartment takes."""

    def __init__(self) -> None:
        super().__init__()
        self.rig = Rig()
        building = replace(self.rig.state.building, overflow=self.overflow)
        self.rig.state = replace(self.rig.state, building=building)
        self.doors = dict.fromkeys(PLACES, DoorState.CLOSED)
        self.away: set[BankId] = set()
        self.unsent: list[Unlock] = []
        self.codes: dict[DeliveryId, CredentialAdded] = {}
        self.last = Outcome(self.rig.state, (), (), "")
        self.folded = self.rig.state
        self.unseen: set[CompartmentId] = set()
        """Doors that stood open when they went out of sight, and have not opened since."""

    @initialize()
    def start(self) -> None:
        self.do(i.KioskStart("test"))
        for bank in BANKS:
            self.see(bank)

    # What the shell does with every outcome, and what must be true of each

    def do(self, fact: i.Fact) -> Outcome:
        state, at_ms = self.rig.state, START_MS + self.rig.mono_ms
        outcome = self.rig.do(fact)
        self._watch_transitions(state, outcome, at_ms)
        for change in outcome.changes:
            if isinstance(change, e.Event):
                self.folded = evolve(self.folded, change, at_ms)
        self._watch_unlocks(outcome)
        self._watch_codes(outcome)
        self._watch_doors(state, outcome)
        self.last = outcome
        return outcome

    def _watch_transitions(self, state: State, outcome: Outcome, at_ms: int) -> None:
        """Every change of a delivery's state is one that the table names."""
        for change in outcome.changes:
            after = evolve(state, change, at_ms)
            for name, delivery in state.deliveries.items():
                known, pairs = after.deliveries.get(name), PAIRS if delivery.has_door else PLACE_PAIRS
                if known is None:
                    assert isinstance(change, ENDINGS)
                    assert change.delivery == name
                    assert (delivery.state, ENDED[type(change)]) in pairs
                elif known.state is not delivery.state:
                    assert (delivery.state, known.state) in pairs, (delivery.state, known.state, change)
            state = after

    def _watch_unlocks(self, outcome: Outcome) -> None:
        """No coil without its authorisation in the same decision, for the same door, before it."""
        allowed = [one for one in outcome.changes if isinstance(one, e.UnlockAuthorised)]
        moved = [one for one in outcome.effects if isinstance(one, Unlock)]
        assert [(one.unlock, one.compartment, one.deadline_mono_ms) for one in allowed] == [
            (one.unlock, one.compartment, one.not_after_mono_ms) for one in moved
        ]
        self.unsent += moved

    def _watch_doors(self, before: State, outcome: Outcome) -> None:
        self.unseen -= {one.compartment for one in outcome.changes if isinstance(one, e.DoorOpened)}
        self.unseen |= {place for place in before.open_doors() if place not in outcome.after.doors}
        self.unseen -= {place for one in outcome.changes if (place := _told_empty(before, one))}

    def _watch_codes(self, outcome: Outcome) -> None:
        for change in outcome.changes:
            if isinstance(change, CredentialAdded):
                digests = {one.credential.digest for one in self.codes.values()}
                assert change.credential.digest not in digests
                self.codes[change.credential.delivery] = change

    def see(self, bank: BankId) -> None:
        wired = self.rig.state.layout.of_bank(bank)
        self.away.discard(bank)
        self.do(i.BankSeen(bank, {place.id: self.doors[place.id] for place in wired}))

    # People

    @rule(pick=st.integers(0, 999), seconds=st.sampled_from((1, 3, 3, 10)))
    def the_usual_goes_on(self, pick: int, seconds: int) -> None:
        """Locks open, people shut doors and do what the page is for."""
        if self.unsent:
            self._lock_opens(self.unsent.pop(0))
        elif ajar := [place for place, door in self.doors.items() if door is DoorState.OPEN]:
            self._pass(seconds)
            self._move(ajar[pick % len(ajar)])
        else:
            self._touch(self._usual_offer(pick), pick)

    the_usual_goes_on_again = the_usual_goes_on
    and_again = the_usual_goes_on

    def _usual_offer(self, pick: int) -> Offer:
        offers = self.rig.screen().offers
        usual = [offer for offer in offers if offer.action not in WAYS_OUT] or offers
        return usual[pick % len(usual)]

    def _lock_opens(self, unlock: Unlock) -> None:
        self.do(i.UnlockSent(unlock.unlock))
        if self.doors[unlock.compartment] is DoorState.CLOSED:
            self._move(unlock.compartment)

    @rule(pick=st.integers(0, 999))
    def an_offer_is_touched(self, pick: int) -> None:
        self._touch(self.rig.screen().offers[pick % len(self.rig.screen().offers)], pick)

    def _touch(self, offer: Offer, pick: int) -> None:
        """An offered action is never answered with "not now" when it is posted at once."""
        outcome = self.do(self._filled(offer, pick))
        assert outcome.refusal is not Refusal.NOT_NOW, offer

    def _filled(self, offer: Offer, pick: int) -> i.PanelTouch:
        match offer.action:
            case Action.UNIT:
                return i.ChooseUnit(TYPED[pick % len(TYPED)])
            case Action.CARRIER_CODE:
                return i.PresentCarrierCode(digest(("111111", "222222")[pick % 2]))
            case Action.CODE if self.codes:
                code = list(self.codes.values())[-1 - pick % len(self.codes)].credential
                is_long = self.rig.screen().digits == 12
                return i.PresentCode(code.long_digest if is_long else code.digest, is_long=is_long)
            case _:
                return fact_of(self.rig, offer)

    @rule(fact=st.sampled_from(JUNK))
    def anything_is_touched(self, fact: i.PanelTouch) -> None:
        self.do(fact)

    # Doors, time and faults

    @rule(place=st.sampled_from(PLACES))
    def a_door_moves(self, place: CompartmentId) -> None:
        self._move(place)

    def _move(self, place: CompartmentId) -> None:
        now = self.doors[place]
        self.doors[place] = DoorState.OPEN if now is DoorState.CLOSED else DoorState.CLOSED
        self.rig.mono_ms += 100
        if self.rig.state.place(place).bank not in self.away:
            self.do(i.DoorSeen(place, self.doors[place]))

    @precondition(lambda self: self.unsent)
    @rule(how=st.sampled_from(("sent", "sent", "sent", "late", "nobody knows", "silence")))
    def a_lock_does_not_open(self, how: str) -> None:
        unlock = self.unsent.pop(0)
        self.rig.mono_ms += 30
        match how:
            case "sent":
                self.do(i.UnlockSent(unlock.unlock))
                self._pass(3)
            case "late":
                self.do(i.UnlockFailed(unlock.unlock, "late", is_certain=True))
            case "nobody knows":
                self.do(i.UnlockFailed(unlock.unlock, "no reply", is_certain=False))

    @rule(seconds=st.sampled_from((1, 3, 11, 25, 65, 125, 400)))
    def time_passes(self, seconds: int) -> None:
        self._pass(seconds)

    def _pass(self, seconds: int) -> None:
        end = self.rig.mono_ms + seconds * 1000
        for _ in range(500):
            due = [moment for moment in moments(self.rig.state) if self.rig.mono_ms < moment <= end]
            if not due:
                break
            self.rig.mono_ms = min(due)
            self._read()
            self.do(i.TimeElapsed())
            again = self.do(i.TimeElapsed())
            assert not again.changes, again.changes
        else:
            raise AssertionError("time does not pass")
        self.rig.mono_ms = end

    def _read(self) -> None:
        for bank in BANKS:
            while bank not in self.away and waits_for_reads(self.rig.state, bank):
                before = self.rig.state
                self.do(i.DoorsRead(bank))
                if self.rig.state is before:
                    break

    @rule(kind=st.sampled_from(FAULTS), pick=st.integers(0, 7))
    def something_fails(self, kind: str, pick: int) -> None:
        bank, place = BANKS[pick % 2], PLACES[pick]
        match kind:
            case "goes":
                self.away.add(bank)
                self.do(i.BankGone(bank, "unplugged"))
            case "blinks" if self.rig.state.place(place).bank not in self.away:
                self.do(i.DoorSeen(place, DoorState.UNKNOWN))
                self.do(i.DoorSeen(place, self.doors[place]))
            case "restart":
                self.unsent.clear()
                self.do(i.KioskStart("test"))
                self.away = set(BANKS)
                if pick > 1:
                    self._banks_come_back()
            case _:
                self._banks_come_back()

    def _banks_come_back(self) -> None:
        for bank in tuple(self.away):
            self.see(bank)

    # What always holds

    @invariant()
    def a_compartment_has_one_recipient(self) -> None:
        owners: dict[CompartmentId, str] = {}
        for delivery in self.rig.state.deliveries.values():
            if not delivery.has_door:
                continue
            assert owners.setdefault(delivery.compartment, delivery.recipient) == delivery.recipient

    @invariant()
    def nothing_that_may_hold_a_parcel_is_offered(self) -> None:
        state = self.rig.state
        for size in SizeClass:
            for place in free_of(state, size):
                assert state.compartments[place.id].vacancy in (Vacancy.VERIFIED, Vacancy.PRESUMED)
                assert state.door(place.id) is DoorState.CLOSED
                assert not state.deliveries_in(place.id)
                assert place.id not in self.unseen

    @invariant()
    def a_code_that_is_out_is_found_until_its_parcel_ends(self) -> None:
        state = self.rig.state
        live = {one.delivery for one in state.credentials.values()}
        assert live == {one.id for one in state.deliveries.values() if one.has_code}
        for name, code in self.codes.items():
            assert (name in live) != (code.credential.digest in state.spent)

    @invariant()
    def occupied_means_a_parcel_is_in_custody(self) -> None:
        state = self.rig.state
        for place, status in state.compartments.items():
            known = any(one.compartment == place or place in one.tried for one in state.deliveries.values())
            assert known or status.vacancy is not Vacancy.OCCUPIED
        for delivery in state.deliveries.values():
            if delivery.has_door and delivery.state in (DeliveryState.STORED, DeliveryState.COLLECTING):
                assert state.compartments[delivery.compartment].vacancy is Vacancy.OCCUPIED

    @invariant()
    def one_session_is_at_the_screen_and_a_parked_one_waits_for_a_door(self) -> None:
        state = self.rig.state
        active = [one.id for one in state.sessions.values() if one.state is SessionState.ACTIVE]
        assert active == ([state.active_session.id] if state.active_session else [])
        for session in state.sessions.values():
            is_aside = state.aside is not None and state.aside.session == session.id
            if session.state is SessionState.PARKED and not is_aside:
                mine = [one for one in state.deliveries.values() if one.session == session.id]
                assert any(one.state.is_in_hand for one in mine)

    @invariant()
    def a_resident_opens_that_recipients_doors_only(self) -> None:
        state = self.rig.state
        for change in self.last.changes:
            if isinstance(change, e.UnlockAuthorised) and change.delivery:
                session = state.sessions.get(change.session) if change.session else None
                opened = state.deliveries.get(change.delivery)
                if session and session.kind is SessionKind.RESIDENT and opened and session.delivery:
                    owner = next(
                        one.credential.recipient
                        for name, one in self.codes.items()
                        if name == session.delivery
                    )
                    assert opened.recipient == owner

    @invariant()
    def the_screen_says_something_with_a_next_step(self) -> None:
        screen = self.rig.screen()
        assert screen.offers
        assert screen.language
        assert screen.kind.value

    @invariant()
    def an_unlock_is_pending_for_one_door_once(self) -> None:
        doors = [one.compartment for one in self.rig.state.unlocks.values()]
        assert len(doors) == len(set(doors))
        assert all(one.attempt <= 3 for one in self.rig.state.unlocks.values())

    @invariant()
    def the_log_alone_gives_the_same_rows(self) -> None:
        state, folded = self.rig.state, self.folded
        assert folded.compartments == state.compartments
        assert folded.deliveries == state.deliveries
        assert folded.sessions == state.sessions
        assert folded.incidents == state.incidents
        assert folded.buckets == state.buckets

    def look(self) -> None:
        """Every invariant, for walks that are not Hypothesis's own."""
        self.a_compartment_has_one_recipient()
        self.nothing_that_may_hold_a_parcel_is_offered()
        self.a_code_that_is_out_is_found_until_its_parcel_ends()
        self.occupied_means_a_parcel_is_in_custody()
        self.one_session_is_at_the_screen_and_a_parked_one_waits_for_a_door()
        self.a_resident_opens_that_recipients_doors_only()
        self.the_screen_says_something_with_a_next_step()
        self.an_unlock_is_pending_for_one_door_once()
        self.the_log_alone_gives_the_same_rows()

    def teardown(self) -> None:
        """Left alone with working boards, the kiosk comes to rest: nobody at the screen, no unlock waits."""
        if not self.rig.state.compartments:
            return
        self._banks_come_back()
        for place, door in self.doors.items():
            if door is DoorState.OPEN:
                self._move(place)
        self._pass(1600)
        state = self.rig.state
        assert not state.unlocks
        assert state.active_session is None
        assert not state.sessions
        assert not any(one.state.is_in_hand for one in state.deliveries.values())
