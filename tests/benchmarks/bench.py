"""What every line is given: how many rounds, where big files live, and a way to say what is going on."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 5


class LineBroken(Exception):
    """A line could not be measured: a program ended, or did not do what was expected of it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The frame of one run; `say` shows what a line is doing now."""

    folder: Path
    say: Callable[[str], None]
    rounds: int = ROUNDS
    idle_s: float = 12.0
    """How long an idle program is watched in each round."""

    def turns(self) -> Iterator[tuple[int, bool]]:
        """Number of each round, and whether the floor goes first in it."""
        return ((number, number % 2 == 1) for number in range(1, self.rounds + 1))

    async def interleave(
        self, what: str, floor: Callable[[], Awaitable[None]], product: Callable[[], Awaitable[None]]
    ) -> None:
        """Run both sides once a round, taking turns at going first."""
        for number, is_floor_first in self.turns():
            self.say(f"{what}: round {number} of {self.rounds}")
            for side in (floor, product) if is_floor_first else (product, floor):
                await side()
