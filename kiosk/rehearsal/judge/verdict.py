"""What a judge says: of each promise whether it held, how often it was put to the test, and what broke it."""

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


class Standing(enum.StrEnum):
    """How a promise stands after a performance."""

    HELD = "held"
    BROKEN = "broken"
    UNTRIED = "untried"
    """Nothing of this performance put it to the test."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One breach: the line names the door, the delivery and what was seen."""

    promise: str
    text: str
    at_ms: int = 0
    """Milliseconds after the curtain rose; zero where it was found at the end."""

    def __str__(self) -> str:
        return f"{self.at_ms / 1000:.3f} s: {self.promise}: {self.text}"


@dataclass(frozen=True, slots=True)
class Judged:
    """One promise."""

    number: int
    name: str
    standing: Standing
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """All promises, every breach in order of time, and what the performance has reached."""

    promises: tuple[Judged, ...]
    broken: tuple[Broken, ...]
    reached: Mapping[str, int] = field(default_factory=dict)
    measures: Mapping[str, int] = field(default_factory=dict)
    """Figures that are judged over many performances: turned away, unknown compartments."""

    def promise(self, number: int) -> Judged:
        """One promise by its number."""
        return next(one for one in self.promises if one.number == number)


@dataclass(slots=True)
class Hearing:
    """Of one promise: every demand made, and those that were not met."""

    promise: str
    tried: int = 0
    broken: list[Broken] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)

    def demand(self, is_so: object, at_ms: int, what: str) -> None:
        """Note a breach unless it is so."""
        self.tried += 1
        if not is_so:
            self.broken.append(Broken(self.promise, what, at_ms))
