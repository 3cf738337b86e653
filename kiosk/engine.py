"""The engine: one task decides what waits, commits the batch, and only then lets anything move or be said."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from kiosk.domain.changes import Change, SideChange, VisitChanged
from kiosk.domain.decide import decide
from kiosk.domain.draft import Outcome
from kiosk.domain.effects import Effect
from kiosk.domain.events import Event
from kiosk.domain.evolve import evolve
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import Fact, Input, Stamp
from kiosk.domain.model.ids import IntentId
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State
from kiosk.ports import Answer, Decision, Journal, JournalBroken, JournalRefused, Written

BATCH = 64
"""Inputs in one commit at most."""
IDLE_S = 2.0
"""An inbox empty for so long gives the journal time for a checkpoint."""
_ANSWERS_KEPT = 512
_DURABLE = (Event, *get_args(SideChange))

Stamping = Callable[[Fact, IntentId | None, State], Stamp]
"""Makes the stamp of a fact, as an intent or a new one, to be decided on a state."""
EffectSink = Callable[[Effect], None]
LogListener = Callable[[Sequence[Written]], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    fact: Fact
    intent: IntentId | None
    answer: asyncio.Future[Answer]


@dataclass(frozen=True, slots=True)
class _Decided:
    waiting: _Waiting
    stamp: Stamp
    outcome: Outcome

    @property
    def decision(self) -> Decision:
        outcome = self.outcome
        return Decision(self.stamp.intent, outcome.actor, self.stamp, outcome.changes, outcome.refusal)


def is_durable(change: Change) -> bool:
    """Whether a change is written to disk."""
    return isinstance(change, _DURABLE)


class Engine:
    """Owns the state. Everything else submits facts and reads what was decided."""

    def __init__(self, state: State, journal: Journal, stamping: Stamping) -> None:
        self._state = state
        self._journal = journal
        self._stamping = stamping
        self._inbox: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._is_done = asyncio.Event()
        """Nothing waits, and nothing is being decided."""
        self._is_done.set()
        self._answers: OrderedDict[IntentId, Answer] = OrderedDict()
        self._revision = 1
        self._moved = asyncio.Event()
        self._effect_sinks: list[EffectSink] = []
        self._listeners: list[LogListener] = []
        self._doubters: list[Callable[[], None]] = []
        self._is_stopping = False
        self._is_upkeep_due = True
        """Something was committed since the journal was last given time."""

    @property
    def state(self) -> State:
        """The state as of the last commit."""
        return self._state

    @property
    def revision(self) -> int:
        """Grows with every change of the state."""
        return self._revision

    def connect(self, effects: EffectSink) -> None:
        """Where effects go once their decision is on disk."""
        self._effect_sinks.append(effects)

    def listen(self, listener: LogListener) -> None:
        """Call a function with every committed batch of events."""
        self._listeners.append(listener)

    def on_doubt(self, forget: Callable[[], None]) -> None:
        """Call a function when observations may have been lost, so that they are said again."""
        self._doubters.append(forget)

    async def submit(self, fact: Fact, *, intent: IntentId | None = None) -> Answer:
        """Decide, commit, answer. The same intent gets the first answer again."""
        if self._is_stopping:
            return Answer(Refusal.STOPPING, None)
        return await self._put(fact, intent)

    def post(self, fact: Fact) -> None:
        """Submit without waiting for the answer, from inside the loop."""
        if not self._is_stopping:
            self._put(fact, None)

    def _put(self, fact: Fact, intent: IntentId | None) -> asyncio.Future[Answer]:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._inbox.append(_Waiting(fact, intent, answer))
        self._is_done.clear()
        self._arrived.set()
        return answer

    async def changed(self, after: int) -> int:
        """Wait until the revision is greater than `after`."""
        while self._revision <= after:
            await self._moved.wait()
        return self._revision

    async def drain(self) -> None:
        """Take no more inputs and return when those that wait have been decided."""
        self._is_stopping = True
        await self._is_done.wait()

    async def run(self) -> None:
        """Decide for ever. However this ends, nobody is left waiting or told what nobody knows."""
        batch: list[_Waiting] = []
        try:
            while True:
                batch = await self._next_batch()
                await self._work(batch)
                batch = []
        finally:
            self._is_stopping = True
            self._let_go(batch)

    def _let_go(self, batch: Sequence[_Waiting]) -> None:
        for waiting in batch:
            _reply(waiting, Answer(Refusal.OUTCOME_UNKNOWN, None))
        while self._inbox:
            _reply(self._inbox.popleft(), Answer(Refusal.STOPPING, None))

    async def _next_batch(self) -> list[_Waiting]:
        if not self._inbox:
            self._is_done.set()
            await self._quiet()
        while not self._inbox:
            await self._arrival(None)
        return [self._inbox.popleft() for _ in range(min(BATCH, len(self._inbox)))]

    async def _quiet(self) -> None:
        """After a commit, and once nothing has come for a while, the journal gets its time."""
        if self._is_upkeep_due and self._journal.has_upkeep:
            await self._arrival(IDLE_S)
            if not self._inbox:
                self._is_upkeep_due = False
                await self._idle()

    async def _arrival(self, within_s: float | None) -> None:
        """Wait for an input, but no longer than that."""
        self._arrived.clear()
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(within_s, self._arrived.set) if within_s is not None else None
        try:
            await self._arrived.wait()
        finally:
            if alarm is not None:
                alarm.cancel()

    async def _idle(self) -> None:
        try:
            await self._journal.idle()
        except JournalBroken:
            await self._find_out([])

    async def _work(self, batch: list[_Waiting]) -> None:
        fresh, repeated = await self._sort_out(batch)
        decided, after = self._decide_all(fresh)
        try:
            written = await self._commit(decided, after)
        except JournalRefused:
            await self._one_by_one(fresh)
        except JournalBroken:
            await self._find_out(decided)
        else:
            self._take(decided, after, written)
        for waiting, intent in repeated:
            _reply(waiting, self._answers.get(intent, Answer(Refusal.NOT_DURABLE, None)))

    async def _sort_out(
        self, batch: Sequence[_Waiting]
    ) -> tuple[list[_Waiting], list[tuple[_Waiting, IntentId]]]:
        """What must be decided, and what repeats an intent of this very batch; the rest is answered now."""
        fresh: dict[IntentId | int, _Waiting] = {}
        repeated = []
        for number, waiting in enumerate(batch):
            intent = waiting.intent
            if intent is None:
                fresh[number] = waiting
            elif intent in fresh:
                repeated.append((waiting, intent))
            elif (known := await self._answer_before(intent)) is not None:
                _reply(waiting, known)
            else:
                fresh[intent] = waiting
        return list(fresh.values()), repeated

    async def _answer_before(self, intent: IntentId) -> Answer | None:
        """The first answer to an intent: remembered, or on disk from before the last start."""
        if intent in self._answers:
            return self._answers[intent]
        try:
            return await self._journal.answer_of(intent)
        except JournalBroken:
            await self._find_out([])
            return await self._journal.answer_of(intent)

    def _decide_all(self, batch: Sequence[_Waiting]) -> tuple[list[_Decided], State]:
        state, decided = self._state, []
        for waiting in batch:
            stamp = self._stamping(waiting.fact, waiting.intent, state)
            outcome = decide(state, Input(waiting.fact, stamp))
            state = outcome.after
            decided.append(_Decided(waiting, stamp, outcome))
        return decided, state

    async def _commit(self, decided: Sequence[_Decided], after: State) -> Sequence[Written]:
        durable = [one.decision for one in decided if any(map(is_durable, one.outcome.changes))]
        if not durable:
            return ()
        self._is_upkeep_due = True
        return await self._journal.commit(durable, self._state, after)

    def _take(self, decided: Sequence[_Decided], after: State, written: Sequence[Written]) -> None:
        """The decisions count: the state moves on, then effects and answers go out."""
        before, self._state = self._state, _without_old_trouble(after) if written else after
        self._tell(written)
        self._move(decided)
        if self._state is not before:
            self._announce()
        rows = iter(written)
        for one in decided:
            mine = [next(rows).seq for change in one.outcome.changes if isinstance(change, Event)]
            self._remember(one, Answer(one.outcome.refusal, mine[-1] if mine else None))

    def _tell(self, written: Sequence[Written]) -> None:
        for listener in self._listeners if written else ():
            listener(written)

    def _move(self, decided: Sequence[_Decided]) -> None:
        for one in decided:
            for effect in one.outcome.effects:
                for sink in self._effect_sinks:
                    sink(effect)

    def _become(self, state: State) -> None:
        if state is self._state:
            return
        self._state = state
        self._announce()

    def _announce(self) -> None:
        self._revision += 1
        self._moved.set()
        self._moved = asyncio.Event()

    def _remember(self, one: _Decided, answer: Answer) -> None:
        self._answers[one.stamp.intent] = answer
        while len(self._answers) > _ANSWERS_KEPT:
            self._answers.popitem(last=False)
        _reply(one.waiting, answer)

    async def _one_by_one(self, batch: Sequence[_Waiting]) -> None:
        """A definite database error: only the culprit is refused."""
        for waiting in batch:
            decided, after = self._decide_all([waiting])
            try:
                written = await self._commit(decided, after)
            except JournalRefused:
                _reply(waiting, Answer(Refusal.NOT_DURABLE, None))
                self._become(_in_trouble(self._state))
            except JournalBroken:
                await self._find_out(decided)
            else:
                self._take(decided, after, written)

    async def _find_out(self, decided: Sequence[_Decided]) -> None:
        """A commit that raised is not a commit that failed: reopen, look the intents up, tell the truth.

        The batch was one transaction, so one intent on disk means all of it is; then its effects go out too,
        for each has its own deadline. If the journal does not open again the process ends: nothing is true.
        """
        await self._journal.reopen()
        durable = [one for one in decided if any(map(is_durable, one.outcome.changes))]
        answers = {one.stamp.intent: await self._journal.answer_of(one.stamp.intent) for one in durable}
        is_written = any(answers.values())
        believed = decided[-1].outcome.after if is_written else self._state
        rows = await self._journal.load(believed)
        after = replace(rows.state, directory=believed.directory)
        written: Sequence[Written] = ()
        if is_written:
            last_seq = max(answer.seq or 0 for answer in answers.values() if answer)
            written = await self._journal.recall([one.decision for one in durable], last_seq)
        # Nothing is awaited from here on: whoever sees the state has the proofs of its parcels too.
        self._become(after if is_written or not durable else _in_trouble(after))
        self._tell(written)
        if is_written:
            self._move(decided)
        for one in decided:
            found = answers.get(one.stamp.intent) or Answer(one.outcome.refusal, None)
            self._remember(one, found if is_written else Answer(Refusal.NOT_DURABLE, None))
        for forget in self._doubters:
            forget()


def _reply(waiting: _Waiting, answer: Answer) -> None:
    if not waiting.answer.done():
        waiting.answer.set_result(answer)


def _in_trouble(state: State) -> State:
    """Nothing could be written: the screen says so, whoever the refused decision was about."""
    return _noticing(state, Refusal.NOT_DURABLE)


def _without_old_trouble(state: State) -> State:
    return _noticing(state, None) if state.visit.notice is Refusal.NOT_DURABLE else state


def _noticing(state: State, notice: Refusal | None) -> State:
    if state.visit.notice is notice:
        return state
    return evolve(state, VisitChanged(replace(state.visit, notice=notice)), 0)
