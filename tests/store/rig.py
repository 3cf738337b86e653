"""A database on disk fed with real decisions of the real rules."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from kiosk.domain import inputs as i
from kiosk.domain.draft import Outcome
from kiosk.domain.model.credential import Bucket
from kiosk.domain.model.ids import BootId, IntentId
from kiosk.domain.model.session import Visit
from kiosk.domain.state import State
from kiosk.engine import is_durable
from kiosk.ports import Decision, Written
from kiosk.store.audit_report import Report
from kiosk.store.database import Database, open_database
from kiosk.store.journal import SqliteJournal
from kiosk.store.reader import StoredFile
from tests.domain.rig import Rig, empty_state

P = ParamSpec("P")
T = TypeVar("T")


class InlineExecutor(Executor):
    """Runs at once, on the thread that asks: what virtual time uses."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it now; the outcome is there when this returns."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to whoever asks for the result
            future.set_exception(error)
        return future


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    """A database without threads."""
    inline = InlineExecutor()
    async with open_database(path, writer=inline, reader=inline) as database:
        yield database


@dataclass
class Recorder(Rig):
    """The hand that moves doors and time; what it decides waits to be written."""

    waiting: list[Decision] = field(default_factory=list)
    before: State = field(default_factory=empty_state)

    def do(self, fact: i.Fact) -> Outcome:
        """One input, kept as the engine would hand it to the journal."""
        outcome = super().do(fact)
        stamp = i.Stamp(
            at_ms=self.wall_ms + self.mono_ms,
            mono_ms=self.mono_ms,
            boot=BootId(self.boot),
            is_trusted=self.is_trusted,
            intent=IntentId(f"i{self._intents}"),
        )
        if any(map(is_durable, outcome.changes)):
            self.waiting.append(
                Decision(stamp.intent, outcome.actor, stamp, outcome.changes, outcome.refusal)
            )
        return outcome

    async def save(self, journal: SqliteJournal) -> list[Written]:
        """Write what waits as one batch."""
        written = await journal.commit(self.waiting, self.before, self.state) if self.waiting else []
        self.saved()
        return list(written)

    async def save_one_by_one(self, journal: SqliteJournal) -> None:
        """Write what waits in one transaction each; only the last one carries the rows' final state."""
        for decision in self.waiting[:-1]:
            await journal.commit([decision], self.before, self.before)
        self.waiting = self.waiting[-1:]
        await self.save(journal)

    def saved(self) -> None:
        """Nothing waits any more."""
        self.waiting, self.before = [], self.state

    def collect_oldest(self) -> None:
        """The oldest parcel that has a code is taken by its resident."""
        self.pick_up(next(one for one in self.stored() if one.has_code))
        self.answer()
        self.do(i.Finish())


def with_directory(state: State) -> State:
    """The people of the rig, whatever the directory on disk says."""
    return replace(state, directory=empty_state().directory)


def durable(state: State) -> State:
    """What of a state survives a restart, in a form that compares."""
    return replace(
        empty_state(),
        compartments=dict(state.compartments),
        deliveries=dict(state.deliveries),
        sessions=dict(state.sessions),
        incidents=dict(state.incidents),
        buckets={name: Bucket(one.left, one.boot, one.mono_ms) for name, one in state.buckets.items()},
        directory=state.directory,
        credentials=dict(state.credentials),
        long_credentials=dict(state.long_credentials),
        spent=dict(state.spent),
        visit=Visit(),
    )


async def make_log(path: Path, *, rounds: int = 1) -> Recorder:
    """A log with a start, deliveries that came and went, and one that stays."""
    kiosk = Recorder().start()
    assert isinstance(kiosk, Recorder)
    async with opened(path) as database:
        journal = SqliteJournal(database)
        for _ in range(rounds):
            kiosk.deliver()
            await kiosk.save(journal)
            kiosk.collect_oldest()
            await kiosk.save(journal)
        kiosk.deliver("101")
        await kiosk.save(journal)
    return kiosk


def audit(path: Path, *, head: str | None = None, fold: bool = True) -> Report:
    """Verify a database that nobody has open."""
    with StoredFile(path) as stored:
        return stored.verify(head=head, empty=empty_state() if fold else None)


@contextmanager
def by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody with a database tool, who knows how to get past the trigger."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("DROP TRIGGER IF EXISTS event_is_never_changed")
        yield connection


def rows_of(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows as somebody with a database tool sees them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(sql).fetchall()
