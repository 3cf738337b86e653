"""A small kiosk made of rules alone: eight compartments, three units, and a hand that moves doors and time."""

import hashlib
from dataclasses import dataclass, field

from kiosk.domain import inputs as i
from kiosk.domain.changes import Change, CredentialAdded, MessageQueued
from kiosk.domain.decide import decide
from kiosk.domain.draft import Outcome
from kiosk.domain.effects import Effect, Unlock
from kiosk.domain.events import Event
from kiosk.domain.evolve import evolve
from kiosk.domain.model.compartment import Compartment, DoorState, Layout, SizeClass, SizeSpec
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
from kiosk.domain.model.screen import Screen
from kiosk.domain.rules.deadlines import moments
from kiosk.domain.screens import screen
from kiosk.domain.state import Building, State

SIZES = "SSSMMMLX"
START_MS = 1_790_000_000_000
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
    staff = {StaffId("7"): Staff(StaffId("7"), "1", "Jo")}
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
    boot: str = "boot-1"
    is_trusted: bool = True
    changes: list[Change] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    _intents: int = 0

    def do(self, fact: i.Fact) -> Outcome:
        """One input; its changes become the state."""
        self._intents += 1
        stamp = i.Stamp(
            at_ms=START_MS + self.mono_ms,
            mono_ms=self.mono_ms,
            boot=BootId(self.boot),
            is_trusted=self.is_trusted,
            intent=IntentId(f"i{self._intents}"),
            codes=tuple(self._candidate(n) for n in range(3)),
            proofs=("ABC234",),
        )
        outcome = decide(self.state, i.Input(fact, stamp))
        for change in outcome.changes:
            self.state = evolve(self.state, change, stamp.at_ms)
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
        for bank in BANKS:
            self.see_bank(bank)
        return self

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

    def wait(self, seconds: float) -> None:
        """Let time pass, judging every deadline on the way."""
        end = self.mono_ms + int(seconds * 1000)
        while True:
            due = [moment for moment in moments(self.state) if self.mono_ms < moment <= end]
            if not due:
                break
            self.mono_ms = min(due)
            self.do(i.TimeElapsed())
        self.mono_ms = end

    def pulse(self) -> CompartmentId:
        """The last unlock's bytes leave."""
        unlock = self.last_unlock()
        self.do(i.UnlockSent(unlock.unlock))
        return unlock.compartment

    def last_unlock(self) -> Unlock:
        """The newest unlock effect."""
        return [effect for effect in self.effects if isinstance(effect, Unlock)][-1]

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
        added = [one for one in self.changes if isinstance(one, CredentialAdded)]
        return next(one.credential.digest for one in added if one.credential.delivery == delivery.id)

    def present(self, code: Digest) -> Outcome:
        """A resident keys a code in on the code page."""
        self.do(i.ChooseFlow(i.Flow.PICK_UP))
        return self.do(i.PresentCode(code, is_long=False))

    def sign_in_staff(self) -> Outcome:
        """A staff member signs in."""
        self.do(i.ChooseFlow(i.Flow.STAFF))
        return self.do(i.PresentStaffPin("1", StaffId("7")))

    # What is seen

    @property
    def screen(self) -> Screen:
        """The page of the moment."""
        return screen(self.state)

    def events(self) -> list[str]:
        """Names of every event so far."""
        return [type(change).__name__ for change in self.changes if isinstance(change, Event)]

    def messages(self) -> list[MessageQueued]:
        """Every message that was queued."""
        return [change for change in self.changes if isinstance(change, MessageQueued)]

    def stored(self) -> list[Delivery]:
        """Parcels in custody."""
        return [one for one in self.state.deliveries.values() if one.state is DeliveryState.STORED]
