"""A kiosk's past, made once: real decisions of the real rules, written by the real store, in larger batches.

Deliveries follow one another as in a building with 57 a day, up to the present; at the end half of the doors
have a parcel.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from kiosk.domain import inputs as i
from kiosk.domain.effects import Effect, Unlock
from kiosk.domain.events import Event
from kiosk.domain.model.compartment import DoorState, SizeClass
from kiosk.domain.model.ids import BootId, DeliveryId, Digest, IntentId
from kiosk.domain.state import State
from kiosk.engine import Engine
from kiosk.fresh import Codes
from kiosk.ports import ActiveRows, Answer, Decision, Written
from kiosk.service.codes import draw_proof
from kiosk.service.uuid7 import uuid7
from kiosk.store.database import Database
from kiosk.store.journal import SqliteJournal
from kiosk.store.message_queue import SqliteMessages
from tests.benchmarks.product.building import CARRIER_DIGITS, unit_label

BETWEEN_MS = 1_500_000
"""From one delivery to the next: about 57 a day, a million events in three and a half years."""
EVENTS_A_DELIVERY = 14
A_STRETCH = 1000
"""Deliveries between two starts of the kiosk."""
_GATHERED = 256
_BOOT = "past"
_FAR = 10_000


@dataclass
class _Gathering:
    """A journal that lets decisions pile up and writes them together."""

    real: SqliteJournal
    waiting: list[Decision] = field(default_factory=list)
    before: State | None = None
    after: State | None = None
    epoch: int = 0
    seq: int = 0
    """The last number given, on disk or not."""

    async def load(self, empty: State) -> ActiveRows:
        """What is on disk."""
        rows = await self.real.load(empty)
        self.epoch, self.seq = rows.epoch, rows.seq
        return rows

    async def commit(self, decisions: Sequence[Decision], before: State, after: State) -> Sequence[Written]:
        """Keep them until there are enough."""
        self.before = self.before or before
        self.after = after
        self.waiting += decisions
        written = [row for decision in decisions for row in self._rows(decision)]
        if len(self.waiting) >= _GATHERED:
            await self.flush()
        return written

    def _rows(self, decision: Decision) -> Iterator[Written]:
        """The events of a decision under the numbers that they will have; nobody here asks for the hash."""
        stamp = decision.stamp
        for change in decision.changes:
            if isinstance(change, Event):
                self.seq += 1
                yield Written(self.epoch, self.seq, change, "", stamp.at_ms, stamp.is_trusted)

    async def flush(self) -> None:
        """Write what waits."""
        if self.waiting and self.before and self.after:
            written = await self.real.commit(self.waiting, self.before, self.after)
            if written and written[-1].seq != self.seq:
                raise RuntimeError(f"event {written[-1].seq} was written, expected {self.seq}")
        self.waiting, self.before, self.after = [], None, None

    async def reopen(self) -> None:
        """Never needed here."""
        await self.real.reopen()

    async def recall(self, decisions: Sequence[Decision], last_seq: int) -> Sequence[Written]:
        """As it stands on disk."""
        return await self.real.recall(decisions, last_seq)

    async def seq_of(self, intent: IntentId) -> int | None:
        """As it stands on disk."""
        return await self.real.seq_of(intent)

    async def answer_of(self, intent: IntentId) -> Answer | None:
        """As it stands on disk."""
        return await self.real.answer_of(intent)

    @property
    def has_upkeep(self) -> bool:
        """Decisions may have piled up."""
        return True

    async def idle(self) -> None:
        """A pause in the past: what waits is written, what has aged out is forgotten."""
        await self.flush()
        await self.real.idle()


class _Hours:
    """Time that passes only when told."""

    def __init__(self, codes: Codes, at_ms: int) -> None:
        self._codes = codes
        self.at_ms = at_ms

    def stamp(self, fact: i.Fact, intent: IntentId | None, _state: State) -> i.Stamp:
        """The moment; where a code may be needed with two, in case the first was drawn before."""
        count = 2 if isinstance(fact, i.Finish) else 0
        return i.Stamp(
            at_ms=self.at_ms,
            mono_ms=self.at_ms,
            boot=BootId(_BOOT),
            is_trusted=True,
            intent=intent or IntentId(uuid7(self.at_ms)),
            codes=tuple(self._codes.candidate() for _ in range(count)),
            proofs=(draw_proof(),),
        )


class _People:
    """One courier and every resident, one after another."""

    def __init__(self, engine: Engine, hours: _Hours, carrier: Digest) -> None:
        self._engine = engine
        self._hours = hours
        self._carrier = carrier
        self._effects: list[Effect] = []
        engine.connect(self._effects.append)

    async def do(self, *facts: i.Fact, after_ms: int = 1000) -> None:
        """Facts, one after another; a refusal means that this script is wrong."""
        for fact in facts:
            self._hours.at_ms += after_ms
            answer = await self._engine.submit(fact)
            if answer.refusal:
                raise RuntimeError(f"{fact} was refused: {answer.refusal}")

    async def _door(self) -> None:
        """The door of the last unlock opens, and closes ten seconds later."""
        unlock = next(one for one in reversed(self._effects) if isinstance(one, Unlock))
        self._effects.clear()
        await self.do(i.UnlockSent(unlock.unlock), i.DoorSeen(unlock.compartment, DoorState.OPEN))
        await self.do(i.DoorSeen(unlock.compartment, DoorState.CLOSED), after_ms=_FAR)

    async def drop_off(self, parcel: int) -> Digest:
        """A parcel for a unit; the digest of its code."""
        known = set(self._engine.state.deliveries)
        await self.do(i.ChooseFlow(i.Flow.DELIVER), i.PresentCarrierCode(self._carrier))
        await self.do(i.ChooseUnit(unit_label(parcel)), i.ChooseSize(SizeClass.S))
        await self._door()
        await self.do(i.Finish())
        (delivery,) = set(self._engine.state.deliveries) - known
        return self._code_of(delivery)

    def _code_of(self, delivery: DeliveryId) -> Digest:
        live = self._engine.state.credentials.values()
        return next(one.digest for one in live if one.delivery == delivery)

    async def pick_up(self, code: Digest) -> None:
        """Its resident takes it."""
        await self.do(i.ChooseFlow(i.Flow.PICK_UP), i.PresentCode(code, is_long=False))
        await self._door()
        await self.do(i.AnswerPickup(i.PickupAnswer.GOT_EVERYTHING))


@dataclass(frozen=True, slots=True)
class Past:
    """What is needed to make one."""

    database: Database
    codes: Codes
    empty: State
    now_ms: int
    say: Callable[[str], None]

    async def make(self, events: int, parcels: int) -> None:
        """At least so many events, then parcels that nobody has taken yet."""
        gathering = _Gathering(SqliteJournal(self.database))
        hours = _Hours(self.codes, self.now_ms - (events // EVENTS_A_DELIVERY + _FAR // 100) * BETWEEN_MS)
        while gathering.seq < events:
            async with self._kiosk(gathering, hours) as people:
                await self._stretch(people, gathering, hours, events)
        async with self._kiosk(gathering, hours) as people:
            for parcel in range(parcels):
                await people.drop_off(parcel)
        await self._hand_over()

    async def _stretch(self, people: _People, log: _Gathering, hours: _Hours, events: int) -> None:
        doors = len(self.empty.layout.compartments)
        for number in itertools.count():
            if number == A_STRETCH or log.seq >= events:
                break
            hours.at_ms += BETWEEN_MS
            await people.pick_up(await people.drop_off(number % doors))
            if number % 100 == 0:
                await log.idle()
        await log.flush()
        self.say(f"making the product's past, once: {log.seq:,} of {events:,} events")
        await self._hand_over()

    async def _hand_over(self) -> None:
        queue = SqliteMessages(self.database)
        while waiting := await queue.waiting(500):
            for one in waiting:
                await queue.handed_over(one.message.id, one.message.due_at_ms)

    @asynccontextmanager
    async def _kiosk(self, journal: _Gathering, hours: _Hours) -> AsyncIterator[_People]:
        rows = await journal.load(self.empty)
        engine = Engine(rows.state, journal, hours.stamp)
        people = _People(engine, hours, self.codes.carrier_digest_of(CARRIER_DIGITS))
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(engine.run())
            await people.do(i.KioskStart("past"))
            for bank in self.empty.layout.banks:
                doors = {place.id: DoorState.CLOSED for place in self.empty.layout.of_bank(bank)}
                await people.do(i.BankSeen(bank, doors))
            yield people
            await engine.drain()
            running.cancel()
        await journal.flush()
