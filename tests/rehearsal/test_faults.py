"""Faults of a script on the stage: each breaks what it says, is mended in time, and is counted if it met."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.rehearsal.crash import Boundary
from kiosk.rehearsal.diary import CoilOn, Crashed, FaultFired, Started
from kiosk.rehearsal.faults import COMMITS, Faults
from kiosk.rehearsal.stage import Stage, raised, state_of
from sim.boards.line import Fault
from sim.cabinet import DoorId
from sim.doors import Door, NotPossible
from sim.faults import DoorFaults, Power, Sensor
from sim.scenario.draw_faults import AT_DOORS
from sim.scenario.script import AT_ONCE, FaultKind, FaultOrder
from tests.rehearsal.story import GaveUp, play_with_broker, tell

DOOR, BANK, SUPPLY = "c3", "a", "main"
LASTS_S = 100.0


def door(stage: Stage) -> Door:
    return stage.room.world.door(DoorId(DOOR))


def line_has(fault: Fault) -> Callable[[Stage], bool]:
    return lambda stage: fault in next(iter(stage.wires.wires.values())).line.switches


def a_wire(stage: Stage) -> bool:
    return next(iter(stage.wires.wires.values())).is_plugged


LASTING: dict[FaultKind, tuple[str, Callable[[Stage], bool]]] = {
    FaultKind.DOOR_JAMMED: (DOOR, lambda stage: door(stage).faults.jammed),
    FaultKind.DOOR_STICKY: (DOOR, lambda stage: door(stage).faults.sticky_pulses > 0),
    FaultKind.DOOR_BLOCKED: (DOOR, lambda stage: door(stage).faults.blocked),
    FaultKind.LATCH_FAILS: (DOOR, lambda stage: door(stage).faults.latch_fails),
    FaultKind.SENSOR_STUCK_OPEN: (DOOR, lambda stage: door(stage).faults.sensor is Sensor.STUCK_OPEN),
    FaultKind.SENSOR_STUCK_CLOSED: (DOOR, lambda stage: door(stage).faults.sensor is Sensor.STUCK_CLOSED),
    FaultKind.SENSOR_BOUNCES: (DOOR, lambda stage: door(stage).faults.bounce_ms > 0),
    FaultKind.SLOW_LOCK: (DOOR, lambda stage: door(stage).faults.open_delay_ms > 50),
    FaultKind.LINE_GARBLES: (BANK, line_has(Fault.GARBLE)),
    FaultKind.LINE_DROPS_REQUESTS: (BANK, line_has(Fault.DROP_REQUEST)),
    FaultKind.LINE_DROPS_REPLIES: (BANK, line_has(Fault.DROP_REPLY)),
    FaultKind.LINE_IS_LATE: (BANK, line_has(Fault.LATE)),
    FaultKind.LINE_HAS_JUNK: (BANK, line_has(Fault.JUNK)),
    FaultKind.LINE_CHOPS: (BANK, line_has(Fault.CHOP)),
    FaultKind.LINE_ECHOES: (BANK, line_has(Fault.ECHO)),
    FaultKind.LINE_IS_MUTE: (BANK, line_has(Fault.MUTE)),
    FaultKind.BOARD_IS_DEAD: (
        BANK,
        lambda stage: next(iter(stage.wires.wires.values())).boards[BANK].is_dead,
    ),
    FaultKind.ADAPTER_UNPLUGGED: (BANK, lambda stage: not a_wire(stage)),
    FaultKind.SUPPLY_WEAK: (SUPPLY, lambda stage: stage.room.world.view().supplies[SUPPLY] is Power.WEAK),
    FaultKind.SUPPLY_NONE: (SUPPLY, lambda stage: stage.room.world.view().supplies[SUPPLY] is Power.NONE),
    FaultKind.DISK_FULL: (AT_ONCE, lambda stage: stage.disk.is_full),
    FaultKind.DISK_GONE: (AT_ONCE, lambda stage: stage.disk.is_gone),
    FaultKind.CLOCK_NOT_TRUSTED: ("", lambda stage: not stage.clock.now().is_trusted),
    FaultKind.PHONES_SILENT: (AT_ONCE, lambda stage: bool(stage.phones.trouble)),
    FaultKind.BROKER_AWAY: (AT_ONCE, lambda stage: not stage.broker.is_up),
    FaultKind.BROKER_FORGETS: (AT_ONCE, lambda stage: not stage.broker.is_up),
    FaultKind.BROKER_SILENT: (AT_ONCE, lambda stage: stage.broker.is_silent),
    FaultKind.BROKER_UNTOLD: (AT_ONCE, lambda stage: stage.broker.is_untold),
    FaultKind.BROKER_REFUSES: (AT_ONCE, lambda stage: bool(stage.broker.refused)),
}
AT_AN_INSTANT = {
    FaultKind.PROCESS_KILLED,
    FaultKind.POWER_CUT,
    FaultKind.COMMIT_REFUSED,
    FaultKind.COMMIT_LOST,
    FaultKind.COMMIT_KEPT,
    FaultKind.CLOCK_JUMPS,
}


def test_every_kind_is_tried_here() -> None:
    assert LASTING.keys() | AT_AN_INSTANT == set(FaultKind)


@pytest.mark.parametrize("kind", LASTING)
async def test_what_lasts_is_broken_for_so_long_and_then_whole(tmp_path: Path, kind: FaultKind) -> None:
    where, is_broken = LASTING[kind]
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        await asyncio.sleep(900)
        faults = Faults(stage)
        assert not is_broken(stage)
        going_on.create_task(faults.carry_out(FaultOrder(0, kind, where, LASTS_S)))
        await asyncio.sleep(LASTS_S - 1)
        assert is_broken(stage)
        await asyncio.sleep(900)
        assert not is_broken(stage)
        await stage.keeper.up()
        state = state_of(stage)
        assert state is not None
        assert len(state.doors) == 24
    assert [one.kind for one in stage.diary.entries if isinstance(one, FaultFired)] == [kind]


@pytest.mark.parametrize("kind", LASTING)
async def test_mending_all_mends_each(tmp_path: Path, kind: FaultKind) -> None:
    where, is_broken = LASTING[kind]
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        await asyncio.sleep(900)
        faults = Faults(stage)
        going_on.create_task(faults.carry_out(FaultOrder(0, kind, where, LASTS_S)))
        await asyncio.sleep(1)
        faults.mend_all()
        await asyncio.sleep(900)
        assert not is_broken(stage)


async def test_of_two_that_overlap_the_second_goes_on(tmp_path: Path) -> None:
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        faults = Faults(stage)
        for kind, lasts_s in (
            (FaultKind.DOOR_JAMMED, 10),
            (FaultKind.DOOR_JAMMED, 30),
            (FaultKind.SLOW_LOCK, 5),
        ):
            going_on.create_task(faults.carry_out(FaultOrder(0, kind, DOOR, lasts_s)))
        await asyncio.sleep(20)
        assert door(stage).faults == DoorFaults(jammed=True)
        await asyncio.sleep(20)
        assert door(stage).faults == DoorFaults()


@pytest.mark.parametrize("kind", [FaultKind.PROCESS_KILLED, FaultKind.POWER_CUT])
@pytest.mark.parametrize("where", ["", Boundary.AFTER_COMMIT])
async def test_a_killed_process_is_down_so_long_and_comes_back(
    tmp_path: Path, kind: FaultKind, where: str
) -> None:
    async with raised(play_with_broker(tmp_path)) as stage:
        await asyncio.sleep(5)
        faults = Faults(stage)
        await faults.carry_out(FaultOrder(0, kind, where, 60))
        stage.hands("stranger").use_key(DoorId(DOOR))
        await asyncio.sleep(50)
        assert stage.keeper.front is None
        await stage.keeper.up()
    ends = [one for one in stage.diary.entries if isinstance(one, Crashed)]
    starts = [one for one in stage.diary.entries if isinstance(one, Started)]
    assert [one.where for one in ends] == [where or "at once"]
    assert 60_000 <= starts[1].at_ms - ends[0].at_ms < 62_000
    assert (starts[0].boot != starts[1].boot) is (kind is FaultKind.POWER_CUT)
    assert faults.strikes.struck[kind] == 1


async def test_a_kill_that_waits_for_its_boundary_is_forgotten_when_all_is_mended(tmp_path: Path) -> None:
    async with raised(play_with_broker(tmp_path)) as stage:
        await asyncio.sleep(5)
        faults = Faults(stage)
        await faults.carry_out(FaultOrder(0, FaultKind.PROCESS_KILLED, Boundary.AFTER_COMMIT))
        faults.mend_all()
        stage.hands("stranger").use_key(DoorId(DOOR))
        await asyncio.sleep(60)
        assert stage.keeper.lives == 1
        assert not faults.strikes.struck


async def test_a_clock_jumps_and_jumps_back_where_the_order_lasts(tmp_path: Path) -> None:
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        faults = Faults(stage)
        before = stage.clock.now().at_ms
        going_on.create_task(faults.carry_out(FaultOrder(0, FaultKind.CLOCK_JUMPS, "", 50, -3600)))
        await asyncio.sleep(10)
        assert stage.clock.now().at_ms == before - 3_590_000
        await asyncio.sleep(90)
        assert stage.clock.now().at_ms == before + 100_000


async def test_a_fault_that_meets_nobody_has_not_struck(tmp_path: Path) -> None:
    """Every lock is slow, and the story uses one door."""
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        faults = Faults(stage)
        for place in stage.play.settings.compartment:
            order = FaultOrder(0, FaultKind.SLOW_LOCK, place.id, 800)
            going_on.create_task(faults.carry_out(order))
        await tell(stage)
        await asyncio.sleep(900)
    assert faults.strikes.struck[FaultKind.SLOW_LOCK] == 1


@pytest.mark.parametrize("kind", [FaultKind.COMMIT_REFUSED, FaultKind.COMMIT_LOST, FaultKind.COMMIT_KEPT])
async def test_a_commit_that_fails_is_told_from_those_of_a_full_disk(tmp_path: Path, kind: FaultKind) -> None:
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        await asyncio.sleep(5)
        faults = Faults(stage)
        going_on.create_task(faults.carry_out(FaultOrder(0, FaultKind.DISK_FULL, AT_ONCE, 20)))
        await asyncio.sleep(1)
        stage.hands("stranger").use_key(DoorId(DOOR))
        await asyncio.sleep(60)
        await faults.carry_out(FaultOrder(0, kind))
        stage.hands("stranger").push_door(DoorId(DOOR))
        await asyncio.sleep(60)
    assert faults.strikes.struck[FaultKind.DISK_FULL] == 1
    assert {stage.disk.struck[one] for one in COMMITS.values()} == {0, 1}
    assert stage.disk.struck[COMMITS[kind]] == 1


NEXT_USE: dict[FaultKind, Callable[[Stage], bool]] = {
    kind: is_broken
    for kind, (_, is_broken) in LASTING.items()
    if kind is not FaultKind.CLOCK_NOT_TRUSTED and kind not in AT_DOORS
}


@pytest.mark.parametrize("kind", NEXT_USE)
async def test_without_a_place_a_fault_begins_at_the_next_use(tmp_path: Path, kind: FaultKind) -> None:
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        await asyncio.sleep(900)
        faults = Faults(stage)
        going_on.create_task(faults.carry_out(FaultOrder(0, kind, lasts_s=5)))
        await asyncio.sleep(900)
        assert not NEXT_USE[kind](stage)
        assert not fired(stage)
        going_on.create_task(try_to_tell(stage))
        await asyncio.sleep(600)
        faults.mend_all()
    assert [one.kind for one in fired(stage)] == [kind]
    assert fired(stage)[0].at_ms > 1_800_000
    assert faults.strikes.struck[kind] == 1


@pytest.mark.parametrize("kind", sorted(AT_DOORS))
async def test_without_a_place_the_door_that_is_unlocked_next_breaks(tmp_path: Path, kind: FaultKind) -> None:
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        faults = Faults(stage)
        amount = 2 if kind is FaultKind.DOOR_STICKY else 400
        going_on.create_task(faults.carry_out(FaultOrder(0, kind, lasts_s=90, amount=amount)))
        await asyncio.sleep(60)
        with contextlib.suppress(GaveUp, NotPossible):
            await tell(stage)
    coils = [one for one in stage.diary.entries if isinstance(one, CoilOn)]
    plan = stage.room.world.cabinet.wired_to(coils[0].bank, coils[0].channel)
    assert plan is not None
    assert [(one.kind, one.where) for one in fired(stage)] == [(kind, plan.id)]
    assert fired(stage)[0].at_ms == coils[0].at_ms
    assert faults.strikes.struck[kind] == 1


async def test_what_waits_for_a_use_that_never_comes_is_called_off(tmp_path: Path) -> None:
    async with raised(play_with_broker(tmp_path)) as stage, asyncio.TaskGroup() as going_on:
        faults = Faults(stage)
        going_on.create_task(faults.carry_out(FaultOrder(0, FaultKind.DOOR_JAMMED, lasts_s=60)))
        await asyncio.sleep(600)
        faults.call_off()
    assert not fired(stage)
    assert not faults.strikes.struck


async def try_to_tell(stage: Stage) -> None:
    """The story as far as the faults let it go."""
    with contextlib.suppress(GaveUp):
        await tell(stage)


def fired(stage: Stage) -> list[FaultFired]:
    return [one for one in stage.diary.entries if isinstance(one, FaultFired)]
