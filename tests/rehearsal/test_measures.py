"""What is measured of drop-offs that were turned away: by doors that the kiosk believed full and were not."""

import logging
from collections.abc import Mapping
from pathlib import Path

import pytest

from kiosk.rehearsal.performance import perform
from sim.scenario.script import CourierVisit, Given, Load, Mishap, Script

LARGEST = 2
"""So many doors are of the largest size."""


@pytest.fixture
def folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Path:
    caplog.set_level(logging.CRITICAL)
    return tmp_path


def measured(folder: Path, *visits: CourierVisit) -> Mapping[str, int]:
    outcome = perform(Script("turned away", Given(lasts_s=7200), visits), folder)
    assert not outcome.broken
    return outcome.measures


def bring(at_s: float, units: tuple[str, ...], mishap: Mishap = Mishap.NONE) -> CourierVisit:
    return CourierVisit(at_s, "halvorn", tuple(Load(unit, "XL", mishap) for unit in units), 5)


def test_where_every_door_is_full_nobody_is_turned_away_in_vain(folder: Path) -> None:
    found = measured(folder, bring(10, ("412", "101")), bring(1800, ("204", "203")))
    assert found["drop_offs"] == LARGEST + 2
    assert found["turned_away"] == 2
    assert found["turned_away_beside_empty"] == found["turned_away_in_vain"] == 0


def test_of_three_before_one_empty_door_one_is_turned_away_in_vain(folder: Path) -> None:
    """The courier closes an empty compartment, and the kiosk believes that the parcel is inside."""
    nothing = bring(10, ("412",), Mishap.CLOSES_EMPTY)
    found = measured(folder, nothing, bring(900, ("101",)), bring(1800, ("204", "203", "103")))
    assert found["turned_away"] == found["turned_away_beside_empty"] == 3
    assert found["turned_away_in_vain"] == 1
