"""Faults drawn from a seed: what breaks when, where, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sim.scenario.rates import LASTING, Lasting, Rates
from sim.scenario.script import FaultKind, FaultOrder

AT_DOORS = frozenset(
    {
        FaultKind.DOOR_JAMMED,
        FaultKind.DOOR_STICKY,
        FaultKind.DOOR_BLOCKED,
        FaultKind.LATCH_FAILS,
        FaultKind.SENSOR_STUCK_OPEN,
        FaultKind.SENSOR_STUCK_CLOSED,
        FaultKind.SENSOR_BOUNCES,
        FaultKind.SLOW_LOCK,
    }
)
AT_BANKS = frozenset(
    {
        FaultKind.LINE_GARBLES,
        FaultKind.LINE_DROPS_REQUESTS,
        FaultKind.LINE_DROPS_REPLIES,
        FaultKind.LINE_IS_LATE,
        FaultKind.LINE_HAS_JUNK,
        FaultKind.LINE_CHOPS,
        FaultKind.LINE_ECHOES,
        FaultKind.LINE_IS_MUTE,
        FaultKind.BOARD_IS_DEAD,
        FaultKind.ADAPTER_UNPLUGGED,
    }
)
AT_BROKER = frozenset(
    {
        FaultKind.BROKER_AWAY,
        FaultKind.BROKER_FORGETS,
        FaultKind.BROKER_SILENT,
        FaultKind.BROKER_UNTOLD,
        FaultKind.BROKER_REFUSES,
    }
)
AT_SUPPLIES = frozenset({FaultKind.SUPPLY_WEAK, FaultKind.SUPPLY_NONE})
AT_BOUNDARIES = frozenset({FaultKind.PROCESS_KILLED, FaultKind.POWER_CUT})
AMOUNTS = {
    FaultKind.DOOR_STICKY: (1, 2),
    FaultKind.SENSOR_BOUNCES: (20, 300),
    FaultKind.SLOW_LOCK: (60, 450),
    FaultKind.LINE_IS_LATE: (50, 400),
}
"""Pulses in vain; milliseconds."""
CHANCES = {
    FaultKind.LINE_GARBLES: (0.05, 0.6),
    FaultKind.LINE_DROPS_REQUESTS: (0.05, 0.6),
    FaultKind.LINE_DROPS_REPLIES: (0.05, 0.6),
}
"""How often a fault of a line strikes."""
BUSY_HOURS = (4.0, 20.0)
"""Hours of a day in which most things break, for nobody is there in the others."""
AT_NIGHT = 0.2
"""Share of faults at any hour."""
JUMPS_S = (-86_400.0, -3600.0, -30.0, 30.0, 3600.0, 86_400.0, 400 * 86_400.0)
KILLS_AT_ONCE = 0.2
"""Share of kills that wait for no boundary."""
AT_A_DOOR = 0.1
"""Share of faults of doors and supplies that have a place from the start, whether or not anybody uses it."""
AT_A_BANK = 0.5
"""The same for lines and boards, which are read all the time."""


@dataclass(frozen=True, slots=True)
class FaultPlaces:
    """What there is to break."""

    doors: Sequence[str]
    banks: Sequence[str]
    supplies: Sequence[str]
    boundaries: Sequence[str]


def draw_faults(rates: Rates, places: FaultPlaces, lasts_s: float, dice: Random) -> tuple[FaultOrder, ...]:
    """Everything that breaks between 0 and `lasts_s`, in order of time."""
    days = lasts_s / 86_400
    wanted = rates.faults_a_day * days
    count = int(wanted) + (dice.random() < wanted % 1)
    if not rates.faults:
        return ()
    kinds = dice.choices(list(rates.faults), weights=list(rates.faults.values()), k=count)
    orders = [_order(kind, _moment(lasts_s, dice), places, dice) for kind in kinds]
    return tuple(sorted(orders, key=lambda order: order.at_s))


def _moment(lasts_s: float, dice: Random) -> float:
    if dice.random() < AT_NIGHT:
        return round(dice.uniform(600, lasts_s), 1)
    day = dice.randrange(max(1, round(lasts_s / 86_400)))
    return round(day * 86_400 + dice.uniform(*BUSY_HOURS) * 3600, 1)


def _order(kind: FaultKind, at_s: float, places: FaultPlaces, dice: Random) -> FaultOrder:
    lasting = LASTING[kind]
    return FaultOrder(
        at_s=at_s,
        kind=kind,
        where=_where(kind, places, dice),
        lasts_s=_length(lasting, dice),
        amount=_amount(kind, dice),
    )


def _length(lasting: Lasting, dice: Random) -> float:
    """As many between one and ten minutes as between ten and a hundred."""
    if not lasting.longest_s:
        return 0.0
    growth: float = (lasting.longest_s / lasting.shortest_s) ** dice.random()
    return round(lasting.shortest_s * growth, 1)


def _where(kind: FaultKind, places: FaultPlaces, dice: Random) -> str:
    """Mostly nowhere: then it strikes what is used next."""
    for kinds, there, share in (
        (AT_DOORS, places.doors, AT_A_DOOR),
        (AT_SUPPLIES, places.supplies, AT_A_DOOR),
        (AT_BANKS, places.banks, AT_A_BANK),
        (AT_BOUNDARIES, places.boundaries, 1 - KILLS_AT_ONCE),
    ):
        if kind in kinds and dice.random() < share:
            return dice.choice(there)
    return ""


def _amount(kind: FaultKind, dice: Random) -> float:
    if kind is FaultKind.CLOCK_JUMPS:
        return dice.choice(JUMPS_S)
    if kind in AMOUNTS:
        return float(dice.randint(*AMOUNTS[kind]))
    return round(dice.uniform(*CHANCES[kind]), 3) if kind in CHANCES else 0.0
