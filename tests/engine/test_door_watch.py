"""The door watch over emulated boards: levels that two reads agree on, and banks that come and go."""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hal.errors import LinkLost, NoReply
from hal.lock_bank import BankReading, DoorReading
from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import BankId, CompartmentId, IntentId
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State
from kiosk.door_watch import GAP_S, DoorWatch, PollCadence
from kiosk.ports import Answer
from kiosk.rehearsal.virtual_loop import VirtualLoop
from sim.boards.line import Fault, Switch
from tests.domain.rig import empty_state
from tests.engine.rig import Core, Wires, core, started

A = BankId("a")
C1, C2 = CompartmentId("c1"), CompartmentId("c2")
OPEN, CLOSED = DoorReading.OPEN, DoorReading.CLOSED


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


@pytest.fixture
def wires() -> Wires:
    return Wires()


def stop_for(seconds: float) -> None:
    """The process is stopped and goes on, as by SIGSTOP: time has passed and nothing was read."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.jump(seconds)


def count(made: Core, event: str) -> int:
    return made.events().count(event)


# Over real drivers


async def test_a_door_that_opens_and_closes_is_two_facts(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)
        made.pull("c2")
        await asyncio.sleep(1)
        assert made.state.door(C2) is DoorState.OPEN
        made.push("c2")
        await asyncio.sleep(1)
        assert made.state.door(C2) is DoorState.CLOSED
        assert (count(made, "DoorOpened"), count(made, "DoorClosed")) == (1, 1)


async def test_a_door_open_for_six_tenths_of_a_second_after_an_unlock_is_seen(
    path: Path, wires: Wires
) -> None:
    async with core(path, wires) as made:
        await started(made)
        compartment = await made.courier_at_door()
        await asyncio.sleep(0.15)
        assert len(wires.pulses) == 1
        await asyncio.sleep(0.5)
        made.push(compartment)
        await asyncio.sleep(1)
        assert (count(made, "DoorOpened"), count(made, "DoorClosed")) == (1, 1)


async def test_one_turned_bit_opens_no_door(path: Path, wires: Wires) -> None:
    """The check of a frame passes one in ten of two-bit errors; a second read does not agree with them."""
    async with core(path, wires) as made:
        await started(made)
        wires.line.set(Fault.GARBLE, Switch(chance=0.3))
        await asyncio.sleep(60)
        wires.line.set(Fault.GARBLE, None)
        await asyncio.sleep(3)
        assert count(made, "DoorOpened") == 0
        assert {made.state.door(place) for place in made.state.layout.compartments} == {DoorState.CLOSED}


@pytest.mark.parametrize(("lost", "banks_lost"), [(2, 0), (6, 2)])
async def test_two_failed_reads_are_borne_and_the_third_loses_the_bank(
    path: Path, wires: Wires, lost: int, banks_lost: int
) -> None:
    """Both boards are on one line, so that six lost answers in a row are three of each."""
    async with core(path, wires) as made:
        await started(made)
        wires.line.set(Fault.DROP_REPLY, Switch(times=lost))
        await asyncio.sleep(10)
        assert count(made, "BankLost") == banks_lost
        assert made.state.door(C1) is DoorState.CLOSED


async def test_an_unplugged_port_is_known_at_once_and_tried_for_ever(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)
        wires.link.unplug()
        await asyncio.sleep(0.6)
        assert made.state.door(C1) is DoorState.UNKNOWN
        await asyncio.sleep(900)
        wires.link.plug(wires.hear)
        await asyncio.sleep(2)
        assert made.state.door(C1) is DoorState.CLOSED
        assert count(made, "BankLost") == 2


async def test_a_dead_board_does_not_hold_up_the_other_on_its_line(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)
        wires.last_board_dies()
        await asyncio.sleep(5)
        assert set(made.state.lost_banks) == {"b"}
        made.pull("c2")
        await asyncio.sleep(1.5)
        assert made.state.door(C2) is DoorState.OPEN


async def test_a_process_that_was_stopped_takes_nothing_for_unmoved(path: Path, wires: Wires) -> None:
    """Nobody saw what the courier did in half a minute: neither a jam nor a second pulse, a question."""
    async with core(path, wires) as made:
        await started(made)
        made.jam("c1")
        compartment = await made.courier_at_door()
        await asyncio.sleep(0.5)
        assert len(wires.pulses) == 1
        stop_for(30)
        await asyncio.sleep(5)
        assert len(wires.pulses) == 1
        assert made.state.deliveries_in(compartment)[0].state is DeliveryState.UNCERTAIN
        assert made.state.compartments[compartment].vacancy is Vacancy.UNKNOWN
        assert "UnlockNotOpened" not in made.events()


async def test_a_bank_that_flaps_is_tried_less_often(path: Path, wires: Wires) -> None:
    async with core(path, wires) as made:
        await started(made)

        async def flap() -> None:
            while True:
                wires.line.set(Fault.MUTE, Switch())
                await asyncio.sleep(2)
                wires.line.set(Fault.MUTE, None)
                await asyncio.sleep(2)

        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(flap())
            await asyncio.sleep(600)
            task.cancel()
        assert count(made, "BankLost") < 100
        await asyncio.sleep(60)
        assert made.state.door(C1) is DoorState.CLOSED


async def test_an_absent_bank_is_logged_once_a_minute(
    path: Path, wires: Wires, caplog: pytest.LogCaptureFixture
) -> None:
    async with core(path, wires) as made:
        wires.link.unplug()
        await made.do(i.KioskStart("test"))
        caplog.clear()
        await asyncio.sleep(300)
        away = [r for r in caplog.records if r.levelno == logging.ERROR and "bank a" in r.getMessage()]
        assert 4 <= len(away) <= 6


# Over a bank of paper


@dataclass
class Paper:
    """A bank that answers what stands in the test. Does not simulate: time, a bus, pulses."""

    doors: list[DoorReading] = field(default_factory=lambda: [CLOSED] * 4)
    script: list[BankReading | Exception] = field(default_factory=list)
    reads: int = 0
    closed: int = 0
    channels: int = 4

    async def connect(self) -> BankReading:
        """Answer."""
        return await self.read_states()

    async def read_states(self) -> BankReading:
        """The next line of the script, or the doors as they are."""
        self.reads += 1
        answer = self.script.pop(0) if self.script else BankReading(tuple(self.doors))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def unlock(self, channel: int, *, not_after: float) -> None:
        """Never asked here."""
        raise NotImplementedError

    def close(self) -> None:
        """Count it."""
        self.closed += 1


@dataclass
class Ear:
    """An inbox that keeps what it is told, and refuses when it is told to."""

    heard: list[i.Fact] = field(default_factory=list)
    refusing: Refusal | None = None
    state: State = field(default_factory=empty_state)
    revision: int = 1

    async def submit(self, fact: i.Fact, *, intent: IntentId | None = None) -> Answer:
        """Keep it."""
        if self.refusing is None:
            self.heard.append(fact)
        return Answer(self.refusing, None)

    async def changed(self, after: int) -> int:
        """Never."""
        await asyncio.Event().wait()
        return after

    def doors(self) -> list[tuple[str, str]]:
        """Single doors that were told."""
        return [(f.compartment, f.state.value) for f in self.heard if isinstance(f, i.DoorSeen)]

    def gone(self) -> int:
        """How often the bank was lost."""
        return sum(isinstance(fact, i.BankGone) for fact in self.heard)


class Watching:
    """A watch over one bank of paper."""

    def __init__(self, paper: Paper, ear: Ear) -> None:
        self.watch = DoorWatch({A: paper}, empty_state().layout, ear, PollCadence())
        self._tasks = asyncio.TaskGroup()

    async def __aenter__(self) -> DoorWatch:
        await self._tasks.__aenter__()
        self._task = self._tasks.create_task(self.watch.run())
        await asyncio.sleep(0.1)
        return self.watch

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        await self._tasks.__aexit__(None, None, None)


async def test_a_bank_that_comes_up_tells_every_door_once() -> None:
    ear = Ear()
    async with Watching(Paper(), ear):
        await asyncio.sleep(60)
    (seen,) = ear.heard
    assert isinstance(seen, i.BankSeen)
    assert set(seen.doors) == {"c1", "c2", "c3", "c4"}


async def test_a_change_that_a_second_read_does_not_confirm_is_not_told() -> None:
    paper, ear = Paper(), Ear()
    async with Watching(paper, ear):
        paper.script = [BankReading((OPEN, CLOSED, CLOSED, CLOSED))]
        await asyncio.sleep(10)
    assert ear.doors() == []


async def test_a_change_is_confirmed_by_an_immediate_second_read() -> None:
    paper, ear = Paper(), Ear()
    async with Watching(paper, ear):
        paper.doors = [OPEN, CLOSED, CLOSED, CLOSED]
        before = paper.reads
        await asyncio.sleep(0.45)
        assert paper.reads - before == 2
        await asyncio.sleep(10)
    assert ear.doors() == [("c1", "open")]


async def test_a_board_that_says_too_little_leaves_doors_unknown() -> None:
    paper, ear = Paper(doors=[CLOSED, CLOSED]), Ear()
    async with Watching(paper, ear):
        await asyncio.sleep(1)
    (seen,) = ear.heard
    assert isinstance(seen, i.BankSeen)
    assert seen.doors[CompartmentId("c4")] is DoorState.UNKNOWN
    assert seen.doors[C1] is DoorState.CLOSED


async def test_what_could_not_be_written_down_is_said_again() -> None:
    paper, ear = Paper(), Ear()
    async with Watching(paper, ear):
        ear.refusing = Refusal.NOT_DURABLE
        paper.doors = [OPEN, CLOSED, CLOSED, CLOSED]
        await asyncio.sleep(5)
        assert ear.doors() == []
        ear.refusing = None
        await asyncio.sleep(1)
    assert ear.doors() == [("c1", "open")]


async def test_a_bank_that_could_not_be_told_of_is_read_and_told_again() -> None:
    paper, ear = Paper(), Ear(refusing=Refusal.NOT_DURABLE)
    async with Watching(paper, ear):
        await asyncio.sleep(5)
        paper.doors[0] = OPEN
        ear.refusing = None
        await asyncio.sleep(2)
    (seen,) = ear.heard
    assert isinstance(seen, i.BankSeen)
    assert seen.doors[C1] is DoorState.OPEN


async def test_after_forgetting_every_door_is_said_again() -> None:
    ear = Ear()
    async with Watching(Paper(), ear) as watch:
        watch.forget()
        await asyncio.sleep(1)
    assert ear.doors() == [(f"c{number}", "closed") for number in range(1, 5)]


async def test_three_failed_reads_in_a_row_and_not_in_sum() -> None:
    paper, ear = Paper(), Ear()
    good = BankReading((CLOSED,) * 4)
    async with Watching(paper, ear):
        paper.script = [NoReply("1"), NoReply("2"), good, NoReply("3"), NoReply("4"), good]
        await asyncio.sleep(10)
        assert ear.gone() == 0
        paper.script = [NoReply("1"), NoReply("2"), NoReply("3")]
        await asyncio.sleep(10)
    assert ear.gone() == 1


async def test_a_lost_link_needs_no_three_tries() -> None:
    paper, ear = Paper(), Ear()
    async with Watching(paper, ear):
        paper.script = [LinkLost("unplugged")]
        await asyncio.sleep(0.5)
        assert ear.gone() == 1


async def test_a_bank_that_stays_away_is_told_once_until_that_is_forgotten_or_its_fault_changes() -> None:
    paper, ear = Paper(), Ear()
    async with Watching(paper, ear) as watch:
        paper.script = [LinkLost("unplugged") for _ in range(100)]
        await asyncio.sleep(20)
        assert ear.gone() == 1
        watch.forget()
        await asyncio.sleep(20)
        assert ear.gone() == 2
        paper.script = [LinkLost("no such port") for _ in range(100)]
        await asyncio.sleep(20)
        assert ear.gone() == 3


async def test_a_lost_bank_that_could_not_be_written_down_is_told_again() -> None:
    paper, ear = Paper(), Ear()
    async with Watching(paper, ear):
        paper.script = [LinkLost("unplugged") for _ in range(100)]
        ear.refusing = Refusal.NOT_DURABLE
        await asyncio.sleep(10)
        ear.refusing = None
        await asyncio.sleep(10)
    assert ear.gone() == 1


async def test_a_bug_in_the_watch_ends_it_and_gives_the_port_back() -> None:
    paper, ear = Paper(), Ear()
    paper.script = [BankReading((CLOSED,) * 4), ValueError("a bug")]
    with pytest.raises(ExceptionGroup):
        await DoorWatch({A: paper}, empty_state().layout, ear, PollCadence()).run()
    assert paper.closed == 1


async def test_a_cadence_that_knows_better_may_leave_a_bank_unread() -> None:
    class Rare(PollCadence):
        async def next_look(self, bank: BankId) -> None:
            await asyncio.sleep(10 * GAP_S)

    paper, ear = Paper(), Ear()
    watch = DoorWatch({A: paper}, empty_state().layout, ear, Rare(), gap_s=float("inf"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(200):
            await watch.run()
    assert ear.gone() == 0
