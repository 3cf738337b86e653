"""The judge of parcels on shelves and at the desk."""

import pytest

from kiosk.rehearsal.diary import PlaceDid, Touched
from kiosk.rehearsal.judge import judge
from sim.scenario.script import Mishap, StaffVisit
from tests.rehearsal.judged import (
    Story,
    bring,
    broken_in,
    fetch,
    lines_of,
    otherwise,
    record,
    rows_of,
    with_entries,
    without_rows,
)

ELSEWHERE: Story = (
    (
        bring(60, ("412", "XL", Mishap.FITS_NOWHERE), ("204", "S", Mishap.NEEDS_SIGNATURE)),
        bring(900, ("101", "XL", Mishap.FITS_NOWHERE), carrier="brindle"),
        StaffVisit(1500, "1"),
        fetch(2000, "412"),
        fetch(2600, "204"),
        StaffVisit(3200, "2"),
    ),
    (),
)


def test_every_promise_holds_in_this_story() -> None:
    assert [str(one) for one in judge(record(ELSEWHERE), is_quiet=True).broken] == []


def test_the_story_has_parcels_at_places_to_the_end() -> None:
    assert judge(record(ELSEWHERE)).reached["parcels at places at the end"] >= 1


def test_a_parcel_on_a_shelf_of_which_the_log_knows_nothing_is_forgotten() -> None:
    told = record(ELSEWHERE)
    last = told.entries[-1]
    seen = PlaceDid(last.at_ms, "somebody", "put at", "shelf R-04", "p99")
    forged = with_entries(told, lambda entry: (entry, seen) if entry is last else (entry,))
    assert broken_in(forged) == {4}
    assert "1 parcels are at shelf R-04, and the log knows of 0" in lines_of(forged)


@pytest.mark.parametrize("action", ["placed", "is_here", "have_it", "hand_over"])
def test_custody_begins_and_ends_by_the_word_of_who_may_say_so(action: str) -> None:
    told = record(ELSEWHERE)
    forged = otherwise(
        told, lambda entry: isinstance(entry, Touched) and entry.action == action, action="stay"
    )
    assert 4 in broken_in(forged)
    assert "nobody" in lines_of(forged)


def test_a_delivery_that_the_log_loses_is_missed() -> None:
    told = record(ELSEWHERE)
    left = {row.subject for row in rows_of(told, "PlaceAssigned")}
    left -= {row.subject for row in rows_of(told, "DeliveryCollected")}
    gone = [row for row in told.rows if row.subject in left]
    assert 4 in broken_in(without_rows(told, *gone))
