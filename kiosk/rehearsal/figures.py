"""The figures of promise 3 over many weekends without staff: how much stays unknown, who is turned away."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kiosk.rehearsal.judge.measures import IN_VAIN

MEAN_BELOW = 0.02
"""Share of door-hours that are unknown, on average over all weekends."""
NEARLY_ALL_BELOW = 0.05
"""The same in 95 of 100 weekends."""
NEARLY_ALL = 0.95
TURNED_AWAY_BELOW = 1 / 200
"""Share of drop-offs that find no compartment while a truly empty door of the size exists."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What many weekends came to."""

    shares: Sequence[float]
    """Of each weekend, the share of door-hours that was unknown; from low to high."""
    drop_offs: int
    turned_away: int
    """Drop-offs that found no compartment though an empty door of the size would have taken them."""
    beside_empty: int = 0
    """Drop-offs that found none while there was one: of ten parcels before one empty door all ten."""

    @property
    def mean(self) -> float:
        """The average weekend."""
        return sum(self.shares) / len(self.shares)

    @property
    def nearly_all(self) -> float:
        """95 of 100 weekends were at most so."""
        return self.shares[math.ceil(NEARLY_ALL * len(self.shares)) - 1]

    @property
    def away(self) -> float:
        """The share of drop-offs that was turned away."""
        return self.turned_away / max(1, self.drop_offs)

    def missed(self) -> tuple[str, ...]:
        """Each figure that is not as promised, one line."""
        return tuple(self._missed())

    def _missed(self) -> Iterator[str]:
        for what, share, below in (
            ("door-hours unknown on average", self.mean, MEAN_BELOW),
            ("door-hours unknown in 95 of 100 weekends", self.nearly_all, NEARLY_ALL_BELOW),
            ("drop-offs turned away", self.away, TURNED_AWAY_BELOW),
        ):
            if share >= below:
                yield f"{what}: {share:.2%}, promised less than {below:.2%}"

    def lines(self) -> tuple[str, ...]:
        """To be printed."""
        count = len(self.shares)
        return (
            f"door-hours unknown, {count} weekends: {self.mean:.2%} on average",
            f"in 95 of 100: at most {self.nearly_all:.2%}; at worst {self.shares[-1]:.2%}",
            f"turned away though there was an empty door: {self.turned_away} of {self.drop_offs} drop-offs",
            f"turned away while any door of the size was empty: {self.beside_empty}",
        )


def figures_of(weekends: Sequence[Mapping[str, int]]) -> Figures:
    """The figures over the measures of each weekend."""
    return Figures(
        shares=sorted(one["unknown_door_ms"] / one["door_ms"] for one in weekends),
        drop_offs=sum(one["drop_offs"] for one in weekends),
        turned_away=sum(one[IN_VAIN] for one in weekends),
        beside_empty=sum(one["turned_away_beside_empty"] for one in weekends),
    )
