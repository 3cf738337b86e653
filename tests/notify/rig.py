"""A notifier over real message rows on disk, in virtual time, with a channel that can be told to refuse."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.domain.changes import CredentialAdded, MessageQueued, SideChange
from kiosk.domain.decide import decide
from kiosk.domain.inputs import Fact, Input, Stamp
from kiosk.domain.model.compartment import CompartmentStatus, Layout, SizeClass
from kiosk.domain.model.credential import Credential
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.directory import Directory, Resident
from kiosk.domain.model.ids import (
    BootId,
    CarrierCodeId,
    CarrierId,
    CompartmentId,
    DeliveryId,
    Digest,
    IntentId,
    MessageId,
    RecipientId,
    ResidentId,
    SessionId,
    UnitId,
)
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.refusals import Refusal
from kiosk.domain.rules.custody import PARCEL_WAITING
from kiosk.domain.rules.undelivered import open_incidents
from kiosk.domain.state import Building, State
from kiosk.fresh import Codes
from kiosk.notify.dispatcher import Notifier
from kiosk.ports import Answer, NotDeliverable, OutgoingMessage
from kiosk.rehearsal.virtual_loop import run_virtually
from kiosk.service.clock import Now
from kiosk.service.codes import CodeKeys
from kiosk.store.active_rows import save_active
from kiosk.store.database import Database, open_database
from kiosk.store.message_queue import SqliteMessages
from kiosk.store.side_rows import save_side

START_MS = 1_790_000_000_000
MARA = Resident(ResidentId("r1"), UnitId("u412"), "Mara Lind", "en", "mara@example.org")
RECIPIENT = RecipientId("unit:u412")
BUILDING = Building("Maple Court", "k1", ("en", "es", "zh", "ar"), "Front desk, phone 555-0142")


class LoopClock:
    """Virtual time; `set_by_ms` is how far somebody has set the wall clock wrong."""

    boot = "boot-1"

    def __init__(self) -> None:
        self.set_by_ms = 0

    def now(self) -> Now:
        """Both clocks."""
        mono_ms = int(asyncio.get_running_loop().time() * 1000)
        return Now(START_MS + mono_ms + self.set_by_ms, mono_ms, is_trusted=True)


class Phone:
    """A channel that keeps what it is sent, by id; it refuses as often as it is told to."""

    def __init__(self) -> None:
        self.refusals = 0
        self.crashes = 0
        self.is_slow = False
        self.is_refusing = False
        """Whether nobody's contact is one that it reaches."""
        self.sends = 0
        self.messages: dict[str, OutgoingMessage] = {}

    async def send(self, message: OutgoingMessage) -> None:
        """Take a message, or raise what a channel raises."""
        self.sends += 1
        if self.is_slow:
            await asyncio.sleep(3600)
        if self.is_refusing:
            raise NotDeliverable("no contact that a channel of this kiosk reaches")
        if self.crashes:
            self.crashes -= 1
            raise RuntimeError("a bug of the channel")
        if self.refusals:
            self.refusals -= 1
            raise ConnectionRefusedError(111, "connection refused while sending 1234 5678")
        self.messages.setdefault(message.id, message)


class Office:
    """An inbox that decides at once: the real rules over a directory and a few parcels, nothing on disk."""

    def __init__(self, clock: LoopClock) -> None:
        self.state = State(BUILDING, Layout({}, {}, 1, 1), directory=Directory(residents={MARA.id: MARA}))
        self.is_refusing = False
        self.facts: list[Fact] = []
        self.revision = 1
        self._clock = clock

    async def submit(self, fact: Fact, *, intent: IntentId | None = None) -> Answer:
        """Decide."""
        if self.is_refusing:
            return Answer(Refusal.NOT_DURABLE, None)
        self.facts.append(fact)
        now = self._clock.now()
        stamp = Stamp(now.at_ms, now.mono_ms, BootId("b"), now.is_trusted, IntentId(f"i{len(self.facts)}"))
        outcome = decide(self.state, Input(fact, stamp))
        self.state = outcome.after
        return Answer(outcome.refusal, None)

    async def changed(self, after: int) -> int:
        """Nobody waits here."""
        raise NotImplementedError

    def know(self, *people: Resident) -> None:
        """Another directory."""
        self.state = replace(self.state, directory=Directory(residents={one.id: one for one in people}))

    def lose(self, delivery: str) -> None:
        """The parcel is gone."""
        kept = {name: one for name, one in self.state.deliveries.items() if name != delivery}
        self.state = replace(self.state, deliveries=kept)

    @property
    def stuck(self) -> list[str]:
        """Messages that staff know to be stuck."""
        return sorted(one.message or "" for one in open_incidents(self.state))


@dataclass
class Rig:
    """What a test can reach."""

    database: Database
    keys: CodeKeys
    phone: Phone = field(default_factory=Phone)
    clock: LoopClock = field(default_factory=LoopClock)
    codes_by_delivery: dict[str, str] = field(default_factory=dict)
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.clock)

    @property
    def queue(self) -> SqliteMessages:
        """The message rows."""
        return SqliteMessages(self.database)

    def notifier(self, keys: CodeKeys | None = None) -> Notifier:
        """A notifier as it is after a start."""
        return Notifier(
            self.queue, self.office, Codes(keys or self.keys), self.phone,
            self.clock, BUILDING, pickup_days=5,
        )  # fmt: skip

    async def queue_message(self, name: str, kind: str = PARCEL_WAITING, *, due_in_ms: int = 0) -> None:
        """A message of a parcel of its own with its own code."""
        fresh, delivery = self.keys.candidate(), DeliveryId(f"d-{name}")
        self.codes_by_delivery[delivery] = self.keys.unseal(fresh.sealed)
        live = Credential(Digest(fresh.digest), Digest(fresh.long_digest), delivery, RecipientId("unit:u412"))
        due_at_ms = self.clock.now().at_ms + due_in_ms
        await self._store_parcel(delivery)
        await self.write(
            CredentialAdded(live, fresh.sealed),
            MessageQueued(MessageId(name), kind, delivery, MARA.id, due_at_ms, door="17"),
        )

    async def forget_code(self, name: str) -> None:
        """The code is gone, and its message was left behind."""
        await self.database.write(
            lambda connection: connection.execute("DELETE FROM credential WHERE delivery = ?", (f"d-{name}",))
        )

    async def _store_parcel(self, delivery: DeliveryId) -> None:
        place = CompartmentId(f"c-{delivery}")
        parcel = Delivery(
            delivery, DeliveryState.STORED, place, UnitId("u412"), RECIPIENT, CarrierId("swift"),
            CarrierCodeId("1"), SessionId("s1"), SizeClass.S, START_MS,
        )  # fmt: skip
        known = {**self.office.state.deliveries, delivery: parcel}
        self.office.state = replace(self.office.state, deliveries=known)
        empty = State(BUILDING, Layout({}, {}, 1, 1))
        status = CompartmentStatus(place, Vacancy.OCCUPIED)
        after = replace(empty, compartments={place: status}, deliveries={delivery: parcel})
        await self.database.write(lambda connection: save_active(connection, empty, after))

    async def write(self, *changes: SideChange) -> None:
        """What a decision writes beside the log."""

        def write_all(connection: sqlite3.Connection) -> None:
            for change in changes:
                save_side(connection, change)

        await self.database.write(write_all)

    async def states(self) -> dict[str, tuple[int, int, str, bool]]:
        """Of every message row: due, tries, why it was put off, and whether a channel took it."""
        query = "SELECT id, due_at_ms, tries, put_off_why, handed_over_at_ms IS NOT NULL FROM message"
        rows = await self.database.read(lambda connection: connection.execute(query).fetchall())
        return {name: (due, tries, why, bool(is_over)) for name, due, tries, why, is_over in rows}

    @asynccontextmanager
    async def running(self, notifier: Notifier | None = None) -> AsyncIterator[Notifier]:
        """A notifier at work, ended as a crash would end it."""
        started = notifier or self.notifier()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(started.run())
            try:
                yield started
            finally:
                task.cancel()


def rehearse(folder: Path, scene: Callable[[Rig], Awaitable[None]]) -> None:
    """Play a scene in virtual time over a database in a folder."""

    async def play() -> None:
        with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as reader:
            async with open_database(folder / "kiosk.db", writer=writer, reader=reader) as database:
                await scene(Rig(database, CodeKeys.create(folder / "keys")))

    run_virtually(play())
