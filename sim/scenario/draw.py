"""Days drawn from a seed: who comes when. The same seed draws the same script, everywhere and always."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from sim.scenario.draw_faults import FaultPlaces, draw_faults
from sim.scenario.rates import CARELESSNESS, Level, Rates, draw_rates, ordinary_rates
from sim.scenario.script import (
    CourierVisit,
    Given,
    Load,
    Mischief,
    Mishap,
    Pickup,
    ResidentVisit,
    Script,
    StaffVisit,
    StaffWork,
    StrangerVisit,
    TechnicianVisit,
    Visit,
)

T = TypeVar("T")
DAY_S = 86_400.0
RUSH_HOURS = ((5.0, 9.0), (5.0, 9.0), (9.0, 13.0), (13.0, 17.0))
"""Hours after the curtain rises in which couriers come; in the earlier ones more of them."""
SIZES = {"S": 0.5, "M": 0.3, "L": 0.15, "XL": 0.05}
"""How large parcels are."""
STAFF_HOURS = (4.0, 11.0, 15.0)
WEEKEND_STARTS_AT = "2026-01-08T08:00:00Z"
"""A Thursday: by Friday evening the cabinet is as full as ever."""
STAFF_LEAVE_S, STAFF_ARE_BACK_S = 34 * 3600.0, 97 * 3600.0
"""Friday 18:00 and Monday 09:00."""
BEFORE_WEEKEND_HOURS = (4.0, 8.5)
MEAN_WAIT_S = 4 * 3600.0
"""How long a parcel waits for its resident, on average."""
LONGEST_WAIT_S = 20 * 3600.0


@dataclass(frozen=True, slots=True)
class Town:
    """Who there is to come and what there is to break."""

    units: Sequence[str]
    desk_units: Sequence[str]
    """Units whose people have parcels of their own: the kiosk sends the courier to the desk."""
    carriers: Sequence[str]
    accounts: Sequence[str]
    banks: Sequence[str]
    faults: FaultPlaces


@dataclass(frozen=True, slots=True)
class Drawn:
    """A script, and the numbers it was drawn with."""

    rates: Rates
    script: Script


@dataclass(frozen=True, slots=True)
class Order:
    """What to draw. Days are played in one go."""

    seed: str
    days: int
    level: Level
    doors: int = 24
    is_polled: bool = False
    is_weekend: bool = False
    """Ordinary people alone over a weekend without staff, instead of days with everything."""


def draw(order: Order, town: Town) -> Drawn:
    """Days of the standard kiosk, or its weekend."""
    if order.is_weekend:
        return _draw_weekend(order, town)
    rates = draw_rates(order.seed, order.level)
    dice = Random(f"days/{order.seed}")
    visits: list[Visit] = []
    for day in range(order.days):
        visits += _day(day * DAY_S, rates, town, dice)
    lasts_s = order.days * DAY_S
    given = Given(
        doors=order.doors,
        seed=dice.getrandbits(31),
        lasts_s=lasts_s,
        is_polled=order.is_polled,
    )
    script = Script(
        name=f"{order.days} days of seed {order.seed}, faults {order.level}",
        given=given,
        visits=tuple(sorted(visits, key=_at)),
        faults=draw_faults(rates, town.faults, lasts_s, Random(f"faults/{order.seed}")),
    )
    return Drawn(rates, script)


def _draw_weekend(order: Order, town: Town) -> Drawn:
    """From Thursday to Monday: nothing breaks, and nobody comes without business; staff leave on Friday."""
    rates = ordinary_rates(order.seed, order.doors)
    dice = Random(f"weekend/{order.seed}/{order.doors}")
    visits: list[Visit] = []
    for day in range(math.ceil(STAFF_ARE_BACK_S / DAY_S)):
        couriers = list(_couriers(day * DAY_S, rates, town, dice))
        visits += [*couriers, *_residents(day * DAY_S, couriers, rates, dice)]
        if day * DAY_S < STAFF_LEAVE_S:
            visits += _staff(day * DAY_S, BEFORE_WEEKEND_HOURS, town, dice)
    given = Given(
        doors=order.doors,
        seed=dice.getrandbits(31),
        starts_at=WEEKEND_STARTS_AT,
        lasts_s=STAFF_ARE_BACK_S,
        measured_from_s=STAFF_LEAVE_S,
    )
    come = sorted((visit for visit in visits if visit.at_s < STAFF_ARE_BACK_S), key=_at)
    return Drawn(rates, Script(f"weekend of seed {order.seed}, {order.doors} doors", given, tuple(come)))


def _at(visit: Visit) -> float:
    return visit.at_s


def _day(start_s: float, rates: Rates, town: Town, dice: Random) -> list[Visit]:
    couriers = list(_couriers(start_s, rates, town, dice))
    return [
        *couriers,
        *_residents(start_s, couriers, rates, dice),
        *_staff(start_s, STAFF_HOURS[: rates.staff_rounds_a_day], town, dice),
        *_others(start_s, rates, town, dice),
        *_takings(start_s, rates, town, Random(f"takings/{start_s}/{len(couriers)}/{couriers[0].at_s}")),
    ]


def _takings(start_s: float, rates: Rates, town: Town, dice: Random) -> Iterator[StaffVisit]:
    for at_s in _moments(start_s, rates.takings_a_day, dice):
        work = dice.choice((StaffWork.GIVE_BACK, StaffWork.MOVE))
        yield StaffVisit(at_s, dice.choice(town.accounts), work)


def _couriers(start_s: float, rates: Rates, town: Town, dice: Random) -> Iterator[CourierVisit]:
    left = rates.drop_offs_a_day
    while left:
        count = min(left, dice.randint(1, rates.largest_load))
        left -= count
        begin, end = dice.choice(RUSH_HOURS)
        yield CourierVisit(
            at_s=round(start_s + dice.uniform(begin, end) * 3600, 1),
            carrier=dice.choice(town.carriers),
            loads=_loads(count, rates, town, dice),
            open_s=rates.open_s,
        )


def _loads(count: int, rates: Rates, town: Town, dice: Random) -> tuple[Load, ...]:
    """The parcels of one courier, who may be careless with one of them."""
    loads = [_load(rates, town, dice) for _ in range(count)]
    if dice.random() < rates.careless_couriers:
        which = dice.randrange(count)
        loads[which] = replace(loads[which], mishap=_one_of(CARELESSNESS, dice, Mishap.TAKES_BACK))
    return tuple(loads)


def _load(rates: Rates, town: Town, dice: Random) -> Load:
    size = _one_of(SIZES, dice, "S")
    units = town.desk_units if dice.random() < rates.for_the_desk else town.units
    return Load(dice.choice(units), size, _one_of(rates.mishaps, dice, Mishap.NONE))


def _one_of(shares: Mapping[T, float], dice: Random, otherwise: T) -> T:
    """One of them by its share; what the shares leave over is `otherwise`."""
    thrown = dice.random()
    for one, share in shares.items():
        thrown -= share
        if thrown < 0:
            return one
    return otherwise


def _residents(
    start_s: float, couriers: Sequence[CourierVisit], rates: Rates, dice: Random
) -> Iterator[ResidentVisit]:
    brought = [(courier.at_s, load.unit) for courier in couriers for load in courier.loads]
    for at_s, unit in brought[: rates.pickups_a_day]:
        wait_s = min(-math.log(1 - dice.random()) * MEAN_WAIT_S, LONGEST_WAIT_S)
        yield ResidentVisit(
            at_s=round(at_s + 900 + wait_s, 1),
            unit=unit,
            pickup=_one_of(rates.pickups, dice, Pickup.ANSWERS),
            open_s=rates.open_s,
            together=2 if dice.random() < rates.two_at_once else 1,
            code_shared=dice.random() < rates.shared_codes,
        )


def _staff(start_s: float, hours: Sequence[float], town: Town, dice: Random) -> Iterator[StaffVisit]:
    for hour in hours:
        at_s = round(start_s + (hour + dice.random()) * 3600, 1)
        account = dice.choice(town.accounts)
        yield StaffVisit(at_s, account, StaffWork.CLOSE_DOORS)
        yield StaffVisit(at_s + 30, account, StaffWork.SETTLE)


def _others(start_s: float, rates: Rates, town: Town, dice: Random) -> Iterator[Visit]:
    for at_s in _moments(start_s, rates.strangers_a_day, dice):
        yield StrangerVisit(at_s, float(dice.randint(20, 240)), dice.choice(list(Mischief)))
    for at_s in _moments(start_s, rates.test_presses_a_day, dice):
        yield TechnicianVisit(at_s, dice.choice(town.banks))
    for at_s in _moments(start_s, rates.key_moves_a_day, dice):
        yield StaffVisit(at_s, dice.choice(town.accounts), StaffWork.KEY_MOVE)


def _moments(start_s: float, a_day: float, dice: Random) -> list[float]:
    """Moments of one day, so many on average."""
    count = int(a_day) + (dice.random() < a_day % 1)
    return [round(start_s + dice.uniform(0, DAY_S), 1) for _ in range(count)]
