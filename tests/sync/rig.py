"""A kiosk at a broker without pages and boards: real rules, engine, log and uplink; words move its doors."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.domain import inputs as i
from kiosk.domain.effects import Effect, Unlock
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import CompartmentId, DeliveryId, IntentId
from kiosk.engine import Engine
from kiosk.fresh import Codes, Stamper
from kiosk.ports import BrokerLink
from kiosk.service.clock import Now
from kiosk.service.codes import CodeKeys
from kiosk.service.instants import instant_text
from kiosk.store.chained_rows import ChainedPages
from kiosk.store.cursors import Cursors
from kiosk.store.database import Database
from kiosk.store.journal import SqliteJournal
from kiosk.store.reader import StoredFile
from kiosk.sync.blockage import Blockage
from kiosk.sync.discovery import Discovery
from kiosk.sync.downlink import Downlink
from kiosk.sync.publisher import CONFIRMED, PUBLISHED, Custody, Publisher
from kiosk.sync.states import Identity, States
from kiosk.sync.topics import Topics
from kiosk.sync.uplink import Uplink
from tests.domain.rig import BANKS, START_MS, digest, empty_state
from tests.store.rig import opened

TOPICS = Topics("maple-court", "lobby")
IDENTITY = Identity("maple-court", "lobby", "PUBLICKEY", 1, "test")
BROKERS = Custody(None, is_consumers=False)
LEDGERS = Custody("ledger", is_consumers=True)
BLOCKED_AFTER_S = 300.0


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something that becomes true elsewhere; fail when it takes too long."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"not within a minute: {what}")


@dataclass
class WallClock:
    """Follows the loop, ahead of it by what the test has let pass; trusted as long as the test says so."""

    is_trusted: bool = True
    ahead_ms: int = 0
    boot: str = "boot-1"

    def now(self) -> Now:
        """This instant."""
        mono_ms = 900_000 + self.ahead_ms + round(asyncio.get_running_loop().time() * 1000) % 1_000_000_000
        return Now(START_MS + mono_ms, mono_ms, self.is_trusted)


@dataclass
class Kiosk:
    """One life of it."""

    engine: Engine
    database: Database
    cursors: Cursors
    uplink: Uplink
    clock: WallClock
    unlocks: list[Unlock]

    async def do(self, fact: i.Fact, intent: str | None = None) -> None:
        """Something happens."""
        answer = await self.engine.submit(fact, intent=IntentId(intent) if intent else None)
        assert answer.refusal is None, answer

    async def start(self) -> None:
        """The start, with every door shut."""
        await self.do(i.KioskStart("test"))
        for bank in BANKS:
            doors = {place.id: DoorState.CLOSED for place in self.engine.state.layout.of_bank(bank)}
            await self.do(i.BankSeen(bank, doors))

    async def swing(self, times: int, compartment: str = "c8") -> None:
        """A door opens and closes so often; each time leaves two events at least."""
        for _ in range(times):
            for door in (DoorState.OPEN, DoorState.CLOSED):
                await self.do(i.DoorSeen(CompartmentId(compartment), door))

    async def reserve(self, unit: str = "412") -> DeliveryId:
        """A courier comes to a door that is about to be unlocked."""
        known = set(self.engine.state.deliveries)
        await self.do(i.ChooseFlow(i.Flow.DELIVER))
        await self.do(i.PresentCarrierCode(digest("111111")))
        await self.do(i.ChooseUnit(unit))
        await self.do(i.ChooseSize(next(iter(self.engine.state.layout.sizes))))
        (delivery,) = set(self.engine.state.deliveries) - known
        return delivery

    async def store(self, unit: str = "412") -> DeliveryId:
        """A whole drop-off; the code is on its way."""
        delivery = await self.reserve(unit)
        unlock = self.unlocks[-1]
        await self.do(i.UnlockSent(unlock.unlock))
        await self.do(i.DoorSeen(unlock.compartment, DoorState.OPEN))
        self.clock.ahead_ms += 10_000
        await self.do(i.DoorSeen(unlock.compartment, DoorState.CLOSED))
        await self.do(i.Finish())
        assert self.engine.state.deliveries[delivery].has_code
        return delivery

    async def head(self) -> int:
        """The number of the newest event."""
        pages = ChainedPages(self.database)
        after = 0
        while page := await pages.read_chained(after, 500):
            after = page[-1].row.seq
        return after

    async def published(self) -> int:
        """How far the broker has acknowledged."""
        return await self.cursors.read(PUBLISHED)

    async def confirmed(self) -> int:
        """How far the consumer has confirmed."""
        return await self.cursors.read(CONFIRMED)

    async def until_published(self) -> int:
        """Wait until everything has been acknowledged; the number of the last event."""
        while True:
            head = await self.head()
            if await self.published() >= head:
                return head
            await asyncio.sleep(0.01)


def order(command: str, *, minutes: float = 5, at_ms: int | None = None, **more: object) -> dict[str, object]:
    """A command as its sender writes it."""
    now_ms = at_ms or WallClock().now().at_ms
    return {
        "id": f"00000000-0000-7000-8000-{int(command):012d}",
        "issuer": "desk",
        "expires_at": instant_text(now_ms + round(minutes * 60_000)),
        **more,
    }


@asynccontextmanager
async def kiosk_at(
    path: Path,
    link: BrokerLink,
    *,
    clock: WallClock | None = None,
    custody: Custody = BROKERS,
    make_cursors: Callable[[Database], Cursors] = Cursors,
    discovery: Discovery | None = None,
) -> AsyncIterator[Kiosk]:
    """A kiosk over the database at a path, connected to a broker until the context is left in order."""
    clock = clock or WallClock()
    async with opened(path) as database:
        cursors = make_cursors(database)
        journal = SqliteJournal(database, cursors=cursors)
        rows = await journal.load(empty_state())
        state = replace(rows.state, directory=empty_state().directory)
        keys = path.parent / "keys"
        codes = Codes(CodeKeys.load(keys) if keys.exists() else CodeKeys.create(keys))
        engine = Engine(state, journal, Stamper(clock, codes).stamp)
        uplink = _uplink(link, engine, journal, database, cursors, clock, custody, discovery)
        kiosk = Kiosk(engine, database, cursors, uplink, clock, [])
        engine.connect(lambda effect: _note(kiosk, effect))
        engine.listen(lambda _written: uplink.publisher.wake())
        async with asyncio.TaskGroup() as tasks:
            core = tasks.create_task(engine.run(), name="engine")
            syncing = tasks.create_task(uplink.run(), name="uplink")
            try:
                yield kiosk
            finally:
                syncing.cancel()
                await asyncio.wait({syncing})
                core.cancel()


def _uplink(
    link: BrokerLink,
    engine: Engine,
    journal: SqliteJournal,
    database: Database,
    cursors: Cursors,
    clock: WallClock,
    custody: Custody,
    discovery: Discovery | None,
) -> Uplink:
    pages = ChainedPages(database)
    return Uplink(
        link=link,
        topics=TOPICS,
        publisher=Publisher(pages, cursors, topics=TOPICS, clock=clock, custody=custody),
        downlink=Downlink(engine, journal, pages, topics=TOPICS, clock=clock),
        states=States(engine, TOPICS, IDENTITY, discovery=discovery),
        blockage=Blockage(engine, after_s=BLOCKED_AFTER_S),
        clock=clock,
        draw=os.urandom,
    )


def _note(kiosk: Kiosk, effect: Effect) -> None:
    if isinstance(effect, Unlock):
        kiosk.unlocks.append(effect)


def log_of(path: Path) -> list[tuple[int, str]]:
    """Number and type of every event on disk."""
    found: list[tuple[int, str]] = []
    with StoredFile(path) as file:
        while page := file.events(found[-1][0] if found else 0, 500):
            found += [(row.seq, row.type) for row in page]
    return found
