"""The physics of coils and supplies: what a pulse moves, and what two at once do."""

import pytest

from sim.doors import NotPossible, Parcel
from sim.faults import Power
from sim.world import World
from tests.sim.cabinets import BANK, ONE, PULSE_MS, THREE, pulse, settle, world

PARCEL = Parcel("p1", "a shoe carton")


def opened(lock_world: World | None = None) -> World:
    """A world whose first door has sprung open."""
    made_up = lock_world or world()
    pulse(made_up)
    return made_up


def test_every_energised_interval_is_in_the_log() -> None:
    made_up = world()
    pulse(made_up, 1)
    made_up.tick(3000)
    pulse(made_up, 3)
    spans = [(sent.door, sent.start_ms, sent.end_ms, sent.power) for sent in made_up.pulses_after(0)]
    assert spans == [(ONE, 0, 500, Power.FULL), (THREE, 3000, 3500, Power.FULL)]
    assert [sent.door for sent in made_up.pulses_after(1)] == [THREE]
    assert made_up.pulses_after(2) == ()


def test_two_coils_on_one_supply_sag_it_and_neither_latch_moves() -> None:
    made_up = world()
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.tick(20)
    made_up.energise(BANK, 2, PULSE_MS)
    settle(made_up)
    assert made_up.is_hooked(BANK, 1)
    assert made_up.is_hooked(BANK, 2)
    assert [sent.power for sent in made_up.pulses_after(0)] == [Power.WEAK, Power.WEAK]


def test_coils_on_two_supplies_do_not_disturb_each_other() -> None:
    made_up = world()
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.energise(BANK, 3, PULSE_MS)
    settle(made_up)
    assert not made_up.is_hooked(BANK, 1)
    assert not made_up.is_hooked(BANK, 3)


def test_a_second_pulse_on_a_coil_that_is_on_starts_its_time_anew() -> None:
    made_up = world()
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.tick(300)
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.tick(600)
    assert made_up.view().doors[0].is_energised
    settle(made_up)
    assert [(sent.start_ms, sent.end_ms) for sent in made_up.pulses_after(0)] == [(0, 300), (300, 800)]


@pytest.mark.parametrize("power", [Power.WEAK, Power.NONE])
def test_a_supply_without_strength_moves_no_latch_and_is_in_the_log(power: Power) -> None:
    made_up = world()
    made_up.set_supply("main", power)
    pulse(made_up)
    assert made_up.is_hooked(BANK, 1)
    assert [sent.power for sent in made_up.pulses_after(0)] == [power]


def test_a_supply_that_dies_lets_its_coils_go_at_once() -> None:
    made_up = world()
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.energise(BANK, 3, PULSE_MS)
    made_up.tick(30)
    made_up.set_supply("main", Power.NONE)
    settle(made_up)
    assert [sent.end_ms for sent in made_up.pulses_after(0)] == [30, 500]
    assert made_up.is_hooked(BANK, 1)
    assert not made_up.is_hooked(BANK, 3)


def test_an_unknown_supply_is_named() -> None:
    with pytest.raises(NotPossible, match="no supply attic, expected one of: main, other"):
        world().set_supply("attic", Power.WEAK)


def test_a_channel_without_a_lock_is_not_hooked_and_its_pulse_is_in_the_log() -> None:
    made_up = world()
    pulse(made_up, channel=40)
    assert not made_up.is_hooked(BANK, 40)
    assert [(sent.channel, sent.door, sent.power) for sent in made_up.pulses_after(0)] == [
        (40, None, Power.NONE)
    ]
