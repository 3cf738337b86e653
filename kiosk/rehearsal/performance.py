"""Performs a script: raises the stage, lets people come and things break, mends all, and has it judged."""

import asyncio
import traceback
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType

from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.screens import screen
from kiosk.domain.state import State
from kiosk.rehearsal.cabinets import settings_for, with_broker
from kiosk.rehearsal.ends import unexplained_ends
from kiosk.rehearsal.expectations import Ending, unmet
from kiosk.rehearsal.faults import COMMITS, Faults, ordered
from kiosk.rehearsal.judge import Broken, Record, judge, record_of
from kiosk.rehearsal.judge.settled import SETTLES
from kiosk.rehearsal.outcome import ENDS, EXPECTED, RUNS, Outcome
from kiosk.rehearsal.place import StagePlace
from kiosk.rehearsal.stage import Play, Stage, raised, state_of
from kiosk.rehearsal.virtual_clock import loop_ms
from kiosk.rehearsal.virtual_loop import run_virtually
from sim.people.cast import play_visit
from sim.scenario.script import Script, StaffVisit, StaffWork, Visit

NOWHERE = Path("/stage")
"""Where the settings' paths start: names of ports get into the log, so they must not hang on a folder."""
LONGEST_VISIT_S = 12 * 3600.0
"""Nobody comes and goes longer, whatever happens: a friend with a shared code and then its owner come three
times each, with up to an hour between."""
CALM_S = 900.0
"""Until the clock is trusted again, every session has ended, and every door has been read."""
STAFF_ROUNDS = 3
"""Staff come so often at the end: what the first finds, the next may have to settle."""
Look = Callable[[Stage], None]

LINES_TOLD = 30
"""How much of a traceback is told."""


def nobody_looks(_stage: Stage) -> None:
    """Nobody but the judge looks at the stage when all is over."""


def perform(script: Script, folder: Path, *, look: Look = nobody_looks) -> Outcome:
    """The whole script on a virtual loop of its own; databases go into the folder.

    `look` sees the stage when all is over, with the kiosk still up.
    """
    performance = _Performance(script, folder, look)
    with _Noting(performance):
        run_virtually(performance.run())
    return performance.outcome()


@dataclass(slots=True)
class _Performance:
    script: Script
    folder: Path
    look: Look
    broken: list[Broken] = field(default_factory=list)
    judged: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    measures: Counter[str] = field(default_factory=Counter)
    head: str = ""
    start_ms: int = 0
    """The stage's time when the curtain rose."""

    async def run(self) -> None:
        """From the rise of the curtain to the verdict."""
        async with raised(_play(self.script, self.folder)) as stage:
            place, faults = StagePlace(stage), Faults(stage)
            await self._tell(stage, place, faults)
            faults.mend_all()
            await self._calm_down(stage, place)
            self.struck.update({str(kind): count for kind, count in faults.strikes.struck.items() if count})
            commits = stage.disk.struck
            self.struck.update({str(kind): commits[fault] for kind, fault in COMMITS.items()})
            await self._end(stage)

    async def _tell(self, stage: Stage, place: StagePlace, faults: Faults) -> None:
        """Everything at its time; this returns when all of it is over."""
        start_s = asyncio.get_running_loop().time()
        self.start_ms = loop_ms()
        acts: list[tuple[float, Callable[[], Coroutine[object, object, None]]]] = [
            (order.at_s, partial(faults.carry_out, order)) for order in self.script.faults
        ]
        acts += [(visit.at_s, partial(self._visit, visit, place)) for visit in self.script.visits]
        async with asyncio.TaskGroup() as going_on:
            for at_s, act in sorted(acts, key=lambda one: one[0]):
                await _until(start_s + at_s)
                going_on.create_task(act())
            await _until(start_s + self.script.given.lasts_s)
            faults.call_off()

    async def _visit(self, visit: Visit, place: StagePlace) -> None:
        try:
            async with asyncio.timeout(LONGEST_VISIT_S):
                await play_visit(visit, place)
        except TimeoutError:
            text = f"{type(visit).__name__} at {visit.at_s:g} s is still there after {LONGEST_VISIT_S:g} s"
            self.broken.append(Broken(ENDS, text, loop_ms()))

    async def _calm_down(self, stage: Stage, place: StagePlace) -> None:
        await stage.keeper.up()
        await asyncio.sleep(CALM_S)
        await stage.keeper.up()
        for work in (StaffWork.CLOSE_DOORS, *(StaffWork.SETTLE for _ in range(STAFF_ROUNDS))):
            await self._visit(StaffVisit(loop_ms() / 1000, "1", work), place)
            await asyncio.sleep(CALM_S)
        self.broken += [Broken(SETTLES, text) for text in _unsettled(stage)]

    async def _end(self, stage: Stage) -> None:
        self.head = await stage.head()
        self.look(stage)
        record = await record_of(stage, self._measured_ms())
        self._judge(record)
        state = state_of(stage)
        if state is not None:
            ending = Ending(record.rows, state, stage.room.world.view())
            self.broken += [Broken(EXPECTED, text) for text in unmet(self.script.expect, ending)]
        self.broken += [Broken(RUNS, text, at_ms) for at_ms, text in _ends_by_itself(stage)]

    def _measured_ms(self) -> tuple[int, int]:
        given = self.script.given
        return (
            self.start_ms + round(given.measured_from_s * 1000),
            self.start_ms + round(given.lasts_s * 1000),
        )

    def _judge(self, record: Record) -> None:
        verdict = judge(record, is_quiet=True)
        self.broken += verdict.broken
        self.judged.update({f"{one.number} {one.name}": one.tried for one in verdict.promises})
        self.reached.update(verdict.reached)
        self.measures.update(verdict.measures)

    def outcome(self) -> Outcome:
        """What came of it."""
        return Outcome(
            script=self.script,
            broken=tuple(self.broken),
            head=self.head,
            judged=dict(self.judged),
            ordered={str(kind): count for kind, count in ordered(self.script.faults).items()},
            struck=dict(self.struck),
            reached=dict(self.reached),
            measures=dict(self.measures),
        )


def _ends_by_itself(stage: Stage) -> Iterator[tuple[int, str]]:
    """A program that ends where nothing of the disk had failed ends for no reason."""
    for at_ms, how in unexplained_ends(stage.diary.entries):
        yield at_ms, f"the program {how}"


def _play(script: Script, folder: Path) -> Play:
    given = script.given
    start = datetime.fromisoformat(given.starts_at)
    return Play(
        settings=with_broker(settings_for(given.doors, NOWHERE)),
        folder=folder,
        seed=given.seed,
        start_ms=round(start.timestamp() * 1000),
        is_polled=given.is_polled,
        code_digits=given.code_digits,
    )


async def _until(time_s: float) -> None:
    await asyncio.sleep(max(0.0, time_s - asyncio.get_running_loop().time()))


def _unsettled(stage: Stage) -> Iterator[str]:
    state = state_of(stage)
    if state is None:
        yield "the kiosk is down"
        return
    yield from _not_quiet(state)
    for sight in stage.room.world.view().doors:
        believed = state.door(CompartmentId(sight.plan.id))
        expected = DoorState.CLOSED if sight.says_hooked else DoorState.OPEN
        if believed is not expected:
            yield f"door {sight.plan.label}: is {expected}, believed to be {believed}"
        if not sight.says_hooked:
            yield f"door {sight.plan.label} is open after staff closed all"


def _not_quiet(state: State) -> Iterator[str]:
    shown = screen(state).kind
    if shown != "home":
        yield f"the screen shows {shown}"
    if state.lost_banks:
        yield f"lost banks: {', '.join(state.lost_banks)}"
    if state.unlocks:
        yield f"{len(state.unlocks)} unlocks are still pending"


class _Noting(AbstractContextManager[None]):
    """Whatever the program raises is a failure of the performance, with its text."""

    def __init__(self, performance: _Performance) -> None:
        self._performance = performance

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception | BaseExceptionGroup):
            return False
        lines: Sequence[str] = "".join(traceback.format_exception(error)).splitlines()
        self._performance.broken.append(Broken(RUNS, "\n".join(lines[-LINES_TOLD:])))
        return True
