"""What came of one performance: promises broken, faults that struck, states that were reached."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.rehearsal.judge.verdict import Broken
from sim.scenario.draw import DAY_S
from sim.scenario.script import Script

RUNS = "runs"
"""The program raises nothing that it does not foresee, and never waits for ever."""
ENDS = "ends"
"""Everybody who comes goes away again."""
EXPECTED = "expected"
"""What the script expects at its end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One performance, told so that it can be sent between processes."""

    script: Script
    broken: tuple[Broken, ...] = ()
    head: str = ""
    """Epoch, number and hash of the newest event: equal heads mean logs equal byte for byte."""
    judged: Mapping[str, int] = field(default_factory=dict)
    """How often each promise was put to the test."""
    ordered: Mapping[str, int] = field(default_factory=dict)
    struck: Mapping[str, int] = field(default_factory=dict)
    reached: Mapping[str, int] = field(default_factory=dict)
    """How often each kind of event, each page, and whatever else the judge names, came."""
    measures: Mapping[str, int] = field(default_factory=dict)
    """Figures that say something only over many performances."""

    @property
    def promises(self) -> frozenset[str]:
        """Which promises are broken."""
        return frozenset(one.promise for one in self.broken)


@dataclass
class Sum:
    """Many performances together."""

    performances: int = 0
    days: float = 0.0
    broken: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    ordered: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    measures: Counter[str] = field(default_factory=Counter)
    each: list[tuple[int, Mapping[str, int]]] = field(default_factory=list)
    """Of each performance, the number of doors and the measures."""
    failures: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """One more."""
        self.performances += 1
        self.days += outcome.script.given.lasts_s / DAY_S
        self.broken.update(outcome.promises)
        self.judged.update(outcome.judged)
        self.ordered.update(outcome.ordered)
        self.struck.update(outcome.struck)
        self.reached.update(outcome.reached)
        self.measures.update(outcome.measures)
        self.each.append((outcome.script.given.doors, outcome.measures))
        if outcome.broken:
            self.failures.append(outcome)
