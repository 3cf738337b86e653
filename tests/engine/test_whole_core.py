"""A drop-off and a pickup through the whole core: rules, SQLite, drivers and emulated boards in one piece."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.screen import Action, ScreenKind
from kiosk.domain.model.vacancy import Vacancy
from kiosk.store.reader import StoredFile
from sim.boards.bench import most_at_once
from sim.boards.line import Fault, Switch
from tests.domain.rig import empty_state
from tests.engine.rig import Core, Wires, core, started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


def only_code(made: Core) -> i.PresentCode:
    """The one code that is live."""
    (live,) = made.state.credentials
    return i.PresentCode(live, is_long=False)


def verify(path: Path) -> None:
    with StoredFile(path) as stored:
        report = stored.verify(empty=empty_state())
    assert not report.problems


async def test_a_parcel_goes_in_and_comes_out(path: Path) -> None:
    wires = Wires()
    async with core(path, wires) as made:
        await started(made)
        events, commits = len(made.events()), len(made.disk.batches)
        compartment = await made.drop_off()
        assert made.screen().kind is ScreenKind.STORED
        await made.do(i.Finish())
        await made.do(i.Finish())
        await made.do(i.ChooseFlow(i.Flow.PICK_UP))
        await made.do(only_code(made))
        await asyncio.sleep(3)
        assert made.screen().kind is ScreenKind.TAKE_OUT
        made.push(compartment)
        await asyncio.sleep(1)
        await made.do(i.AnswerPickup(i.PickupAnswer.GOT_EVERYTHING))
        await made.do(i.Finish())
        assert not made.state.deliveries
        assert made.state.compartments[compartment].vacancy is Vacancy.VERIFIED
        assert len(made.events()) - events == 14
        assert len(made.disk.batches) - commits <= 10
        assert made.messages.woken == 1
    assert [pulse.channel for pulse in wires.pulses] == [1, 1]
    verify(path)


async def test_a_stuck_door_gets_one_pulse_more_by_itself_and_one_on_touch(path: Path) -> None:
    wires = Wires()
    async with core(path, wires) as made:
        await started(made)
        made.jam("c1")
        await made.courier_at_door()
        await asyncio.sleep(6)
        assert len(wires.pulses) == 2
        assert wires.pulses[1].start_s - wires.pulses[0].end_s == pytest.approx(2.0, abs=0.3)
        assert made.screen().offers_action(Action.PUSH_AGAIN)
        await made.do(i.PushAgain())
        await asyncio.sleep(20)
        assert len(wires.pulses) == 3
        assert made.screen().kind is ScreenKind.JAMMED
        await made.do(i.UseAnotherDoor())
        await asyncio.sleep(3)
        assert made.screen().kind is ScreenKind.PUT_IN
    assert most_at_once(wires.pulses) == 1
    verify(path)


async def test_a_board_that_falls_silent_after_the_pulse_gets_no_second_one(path: Path) -> None:
    wires = Wires()
    async with core(path, wires) as made:
        await started(made)
        made.jam("c1")
        await made.courier_at_door()
        await asyncio.sleep(0.3)
        assert len(wires.pulses) == 1
        wires.line.set(Fault.MUTE, Switch())
        await asyncio.sleep(30)
        assert len(wires.pulses) == 1
        assert made.screen().kind is ScreenKind.QUESTION
        wires.line.set(Fault.MUTE, None)
        await asyncio.sleep(30)
        assert len(wires.pulses) == 1
        assert made.state.compartments[CompartmentId("c1")].vacancy is Vacancy.UNKNOWN


async def test_a_start_reads_doors_and_pulses_nothing(path: Path) -> None:
    wires = Wires()
    async with core(path, wires) as made:
        await started(made)
        compartment = await made.courier_at_door()
        await asyncio.sleep(3)
    frames = wires.unlock_frames
    async with core(path, wires) as made:
        await started(made)
        await asyncio.sleep(60)
        (delivery,) = made.state.deliveries_in(compartment)
        assert delivery.state is DeliveryState.DEPOSITING
        assert [one.unit for one in made.screen().open_doors] == ["412"]
        made.push(compartment)
        await asyncio.sleep(1)
        assert made.state.deliveries[delivery.id].state is DeliveryState.UNCERTAIN
    assert wires.unlock_frames == frames
    verify(path)


async def test_a_door_that_closed_while_the_kiosk_was_away_is_asked_about(path: Path) -> None:
    wires = Wires()
    async with core(path, wires) as made:
        await started(made)
        compartment = await made.courier_at_door()
        await asyncio.sleep(3)
        place = made.state.place(compartment)
    wires.benches[place.bank].close(place.channel)
    async with core(path, wires) as made:
        await started(made)
        (delivery,) = made.state.deliveries_in(compartment)
        assert delivery.state is DeliveryState.UNCERTAIN
        assert IncidentKind.DROP_OFF_UNCERTAIN in {one.kind for one in made.state.incidents.values()}


async def test_the_page_is_up_before_any_board_answers(path: Path) -> None:
    wires = Wires()
    wires.link.unplug()
    async with core(path, wires) as made:
        await made.do(i.KioskStart("test"))
        await asyncio.sleep(120)
        assert made.screen().kind is ScreenKind.HOME
        assert made.screen().lost_banks == ("a", "b")
        wires.link.plug(wires.hear)
        await asyncio.sleep(2)
        assert made.screen().lost_banks == ()
        assert made.screen().sizes[0].free == 3


async def test_two_people_at_two_doors_share_the_supply_in_order(path: Path) -> None:
    """The second door of a courier who goes on while the first is opening waits for its turn."""
    wires = Wires()
    async with core(path, wires) as made:
        await started(made)
        first = await made.courier_at_door()
        await asyncio.sleep(1)
        await made.do(i.NextParcel())
        await made.do(i.ChooseUnit("101"))
        await made.do(i.ChooseSize(made.screen().sizes[1].size))
        await asyncio.sleep(3)
        assert made.screen().kind is ScreenKind.PUT_IN
        second = made.state.visit.compartment
        assert second is not None
        for door in (second, first):
            made.push(door)
        await asyncio.sleep(1)
        assert {one.state for one in made.state.deliveries.values()} == {DeliveryState.STORED}
    assert most_at_once(wires.pulses) == 1
