"""The pages over the real engine, rules and database; the doors are moved by hand."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from config.settings import PanelSettings
from kiosk.directory_orders import DirectoryOrders
from kiosk.domain import inputs as i
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.directory import CarrierCode, Directory
from kiosk.domain.model.ids import CarrierCodeId, CarrierId, CompartmentId, StaffId
from kiosk.domain.state import State
from kiosk.engine import Engine
from kiosk.fresh import Codes, Stamper
from kiosk.ports import Written
from kiosk.receipts import ReceiptKey, SignedReceipts
from kiosk.service.clock import Now, SystemClock, TrustSource
from kiosk.service.codes import CodeKeys
from kiosk.service.sockets import listen_local, listen_tcp
from kiosk.service.staff_pins import hash_pin
from kiosk.staff_sign_in import StaffSignIn
from kiosk.store.database import Database
from kiosk.store.directory_store import SqliteDirectory
from kiosk.store.journal import SqliteJournal
from kiosk.store.proof_rows import ProofShelf
from kiosk.store.reader import LogReader
from kiosk.web.app import page_app
from kiosk.web.beats import Beats
from kiosk.web.local import local_app
from kiosk.web.parts import WebParts
from kiosk.web.server import WebServer
from tests.domain.rig import empty_state
from tests.store.rig import InlineExecutor, opened
from tests.web.client import Visitor

CARRIER_CODE, PIN = "471906", "60817352"
LANGUAGES = ("en", "es", "zh", "ar")


class Watch:
    """The machine's clock, which a test may put forward."""

    def __init__(self) -> None:
        self._clock = SystemClock(TrustSource.ASSUME)
        self.ahead_ms = 0

    @property
    def boot(self) -> str:
        """This start of the machine."""
        return self._clock.boot

    def now(self) -> Now:
        """Both clocks, as much ahead as a test wants."""
        now = self._clock.now()
        return Now(now.at_ms + self.ahead_ms, now.mono_ms + self.ahead_ms, now.is_trusted)


@dataclass
class WebRig:
    """A kiosk with pages and no boards."""

    engine: Engine
    parts: WebParts
    port: int
    socket: Path
    watch: Watch
    servers: contextlib.AsyncExitStack

    async def stop(self) -> None:
        """Both servers stop, as at the end of the daemon."""
        await self.servers.aclose()

    @property
    def state(self) -> State:
        """The state as of the last commit."""
        return self.engine.state

    @property
    def address(self) -> str:
        """Where the touchscreen page is."""
        return f"http://127.0.0.1:{self.port}"

    def visitor(self, tab: str = "") -> Visitor:
        """A browser that has never been here."""
        return Visitor(self.port, tab=tab)

    async def see(self, compartment: str, door: DoorState) -> None:
        """The sensor sees a door; one that closes had been open for a while."""
        if door is DoorState.CLOSED:
            self.watch.ahead_ms += 3000
        await self.engine.submit(i.DoorSeen(CompartmentId(compartment), door))

    async def wait(self, seconds: float) -> None:
        """Time passes, and what is due is judged."""
        self.watch.ahead_ms += int(seconds * 1000)
        await self.engine.submit(i.TimeElapsed())

    async def pulse(self) -> str:
        """The bytes of the pending unlock leave; which door it is."""
        unlock = list(self.state.unlocks.values())[-1]
        await self.engine.submit(i.UnlockSent(unlock.id))
        return unlock.compartment

    async def spring_open(self) -> str:
        """The door that was asked for opens."""
        door = await self.pulse()
        await self.see(door, DoorState.OPEN)
        return door

    async def events(self) -> list[str]:
        """Names of every event on disk."""
        return [row.type for row in await self.parts.read_events(0, 500)]

    async def door_for(self, visitor: Visitor, unit: str = "412") -> str:
        """A courier from the first page to an open door."""
        await visitor.touch("deliver")
        await visitor.touch("carrier_code", value=CARRIER_CODE)
        await visitor.touch("unit", value=unit)
        await visitor.touch("size:S")
        return await self.spring_open()

    async def store_parcel(self, visitor: Visitor, unit: str = "412") -> None:
        """A whole drop-off, until the code is on its way and the first page is back."""
        door = await self.door_for(visitor, unit)
        await self.see(door, DoorState.CLOSED)
        await visitor.touch("finish")
        await visitor.touch("finish")


class Head:
    """The last event on disk."""

    def __init__(self) -> None:
        self.now = (1, 0)

    def take(self, written: list[Written]) -> None:
        """A batch was written."""
        if written:
            self.now = (written[-1].epoch, written[-1].seq)


def building(codes: Codes) -> State:
    """The small building of the rules' tests, in four languages and with codes that can be typed."""
    state = empty_state()
    digest = codes.carrier_digest_of(CARRIER_CODE)
    carrier = CarrierCode(CarrierCodeId("1"), CarrierId("swift"), digest)
    directory: Directory = replace(state.directory, carrier_codes={digest: carrier})
    return replace(state, building=replace(state.building, languages=LANGUAGES), directory=directory)


@contextlib.asynccontextmanager
async def running(folder: Path, port: int = 0) -> AsyncIterator[WebRig]:
    """Database, engine and both servers, up and then gone."""
    codes = Codes(CodeKeys(os.urandom(32), os.urandom(32)))
    async with opened(folder / "kiosk.db") as database:
        journal = SqliteJournal(database)
        rows = await journal.load(building(codes))
        watch = Watch()
        engine = Engine(rows.state, journal, Stamper(watch, codes).stamp)
        parts = await _parts(engine, database, codes, watch)
        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(engine.run())
            await _begin(engine, codes)
            async with _serving(engine, parts, folder / "run" / "kiosk.sock", port) as rig:
                yield rig
            await engine.drain()
            work.cancel()


async def _parts(engine: Engine, database: Database, codes: Codes, watch: Watch) -> WebParts:
    head = Head()
    engine.listen(lambda written: head.take(list(written)))
    proofs = ProofShelf(database)
    receipts = SignedReceipts(ReceiptKey(os.urandom(32)), "k1", lambda: engine.state, proofs.put)
    engine.listen(receipts.take)
    directory = SqliteDirectory(database)
    await directory.replace_directory(building(codes).directory, {StaffId("7"): hash_pin(PIN)})
    return WebParts(
        inbox=engine,
        codes=codes,
        staff_pins=StaffSignIn(directory, InlineExecutor()),
        receipts=receipts,
        public_key=receipts.public,
        orders=DirectoryOrders(engine, codes, clock=watch, executor=InlineExecutor()),
        clock=watch,
        beats=Beats(watch),
        panel=PanelSettings(),
        timezone="America/New_York",
        version="0.0-test",
        read_events=LogReader(database).read_events,
        read_proofs=proofs.by_code,
        log_head=lambda: head.now,
    )


async def _begin(engine: Engine, codes: Codes) -> None:
    await engine.submit(i.KioskStart("test"))
    await engine.submit(i.ChangeDirectory(building(codes).directory))
    for bank in engine.state.layout.banks:
        doors = {place.id: DoorState.CLOSED for place in engine.state.layout.of_bank(bank)}
        await engine.submit(i.BankSeen(bank, doors))


@contextlib.asynccontextmanager
async def _serving(engine: Engine, parts: WebParts, path: Path, port: int) -> AsyncIterator[WebRig]:
    page, local = listen_tcp("127.0.0.1", port), listen_local(path)
    async with contextlib.AsyncExitStack() as servers:
        await servers.enter_async_context(WebServer(page_app(parts), page))
        await servers.enter_async_context(WebServer(local_app(parts), local))
        watch = parts.clock
        assert isinstance(watch, Watch)
        yield WebRig(engine, parts, page.getsockname()[1], path, watch, servers)
