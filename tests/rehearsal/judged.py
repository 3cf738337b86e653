"""Stories told for the judge: made-up people and faults on the stage, and the record of what happened."""

import asyncio
import functools
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.ports import EventRow
from kiosk.rehearsal.diary import Committed, Entry
from kiosk.rehearsal.faults import Faults
from kiosk.rehearsal.judge import Record, Standing, Verdict, judge, record_of
from kiosk.rehearsal.place import StagePlace
from kiosk.rehearsal.stage import Stage, raised
from kiosk.rehearsal.virtual_clock import loop_ms
from kiosk.rehearsal.virtual_loop import run_virtually
from sim.people.cast import play_visit
from sim.scenario.script import (
    CourierVisit,
    FaultKind,
    FaultOrder,
    Load,
    Mischief,
    Mishap,
    Pickup,
    ResidentVisit,
    StaffVisit,
    StaffWork,
    StrangerVisit,
    TechnicianVisit,
    Visit,
)
from tests.rehearsal.hasty import hurry
from tests.rehearsal.story import play_with_broker

CALM_S = 900
HOUR_S = 3600.0
K, M, P = FaultKind, Mishap, Pickup


def bring(
    at_s: float, *loads: tuple[str, str] | tuple[str, str, Mishap], carrier: str = "halvorn"
) -> CourierVisit:
    """A courier with parcels: unit, size, and what goes differently."""
    return CourierVisit(at_s, carrier, tuple(Load(*load) for load in loads))


def fetch(at_s: float, unit: str, pickup: Pickup = P.ANSWERS) -> ResidentVisit:
    """Somebody of a unit comes for what there is."""
    return ResidentVisit(at_s, unit, pickup)


def broken(
    at_s: float, kind: FaultKind, where: str = "", lasts_s: float = 0.0, amount: float = 0.0
) -> FaultOrder:
    """A fault."""
    return FaultOrder(at_s, kind, where, lasts_s, amount)


NEIGHBOURS = ("412", "204", "101", "203", "103")
"""As many units as there are large compartments."""
Story = tuple[Sequence[Visit], Sequence[FaultOrder]]

STORIES: Mapping[str, Story] = {
    "ordinary": (
        (
            bring(60, ("412", "M"), ("204", "S", M.TYPES_WRONG_UNIT), ("101", "S", M.TOO_LARGE)),
            bring(1200, ("103", "M", M.TAKES_BACK), ("205", "L", M.PRESSES_TWICE), carrier="brindle"),
            fetch(2000, "412"),
            fetch(2600, "204", P.COMES_BACK),
            fetch(3200, "101", P.SAYS_NOTHING),
            fetch(3800, "205", P.MISTYPES),
        ),
        (),
    ),
    "two parcels": (
        (
            bring(60, ("412", "M"), ("412", "M"), ("412", "S")),
            fetch(1000, "412", P.LEAVES_PARCEL),
            fetch(2000, "412"),
        ),
        (),
    ),
    "left in silence": (
        (
            bring(60, *((unit, "L") for unit in NEIGHBOURS)),
            *(
                fetch(1000 + 600 * number, unit, P.LEAVES_PARCEL_SILENTLY)
                for number, unit in enumerate(NEIGHBOURS)
            ),
            bring(4400, ("204", "L"), ("101", "L"), ("205", "L"), carrier="brindle"),
            bring(5400, ("103", "XL", M.WALKS_OFF_OPEN), carrier="pelliqua"),
            StaffVisit(6000, "1", StaffWork.CLOSE_DOORS),
            bring(6600, ("111", "XL", M.CANCELS_INSIDE), carrier="tessaro"),
            bring(7200, ("112", "XL"), carrier="otterlane"),
        ),
        (),
    ),
    "forgetful": (
        (
            bring(60, ("412", "M"), ("204", "M"), ("101", "S"), ("205", "S")),
            bring(1000, ("103", "M", M.WALKS_OFF_OPEN), carrier="brindle"),
            bring(1600, ("111", "M", M.CANCELS_INSIDE), carrier="brindle"),
            bring(2200, ("112", "S", M.CLOSES_EMPTY), carrier="pelliqua"),
            bring(2800, ("203", "S", M.WALKS_OFF_EMPTY), carrier="pelliqua"),
            fetch(4000, "412", P.LEAVES_PARCEL_SILENTLY),
            fetch(4600, "204", P.LEAVES_DOOR),
            fetch(5200, "101", P.LEAVES_BOTH),
            fetch(5800, "205", P.ONLY_LOOKS),
            StaffVisit(6600, "1", StaffWork.CLOSE_DOORS),
            StaffVisit(7000, "1"),
            fetch(8000, "103"),
            fetch(8600, "205"),
        ),
        (),
    ),
    "strangers and staff": (
        (
            bring(60, ("412", "M"), ("204", "S")),
            StrangerVisit(900, 900, Mischief.GUESSES),
            fetch(2400, "412"),
            StrangerVisit(3000, 300, Mischief.TOUCHES_ANYTHING),
            StrangerVisit(3600, 120, Mischief.PULLS_DOORS),
            StrangerVisit(3800, 60, Mischief.SAYS_LOCKED_IN),
            StaffVisit(4000, "1", StaffWork.CLOSE_DOORS),
            StaffVisit(4200, "1", StaffWork.KEY_MOVE),
            StaffVisit(5000, "1"),
            TechnicianVisit(6000, "a"),
            StaffVisit(7200, "1"),
            fetch(9000, "204"),
        ),
        (),
    ),
    "kills": (
        (
            bring(60, ("412", "M"), ("204", "S"), ("101", "S")),
            bring(1200, ("103", "M"), ("205", "L"), carrier="brindle"),
            fetch(2400, "412"),
            fetch(3000, "204"),
            fetch(3600, "103"),
            bring(4200, ("110", "M"), ("111", "M"), carrier="pelliqua"),
            fetch(5000, "110"),
            fetch(5600, "205"),
        ),
        (
            broken(62, K.PROCESS_KILLED, "after unlock frame"),
            broken(150, K.PROCESS_KILLED, "before commit"),
            broken(1230, K.POWER_CUT, "after commit"),
            broken(1300, K.PROCESS_KILLED, "before unlock frame"),
            broken(2401, K.PROCESS_KILLED, "after unlock frame"),
            broken(2460, K.POWER_CUT, "before reply"),
            broken(3001, K.PROCESS_KILLED, "before answer"),
            broken(3601, K.POWER_CUT, "after unlock frame"),
            broken(4201, K.PROCESS_KILLED, "before message"),
            broken(5001, K.PROCESS_KILLED, "after reply"),
            broken(5612, K.PROCESS_KILLED, lasts_s=60),
        ),
    ),
    "disks": (
        (
            bring(60, ("412", "M"), ("204", "S"), ("101", "S")),
            fetch(1000, "412"),
            bring(1500, ("103", "M"), ("205", "L"), carrier="brindle"),
            fetch(2400, "204"),
            bring(3100, ("110", "M"), carrier="pelliqua"),
            fetch(4000, "103"),
        ),
        (
            broken(61, K.COMMIT_KEPT),
            broken(80, K.COMMIT_LOST),
            broken(120, K.COMMIT_REFUSED),
            broken(1001, K.COMMIT_LOST),
            broken(1501, K.COMMIT_REFUSED),
            broken(1560, K.COMMIT_KEPT),
            broken(2380, K.DISK_FULL, lasts_s=120),
            broken(3120, K.DISK_FULL, lasts_s=60),
            broken(4010, K.DISK_GONE, lasts_s=60),
        ),
    ),
    "wires": (
        (
            bring(60, ("412", "M"), ("204", "S"), ("101", "S")),
            bring(1000, ("103", "M"), ("205", "L"), carrier="brindle"),
            fetch(2000, "412"),
            fetch(2600, "204"),
            bring(3200, ("110", "M"), ("111", "XL"), carrier="pelliqua"),
            fetch(4000, "103"),
            fetch(4600, "205"),
            bring(5400, ("101", "L"), ("203", "L"), ("104", "L"), carrier="tessaro"),
            fetch(6300, "104"),
        ),
        (
            broken(50, K.LINE_GARBLES, "a", 300, 0.2),
            broken(1015, K.BOARD_IS_DEAD, "a", 240),
            broken(1990, K.LINE_DROPS_REQUESTS, "a", 300, 0.3),
            broken(2590, K.LINE_DROPS_REPLIES, "a", 300, 0.3),
            broken(3215, K.ADAPTER_UNPLUGGED, "a", 240),
            broken(3990, K.LINE_ECHOES, "a", 300),
            broken(4590, K.LINE_IS_MUTE, "b", 240),
            broken(6000, K.BOARD_IS_DEAD, "a", 600),
        ),
    ),
    "doors": (
        (
            bring(60, ("412", "M"), ("204", "M"), ("101", "M"), ("205", "M")),
            fetch(1200, "412"),
            fetch(1800, "204"),
            fetch(2400, "101"),
            fetch(3000, "205"),
            bring(3600, ("103", "M", M.LEANS_ON_DOOR), ("110", "S"), carrier="brindle"),
            bring(4400, ("111", "L"), carrier="pelliqua"),
            StaffVisit(6000, "1"),
        ),
        (
            broken(30, K.DOOR_JAMMED, "c2", 900),
            broken(1190, K.DOOR_STICKY, "c1", 300, 1),
            broken(1190, K.DOOR_JAMMED, "c3", 1200),
            broken(2390, K.SLOW_LOCK, "c5", 300, 400),
            broken(3590, K.LATCH_FAILS, "c6", 300),
            broken(3590, K.SENSOR_BOUNCES, "c7", 600, 100),
            broken(4390, K.SUPPLY_WEAK, "main", 60),
        ),
    ),
    "clocks": (
        (
            bring(60, ("412", "M"), ("204", "S")),
            bring(1000, ("103", "M"), carrier="brindle"),
            fetch(2000, "412"),
            bring(2600, ("110", "M"), carrier="pelliqua"),
            fetch(3600, "204", P.LEAVES_DOOR),
            StaffVisit(4600, "1", StaffWork.CLOSE_DOORS),
        ),
        (
            broken(75, K.CLOCK_JUMPS, amount=86_400),
            broken(1010, K.CLOCK_JUMPS, amount=-7200),
            broken(2005, K.CLOCK_JUMPS, amount=-864_000),
            broken(2590, K.CLOCK_NOT_TRUSTED, lasts_s=1800),
            broken(3640, K.POWER_CUT),
        ),
    ),
    "brokers": (
        (
            bring(60, ("412", "M"), ("204", "S"), ("101", "S")),
            fetch(1000, "412"),
            bring(1500, ("103", "M"), ("205", "L"), carrier="brindle"),
            fetch(2400, "204"),
            bring(3000, ("110", "M"), carrier="pelliqua"),
            fetch(3800, "103"),
            fetch(4600, "110"),
            bring(5200, ("412", "S"), ("101", "M")),
            fetch(6200, "101"),
        ),
        (
            broken(70, K.BROKER_AWAY, lasts_s=120),
            broken(1005, K.BROKER_SILENT, lasts_s=40),
            broken(1510, K.BROKER_UNTOLD, lasts_s=45),
            broken(2390, K.BROKER_REFUSES, lasts_s=60),
            broken(3010, K.BROKER_FORGETS, lasts_s=900),
            broken(3810, K.PROCESS_KILLED, "after commit"),
            broken(4610, K.BROKER_SILENT, lasts_s=30),
            broken(4615, K.PROCESS_KILLED),
            broken(5210, K.BROKER_UNTOLD, lasts_s=30),
            broken(5230, K.POWER_CUT, "after answer"),
            broken(6210, K.DISK_FULL, lasts_s=60),
        ),
    ),
    "silent phones": (
        (
            bring(60, ("412", "M"), ("204", "S")),
            fetch(8 * HOUR_S, "412"),
        ),
        (broken(30, K.PHONES_SILENT, "at once", 6 * HOUR_S),),
    ),
    "days": (
        (
            bring(60, ("412", "M"), ("204", "S")),
            fetch(4 * 24 * HOUR_S, "204"),
            StaffVisit(5.5 * 24 * HOUR_S, "1"),
        ),
        (),
    ),
}


Telling = Callable[[Stage, StagePlace], Awaitable[None]]


def _telling(story: Story) -> Telling:
    """Everything at its time, until all of it is over."""
    visits, faults = story

    async def tell(stage: Stage, place: StagePlace) -> None:
        breaking = Faults(stage)
        start_s = asyncio.get_running_loop().time()

        async def at(when_s: float, act: Visit | FaultOrder) -> None:
            await asyncio.sleep(max(0.0, start_s + when_s - asyncio.get_running_loop().time()))
            await (breaking.carry_out(act) if isinstance(act, FaultOrder) else play_visit(act, place))

        async with asyncio.TaskGroup() as going_on:
            for act in (*visits, *faults):
                going_on.create_task(at(act.at_s, act))
        breaking.mend_all()

    return tell


async def _hasty(stage: Stage, _: StagePlace) -> None:
    await hurry(stage)


async def _told(folder: Path, tell: Telling) -> Record:
    """The record of a story, of the calm after it, and of staff who settle what it left."""
    async with raised(play_with_broker(folder)) as stage:
        place = StagePlace(stage)
        await tell(stage, place)
        await stage.keeper.up()
        await asyncio.sleep(CALM_S)
        for work in (StaffWork.CLOSE_DOORS, StaffWork.SETTLE, StaffWork.SETTLE):
            await play_visit(StaffVisit(loop_ms() / 1000, "1", work), place)
            await asyncio.sleep(CALM_S)
        return await record_of(stage)


NAMES = (*STORIES, "hasty")


@functools.cache
def record(name: str | Story) -> Record:
    """The record of a story, by name or one's own, told once."""
    tell = _hasty if name == "hasty" else _telling(STORIES[name] if isinstance(name, str) else name)
    with tempfile.TemporaryDirectory() as folder:
        return run_virtually(_told(Path(folder), tell))


def verdict(name: str) -> Verdict:
    """What the judge says of a story by name."""
    return judge(record(name), is_quiet=True)


# Forging


def broken_in(forged: Record) -> set[int]:
    """The numbers of the promises that the judge finds broken."""
    return {one.number for one in judge(forged).promises if one.standing is Standing.BROKEN}


def lines_of(forged: Record) -> str:
    """What the judge says is broken, line by line."""
    return "\n".join(map(str, judge(forged).broken))


def rows_of(told: Record, event: str, /, **body: object) -> list[EventRow]:
    """Rows of a type whose bodies say so."""
    rows = (row for row in told.rows if row.type == event)
    return [row for row in rows if body.items() <= json.loads(row.body).items()]


def with_row(record: Record, row: EventRow, **columns: object) -> Record:
    """A record with one row changed; `body` is merged into what it says. No broker can contradict it."""
    if isinstance(body := columns.get("body"), dict):
        columns["body"] = json.dumps(json.loads(row.body) | body)
    changed = replace(row, **columns)  # type: ignore[arg-type]
    rows = tuple(changed if one is row else one for one in record.rows)
    return replace(record, rows=rows, has_broker=False)


def without_rows(record: Record, *gone: EventRow) -> Record:
    """A record whose log never had these rows. No broker can contradict it."""
    kept = [row for row in record.rows if row not in gone]
    numbers = {row.seq: number for number, row in enumerate(kept, 1)}
    entries = tuple(
        replace(entry, seq=max(number for seq, number in numbers.items() if seq <= entry.seq))
        if isinstance(entry, Committed)
        else entry
        for entry in record.entries
    )
    rows = tuple(replace(row, seq=number) for number, row in enumerate(kept, 1))
    return replace(record, rows=rows, entries=entries, has_broker=False)


def with_entries(record: Record, change: Callable[[Entry], Iterable[Entry]]) -> Record:
    """A record whose diary tells otherwise: each entry becomes none, one or several."""
    return replace(record, entries=tuple(new for entry in record.entries for new in change(entry)))


def otherwise(told: Record, is_it: Callable[[Entry], bool], **changes: object) -> Record:
    """A record whose diary tells the entries that this picks differently."""
    return with_entries(
        told,
        lambda entry: (replace(entry, **changes),) if is_it(entry) else (entry,),  # type: ignore[arg-type]
    )
