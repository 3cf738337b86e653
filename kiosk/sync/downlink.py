"""Commands in, answers out. Nothing that arrives is passed over in silence."""

import logging
from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import Protocol

from kiosk.domain.model.command import CommandRefusal, Order
from kiosk.domain.model.ids import IntentId
from kiosk.domain.refusals import Refusal
from kiosk.ports import Answer, Arrival, BrokerRefused, BrokerSession, EventPages, Inbox
from kiosk.service.clock import Clock
from kiosk.sync.blockage import Blockage
from kiosk.sync.messages import (
    CommandAnswer,
    CommandMessage,
    ConfirmMessage,
    ReplayMessage,
    Unreadable,
    answer_publication,
    fact_of,
    order_of,
    read,
    read_command,
    refused_why,
)
from kiosk.sync.publisher import Publisher
from kiosk.sync.states import States
from kiosk.sync.topics import UNREADABLE, Topics

OWED_AT_MOST = 256
"""Answers that wait for a connection."""

_log = logging.getLogger(__name__)


class FirstAnswers(Protocol):
    """What intents were answered."""

    async def answer_of(self, intent: IntentId) -> Answer | None:
        """The answer that an intent got, if it is on disk."""


class Downlink:
    """Takes one message after another. An answer that could not be sent goes out at the next connect."""

    def __init__(
        self, inbox: Inbox, first_answers: FirstAnswers, log: EventPages, *, topics: Topics, clock: Clock
    ) -> None:
        self._inbox = inbox
        self._first_answers = first_answers
        self._log = log
        self._topics = topics
        self._clock = clock
        self._owed: OrderedDict[str, CommandAnswer] = OrderedDict()
        self._in_hand: Arrival | None = None
        self._kept: deque[Arrival] = deque()

    async def run(
        self, session: BrokerSession, publisher: Publisher, states: States, blockage: Blockage
    ) -> None:
        """Obey and answer over one connection for as long as it lasts; BrokerAway."""
        await self._send_owed(session)
        while True:
            arrival = self._in_hand = await self._next(session)
            try:
                if arrival.topic == self._topics.confirm:
                    await publisher.confirm(read(ConfirmMessage, arrival.payload), blockage)
                elif arrival.topic == self._topics.replay:
                    await _replay(publisher, arrival)
                else:
                    await self._answer(session, arrival, states)
            except Unreadable as error:
                _log.warning("%s: %s", arrival.topic, error)
            self._in_hand = None

    async def _next(self, session: BrokerSession) -> Arrival:
        """What was begun on an earlier connection, then what it left, then what comes."""
        if self._in_hand is not None:
            return self._in_hand
        return self._kept.popleft() if self._kept else await session.receive()

    def keep(self, arrivals: Sequence[Arrival]) -> None:
        """A connection has ended: the broker takes these for delivered, so the next one begins with them."""
        self._kept.extend(arrivals)

    async def last_words(self, session: BrokerSession) -> None:
        """At a stop: what was begun is answered; what has come since is refused, unless it was before."""
        begun, self._in_hand = self._in_hand, None
        for arrival in (*((begun,) if begun else ()), *self._kept, *session.waiting()):
            name = self._topics.command_of(arrival.topic)
            if name is not None:
                await self._owe(session, await self._last_answer(name, arrival, is_begun=arrival is begun))

    async def _last_answer(self, name: str, arrival: Arrival, *, is_begun: bool) -> CommandAnswer:
        try:
            message = read_command(name, arrival.payload)
        except Unreadable as error:
            return CommandAnswer(error.of, name, error.code, str(error))
        known = await self._first_answers.answer_of(IntentId(message.id))
        fact = fact_of(name, message, order_of(message, is_retained=arrival.is_retained))
        if known is None and is_begun and fact is not None:
            known = await self._inbox.submit(fact, intent=IntentId(message.id))
        return await self._told(name, message.id, known or Answer(Refusal.STOPPING, None))

    async def _answer(self, session: BrokerSession, arrival: Arrival, states: States) -> None:
        name = self._topics.command_of(arrival.topic)
        if name is None:
            _log.warning("%s: nothing was subscribed to there", arrival.topic)
            return
        if arrival.is_retained:
            _log.warning("%s: a retained command; whoever sent it must not retain it", arrival.topic)
        try:
            message = read_command(name, arrival.payload)
        except Unreadable as error:
            await self._owe(session, CommandAnswer(error.of, name, error.code, str(error)))
            return
        order = order_of(message, is_retained=arrival.is_retained)
        fact = fact_of(name, message, order)
        if fact is None:
            await self._owe(session, self._status(name, message, order, states))
            return
        answer = await self._inbox.submit(fact, intent=IntentId(message.id))
        await self._owe(session, await self._told(name, message.id, answer))

    def _status(self, name: str, message: CommandMessage, order: Order, states: States) -> CommandAnswer:
        """Answered from what is believed now, so a repeated one is answered anew."""
        now = self._clock.now()
        if order.is_retained:
            return CommandAnswer(message.id, name, CommandRefusal.COMMAND_RETAINED.value)
        if now.is_trusted and order.expires_at_ms <= now.at_ms:
            return CommandAnswer(message.id, name, CommandRefusal.COMMAND_EXPIRED.value)
        more = {"clock_trusted": now.is_trusted}
        return CommandAnswer(message.id, name, state={**states.now(), **more})

    async def _told(self, name: str, command: str, answer: Answer) -> CommandAnswer:
        """The answer as the log has it: the last event of the command says whether it was obeyed."""
        if answer.refusal is not None or answer.seq is None:
            return CommandAnswer(command, name, _code(answer.refusal or Refusal.OUTCOME_UNKNOWN))
        rows = await self._log.read_chained(answer.seq - 1, 1)
        row = rows[0].row if rows else None
        if row is None or row.intent != command or not row.actor.startswith("command:"):
            return CommandAnswer(command, name, "IdTaken", "this id was used for something else")
        if row.type == "CommandRefused":
            return CommandAnswer(command, name, refused_why(row.body), seq=row.seq)
        return CommandAnswer(command, name, seq=row.seq)

    # Answers on their way

    async def _owe(self, session: BrokerSession, answer: CommandAnswer) -> None:
        self._owed[answer.id if answer.id != UNREADABLE else f"{UNREADABLE}{len(self._owed)}"] = answer
        while len(self._owed) > OWED_AT_MOST:
            self._owed.popitem(last=False)
        await self._send_owed(session)

    async def _send_owed(self, session: BrokerSession) -> None:
        for key, answer in tuple(self._owed.items()):
            try:
                await session.publish(answer_publication(self._topics, answer))
            except BrokerRefused as error:
                _log.warning("the answer to command %s: %s", answer.id, error)
            self._owed.pop(key, None)


async def _replay(publisher: Publisher, arrival: Arrival) -> None:
    """A retained one would start at every connect."""
    if arrival.is_retained:
        raise Unreadable("Malformed", "a retained replay")
    await publisher.replay(read(ReplayMessage, arrival.payload))


def _code(refusal: Refusal) -> str:
    return "".join(word.capitalize() for word in refusal.value.split("_"))
