"""One measured line: what the floor took, what the product took, the goal and whether it holds."""

import enum
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

TOLERANCE = 0.25
"""Two rounds on one machine differ by so much without anybody being slower."""


class Kind(enum.StrEnum):
    """How a goal is meant."""

    RATIO = "ratio"
    """Median of the product over median of the floor."""
    LIMIT = "limit"
    """Median of the product in the row's own unit."""
    REPORT = "report"
    """No goal; shown because it explains another row."""


class Verdict(enum.StrEnum):
    """Whether a goal holds."""

    HOLDS = "holds"
    WITHIN_TOLERANCE = "within tolerance"
    MISSED = "missed"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `floor` and `product` hold one figure a round."""

    name: str
    unit: str
    floor: Sequence[float]
    product: Sequence[float]
    goal: float | None = None
    kind: Kind = Kind.RATIO
    tolerance: float = TOLERANCE
    p99: tuple[float, float] | None = None
    """Of the floor and of the product; never judged."""
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def ratio(self) -> float | None:
        """Product over floor, where there is a floor."""
        if not self.floor:
            return None
        below = statistics.median(self.floor)
        return statistics.median(self.product) / below if below else math.inf

    @property
    def judged(self) -> float | None:
        """The number that the goal is about."""
        return self.ratio if self.kind is Kind.RATIO else statistics.median(self.product)

    @property
    def verdict(self) -> Verdict:
        """Whether the goal holds."""
        if self.kind is Kind.REPORT or self.goal is None or self.judged is None:
            return Verdict.REPORTED
        if self.judged <= self.goal:
            return Verdict.HOLDS
        is_near = self.judged <= self.goal * (1 + self.tolerance)
        return Verdict.WITHIN_TOLERANCE if is_near else Verdict.MISSED

    def as_json(self) -> dict[str, object]:
        """The row as it stands in the results file."""
        return {
            "name": self.name,
            "unit": self.unit,
            "floor": list(self.floor),
            "product": list(self.product),
            "ratio": self.ratio,
            "goal": self.goal,
            "kind": self.kind.value,
            "tolerance": self.tolerance,
            "p99": None if self.p99 is None else {"floor": self.p99[0], "product": self.p99[1]},
            "verdict": self.verdict.value,
            "notes": list(self.notes),
        }


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` of the samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(slots=True)
class Samples:
    """Single measurements of one side, by round."""

    rounds: list[list[float]] = field(default_factory=list)

    def add(self, samples: Sequence[float]) -> None:
        """The measurements of one more round."""
        self.rounds.append(list(samples))

    @property
    def medians(self) -> list[float]:
        """The median of each round."""
        return [statistics.median(samples) for samples in self.rounds]

    @property
    def p99(self) -> float:
        """Over all rounds."""
        return percentile([sample for samples in self.rounds for sample in samples], 0.99)

    @property
    def worst(self) -> float:
        """The largest of all."""
        return max(sample for samples in self.rounds for sample in samples)
