"""The core at work in virtual time: real rules, real SQLite, real drivers, two emulated boards on a line."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from config.settings import KerongSettings
from drivers.bus import Bus
from drivers.kerong.frames import CHANNELS, REQUESTS, FrameReader, Unlock
from drivers.kerong.lock_bank import KerongBank
from drivers.memory_link import MemoryLink
from drivers.supply import Coil, Supply
from hal.lock_bank import LockBank
from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import Compartment
from kiosk.domain.model.ids import BankId, CompartmentId, IntentId
from kiosk.domain.model.screen import Screen
from kiosk.domain.screens import screen
from kiosk.domain.state import State
from kiosk.door_watch import DoorWatch, PollCadence
from kiosk.effect_runner import EffectRunner
from kiosk.engine import Engine
from kiosk.fresh import Codes, Stamper
from kiosk.ports import ActiveRows, Answer, Decision, Journal, JournalBroken, JournalRefused, Written
from kiosk.service.clock import Now
from kiosk.service.codes import CodeKeys
from kiosk.store.journal import SqliteJournal
from kiosk.timers import Timers
from sim.boards.bench import Bench, Pulse
from sim.boards.kerong import Bus as BoardBus
from sim.boards.kerong import Cu48Board
from sim.boards.line import Line, Sending
from tests.domain.rig import START_MS, digest, empty_state
from tests.store.rig import opened

BAUD = 19200
PULSE_S = 0.5
QUIET_S = 2.5
BANKS = (BankId("a"), BankId("b"))


class LoopClock:
    """Both clocks follow the loop; the machine has been up for a quarter of an hour."""

    boot = "boot-1"

    def now(self) -> Now:
        """This instant."""
        mono_ms = 900_000 + round(asyncio.get_running_loop().time() * 1000)
        return Now(START_MS + mono_ms, mono_ms, is_trusted=True)


class Sleeper:
    """A notifier that is only woken."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        """There is a message."""
        self.woken += 1


class Wires:
    """The far end of the port: it outlives the kiosk, as boards do."""

    def __init__(self) -> None:
        self.benches = {bank: Bench(self._now, locked=range(1, CHANNELS + 1)) for bank in BANKS}
        self._boards = [Cu48Board(address, bench) for address, bench in enumerate(self.benches.values())]
        self.line = Line(BoardBus(self._boards), baud=BAUD)
        self.sent = bytearray()
        self.link = MemoryLink("wire", self.hear)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def hear(self, chunk: bytes) -> list[Sending]:
        """Bytes of the kiosk reach the boards."""
        self.sent.extend(chunk)
        return self.line.receive(chunk)

    def last_board_dies(self) -> None:
        """It answers nothing any more; the others on the line do."""
        self.line.bus = BoardBus(self._boards[:-1])

    @property
    def pulses(self) -> list[Pulse]:
        """Every pulse of every board, in order of time."""
        found = (pulse for bench in self.benches.values() for pulse in bench.pulses)
        return sorted(found, key=lambda pulse: pulse.start_s)

    @property
    def unlock_frames(self) -> int:
        """Unlocks that went out on the wire."""
        return sum(isinstance(frame, Unlock) for frame in FrameReader(REQUESTS).feed(bytes(self.sent)))

    def banks(self) -> dict[BankId, LockBank]:
        """Fresh drivers on the same port, as after a start."""
        bus, supply = Bus(self.link, baud=BAUD), Supply("main", gap_s=0.2, rest_s=2.0)
        return {bank: _bank(bus, supply, bank, address) for address, bank in enumerate(BANKS)}


def _bank(bus: Bus, supply: Supply, bank: BankId, address: int) -> LockBank:
    settings = KerongSettings.model_validate(
        {"id": bank, "driver": "kerong", "port": "wire", "address": address}
    )
    coils = {channel: Coil(f"{bank}/{channel}", supply, PULSE_S) for channel in range(1, 5)}
    return KerongBank(bus, settings, coils)


@dataclass
class Disk:
    """A real journal whose disk fails when it is told to, once or for as long as it should."""

    journal: SqliteJournal
    fails: list[JournalBroken | JournalRefused] = field(default_factory=list)
    fails_always: JournalBroken | JournalRefused | None = None
    is_written_before_failing: bool = False
    reopening_fails: bool = False
    batches: list[int] = field(default_factory=list)
    """How many decisions each commit held."""
    gate: asyncio.Event | None = None
    """Commits wait for it."""
    idles: int = 0
    rows_as: Callable[[State], State] | None = None
    """What the rows turn out to be when they are read."""

    async def commit(self, decisions: Sequence[Decision], before: State, after: State) -> Sequence[Written]:
        """Write, fail, or both."""
        self.batches.append(len(decisions))
        if self.gate:
            await self.gate.wait()
        failure = self.fails.pop(0) if self.fails else self.fails_always
        written: Sequence[Written] = ()
        if failure is None or self.is_written_before_failing:
            written = await self.journal.commit(decisions, before, after)
        if failure:
            raise failure
        return written

    async def load(self, empty: State) -> ActiveRows:
        """The rows."""
        rows = await self.journal.load(empty)
        return replace(rows, state=self.rows_as(rows.state)) if self.rows_as else rows

    async def reopen(self) -> None:
        """Open again, if the disk is still there."""
        if self.reopening_fails:
            raise JournalBroken("the disk is gone")
        await self.journal.reopen()

    async def recall(self, decisions: Sequence[Decision], last_seq: int) -> Sequence[Written]:
        """Tell of a batch again."""
        return await self.journal.recall(decisions, last_seq)

    async def seq_of(self, intent: IntentId) -> int | None:
        """Look an intent up."""
        return await self.journal.seq_of(intent)

    async def answer_of(self, intent: IntentId) -> Answer | None:
        """Look an answer up."""
        return await self.journal.answer_of(intent)

    @property
    def has_upkeep(self) -> bool:
        """Always, as where a checkpoint fails again and again."""
        return True

    async def idle(self) -> None:
        """Nobody waits."""
        self.idles += 1
        await self.journal.idle()


@dataclass(frozen=True, slots=True)
class Core:
    """A kiosk without its pages."""

    engine: Engine
    disk: Disk
    wires: Wires
    watch: DoorWatch
    messages: Sleeper
    written: list[Written]

    @property
    def state(self) -> State:
        """What is believed now."""
        return self.engine.state

    def screen(self) -> Screen:
        """The page of the moment."""
        return screen(self.state)

    async def do(self, fact: i.Fact, intent: str | None = None) -> Answer:
        """A touch, or whatever else comes in."""
        return await self.engine.submit(fact, intent=IntentId(intent) if intent else None)

    def events(self) -> list[str]:
        """Names of the events since this start."""
        return [type(row.event).__name__ for row in self.written]

    def _lock(self, compartment: str) -> tuple[Bench, Compartment]:
        place = self.state.place(CompartmentId(compartment))
        return self.wires.benches[place.bank], place

    def jam(self, compartment: str) -> None:
        """Its coil pulls, its latch does not move."""
        bench, place = self._lock(compartment)
        bench.jammed.add(place.channel)

    def pull(self, compartment: str) -> None:
        """Somebody opens a door by key."""
        bench, place = self._lock(compartment)
        bench.open(place.channel)

    def push(self, compartment: str) -> None:
        """Somebody shuts a door."""
        bench, place = self._lock(compartment)
        bench.close(place.channel)

    async def courier_at_door(self, unit: str = "412") -> CompartmentId:
        """From the home page to a door that is opening."""
        await self.do(i.ChooseFlow(i.Flow.DELIVER))
        await self.do(i.PresentCarrierCode(digest("111111")))
        await self.do(i.ChooseUnit(unit))
        await self.do(i.ChooseSize(self.screen().sizes[0].size))
        compartment = self.state.visit.compartment
        assert compartment is not None
        return compartment

    async def drop_off(self) -> CompartmentId:
        """A whole drop-off up to the page that says stored."""
        compartment = await self.courier_at_door()
        await asyncio.sleep(3)
        self.push(compartment)
        await asyncio.sleep(1)
        return compartment


@asynccontextmanager
async def core(path: Path, wires: Wires) -> AsyncIterator[Core]:
    """A kiosk from its start until the test lets go of it; the boards and the file stay."""
    async with opened(path) as database:
        disk = Disk(SqliteJournal(database))
        rows = await disk.load(empty_state())
        state = replace(rows.state, directory=empty_state().directory)
        made = _assembled(state, disk, wires, path.parent)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(work, name=name) for name, work in made[1].items()]
            try:
                yield made[0]
            finally:
                for task in running:
                    task.cancel()


def _assembled(
    state: State, disk: Disk, wires: Wires, folder: Path
) -> tuple[Core, dict[str, Coroutine[Any, Any, None]]]:
    clock, cadence, messages = LoopClock(), PollCadence(), Sleeper()
    keys = CodeKeys.load(folder) if (folder / "code-digest.key").exists() else CodeKeys.create(folder)
    journal: Journal = disk
    engine = Engine(state, journal, Stamper(clock, Codes(keys)).stamp)
    banks = wires.banks()
    watch = DoorWatch(banks, state.layout, engine, cadence)
    runner = EffectRunner(banks, engine, clock=clock, cadence=cadence, notifier=messages)
    made = Core(engine, disk, wires, watch, messages, [])
    engine.connect(runner.take)
    engine.listen(made.written.extend)
    engine.on_doubt(watch.forget)
    parts = {
        "engine": engine.run(),
        "watch": watch.run(),
        "timers": Timers(engine, clock).run(),
        "effects": runner.run(),
    }
    return made, parts


async def started(made: Core) -> Core:
    """The same, started and with every door seen, past the quiet time of its supply."""
    await made.do(i.KioskStart("test"))
    await asyncio.sleep(QUIET_S + 0.5)
    return made
