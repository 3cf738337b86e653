"""The journal on SQLite: every decision of a batch, with its rows, in one transaction."""

import logging
import secrets
import sqlite3
from collections.abc import Sequence

from kiosk.domain.inputs import Stamp
from kiosk.domain.model.ids import IntentId
from kiosk.domain.state import State
from kiosk.ports import ActiveRows, Answer, Decision, JournalBroken, JournalRefused, Written
from kiosk.store.active_rows import load_active, save_active
from kiosk.store.cursors import Cursors, save_cursors
from kiosk.store.database import Database
from kiosk.store.directory_rows import load_directory
from kiosk.store.errors import corrupt, file_of
from kiosk.store.intents import Intents
from kiosk.store.log import Salting, append, head_of, recall
from kiosk.store.log_index import bring_up_to_date
from kiosk.store.proof_rows import ProofShelf, save_proofs
from kiosk.store.retention import Uptime, forget
from kiosk.store.side_rows import load_codes, save_side
from kiosk.store.views import in_one_view

SALT_BYTES = 16
UPKEEP_EVENTS = 500
"""How far the log grows between two rounds: a kiosk where nothing happens writes nothing."""

_log = logging.getLogger(__name__)


def new_salt() -> bytes:
    """A salt from the operating system's generator."""
    return secrets.token_bytes(SALT_BYTES)


def load_rows(connection: sqlite3.Connection, empty: State) -> ActiveRows:
    """`empty` with its durable parts, as they stand; the cost does not grow with the log."""
    head = head_of(connection)
    state = load_directory(connection, load_codes(connection, load_active(connection, empty)))
    _demand_places(connection, state, has_past=head.seq > 0)
    return ActiveRows(state, head.epoch, head.seq)


def _demand_places(connection: sqlite3.Connection, state: State, *, has_past: bool) -> None:
    """A compartment without its row would be taken for a new one, and offered although a parcel is in it."""
    behind = {one.compartment for one in state.deliveries.values() if one.has_door}
    lost = behind - state.compartments.keys()
    if lost or (has_past and not state.compartments):
        what = ", ".join(sorted(lost)) or "every one"
        raise corrupt(file_of(connection), f"rows of table compartment are gone: {what}")


def save_rows(
    connection: sqlite3.Connection,
    decisions: Sequence[Decision],
    before: State,
    after: State,
    *,
    uptime: Uptime,
) -> None:
    """Write what a batch changes besides the log."""
    for decision in decisions:
        uptime_ms = uptime.at(decision.stamp.mono_ms)
        for change in decision.changes:
            save_side(connection, change, uptime_ms=uptime_ms)
    save_active(connection, before, after)


class SqliteJournal:
    """The only writer of custody."""

    def __init__(
        self,
        database: Database,
        *,
        cursors: Cursors | None = None,
        proofs: ProofShelf | None = None,
        salting: Salting = new_salt,
    ) -> None:
        self._database = database
        self._cursors = cursors or Cursors(database)
        self._proofs = proofs or ProofShelf(database)
        self._salting = salting
        self._intents = Intents()
        self._trusted_ms: int | None = None
        self._uptime = Uptime()
        self._uptime_ms = 0
        self._upkeep_after = 1
        self._seq = 0

    async def load(self, empty: State) -> ActiveRows:
        """`empty` with its durable parts filled in from the active rows."""
        await self._database.ask_writer(self._begin)
        return await self._database.read(
            lambda connection: in_one_view(connection, lambda view: load_rows(view, empty))
        )

    def _begin(self, connection: sqlite3.Connection) -> None:
        self._intents.read_on(connection)
        self._uptime.read(connection)

    async def commit(self, decisions: Sequence[Decision], before: State, after: State) -> Sequence[Written]:
        """Write a batch in one transaction; JournalRefused or JournalBroken."""
        moved, proofs = self._cursors.moved, self._proofs.waiting

        def work(connection: sqlite3.Connection) -> list[Written]:
            self._intents.claim(connection, decisions)
            save_cursors(connection, moved)
            save_proofs(connection, proofs)
            written = append(connection, decisions, self._salting)
            save_rows(connection, decisions, before, after, uptime=self._uptime)
            return written

        written = await self._database.commit(work)
        self._cursors.are_saved(moved)
        self._proofs.are_saved(proofs)
        self._note(decisions[-1].stamp, written)
        return written

    def _note(self, stamp: Stamp, written: Sequence[Written]) -> None:
        self._trusted_ms = stamp.at_ms if stamp.is_trusted else None
        self._uptime_ms = self._uptime.at(stamp.mono_ms)
        if written:
            self._seq = written[-1].seq

    async def reopen(self) -> None:
        """Close and open the database again after JournalBroken."""
        await self._database.reopen()
        await self._database.ask_writer(lambda _: self._intents.start_over())

    async def recall(self, decisions: Sequence[Decision], last_seq: int) -> Sequence[Written]:
        """What `commit` would have told of a batch that turned out to be on disk, up to this number."""
        written = await self._database.ask_writer(lambda connection: recall(connection, decisions, last_seq))
        self._note(decisions[-1].stamp, written)
        return written

    async def seq_of(self, intent: IntentId) -> int | None:
        """The last event number that an intent wrote, if it is on disk."""
        answer = await self.answer_of(intent)
        return answer.seq if answer else None

    async def answer_of(self, intent: IntentId) -> Answer | None:
        """The answer that an intent got, if it is on disk; asked of the writer, which knows it first."""
        return await self._database.ask_writer(lambda connection: self._intents.answer_of(connection, intent))

    @property
    def has_upkeep(self) -> bool:
        """Whether something waits for a time when nobody does, and is worth a commit."""
        return self._seq >= self._upkeep_after or self._database.has_upkeep

    async def idle(self) -> None:
        """The inbox has been empty for a while: what has waited for this is done."""
        if self._seq >= self._upkeep_after:
            self._upkeep_after = self._seq + UPKEEP_EVENTS
            try:
                await self._database.write(self._upkeep)
            except (JournalRefused, JournalBroken) as error:
                _log.error("the upkeep of the database was put off: %s", error)
        await self._database.idle()

    def _upkeep(self, connection: sqlite3.Connection) -> None:
        bring_up_to_date(connection)
        self._intents.start_over()
        if self._trusted_ms is not None:
            forget(connection, self._trusted_ms, uptime_ms=self._uptime_ms)
