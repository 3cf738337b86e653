"""The made-up world on disk: yesterday's parcels are behind yesterday's doors, and nothing is thrown away."""

from pathlib import Path

import pytest

from sim.cabinet import DoorId
from sim.doors import Position
from sim.faults import DoorFaults, Power
from sim.truth import DoorTruth, Truth
from sim.world import World
from sim.world_file import BadWorldFile, WorldFile
from tests.sim.cabinets import BANK, ONE, PULSE_MS, THREE, TWO, cabinet, pulse, world


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sim" / "world.json"


def filled_world() -> World:
    """Door 1 shut with a parcel in it, door 2 wide open, door 3 jammed, one supply weak."""
    made_up = world()
    pulse(made_up, 1)
    made_up.put_in(ONE, made_up.new_parcel("for 412"))
    made_up.push_door(ONE)
    pulse(made_up, 2)
    made_up.pull_door(TWO)
    made_up.set_faults(THREE, DoorFaults(jammed=True))
    made_up.set_supply("other", Power.WEAK)
    return made_up


def test_the_first_start_finds_an_empty_cabinet(path: Path) -> None:
    assert WorldFile(path).read() == Truth()


def test_yesterdays_parcels_are_behind_yesterdays_doors(path: Path) -> None:
    yesterday = filled_world()
    WorldFile(path).write(yesterday.truth())
    today = World(cabinet(), 0, WorldFile(path).read())
    assert [sight.door for sight in today.view().doors][:2] == [
        DoorTruth.of(yesterday.door(name)).door for name in (ONE, TWO)
    ]
    assert today.door(ONE).parcels[0].what == "for 412"
    assert today.door(TWO).position is Position.OPEN
    assert today.door(THREE).faults.jammed
    assert today.view().supplies == {"main": Power.FULL, "other": Power.WEAK}
    assert today.new_parcel("another").id not in {parcel.id for parcel in today.door(ONE).parcels}


def test_no_coil_is_energised_after_the_night() -> None:
    made_up = world()
    made_up.energise(BANK, 1, PULSE_MS)
    assert World(cabinet(), 0, made_up.truth()).next_moment() is None


def test_a_latch_that_was_being_pulled_has_caught_by_the_morning() -> None:
    made_up = world()
    made_up.set_faults(ONE, DoorFaults(held_shut=True))
    made_up.energise(BANK, 1, PULSE_MS)
    made_up.tick(100)
    assert not made_up.door(ONE).is_latched
    assert World(cabinet(), 0, made_up.truth()).door(ONE).is_latched


def test_a_door_that_left_the_settings_keeps_its_parcel(path: Path) -> None:
    old = Truth(doors={DoorId("gone"): DoorTruth.of(filled_world().door(ONE))}, parcels_made=1)
    made_up = World(cabinet(), 0, old)
    assert [parcel.what for parcel in made_up.view().parcels_elsewhere] == ["for 412"]
    file = WorldFile(path)
    file.write(made_up.truth())
    assert WorldFile(path).read().doors[DoorId("gone")] == old.doors[DoorId("gone")]


def test_the_file_is_replaced_whole_and_only_when_something_changed(path: Path) -> None:
    file = WorldFile(path)
    made_up = filled_world()
    file.write(made_up.truth())
    first = path.stat().st_ino
    file.write(made_up.truth())
    assert path.stat().st_ino == first
    made_up.push_door(TWO)
    file.write(made_up.truth())
    assert path.stat().st_ino != first
    assert [entry.name for entry in path.parent.iterdir()] == ["world.json"]


def test_a_file_half_written_beside_it_is_no_harm(path: Path) -> None:
    WorldFile(path).write(filled_world().truth())
    path.with_suffix(".json.new").write_text('{"doors": {', encoding="utf-8")
    assert WorldFile(path).read() == filled_world().truth()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a made-up world"),
        ("{", "not a made-up world"),
        ("[]", "not a made-up world"),
        ('{"doors": {"d1": {"position": "sideways"}}}', r"doors\.d1\.position"),
        ('{"doors": {"d1": {"faults": {"open_delay_ms": 5}}}}', "open_delay_ms is 5, expected 40 to 550"),
        ('{"doors": {"d1": {"colour": "red"}}}', r"doors\.d1\.colour"),
        ('{"version": 2, "doors": {"new": "things"}}', "version 2 was written by a newer Latchwork"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_left_alone(path: Path, text: str, says: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadWorldFile, match=says) as caught:
        WorldFile(path).read()
    assert str(path) in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    assert path.read_text(encoding="utf-8") == text


def test_a_file_of_other_bytes_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadWorldFile, match="it is not text"):
        WorldFile(path).read()
