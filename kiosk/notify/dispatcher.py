"""Takes waiting messages from their table and hands them to a channel, again and again until it took them."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import MessageId
from kiosk.domain.state import Building
from kiosk.notify.messages import CodeEnded, MessageWriter, NoWords
from kiosk.notify.standing import Standing
from kiosk.ports import (
    CodeMaker,
    Inbox,
    MessageChannel,
    MessageQueue,
    NotDeliverable,
    OutgoingMessage,
    WaitingMessage,
)
from kiosk.service.clock import Clock, Now
from kiosk.service.codes import SealBroken
from kiosk.service.errors import CHANNEL_DOWN, NO_WORDS, NOBODY_THERE, NOT_DELIVERABLE, SEAL_BROKEN, Fault
from kiosk.service.logs import without_codes

PAGE = 1000
"""So many messages are looked at in one go."""
LOOK_AGAIN_S = 60.0
"""The table is read this often even if nobody woke us."""
SEND_S = 30.0
"""How long a channel may take for one message."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 1800.0
LONG_PAUSE_S = 24 * 3600.0
"""For messages that only a person can set right; staff see why they wait."""
STUCK_AFTER_S = 4 * 3600.0
LONGEST_REASON = 200
_log = logging.getLogger(__name__)


class _NeedsPerson(Exception):
    """A message that trying again soon cannot help."""


@dataclass(slots=True)
class _Pass:
    """One look at the table: when, how soon to look again, and what the channel refused."""

    began: Now
    next_s: float
    refused: int = 0
    why: str = ""


@dataclass(slots=True)
class Notifier:
    """Runs under the supervisor. A message is told to be handed over only after the channel took it.

    A new message leaves at once and one that was put off rests on monotonic time, so that no wall clock that
    was wrong holds it back; a start tries everything.
    """

    queue: MessageQueue
    inbox: Inbox
    codes: CodeMaker
    channel: MessageChannel
    clock: Clock
    building: Building
    pickup_days: int = 5
    look_again_s: float = LOOK_AGAIN_S
    stuck_after_s: float = STUCK_AFTER_S
    """Staff hear of a message that no way has taken for so long."""
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _rests_until: dict[MessageId, int] = field(default_factory=dict, init=False)
    """Monotonic milliseconds before which a message is not tried again."""
    _standing: Standing = field(init=False)
    _directory: Directory = field(init=False)
    """As it was when the messages were last looked at."""
    _writer: MessageWriter = field(init=False)

    def __post_init__(self) -> None:
        self._writer = MessageWriter(self.codes, self.building, pickup_days=self.pickup_days)
        self._standing = Standing(round(self.stuck_after_s * 1000))
        self._directory = self.inbox.state.directory

    def wake(self) -> None:
        """Messages were queued: look now."""
        self._woken.set()

    async def run(self) -> None:
        """Hand messages over for ever."""
        while True:
            self._woken.clear()
            turn = await self._look()
            if turn.refused:
                _log.warning("%s", CHANNEL_DOWN.line(f"{turn.refused} messages not handed over: {turn.why}"))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(turn.next_s):
                    await self._woken.wait()

    async def _look(self) -> _Pass:
        turn = _Pass(self.clock.now(), self.look_again_s)
        self._take_new_contacts()
        while True:
            page = await self.queue.waiting(PAGE)
            due = self._due(page, turn.began.mono_ms)
            for waiting in due:
                await self._deliver(waiting, turn)
            if not due or len(page) < PAGE:
                await self._tell()
                return turn  # whatever was queued meanwhile has woken us

    def _take_new_contacts(self) -> None:
        """What only a person could help is tried again as soon as somebody has changed the directory."""
        directory = self.inbox.state.directory
        if directory is not self._directory:
            self._directory = directory
            for message in self._standing.people_needed():
                self._rests_until.pop(message, None)

    async def _tell(self) -> None:
        """Tell the core how the messages stand now, if it does not know."""
        page = await self.queue.waiting(PAGE)
        if len(page) == PAGE:
            return  # not all that waits is in sight, so nobody knows what does not
        waiting = {one.message.id: one for one in page}
        self._standing.forget_but(waiting.keys())
        for news in self._standing.news(waiting, self.inbox.state, self.clock.now()):
            await self.inbox.submit(news)

    def _due(self, page: Sequence[WaitingMessage], mono_ms: int) -> Sequence[WaitingMessage]:
        if len(page) < PAGE:
            names = {one.message.id for one in page}
            self._rests_until = {name: at for name, at in self._rests_until.items() if name in names}
        return [one for one in page if self._rests_until.get(one.message.id, mono_ms) <= mono_ms]

    async def _deliver(self, waiting: WaitingMessage, turn: _Pass) -> None:
        try:
            outgoing = self._written(waiting)
        except CodeEnded as ended:
            await self.queue.dropped(waiting.message.id, self.clock.now().at_ms, str(ended))
            return
        except _NeedsPerson as trouble:
            await self._wait_for_person(waiting, turn, str(trouble))
            return
        try:
            async with asyncio.timeout(SEND_S):
                await self.channel.send(outgoing)
        except OSError as error:
            turn.refused, turn.why = turn.refused + 1, _reason(error)
            pause_s = min(FIRST_PAUSE_S * 2 ** min(waiting.tries, 20), LONGEST_PAUSE_S)
            turn.next_s = min(turn.next_s, pause_s)
            self._standing.failed(waiting.message.id, turn.began)
            await self._put_off(waiting, turn, pause_s, why=turn.why)
        except NotDeliverable as error:
            refused = _fault(NOT_DELIVERABLE, waiting, without_codes(str(error))[:LONGEST_REASON])
            await self._wait_for_person(waiting, turn, str(refused))
        else:
            self._standing.is_over(outgoing.id)
            await self.queue.handed_over(outgoing.id, self.clock.now().at_ms)

    async def _wait_for_person(self, waiting: WaitingMessage, turn: _Pass, why: str) -> None:
        self._standing.needs_person(waiting.message.id, turn.began)
        await self._put_off(waiting, turn, LONG_PAUSE_S, why=why)

    def _written(self, waiting: WaitingMessage) -> OutgoingMessage:
        resident = self.inbox.state.directory.residents.get(waiting.message.resident)
        if resident is None:
            raise _fault(NOBODY_THERE, waiting, "its resident is not in the directory")
        try:
            return self._writer.write(waiting, resident)
        except SealBroken as error:
            raise _fault(SEAL_BROKEN, waiting, str(error)) from error
        except NoWords as error:
            raise _fault(NO_WORDS, waiting, str(error)) from error

    async def _put_off(self, waiting: WaitingMessage, turn: _Pass, pause_s: float, *, why: str) -> None:
        """Later than this look, so that it comes to an end whatever the clock does meanwhile.

        What tells of a parcel that is gone is not tried for ever.
        """
        is_gone = waiting.message.delivery not in self.inbox.state.deliveries
        if is_gone and self._standing.is_given_up(waiting, turn.began):
            await self.queue.dropped(waiting.message.id, turn.began.at_ms, f"given up: {why}")
            return
        pause_ms = int(pause_s * 1000)
        self._rests_until[waiting.message.id] = turn.began.mono_ms + pause_ms
        await self.queue.put_off(waiting.message.id, turn.began.at_ms + pause_ms, why)


def _fault(fault: Fault, waiting: WaitingMessage, why: str) -> _NeedsPerson:
    _log.error("%s", fault.line(f"message {waiting.message.id}: {why}"))
    return _NeedsPerson(f"{fault.number} {why}")


def _reason(error: OSError) -> str:
    return without_codes(str(error) or "the channel took too long")[:LONGEST_REASON]
