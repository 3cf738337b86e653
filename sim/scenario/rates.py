"""How often what goes wrong in the days that are drawn. Every number of a seed is here, to be printed."""

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from sim.scenario.script import FaultKind, Mishap, Pickup

ORDINARY_COURIERS = 0.03
"""Share of couriers who walk off or cancel after open, at one of their parcels."""
CARELESSNESS: Mapping[Mishap, float] = {
    Mishap.CANCELS_INSIDE: 0.07,
    Mishap.CLOSES_EMPTY: 0.07,
    Mishap.WALKS_OFF_OPEN: 0.23,
    Mishap.WALKS_OFF_EMPTY: 0.2,
    Mishap.TAKES_BACK: 0.23,
    Mishap.WALKS_OFF_BEFORE_OPEN: 0.2,
}
"""What these do, in sum one."""
ORDINARY_MISHAPS: Mapping[Mishap, float] = {
    Mishap.TOO_LARGE: 0.02,
    Mishap.TYPES_WRONG_UNIT: 0.02,
    Mishap.NO_UNIT_ON_LABEL: 0.01,
    Mishap.MISREADS_UNIT: 0.005,
    Mishap.LEAVES_DOOR_FOR_LATER: 0.02,
    Mishap.SHARES_DOOR: 0.05,
    Mishap.STEPS_ASIDE: 0.01,
    Mishap.PRESSES_TWICE: 0.02,
    Mishap.LEANS_ON_DOOR: 0.01,
    Mishap.FITS_NOWHERE: 0.02,
    Mishap.NEEDS_SIGNATURE: 0.005,
}
"""What happens to any courier, for each parcel."""
MANY_CARELESS = (ORDINARY_COURIERS, 0.1, 0.2)
"""Shares of careless couriers of which a seed with faults has one: much can be found where people err."""
ORDINARY_PICKUPS: Mapping[Pickup, float] = {
    Pickup.SAYS_NOTHING: 0.70,
    Pickup.LEAVES_PARCEL: 0.002,
    Pickup.NEW_CODE: 0.002,
    Pickup.LEAVES_PARCEL_SILENTLY: 0.003,
    Pickup.LEAVES_DOOR: 0.017,
    Pickup.LEAVES_BOTH: 0.001,
    Pickup.COMES_BACK: 0.02,
    Pickup.MISTYPES: 0.03,
    Pickup.ONLY_LOOKS: 0.002,
    Pickup.NOT_MINE: 0.002,
    Pickup.DAMAGED_TAKEN: 0.003,
    Pickup.DAMAGED_LEFT: 0.002,
    Pickup.ASKS_HELP: 0.005,
}
"""For each pickup; the rest takes everything and answers. Who only looks, or leaves both, leaves a parcel and
a door: one in a hundred leaves a parcel in all, and two a door."""


STANDARD_DOORS = 24


class Level(enum.StrEnum):
    """How much breaks."""

    NONE = "none"
    USUAL = "usual"
    """Three faults a day."""
    HEAVY = "heavy"
    """Thirty a day."""


FAULTS_A_DAY: Mapping[Level, float] = {Level.NONE: 0.0, Level.USUAL: 3.0, Level.HEAVY: 30.0}


@dataclass(frozen=True, slots=True)
class Lasting:
    """How often a kind of fault comes beside the others, and between which limits it stays, in seconds."""

    weight: float
    shortest_s: float = 0.0
    longest_s: float = 0.0


LASTING: Mapping[FaultKind, Lasting] = {
    FaultKind.DOOR_JAMMED: Lasting(2, 600, 28_800),
    FaultKind.DOOR_STICKY: Lasting(3, 600, 28_800),
    FaultKind.DOOR_BLOCKED: Lasting(2, 600, 7200),
    FaultKind.LATCH_FAILS: Lasting(2, 600, 7200),
    FaultKind.SENSOR_STUCK_OPEN: Lasting(1, 60, 28_800),
    FaultKind.SENSOR_STUCK_CLOSED: Lasting(1, 600, 28_800),
    FaultKind.SENSOR_BOUNCES: Lasting(2, 600, 28_800),
    FaultKind.SLOW_LOCK: Lasting(2, 600, 28_800),
    FaultKind.LINE_GARBLES: Lasting(2, 5, 600),
    FaultKind.LINE_DROPS_REQUESTS: Lasting(2, 5, 600),
    FaultKind.LINE_DROPS_REPLIES: Lasting(2, 5, 600),
    FaultKind.LINE_IS_LATE: Lasting(2, 5, 600),
    FaultKind.LINE_HAS_JUNK: Lasting(2, 5, 600),
    FaultKind.LINE_CHOPS: Lasting(2, 5, 600),
    FaultKind.LINE_ECHOES: Lasting(1, 5, 600),
    FaultKind.LINE_IS_MUTE: Lasting(2, 5, 600),
    FaultKind.BOARD_IS_DEAD: Lasting(2, 5, 600),
    FaultKind.ADAPTER_UNPLUGGED: Lasting(2, 5, 600),
    FaultKind.SUPPLY_WEAK: Lasting(1, 5, 600),
    FaultKind.SUPPLY_NONE: Lasting(1, 5, 600),
    FaultKind.PROCESS_KILLED: Lasting(4, 2, 30),
    FaultKind.POWER_CUT: Lasting(3, 10, 1800),
    FaultKind.COMMIT_REFUSED: Lasting(2),
    FaultKind.COMMIT_LOST: Lasting(2),
    FaultKind.COMMIT_KEPT: Lasting(2),
    FaultKind.DISK_FULL: Lasting(1, 10, 600),
    FaultKind.DISK_GONE: Lasting(1, 5, 60),
    FaultKind.CLOCK_JUMPS: Lasting(2),
    FaultKind.CLOCK_NOT_TRUSTED: Lasting(1, 600, 14_400),
    FaultKind.PHONES_SILENT: Lasting(1, 60, 14_400),
    FaultKind.BROKER_AWAY: Lasting(2, 5, 28_800),
    FaultKind.BROKER_FORGETS: Lasting(1, 5, 3600),
    FaultKind.BROKER_SILENT: Lasting(2, 5, 3600),
    FaultKind.BROKER_UNTOLD: Lasting(1, 5, 600),
    FaultKind.BROKER_REFUSES: Lasting(1, 5, 3600),
}
"""Limits within which nothing may get lost."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Everything that a seed decides about its days; people come and break things as these say."""

    drop_offs_a_day: int = 40
    pickups_a_day: int = 40
    largest_load: int = 4
    """Most parcels of one courier."""
    open_s: float = 20.0
    for_the_desk: float = 0.01
    """Share of parcels that no compartment takes, for the unit does not say whose they are."""
    careless_couriers: float = ORDINARY_COURIERS
    """Share of visits, however many parcels they bring."""
    mishaps: Mapping[Mishap, float] = field(default_factory=lambda: dict(ORDINARY_MISHAPS))
    pickups: Mapping[Pickup, float] = field(default_factory=lambda: dict(ORDINARY_PICKUPS))
    two_at_once: float = 0.01
    """Share of pickups where two people of a unit come together."""
    shared_codes: float = 0.005
    staff_rounds_a_day: int = 3
    strangers_a_day: float = 0.1
    test_presses_a_day: float = 0.01
    key_moves_a_day: float = 0.02
    takings_a_day: float = 0.1
    """How often staff take a parcel out, to give it back or to bring it to another door."""
    faults_a_day: float = 0.0
    faults: Mapping[FaultKind, float] = field(default_factory=dict)
    """Shares of each kind of fault, in sum one."""

    def lines(self) -> tuple[str, ...]:
        """One line for each number, as it is printed."""
        return tuple(_lines(self))


def _lines(rates: Rates) -> list[str]:
    lines: list[str] = []
    for name, value in dataclasses.asdict(rates).items():
        if isinstance(value, dict):
            lines += [f"{name}.{kind} = {share:.4g}" for kind, share in value.items()]
        else:
            lines.append(f"{name} = {value:g}")
    return lines


def draw_rates(seed: str, level: Level) -> Rates:
    """The rates of one seed. Half of the kinds of faults do not come at all, the others unevenly."""
    dice = Random(f"rates/{seed}")
    weights = {kind: _weight(dice, lasting.weight) for kind, lasting in LASTING.items()}
    whole = sum(weights.values()) or 1.0
    shares = {kind: weight / whole for kind, weight in weights.items() if weight}
    return Rates(
        largest_load=dice.choice((2, 4, 4, 8, 8, 16, 40)),
        careless_couriers=ORDINARY_COURIERS if level is Level.NONE else dice.choice(MANY_CARELESS),
        mishaps=dict(ORDINARY_MISHAPS),
        pickups=dict(ORDINARY_PICKUPS),
        two_at_once=dice.choice((0.0, 0.01, 0.03)),
        shared_codes=dice.choice((0.0, 0.005, 0.01)),
        staff_rounds_a_day=dice.choice((1, 2, 3)),
        strangers_a_day=dice.choice((0.0, 0.1, 0.5)),
        test_presses_a_day=0.0 if level is Level.NONE else dice.choice((0.0, 0.02, 0.1)),
        key_moves_a_day=dice.choice((0.0, 0.02, 0.1)),
        faults_a_day=FAULTS_A_DAY[level],
        faults=shares if level is not Level.NONE else {},
        takings_a_day=dice.choice((0.0, 0.1, 0.5)),
    )


def ordinary_rates(seed: str, doors: int) -> Rates:
    """Ordinary people alone, as many as there are doors for: no strangers, no key, no button, no faults."""
    drawn, standard = draw_rates(seed, Level.NONE), Rates()
    return dataclasses.replace(
        drawn,
        drop_offs_a_day=standard.drop_offs_a_day * doors // STANDARD_DOORS,
        pickups_a_day=standard.pickups_a_day * doors // STANDARD_DOORS,
        staff_rounds_a_day=0,
        strangers_a_day=0.0,
        test_presses_a_day=0.0,
        key_moves_a_day=0.0,
        takings_a_day=0.0,
    )


def _weight(dice: Random, usual: float) -> float:
    return 0.0 if dice.random() < 0.5 else usual * dice.uniform(0.2, 2.0)
