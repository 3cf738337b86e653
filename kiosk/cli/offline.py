"""The data folder without a daemon: reading it under the daemon's lock, and single decisions in it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from config.settings import Settings
from kiosk.cli.places import Place
from kiosk.data_folder import DataFolder
from kiosk.directory_orders import Answer, DirectoryOrders
from kiosk.domain.inputs import BenchUnlock, Stamp
from kiosk.domain.model.ids import BootId, CompartmentId, IntentId
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State
from kiosk.engine import Engine, Stamping
from kiosk.fresh import Codes, Stamper
from kiosk.keys import open_keys
from kiosk.order_forms import Failure, Order, OrderFailed, ParcelsOrder
from kiosk.reports.views import (
    DeliveryView,
    DoorView,
    EventView,
    IncidentView,
    ProofView,
    deliveries_view,
    doors_view,
    event_view,
    incidents_view,
    proof_view,
)
from kiosk.service.clock import Clock, SystemClock
from kiosk.service.instance_lock import InstanceLock
from kiosk.service.uuid7 import uuid7
from kiosk.storage import demand_database, empty_state, threaded_database
from kiosk.store.journal import SqliteJournal
from kiosk.store.reader import StoredFile

T = TypeVar("T")


class FolderSource:
    """Answers from the rows on disk; nobody looks at the doors, so they are unknown."""

    def __init__(self, file: StoredFile, empty: State) -> None:
        self._file = file
        self._empty = empty

    def doors(self) -> list[DoorView]:
        """Every compartment."""
        return doors_view(self._file.load(self._empty).state)

    def deliveries(self) -> list[DeliveryView]:
        """Every active delivery."""
        return deliveries_view(self._file.load(self._empty).state)

    def incidents(self) -> list[IncidentView]:
        """Every open incident, oldest first."""
        return incidents_view(self._file.load(self._empty).state)

    def events(self, after: int, limit: int) -> list[EventView]:
        """Events after a number, oldest first, so many at most."""
        return [event_view(row) for row in self._file.events(after, limit)]

    def proofs(self, code: str) -> list[ProofView]:
        """Proofs of delivery by their six characters, newest first."""
        return [proof_view(one) for one in self._file.proofs(code)]

    def last_seq(self) -> int:
        """The number of the newest event."""
        return self._file.load(self._empty).seq


@contextlib.contextmanager
def reading(place: Place) -> Iterator[FolderSource]:
    """The folder of a daemon that does not run; AlreadyRunning, DatabaseRefused."""
    demand_database(place.folder)
    with InstanceLock(place.folder.lock), StoredFile(place.folder.database) as file:
        yield FolderSource(file, empty_state(place.settings))


def commit_bench_unlock(settings: Settings, compartment: str, reason: str) -> Refusal | None:
    """Write into the log that one pulse is allowed, or say why it is not. Needs the instance lock."""
    fact = BenchUnlock(CompartmentId(compartment), reason)

    async def work(engine: Engine, _clock: Clock) -> Refusal | None:
        return (await engine.submit(fact)).refusal

    return asyncio.run(_with_engine(settings, work))


def obey_alone(place: Place, order: Order) -> Answer | OrderFailed:
    """One order over the directory of a daemon that does not run; AlreadyRunning, DatabaseRefused."""
    demand_database(place.folder)
    if isinstance(order, ParcelsOrder):
        return OrderFailed(Failure.REFUSED, "only a running kiosk sees its doors: start it first")

    async def work(engine: Engine, clock: Clock) -> Answer | OrderFailed:
        with ThreadPoolExecutor(1, "orders") as executor:
            try:
                return await DirectoryOrders(engine, codes, clock=clock, executor=executor).obey(order)
            except OrderFailed as failed:
                return failed

    with InstanceLock(place.folder.lock):
        codes = Codes(open_keys(place.folder).codes)
        return asyncio.run(_with_engine(place.settings, work, codes))


async def _with_engine(
    settings: Settings, work: Callable[[Engine, Clock], Awaitable[T]], codes: Codes | None = None
) -> T:
    """Work with the engine as it is in the daemon, with nobody there to carry out effects."""
    trust = settings.kiosk.clock_trust
    clock = SystemClock(trust.source, trust.path)
    async with threaded_database(DataFolder(settings.kiosk.data_folder).database) as database:
        journal = SqliteJournal(database)
        rows = await journal.load(empty_state(settings))
        stamping = Stamper(clock, codes).stamp if codes else _codeless(clock)
        engine = Engine(rows.state, journal, stamping)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(engine.run(), name="engine")
            result = await work(engine, clock)
            running.cancel()
        return result


def _codeless(clock: Clock) -> Stamping:
    """For decisions that make no code."""
    return lambda _fact, intent, _state: _stamp(clock, intent)


def _stamp(clock: Clock, intent: IntentId | None) -> Stamp:
    now = clock.now()
    return Stamp(
        at_ms=now.at_ms,
        mono_ms=now.mono_ms,
        boot=BootId(clock.boot),
        is_trusted=now.is_trusted,
        intent=intent or IntentId(uuid7(now.at_ms)),
    )
