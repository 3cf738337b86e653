"""Who acts out which visit of a script."""

from typing import assert_never

from sim.people.courier import bring
from sim.people.place import Place
from sim.people.resident import fetch
from sim.people.staff import work
from sim.people.stranger import make_mischief
from sim.people.technician import press_and_tidy
from sim.scenario.script import (
    CourierVisit,
    ResidentVisit,
    StaffVisit,
    StrangerVisit,
    TechnicianVisit,
    Visit,
)


async def play_visit(visit: Visit, place: Place) -> None:
    """Act out one visit from now on, to its end; it ends always, whatever the kiosk does."""
    match visit:
        case CourierVisit():
            await bring(visit, place)
        case ResidentVisit():
            await fetch(visit, place)
        case StaffVisit():
            await work(visit, place)
        case TechnicianVisit():
            await press_and_tidy(visit, place)
        case StrangerVisit():
            await make_mischief(visit, place)
        case _:
            assert_never(visit)
