"""Stories written by hand, each with one right end."""

import logging
from pathlib import Path

import pytest

from kiosk.rehearsal.cabinets import NoSuchCabinet, settings_for
from kiosk.rehearsal.outcome import EXPECTED
from kiosk.rehearsal.soak import play, work_folder
from kiosk.rehearsal.town import town_of, wrong_names
from sim.scenario.script import (
    Expectation,
    Expected,
    FaultKind,
    FaultOrder,
    Given,
    ResidentVisit,
    Script,
    StaffVisit,
)
from sim.scenario.toml_file import read_script
from tests.rehearsal.test_soak import demand_kept

SCENARIOS = sorted((Path(__file__).parents[1] / "data" / "scenarios").glob("*.toml"))


def test_there_are_stories() -> None:
    assert len(SCENARIOS) >= 10


@pytest.mark.parametrize("path", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_a_story_ends_as_it_should(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    with work_folder() as folder:
        outcome = play(read_script(path), folder)
    demand_kept(outcome)
    assert set(outcome.ordered) <= set(outcome.struck), "a fault of the story met nothing"


def test_an_expectation_that_is_not_met_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    script = Script("nobody comes", Given(lasts_s=60), expect=(Expectation(Expected.STORED, 1),))
    with work_folder() as folder:
        outcome = play(script, folder)
    assert [(one.promise, one.text) for one in outcome.broken] == [(EXPECTED, "stored: 0, expected 1")]


def test_names_that_nothing_has_are_named() -> None:
    script = Script(
        "wrong",
        Given(starts_at="tomorrow"),
        (ResidentVisit(1, "999"), StaffVisit(2, "7")),
        (
            FaultOrder(3, FaultKind.DOOR_JAMMED, "c99"),
            FaultOrder(4, FaultKind.LINE_CHOPS, "z"),
            FaultOrder(5, FaultKind.SUPPLY_NONE, "other"),
            FaultOrder(6, FaultKind.POWER_CUT, "after lunch"),
            FaultOrder(7, FaultKind.DISK_FULL),
        ),
    )
    problems = wrong_names(script, town_of(settings_for(24, Path())))
    starts = (
        "given: starts_at: 'tomorrow'", "visit at 1 s: unit: '999'", "visit at 2 s: account: '7'",
        "door_jammed at 3 s: where: 'c99'", "line_chops at 4 s: where: 'z'",
        "supply_none at 5 s: where: 'other'", "power_cut at 6 s: where: 'after lunch'",
    )  # fmt: skip
    assert len(problems) == len(starts)
    assert all(problem.startswith(start) for problem, start in zip(problems, starts, strict=True))


def test_a_cabinet_twice_as_large_has_boards_and_a_supply_of_its_own() -> None:
    settings = settings_for(48, Path())
    assert len({place.id for place in settings.compartment}) == 48
    assert len({place.label for place in settings.compartment}) == 48
    assert len({(place.bank, place.channel) for place in settings.compartment}) == 48
    assert len({(place.column, place.row) for place in settings.compartment}) == 48
    assert {place.supply for place in settings.compartment} == set(settings.supply) == {"main", "second"}
    assert len({bank.port for bank in settings.bank}) == 2


def test_there_is_no_cabinet_of_any_size() -> None:
    with pytest.raises(NoSuchCabinet, match="17 doors, expected 24 or 48"):
        settings_for(17, Path())
