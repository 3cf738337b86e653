"""Random people, doors and power cuts: after every batch a fresh start finds exactly what is durable."""

import asyncio
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.ids import CompartmentId
from kiosk.store.database import Database
from kiosk.store.directory_store import SqliteDirectory
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import BANKS, SIZES, digest, empty_state
from tests.store.rig import InlineExecutor, Recorder, audit, durable

PLACES = st.sampled_from([f"c{number}" for number in range(1, len(SIZES) + 1)])
TOUCHES = st.sampled_from(
    [
        i.NextParcel(), i.Finish(), i.Reopen(), i.PushAgain(), i.UseAnotherDoor(), i.DoesNotFit(),
        i.NotDeposited(), i.GoBack(), i.AskHelp(), i.AnswerPickup(i.PickupAnswer.GOT_EVERYTHING),
        i.AnswerPickup(i.PickupAnswer.STILL_INSIDE), i.StaffSettle(i.Found.EMPTY),
        i.StaffSettle(i.Found.PARCEL), i.StaffSettle(i.Found.FOREIGN),
    ]
)  # fmt: skip


class KioskOnDisk(RuleBasedStateMachine):
    """One kiosk, its people, and its database."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "kiosk.db"
        self.runner = asyncio.Runner()
        self.kiosk = Recorder()
        inline = InlineExecutor()
        self.database = Database(self.path, writer=inline, reader=inline)
        self.journal = SqliteJournal(self.database)

    @initialize()
    def start(self) -> None:
        """The first start of a kiosk."""
        self.runner.run(self.database.open())
        self.runner.run(SqliteDirectory(self.database).replace_directory(empty_state().directory, {}))
        self.kiosk.start()

    def teardown(self) -> None:
        """Verify what is left, and tidy up."""
        self.runner.run(self.kiosk.save(self.journal))
        self.runner.run(self.database.close())
        self.runner.close()
        report = audit(self.path)
        shutil.rmtree(self.folder)
        assert report.is_whole, report.problems

    # People

    @rule(digits=st.sampled_from(["111111", "222222", "333333"]))
    def a_courier_signs_in(self, digits: str) -> None:
        self.kiosk.sign_in_courier(digits)

    @rule(unit=st.sampled_from(["101", "412", "999"]), size=st.sampled_from(SizeClass))
    def a_courier_chooses(self, unit: str, size: SizeClass) -> None:
        self.kiosk.do(i.ChooseUnit(unit))
        self.kiosk.do(i.ChooseSize(size))

    @rule(unit=st.sampled_from(["101", "412"]), size=st.sampled_from(SizeClass), stays=st.booleans())
    def a_parcel_comes(self, unit: str, size: SizeClass, stays: bool) -> None:
        self._screen_is_free()
        self.kiosk.sign_in_courier()
        self.a_courier_chooses(unit, size)
        if self.kiosk.effects:
            self.the_door_moves(opens=True, closes=stays, after_s=10)
        if stays:
            self.kiosk.do(i.Finish())
            self.kiosk.do(i.Finish())
        else:
            self.kiosk.wait(300)

    @precondition(lambda self: self.kiosk.state.credentials)
    @rule(
        which=st.integers(min_value=0), answer=st.sampled_from([None, *i.PickupAnswer]), closes=st.booleans()
    )
    def a_parcel_is_fetched(self, which: int, answer: i.PickupAnswer | None, closes: bool) -> None:
        self._screen_is_free()
        self.a_resident_keys_a_code_in(which)
        if self.kiosk.effects:
            self.the_door_moves(opens=True, closes=closes, after_s=10)
        if answer:
            self.kiosk.do(i.AnswerPickup(answer))
        self.kiosk.do(i.Finish())

    def _screen_is_free(self) -> None:
        self.kiosk.wait(300)
        self.kiosk.effects.clear()

    @precondition(lambda self: self.kiosk.effects)
    @rule(opens=st.booleans(), closes=st.booleans(), after_s=st.sampled_from([1, 10, 130]))
    def the_door_moves(self, opens: bool, closes: bool, after_s: int) -> None:
        place = self.kiosk.pulse()
        if opens:
            self.kiosk.open(place)
        if closes:
            self.kiosk.close(place, after_s=after_s)

    @rule(touch=TOUCHES)
    def somebody_touches(self, touch: i.PanelTouch) -> None:
        self.kiosk.do(touch)

    @precondition(lambda self: self.kiosk.state.credentials)
    @rule(which=st.integers(min_value=0))
    def a_resident_keys_a_code_in(self, which: int) -> None:
        codes = sorted([*self.kiosk.state.credentials, *self.kiosk.state.spent])
        self.kiosk.present(codes[which % len(codes)])

    @rule()
    def a_stranger_guesses(self) -> None:
        self.kiosk.present(digest("a guess"))

    @rule(place=PLACES)
    def staff_look(self, place: str) -> None:
        self.kiosk.sign_in_staff()
        self.kiosk.do(i.StaffOpen(CompartmentId(place)))

    # Doors, banks, time

    @rule(place=PLACES, state=st.sampled_from(DoorState))
    def a_door_is_seen(self, place: str, state: DoorState) -> None:
        self.kiosk.do(i.DoorSeen(CompartmentId(place), state))

    @rule(bank=st.sampled_from(BANKS), opened=st.lists(PLACES, max_size=2))
    def a_bank_comes_back(self, bank: str, opened: list[str]) -> None:
        bank_id = next(one for one in BANKS if one == bank)
        self.kiosk.do(i.BankGone(bank_id, "no reply"))
        self.kiosk.see_bank(bank_id, *opened)

    @rule(seconds=st.sampled_from([1, 30, 200]))
    def time_passes(self, seconds: float) -> None:
        self.kiosk.wait(seconds)

    # Disk

    @rule()
    def power_goes(self) -> None:
        """What was not written is lost; the next start reads the rows."""
        self.runner.run(self.database.close())
        self.runner.run(self.database.open())
        rows = self.runner.run(self.journal.load(empty_state()))
        assert durable(rows.state) == durable(self.kiosk.before)
        lost = {decision.intent for decision in self.kiosk.waiting}
        self.kiosk.state = rows.state
        self.kiosk.saved()
        assert not any(self.runner.run(self.journal.seq_of(intent)) for intent in lost)
        self.kiosk.effects.clear()
        self.kiosk.do(i.KioskStart("again"))
        for bank in BANKS:
            self.kiosk.see_bank(bank)

    @rule()
    def a_batch_is_written(self) -> None:
        intents = [decision.intent for decision in self.kiosk.waiting]
        written = self.runner.run(self.kiosk.save(self.journal))
        found = self.runner.run(self.journal.load(empty_state()))
        assert durable(found.state) == durable(self.kiosk.state)
        assert not written or found.seq == written[-1].seq
        assert all(self.runner.run(self.journal.seq_of(intent)) is not None for intent in intents)

    @rule()
    def nobody_comes(self) -> None:
        self.runner.run(self.journal.idle())

    @invariant()
    def every_live_code_belongs_to_a_parcel(self) -> None:
        deliveries = self.kiosk.state.deliveries
        assert all(live.delivery in deliveries for live in self.kiosk.state.credentials.values())


TestKioskOnDisk = KioskOnDisk.TestCase
TestKioskOnDisk.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_the_comparison_sees_a_difference() -> None:
    kiosk = Recorder()
    kiosk.start()
    delivery = kiosk.deliver()
    other = replace(kiosk.state, deliveries={delivery.id: replace(delivery, has_code=not delivery.has_code)})
    assert durable(other) != durable(kiosk.state)
