"""A failing script is made as short as it can be, in a bounded number of tries."""

from kiosk.rehearsal.shrink import MARGIN_S, Shrinker
from sim.scenario.script import (
    CourierVisit,
    FaultKind,
    FaultOrder,
    Given,
    Load,
    ResidentVisit,
    Script,
    Visit,
)

LOADS = tuple(Load(unit, "S") for unit in ("101", "412", "103"))
VISITS: tuple[Visit, ...] = (
    *(CourierVisit(1000.0 * number, "halvorn", LOADS) for number in range(20)),
    *(ResidentVisit(1000.0 * number + 500, "412") for number in range(20)),
)
FAULTS = tuple(
    FaultOrder(700.0 * number, FaultKind.DOOR_JAMMED, f"c{number}", 7200) for number in range(1, 20)
)
SCRIPT = Script("long", Given(lasts_s=86_400), VISITS, FAULTS)


def fails(script: Script) -> bool:
    """Needs the fourth courier's parcel for 412, the resident after, and door 7 jammed for a minute."""
    has_courier = any(
        visit.at_s == 3000 and any(load.unit == "412" for load in visit.loads)
        for visit in script.visits
        if isinstance(visit, CourierVisit)
    )
    has_resident = any(isinstance(visit, ResidentVisit) and visit.at_s == 3500 for visit in script.visits)
    return (
        has_courier and has_resident and any(one.where == "c7" and one.lasts_s > 60 for one in script.faults)
    )


def test_only_what_matters_is_left() -> None:
    shrinker = Shrinker(fails, 300)
    short = shrinker.shrink(SCRIPT)
    assert short.visits == (
        CourierVisit(3000.0, "halvorn", (Load("412", "S"),)),
        ResidentVisit(3500.0, "412"),
    )
    assert short.faults == (FaultOrder(4900, FaultKind.DOOR_JAMMED, "c7", 64),)
    assert short.given.lasts_s == 4900 + MARGIN_S
    assert shrinker.runs_left > 200


def test_what_cannot_be_made_shorter_stays() -> None:
    assert Shrinker(lambda script: len(script.visits) == 40).shrink(SCRIPT).visits == tuple(
        sorted(VISITS, key=lambda visit: visit.at_s)
    )


def test_a_script_that_fails_by_itself_is_left_with_nothing() -> None:
    short = Shrinker(lambda _: True).shrink(SCRIPT)
    assert not short.visits
    assert not short.faults


def test_no_more_tries_than_allowed() -> None:
    tried = 0

    def count(script: Script) -> bool:
        nonlocal tried
        tried += 1
        return fails(script)

    short = Shrinker(count, 15).shrink(SCRIPT)
    assert tried == 15
    assert fails(short)
