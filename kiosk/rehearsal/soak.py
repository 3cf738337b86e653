"""Many drawn days one after the other, in as many processes as wanted; each promise is judged in each."""

import gc
import logging
import multiprocessing
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kiosk.rehearsal.cabinets import STANDARD_DOORS, TWICE, settings_for
from kiosk.rehearsal.outcome import Outcome
from kiosk.rehearsal.performance import perform
from kiosk.rehearsal.shrink import Shrinker
from kiosk.rehearsal.town import town_of
from sim.scenario.draw import DAY_S, STAFF_ARE_BACK_S, Drawn, Order, draw
from sim.scenario.rates import Level
from sim.scenario.script import Script

ACT_DAYS = 7
"""So many days are played in one go: what one leaves behind, the next one finds."""
WEEKEND_DAYS = round(STAFF_ARE_BACK_S / DAY_S)
POLLED_EVERY = 100
"""One day in so many is played with doors read at the true period."""
ALLOCATIONS_A_SWEEP = 50_000
"""The collector's first threshold while days are played; Python's own is 700."""
MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it


@dataclass(frozen=True, slots=True)
class Soak:
    """What to play."""

    days: int
    """Of each seed."""
    seed: int = 1
    seeds: int = 1
    level: Level = Level.USUAL
    doors: int = STANDARD_DOORS

    def acts(self) -> tuple[Order, ...]:
        """Everything to play, piece by piece."""
        return tuple(act for seed in range(self.seed, self.seed + self.seeds) for act in self._of(seed))

    def _of(self, seed: int) -> Iterator[Order]:
        day = 0
        while day < self.days:
            is_polled = day % POLLED_EVERY == POLLED_EVERY // 2
            until_polled = (POLLED_EVERY // 2 - day) % POLLED_EVERY
            days = 1 if is_polled else min(ACT_DAYS, self.days - day, until_polled or ACT_DAYS)
            yield Order(f"{seed}/{day}", days, self.level, self.doors, is_polled)
            day += days


@dataclass(frozen=True, slots=True)
class Weekends:
    """Weekends without staff, each seed in a small cabinet and in one twice as large."""

    seed: int = 1
    seeds: int = 1

    def acts(self) -> tuple[Order, ...]:
        """Everything to play, piece by piece."""
        return tuple(
            Order(str(seed), WEEKEND_DAYS, Level.NONE, doors, is_weekend=True)
            for doors in (STANDARD_DOORS, TWICE)
            for seed in range(self.seed, self.seed + self.seeds)
        )


def drawn(order: Order) -> Drawn:
    """The script of one act."""
    return draw(order, town_of(settings_for(order.doors, Path())))


def play_act(order: Order, folder: Path) -> Outcome:
    """Draw one act and perform it."""
    return play(drawn(order).script, folder)


def play(script: Script, folder: Path) -> Outcome:
    """Perform a script in a folder of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        return perform(script, Path(own))


def played(acts: Sequence[Order], folder: Path, jobs: int) -> Iterator[Outcome]:
    """Every outcome as it comes, in no order where there are several jobs."""
    if jobs <= 1:
        yield from (play_act(act, folder) for act in acts)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=keep_quiet) as pool:
        waiting = [pool.submit(play_act, act, folder) for act in acts]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            for one in waiting:
                one.cancel()


def keep_quiet() -> None:
    """Let the application log nothing in this process: what it would say of made-up faults helps nobody.

    Nor need the collector look at what stays for good, or every moment: a performance leaves few cycles.
    """
    logging.disable(logging.CRITICAL)
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_A_SWEEP)


def shortest(outcome: Outcome, promise: str, folder: Path, runs: int) -> Script:
    """The shortest script found that breaks the same promise."""
    return Shrinker(partial(_breaks, promise, folder), runs).shrink(outcome.script)


def _breaks(promise: str, folder: Path, script: Script) -> bool:
    return promise in play(script, folder).promises


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder on a memory disk where there is one; gone afterwards."""
    where = MEMORY_DISK if MEMORY_DISK.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="latchwork-", dir=where) as folder:
        yield Path(folder)
