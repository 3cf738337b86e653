"""The sample building as a script may name it: who comes, what can break, and which names there are not."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from config.sample import read_sample
from config.settings import Settings
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.directory import UnitMode
from kiosk.rehearsal.crash import Boundary
from kiosk.service.codes import CODE_DIGITS
from sim.scenario.draw import Town
from sim.scenario.draw_faults import AT_BANKS, AT_BOUNDARIES, AT_DOORS, AT_SUPPLIES, FaultPlaces
from sim.scenario.script import (
    AT_ONCE,
    CourierVisit,
    FaultOrder,
    ResidentVisit,
    Script,
    StaffVisit,
    StrangerVisit,
    TechnicianVisit,
    Visit,
)


def town_of(settings: Settings) -> Town:
    """The people of the sample building before this cabinet."""
    building = read_sample()
    return Town(
        units=tuple(unit.label for unit in building.units if unit.mode is UnitMode.HOUSEHOLD),
        desk_units=tuple(unit.label for unit in building.units if unit.mode is UnitMode.SEPARATE),
        carriers=tuple(carrier.id for carrier in building.carriers),
        accounts=tuple(person.account for person in building.staff),
        banks=tuple(bank.id for bank in settings.bank),
        faults=FaultPlaces(
            doors=tuple(place.id for place in settings.compartment),
            banks=tuple(bank.id for bank in settings.bank),
            supplies=tuple(settings.supply),
            boundaries=tuple(Boundary),
        ),
    )


def wrong_names(script: Script, town: Town) -> tuple[str, ...]:
    """Every name in a script that nothing here has, one line each."""
    return tuple(_wrong(script, town))


def _wrong(script: Script, town: Town) -> Iterator[str]:
    try:
        datetime.fromisoformat(script.given.starts_at)
    except ValueError:
        yield f"given: starts_at: {script.given.starts_at!r}, expected a time such as 2026-01-05T08:00:00Z"
    if not 1 <= script.given.code_digits <= CODE_DIGITS:
        yield f"given: code_digits: {script.given.code_digits}, expected 1 to {CODE_DIGITS}"
    for visit in script.visits:
        yield from (f"visit at {visit.at_s:g} s: {problem}" for problem in _of_visit(visit, town))
    for order in script.faults:
        yield from (f"{order.kind} at {order.at_s:g} s: {problem}" for problem in _of_fault(order, town))


def _of_visit(visit: Visit, town: Town) -> Iterator[str]:
    match visit:
        case CourierVisit(carrier=carrier, loads=loads):
            yield from _one_of("carrier", carrier, town.carriers)
            for load in loads:
                yield from _one_of("unit", load.unit, (*town.units, *town.desk_units))
                yield from _one_of("size", load.size, tuple(SizeClass))
        case ResidentVisit(unit=unit):
            yield from _one_of("unit", unit, (*town.units, *town.desk_units))
        case StaffVisit(account=account):
            yield from _one_of("account", account, town.accounts)
        case TechnicianVisit(bank=bank):
            yield from _one_of("bank", bank, town.banks)
        case StrangerVisit():
            pass


def _of_fault(order: FaultOrder, town: Town) -> Iterator[str]:
    places = town.faults
    if order.kind in AT_DOORS:
        yield from _one_of("where", order.where, ("", *places.doors))
    elif order.kind in AT_BANKS:
        yield from _one_of("where", order.where, ("", *places.banks))
    elif order.kind in AT_SUPPLIES:
        yield from _one_of("where", order.where, ("", *places.supplies))
    elif order.kind in AT_BOUNDARIES:
        yield from _one_of("where", order.where, ("", *places.boundaries))
    elif order.where and order.where != AT_ONCE:
        yield f"where: {order.where!r}, expected nothing or {AT_ONCE!r}"


def _one_of(what: str, name: str, known: Sequence[str]) -> Iterator[str]:
    if name not in known:
        yield f"{what}: {name!r}, expected one of: {', '.join(one or 'nothing' for one in known)}"
