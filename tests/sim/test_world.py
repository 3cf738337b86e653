"""The physics of the made-up world: latches, springs, hands, coils and supplies."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cabinet import DoorId
from sim.doors import Door, NotPossible, Parcel, Position
from sim.faults import DoorFaults, Power, Sensor
from sim.world import World
from tests.sim.cabinets import BANK, ONE, PULSE_MS, THREE, TWO, pulse, settle, world

PARCEL = Parcel("p1", "a shoe carton")


def opened(lock_world: World | None = None) -> World:
    """A world whose first door has sprung open."""
    made_up = lock_world or world()
    pulse(made_up)
    return made_up


# ---------------------------------------------------------------- latch and spring
def test_a_freed_door_springs_ajar_after_the_delay_of_its_lock() -> None:
    made_up = world()
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.tick(49)
    assert made_up.door(ONE).is_latched
    made_up.tick(50)
    assert made_up.door(ONE).position is Position.AJAR
    assert not made_up.is_hooked(BANK, 1)


@pytest.mark.parametrize("delay_ms", [40, 550])
def test_the_feedback_follows_the_coil_within_the_span_seen_on_real_boards(delay_ms: int) -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(open_delay_ms=delay_ms))
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.tick(delay_ms - 1)
    assert made_up.is_hooked(BANK, 1)
    made_up.tick(delay_ms)
    assert not made_up.is_hooked(BANK, 1)


def test_a_pulse_moves_only_its_own_door() -> None:
    made_up = opened()
    assert made_up.door(TWO) == Door()
    assert made_up.door(THREE) == Door()


def test_a_push_shuts_the_door_and_the_latch_catches() -> None:
    made_up = opened()
    made_up.push_door(ONE)
    assert made_up.door(ONE).position is Position.CLOSED
    assert made_up.is_hooked(BANK, 1)


def test_a_latch_that_is_being_pulled_catches_only_when_the_coil_lets_go() -> None:
    made_up = world()
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.tick(100)
    made_up.push_door(ONE)
    assert not made_up.is_hooked(BANK, 1)
    made_up.tick(PULSE_MS)
    assert made_up.is_hooked(BANK, 1)


def test_a_solenoid_held_shut_through_its_pulse_is_locked_again_after_it() -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(held_shut=True))
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.tick(100)
    assert (made_up.door(ONE).position, made_up.is_hooked(BANK, 1)) == (Position.CLOSED, False)
    made_up.tick(PULSE_MS)
    assert made_up.is_hooked(BANK, 1)


def test_a_solenoid_slower_than_its_pulse_stays_locked_when_it_is_held_shut() -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(held_shut=True, open_delay_ms=550))
    pulse(made_up)
    assert made_up.is_hooked(BANK, 1)
    made_up.set_faults(ONE, DoorFaults())
    assert made_up.door(ONE).position is Position.CLOSED


def test_a_motor_lock_held_shut_stays_free_and_springs_open_when_let_go() -> None:
    made_up = world("motor")
    made_up.set_faults(ONE, DoorFaults(held_shut=True))
    pulse(made_up, pulse_ms=1000)
    assert (made_up.door(ONE).position, made_up.door(ONE).is_latched) == (Position.CLOSED, False)
    made_up.set_faults(ONE, DoorFaults())
    assert made_up.door(ONE).position is Position.AJAR


def test_a_pulse_too_short_moves_nothing() -> None:
    made_up = world()
    pulse(made_up, pulse_ms=39)
    assert made_up.door(ONE).is_latched


def test_a_pulse_on_an_open_door_changes_nothing_but_the_log() -> None:
    made_up = opened()
    before = made_up.door(ONE)
    pulse(made_up)
    assert made_up.door(ONE) == before
    assert len(made_up.pulses_after(0)) == 2


# ---------------------------------------------------------------- faults of doors
def test_a_jammed_latch_ignores_every_pulse_but_not_the_key() -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(jammed=True))
    pulse(made_up)
    pulse(made_up)
    assert made_up.is_hooked(BANK, 1)
    made_up.use_key(ONE)
    assert made_up.door(ONE).position is Position.AJAR


@pytest.mark.parametrize("vain", [0, 1, 2, 5])
def test_a_sticky_latch_takes_its_vain_pulses_and_then_frees(vain: int) -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(sticky_pulses=vain))
    for _ in range(vain):
        pulse(made_up)
        assert made_up.is_hooked(BANK, 1)
    pulse(made_up)
    assert not made_up.is_hooked(BANK, 1)


def test_pressing_the_door_eases_a_sticky_latch_for_the_next_pulse() -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(sticky_pulses=9))
    made_up.push_door(ONE)
    pulse(made_up)
    assert made_up.door(ONE).position is Position.AJAR


def test_a_failing_latch_lets_a_shut_door_spring_open_again() -> None:
    made_up = opened()
    made_up.set_faults(ONE, DoorFaults(latch_fails=True))
    made_up.push_door(ONE)
    assert (made_up.door(ONE).position, made_up.is_hooked(BANK, 1)) == (Position.AJAR, False)


def test_a_blocked_door_does_not_go_shut() -> None:
    made_up = opened()
    made_up.set_faults(ONE, DoorFaults(blocked=True))
    with pytest.raises(NotPossible, match="door 1: something sticks out"):
        made_up.push_door(ONE)
    assert made_up.door(ONE).position is Position.AJAR


@pytest.mark.parametrize(("sensor", "says"), [(Sensor.STUCK_OPEN, False), (Sensor.STUCK_CLOSED, True)])
def test_a_stuck_sensor_says_the_same_whatever_the_latch_does(sensor: Sensor, says: bool) -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(sensor=sensor))
    assert made_up.is_hooked(BANK, 1) is says
    pulse(made_up)
    assert made_up.door(ONE).position is Position.AJAR
    assert made_up.is_hooked(BANK, 1) is says


def test_a_bouncing_sensor_chatters_after_a_change_and_then_tells_the_truth() -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(bounce_ms=100))
    made_up.energise(BANK, 1, PULSE_MS)
    said = []
    while (moment := made_up.next_moment()) is not None:
        made_up.tick(moment)
        said.append(made_up.is_hooked(BANK, 1))
    assert {True, False} == set(said[:-2])
    assert said[-1] is False


@pytest.mark.parametrize(
    "wrong", [{"sticky_pulses": 21}, {"bounce_ms": -1}, {"open_delay_ms": 39}, {"open_delay_ms": 551}]
)
def test_a_fault_out_of_bounds_is_refused_with_its_bounds(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is .* expected"):
        replace(DoorFaults(), **wrong)  # type: ignore[arg-type]


# ---------------------------------------------------------------- hands
def test_a_locked_door_does_not_give_way_to_a_hand() -> None:
    made_up = world()
    with pytest.raises(NotPossible, match="door 1: it is locked"):
        made_up.pull_door(ONE)


def test_nobody_reaches_through_a_closed_door() -> None:
    made_up = world()
    with pytest.raises(NotPossible, match="nobody can reach inside"):
        made_up.put_in(ONE, PARCEL)
    with pytest.raises(NotPossible, match="nobody can reach inside"):
        made_up.take_out(ONE)
    assert made_up.door(ONE).parcels == ()


def test_a_parcel_stays_where_it_was_put_until_it_is_taken() -> None:
    made_up = opened()
    made_up.put_in(ONE, PARCEL)
    made_up.push_door(ONE)
    pulse(made_up)
    assert made_up.door(ONE).parcels == (PARCEL,)
    assert made_up.take_out(ONE) == PARCEL
    assert made_up.door(ONE).parcels == ()


def test_the_parcel_named_comes_out_and_the_other_stays() -> None:
    made_up = opened()
    first, second = made_up.new_parcel("first"), made_up.new_parcel("second")
    made_up.put_in(ONE, first)
    made_up.put_in(ONE, second)
    assert made_up.take_out(ONE, first.id) == first
    assert made_up.door(ONE).parcels == (second,)
    with pytest.raises(NotPossible, match=f"parcel {first.id} is not inside"):
        made_up.take_out(ONE, first.id)


def test_one_parcel_is_never_in_two_places() -> None:
    made_up = opened()
    pulse(made_up, channel=2)
    made_up.put_in(ONE, PARCEL)
    with pytest.raises(NotPossible, match="behind door 1 already"):
        made_up.put_in(TWO, PARCEL)


def test_an_unknown_door_is_named() -> None:
    with pytest.raises(NotPossible, match="there is no door d99"):
        world().pull_door(DoorId("d99"))


# ---------------------------------------------------------------- time
def test_time_never_goes_backwards() -> None:
    made_up = world()
    made_up.tick(10)
    with pytest.raises(ValueError, match="backwards"):
        made_up.tick(9)


def test_nothing_happens_by_itself_in_a_world_at_rest() -> None:
    made_up = world()
    assert made_up.next_moment() is None
    before = made_up.view()
    made_up.tick(86_400_000)
    assert made_up.view() == replace(before, now_ms=86_400_000)


def test_one_late_tick_ends_where_many_early_ones_do() -> None:
    early, late = world(), world()
    for made_up in (early, late):
        made_up.set_faults(ONE, DoorFaults(held_shut=True, bounce_ms=30))
        made_up.energise(BANK, 1, PULSE_MS)
        made_up.energise(BANK, 3, PULSE_MS)
    settle(early)
    early.tick(10_000)
    late.tick(10_000)
    assert early.view().doors == late.view().doors
    assert early.pulses_after(0) == late.pulses_after(0)


def test_everything_that_can_be_seen_moves_the_revision() -> None:
    made_up = world()
    seen = [made_up.revision]
    made_up.energise(BANK, 1, PULSE_MS)
    seen.append(made_up.revision)
    made_up.tick(50)
    seen.append(made_up.revision)
    made_up.tick(PULSE_MS)
    seen.append(made_up.revision)
    made_up.put_in(ONE, PARCEL)
    seen.append(made_up.revision)
    made_up.set_supply("main", Power.WEAK)
    seen.append(made_up.revision)
    assert seen == sorted(set(seen))


# ---------------------------------------------------------------- laws
ACTS = st.sampled_from(("pulse", "pull", "push", "put", "take", "key", "wait", "hold", "let", "weak", "full"))


def act(made_up: World, what: str, door: DoorId) -> None:
    """One random act; a hand that meets resistance gives up."""
    channel = made_up.cabinet.doors[door].channel
    acts: dict[str, Callable[[], object]] = {
        "pulse": lambda: made_up.energise(BANK, channel, PULSE_MS),
        "pull": lambda: made_up.pull_door(door),
        "push": lambda: made_up.push_door(door),
        "put": lambda: made_up.put_in(door, made_up.new_parcel("a parcel")),
        "take": lambda: made_up.take_out(door),
        "key": lambda: made_up.use_key(door),
        "wait": lambda: made_up.tick(made_up.now_ms + 130),
        "hold": lambda: made_up.set_faults(door, DoorFaults(held_shut=True)),
        "let": lambda: made_up.set_faults(door, DoorFaults()),
        "weak": lambda: made_up.set_supply("main", Power.WEAK),
        "full": lambda: made_up.set_supply("main", Power.FULL),
    }
    try:
        acts[what]()
    except NotPossible:
        return


@given(st.lists(st.tuples(ACTS, st.sampled_from((ONE, TWO, THREE))), max_size=60))
def test_whatever_happens_the_laws_of_the_cabinet_hold(acts: list[tuple[str, DoorId]]) -> None:
    made_up = world()
    put = taken = 0
    for what, door in acts:
        before = sum(len(sight.door.parcels) for sight in made_up.view().doors)
        act(made_up, what, door)
        after = sum(len(sight.door.parcels) for sight in made_up.view().doors)
        put, taken = put + max(after - before, 0), taken + max(before - after, 0)
        for sight in made_up.view().doors:
            assert sight.door.position is Position.CLOSED or not sight.door.is_latched
    settle(made_up)
    doors = [sight.door for sight in made_up.view().doors]
    assert sum(len(door.parcels) for door in doors) == put - taken
    assert not any(sight.is_energised for sight in made_up.view().doors)
    shut = [door for door in doors if door.position is Position.CLOSED and not door.faults.held_shut]
    assert all(door.is_latched for door in shut)
    assert all(sent.end_ms - sent.start_ms <= PULSE_MS for sent in made_up.pulses_after(0))
    strong = [sent for sent in made_up.pulses_after(0) if sent.moves_latch and sent.supply == "main"]
    assert all(one.end_ms <= two.start_ms for one, two in pairwise(strong))
