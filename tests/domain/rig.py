"""A small kiosk made of rules alone: eight compartments, three units, a hand that moves doors and time."""

import hashlib
from dataclasses import dataclass, field
from typing import TypeVar

from kiosk.domain import inputs as i
from kiosk.domain.changes import Change, CredentialAdded, MessageQueued
from kiosk.domain.decide import decide
from kiosk.domain.draft import Outcome
from kiosk.domain.effects import Effect, Unlock
from kiosk.domain.events import Event
from kiosk.domain.evolve import evolve
from kiosk.domain.model.compartment import (
    Compartment,
    Condition,
    DoorState,
    Layout,
    SizeClass,
    SizeSpec,
)
from kiosk.domain.model.credential import CodeCandidate
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import Carrier, CarrierCode, Directory, Resident, Staff, Unit
from kiosk.domain.model.ids import (
    BankId,
    BootId,
    CarrierCodeId,
    CarrierId,
    CompartmentId,
    Digest,
    IntentId,
    ResidentId,
    StaffId,
    SupplyId,
    UnitId,
)
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Screen
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.rules.deadlines import is_code_late, moments
from kiosk.domain.rules.unlocking import waits_for_reads
from kiosk.domain.screens import screen
from kiosk.domain.state import Building, State

E = TypeVar("E")
SIZES = "SSSMMMLX"
START_MS = 1_790_000_000_000
READ_EVERY_MS = 120
BANKS = (BankId("a"), BankId("b"))


def digest(text: str) -> Digest:
    """A stand-in for the keyed digest: what the digits are does not matter to the rules."""
    return Digest(hashlib.sha256(text.encode()).digest()[:16])


def _layout() -> Layout:
    places = {}
    for index, letter in enumerate(SIZES):
        name = CompartmentId(f"c{index + 1}")
        places[name] = Compartment(
            id=name,
            label=str(index + 1),
            bank=BANKS[index // 4],
            channel=index % 4 + 1,
            column=index // 3 + 1,
            row=index % 3 + 1,
            size=SizeClass.XL if letter == "X" else SizeClass(letter),
            supply=SupplyId("main"),
            opening_height_mm=600,
        )
    specs = {size: SizeSpec(size, 400, 100 * (size.rank + 1), 500) for size in SizeClass}
    return Layout(places, specs, screen_column=2, screen_row=4)


def _directory() -> Directory:
    units = {UnitId(f"u{label}"): Unit(UnitId(f"u{label}"), label) for label in ("101", "102", "412")}
    people = {
        ResidentId(f"r{label}"): Resident(ResidentId(f"r{label}"), UnitId(f"u{label}"), "Mara Lind", "en", "")
        for label in ("101", "102", "412")
    }
    swift, post = CarrierId("swift"), CarrierId("post")
    codes = {
        digest("111111"): CarrierCode(CarrierCodeId("1"), swift, digest("111111")),
        digest("222222"): CarrierCode(CarrierCodeId("2"), post, digest("222222")),
    }
    staff = {StaffId("7"): Staff(StaffId("7"), "1", "Jo", is_manager=True)}
    return Directory(
        units, people, {swift: Carrier(swift, "Swift"), post: Carrier(post, "Post")}, codes, staff
    )


def empty_state() -> State:
    """A kiosk that has never been started."""
    building = Building("Maple Court", "k1", ("en", "es"), "desk", new_compartments_are_empty=True)
    return State(building=building, layout=_layout(), directory=_directory())


@dataclass
class Rig:
    """Drives the rules as the shell would: decide, evolve, keep what was said and moved."""

    state: State = field(default_factory=empty_state)
    mono_ms: int = 1_000_000
    wall_ms: int = START_MS
    """What the wall clock says when the monotonic one says zero."""
    boot: str = "boot-1"
    is_trusted: bool = True
    has_codes: bool = True
    """Whether a stamp brings fresh codes."""
    is_watching: bool = True
    """Whether banks are read while an unlock waits for its door."""
    changes: list[Change] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    _intents: int = 0

    def do(self, fact: i.Fact) -> Outcome:
        """One input; its changes become the state."""
        self._intents += 1
        stamp = i.Stamp(
            at_ms=self.wall_ms + self.mono_ms,
            mono_ms=self.mono_ms,
            boot=BootId(self.boot),
            is_trusted=self.is_trusted,
            intent=IntentId(f"i{self._intents}"),
            codes=tuple(self._candidate(n) for n in range(3 if self.has_codes else 0)),
            proofs=("ABC234",),
        )
        outcome = decide(self.state, i.Input(fact, stamp))
        for change in outcome.changes:
            self.state = evolve(self.state, change, stamp.at_ms)
        assert outcome.after == self.state
        self.changes += outcome.changes
        self.effects += outcome.effects
        return outcome

    def _candidate(self, number: int) -> CodeCandidate:
        text = f"code-{self._intents}-{number}"
        return CodeCandidate(digest(text), digest(text + "+more"), text.encode())

    # The shell's side

    def start(self) -> "Rig":
        """The kiosk starts and every bank answers with closed doors."""
        self.do(i.KioskStart("test"))
        self.see_banks()
        return self

    def see_banks(self, *open_doors: str) -> None:
        """Every bank answers."""
        for bank in BANKS:
            self.see_bank(bank, *open_doors)

    def see_bank(self, bank: BankId, *open_doors: str) -> None:
        """A bank answers; every door is closed but these."""
        doors = {
            place.id: DoorState.OPEN if place.id in open_doors else DoorState.CLOSED
            for place in self.state.layout.of_bank(bank)
        }
        self.do(i.BankSeen(bank, doors))

    def crash(self) -> None:
        """Power goes and comes back: memory is lost, active rows stay, nobody has seen a door."""
        self.effects.clear()
        self.do(i.KioskStart("test"))

    def restart(self, *open_doors: str) -> None:
        """The same, and every bank answers again."""
        self.crash()
        self.see_banks(*open_doors)

    def wait(self, seconds: float) -> None:
        """Let time pass, reading doors that are waited for and judging every deadline on the way."""
        end = self.mono_ms + int(seconds * 1000)
        while due := [moment for moment in moments(self.state) if self.mono_ms < moment <= end]:
            self._read_until(min(due))
            self.mono_ms = max(min(due), self.mono_ms)
            self.judge()
        self._read_until(end)
        self.mono_ms = end

    def _read_until(self, end_ms: int) -> None:
        while self.is_watching and self.mono_ms + READ_EVERY_MS <= end_ms:
            waiting = [bank for bank in BANKS if waits_for_reads(self.state, bank)]
            if not waiting:
                return
            self.mono_ms += READ_EVERY_MS
            for bank in waiting:
                self.do(i.DoorsRead(bank))

    def judge(self) -> None:
        """A deadline is due: judge it, and again while codes are owed."""
        self.do(i.TimeElapsed())
        for _ in range(20):
            if not is_code_late(self.state, self.mono_ms):
                return
            self.do(i.TimeElapsed())
        raise AssertionError("codes are owed for ever")

    def pulse(self) -> CompartmentId:
        """The last unlock's bytes leave."""
        unlock = self.last_unlock()
        self.do(i.UnlockSent(unlock.unlock))
        return unlock.compartment

    def jam(self) -> CompartmentId:
        """The last unlock's pulse leaves and so does the second, and the door never opens."""
        compartment = self.pulse()
        self.wait(3)
        self.pulse()
        self.wait(11)
        return compartment

    def unlocks(self) -> list[Unlock]:
        """Every unlock effect so far."""
        return [effect for effect in self.effects if isinstance(effect, Unlock)]

    def last_unlock(self) -> Unlock:
        """The newest unlock effect."""
        return self.unlocks()[-1]

    def open(self, compartment: str) -> None:
        """The sensor sees a door open."""
        self.mono_ms += 100
        self.do(i.DoorSeen(CompartmentId(compartment), DoorState.OPEN))

    def close(self, compartment: str, *, after_s: float = 10) -> None:
        """The sensor sees a door close after a while."""
        self.wait(after_s)
        self.do(i.DoorSeen(CompartmentId(compartment), DoorState.CLOSED))

    # People

    def sign_in_courier(self, digits: str = "111111") -> Outcome:
        """From the home page to a signed-in courier."""
        self.do(i.ChooseFlow(i.Flow.DELIVER))
        return self.do(i.PresentCarrierCode(digest(digits)))

    def reserve(self, unit: str = "412", size: SizeClass = SizeClass.S) -> CompartmentId:
        """Unit and size; the door's unlock is authorised."""
        self.do(i.ChooseUnit(unit))
        self.do(i.ChooseSize(size))
        return self.last_unlock().compartment

    def drop_off(self, unit: str = "412", size: SizeClass = SizeClass.S) -> Delivery:
        """A whole drop-off by a courier who is signed in."""
        compartment = self.reserve(unit, size)
        self.pulse()
        self.open(compartment)
        self.close(compartment)
        return self.state.deliveries_in(compartment)[-1]

    def deliver(self, unit: str = "412", size: SizeClass = SizeClass.S) -> Delivery:
        """Sign in, drop off, finish."""
        self.sign_in_courier()
        delivery = self.drop_off(unit, size)
        self.do(i.Finish())
        self.do(i.Finish())
        return self.state.deliveries[delivery.id]

    def code_of(self, delivery: Delivery) -> Digest:
        """The code that the recipient was sent."""
        added = [one.credential for one in self.changes if isinstance(one, CredentialAdded)]
        return [one.digest for one in added if one.delivery == delivery.id][-1]

    def present(self, code: Digest) -> Outcome:
        """A resident keys a code in on the code page."""
        self.do(i.ChooseFlow(i.Flow.PICK_UP))
        return self.do(i.PresentCode(code, is_long=False))

    def pick_up(self, delivery: Delivery, *, open_s: float = 10) -> None:
        """Key the code in, open, close; the question stands on the screen."""
        self.present(self.code_of(delivery))
        self.pulse()
        self.open(delivery.compartment)
        self.close(delivery.compartment, after_s=open_s)

    def answer(self, answer: i.PickupAnswer = i.PickupAnswer.GOT_EVERYTHING) -> Outcome:
        """The resident's word at the close."""
        return self.do(i.AnswerPickup(answer))

    def look(self, compartment: str, found: i.Found) -> None:
        """Staff who are signed in open a door, look, close it and say what they saw."""
        self.do(i.StaffOpen(CompartmentId(compartment)))
        self.pulse()
        self.open(compartment)
        self.close(compartment)
        self.do(i.StaffSettle(found))

    def sign_in_staff(self) -> Outcome:
        """A staff member signs in."""
        self.do(i.ChooseFlow(i.Flow.STAFF))
        return self.do(i.PresentStaffPin("1", StaffId("7")))

    # What is seen

    def screen(self) -> Screen:
        """The page of the moment."""
        return screen(self.state)

    def vacancy(self, compartment: str) -> Vacancy:
        """How sure we are that a compartment is empty."""
        return self.state.compartments[CompartmentId(compartment)].vacancy

    def condition(self, compartment: str) -> Condition:
        """Whether a compartment can be used."""
        return self.state.compartments[CompartmentId(compartment)].condition

    def incidents(self) -> set[IncidentKind]:
        """What staff are told of now."""
        return {incident.kind for incident in self.state.incidents.values()}

    def of_type(self, kind: type[E]) -> list[E]:
        """Every change of a class so far."""
        return [change for change in self.changes if isinstance(change, kind)]

    def events(self) -> list[str]:
        """Names of every event so far."""
        return [type(change).__name__ for change in self.changes if isinstance(change, Event)]

    def messages(self) -> list[MessageQueued]:
        """Every message that was queued."""
        return [change for change in self.changes if isinstance(change, MessageQueued)]

    def stored(self) -> list[Delivery]:
        """Parcels in custody."""
        return [one for one in self.state.deliveries.values() if one.state is DeliveryState.STORED]
