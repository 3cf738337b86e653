"""The stage: the real application over a made-up world in virtual time, from one seed.

Run it on a `VirtualLoop`. The application is put together by `kiosk.wiring` as in life; what differs is its
outside: memory in the place of ports and phones, a clock that follows the loop, fresh values from the seed.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from random import Random

from config.load import load
from config.settings import Settings
from kiosk.app import running
from kiosk.domain.model.ids import BankId
from kiosk.domain.rules.unlocking import waits_for_reads
from kiosk.domain.state import State
from kiosk.door_watch import GAP_S, PollCadence
from kiosk.fresh import Codes
from kiosk.keys import Keys
from kiosk.notify.dispatcher import LOOK_AGAIN_S
from kiosk.ports import Cadence, EventRow, Inbox, Publication
from kiosk.receipts import ReceiptKey
from kiosk.rehearsal.at_kiosk import AtKiosk, Front, Page, Pen
from kiosk.rehearsal.audit import Audit, audit_of
from kiosk.rehearsal.broker_wire import ProcessLink
from kiosk.rehearsal.crash import Process
from kiosk.rehearsal.diary import BrokerTook, CommitFailed, Committed, Diary
from kiosk.rehearsal.disk_faults import Disk, DiskFault, opening
from kiosk.rehearsal.inline_executor import InlineExecutor
from kiosk.rehearsal.keeper import Keeper
from kiosk.rehearsal.memory_broker import MemoryBroker
from kiosk.rehearsal.memory_wires import MemoryWires
from kiosk.rehearsal.phones import MemoryChannel, PersonsPhone, Phones
from kiosk.rehearsal.room import PersonsHands, Room
from kiosk.rehearsal.short_codes import ShortCodeKeys
from kiosk.rehearsal.tenants import sample_directory, sample_staff_hashes
from kiosk.rehearsal.virtual_clock import VirtualClock, loop_ms
from kiosk.rehearsal.world_cadence import WorldCadence
from kiosk.service.codes import CODE_DIGITS
from kiosk.service.systemd_notify import SystemdNotifier
from kiosk.staff_sign_in import StaffSignIn
from kiosk.storage import empty_state
from kiosk.store.database import Database
from kiosk.store.directory_store import SqliteDirectory
from kiosk.store.log import PAGE_ROWS
from kiosk.store.reader import LogReader
from kiosk.wiring import Outside
from sim.cabinet import cabinet_of

SELDOM_S = 3600.0
"""The notifier is woken for every message; so often it looks by itself for one whose time has come."""
START_MS = 1_767_600_000_000
"""Monday, 5 January 2026, 08:00 UTC."""


def standard_settings(base: Path) -> Settings:
    """The standard kiosk: 24 doors on two CU48 boards behind one port."""
    return load(Path(str(files("config") / "sim.toml")), base)


@dataclass(frozen=True, slots=True)
class Play:
    """What is fixed before the curtain rises."""

    settings: Settings
    folder: Path
    """Where the databases of the kiosk's lives are; empty, and on a memory disk if speed matters."""
    seed: int
    start_ms: int = START_MS
    is_polled: bool = False
    """Whether doors are read at the true period, as in life, or when something has changed."""
    code_digits: int = CODE_DIGITS
    """How many of the eight digits of a code count."""

    def dice(self, whose: str) -> Random:
        """Chance of one's own, so that nobody's throws shift anybody else's."""
        return Random(f"{self.seed}/{whose}")


class Stage:
    """Everything on it may be touched; the kiosk itself only as people and faults can."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.diary = Diary()
        self.clock = VirtualClock(play.start_ms)
        self.phones = Phones(self.diary)
        self.disk = Disk()
        self.broker = MemoryBroker()
        """Used where the play's settings have a broker; their address does not matter."""
        self.broker.on_taken = self._note_taken
        self.disk.on_events = self._note_events
        self.disk.on_fault = self._note_disk
        self.room = Room(cabinet_of(play.settings), self._world_moved)
        self.wires = MemoryWires(
            play.settings, self.room, self.diary, dice=play.dice("lines"), tell=self._stir
        )
        self.keeper = Keeper(self._life, play.folder, self.clock, self.diary)
        self.keeper.on_news = self._think_again
        self._kiosks_dice, self._pages_dice = play.dice("kiosk"), play.dice("pages")
        self._keys = _keys(play, self._kiosks_dice)
        self._page = Page()
        self._cadence: WorldCadence | None = None
        self._disk_struck: dict[str, int] = {}
        self._database: Database | None = None

    # For people

    def kiosk(self, person: str) -> AtKiosk:
        """The screen, for one person."""
        pen = Pen(self.clock, self._pages_dice.randbytes, self._page, self.diary)
        return AtKiosk(person, self.keeper, pen)

    def hands(self, person: str) -> PersonsHands:
        """The hands of one person."""
        return PersonsHands(self.room, person, self.diary)

    def phone(self, resident: str) -> PersonsPhone:
        """The phone of one resident, by id."""
        return PersonsPhone(self.phones, resident)

    # For the judge

    @property
    def inbox(self) -> Inbox | None:
        """The engine of the running kiosk."""
        return self.keeper.front.inbox if self.keeper.front else None

    async def rows(self) -> Sequence[EventRow]:
        """The whole log of the running kiosk."""
        await self.keeper.up()
        found: list[EventRow] = []
        reader = LogReader(self._open_database())
        while page := await reader.read_events(found[-1].seq if found else 0, PAGE_ROWS):
            found += page
        return found

    async def head(self) -> str:
        """Epoch, number and hash of its newest event: equal heads mean logs equal byte for byte."""
        await self.keeper.up()
        return await LogReader(self._open_database()).head()

    async def audit(self) -> Audit:
        """What an auditor finds in the database of the running kiosk."""
        await self.keeper.up()
        return await audit_of(self._open_database(), empty_state(self.play.settings))

    def _note_events(self, seq: int) -> None:
        self.diary.add(Committed(loop_ms(), seq))

    def _note_taken(self, publication: Publication) -> None:
        self.diary.add(BrokerTook(loop_ms(), publication.topic, publication.payload))

    def _note_disk(self, fault: DiskFault) -> None:
        self.diary.add(CommitFailed(loop_ms(), fault))

    def _open_database(self) -> Database:
        if self._database is None:
            raise RuntimeError("no kiosk has been started on this stage")
        return self._database

    # The kiosk's process

    @asynccontextmanager
    async def _life(self, process: Process) -> AsyncIterator[Front]:
        settings = self.play.settings
        kiosk = settings.kiosk.model_copy(update={"data_folder": process.folder.root})
        states: list[Inbox] = []
        cadence = self._new_cadence(states)
        outside = self._outside(process, cadence)
        async with running(settings.model_copy(update={"kiosk": kiosk}), outside) as parts:
            states.append(parts.engine)
            parts.engine.on_doubt(self._stir_all)
            database = SqliteDirectory(self._open_database())
            pins = StaffSignIn(database, outside.executor)
            yield Front(process, parts.engine, Codes(self._keys.codes), pins)

    def _outside(self, process: Process, cadence: Cadence) -> Outside:
        return Outside(
            links=self.wires.links(process),
            clock=self.clock,
            cadence=cadence,
            executor=InlineExecutor(),
            open_database=opening(process, self.disk, self._opened),
            channel=lambda _settings, _clock: MemoryChannel(self.phones, process),
            keys=lambda _folder: self._keys,
            serve_web=None,
            supervisor=SystemdNotifier(None),
            broker=lambda settings: ProcessLink(self.broker, process) if settings.broker else None,
            draw=self._kiosks_dice.randbytes,
            gap_s=GAP_S if self.play.is_polled else math.inf,
            messages_look_s=LOOK_AGAIN_S if self.play.is_polled else SELDOM_S,
        )

    def _opened(self, database: Database) -> None:
        self._database = database

    async def furnish(self) -> None:
        """Put the building's people into the database before the kiosk first starts."""
        process = self.keeper.process
        async with opening(process, Disk(), self._opened)(process.folder.database) as database:
            directory = sample_directory(Codes(self._keys.codes))
            await SqliteDirectory(database).replace_directory(directory, sample_staff_hashes())

    # When to look at the doors

    def _new_cadence(self, engines: Sequence[Inbox]) -> Cadence:
        self._cadence = None
        if self.play.is_polled:
            return PollCadence()

        def is_counting(bank: BankId) -> bool:
            return any(waits_for_reads(engine.state, bank) for engine in engines)

        self._cadence = WorldCadence(is_counting, self._is_unsettled)
        return self._cadence

    def _is_unsettled(self, bank: BankId) -> bool:
        before = self._disk_struck.get(bank, 0)
        self._disk_struck[bank] = struck = self.disk.struck.total()
        return self.wires.is_unsettled(bank) or self.disk.is_troubled or struck != before

    def _think_again(self) -> None:
        """Reads are counted from when an unlock was reported as sent, which only the state tells."""
        inbox, cadence = self.inbox, self._cadence
        if cadence is not None and inbox is not None:
            for unlock in inbox.state.unlocks.values():
                cadence.hurry(inbox.state.place(unlock.compartment).bank)

    def _world_moved(self) -> None:
        for bank in self.wires.moved():
            self._stir(bank)

    def _stir(self, bank: str) -> None:
        if self._cadence is not None:
            self._cadence.stir(BankId(bank))

    def _stir_all(self) -> None:
        for bank in self.play.settings.bank:
            self._stir(bank.id)


def _keys(play: Play, dice: Random) -> Keys:
    made = play.dice("keys")
    digest_key, seal_key = made.randbytes(32), made.randbytes(32)
    codes = ShortCodeKeys(digest_key, seal_key, dice.randbytes, play.code_digits)
    return Keys(codes, ReceiptKey(made.randbytes(32)))


@asynccontextmanager
async def raised(play: Play) -> AsyncIterator[Stage]:
    """The stage with the kiosk running, until the context is left; then the kiosk ends in order."""
    stage = Stage(play)
    await stage.furnish()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stage.keeper.run(), name="keeper")
        try:
            await stage.keeper.up()
            yield stage
        finally:
            await stage.keeper.close()
            stage.room.stop()


def state_of(stage: Stage) -> State | None:
    """What the running kiosk believes; for judges and tests, never for people."""
    return stage.inbox.state if stage.inbox else None
