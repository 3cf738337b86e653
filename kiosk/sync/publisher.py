"""Events out of the log to the broker: in order, several in flight, none passed over.

Two cursors: `published` moves by the broker's acknowledgement alone, `confirmed` by the consumer's word.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass

from kiosk.ports import (
    BrokerRefused,
    BrokerSession,
    EventPages,
    FollowerCursors,
    JournalBroken,
    JournalRefused,
)
from kiosk.service.clock import Clock
from kiosk.service.errors import BROKER_REFUSES
from kiosk.sync.blockage import CONFIRMING, PUBLISHING, Blockage
from kiosk.sync.messages import ConfirmMessage, ReplayMessage, event_publication
from kiosk.sync.topics import Topics

PAGE = 100
IN_FLIGHT = 16
PUBLISHED, CONFIRMED = "published", "confirmed"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""After a refused publish: the broker's rights may be mended meanwhile."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Custody:
    """Whose word counts: the broker's, or that of a consumer who confirms."""

    consumer: str | None
    is_consumers: bool


class Publisher:
    """Lives longer than a connection, so that a new one goes on where the last one ended."""

    def __init__(
        self, log: EventPages, cursors: FollowerCursors, *, topics: Topics, clock: Clock, custody: Custody
    ) -> None:
        self._log = log
        self._cursors = cursors
        self._topics = topics
        self._clock = clock
        self._custody = custody
        self._woken = asyncio.Event()
        self._acknowledged: int | None = None
        """The event up to which this run of the publisher is done; a replay sets it back."""
        self._again_after: int | None = None

    def wake(self) -> None:
        """There may be new events."""
        self._woken.set()

    async def run(self, session: BrokerSession, blockage: Blockage) -> None:
        """Publish over one connection for as long as it lasts; BrokerAway."""
        refusals = 0
        await self._go_back(blockage)
        while True:
            try:
                await self._sweep(session, blockage)
                refusals = 0
            except BrokerRefused as error:
                blockage.stuck(PUBLISHING, str(error))
                _log.warning("%s", BROKER_REFUSES.line(str(error)))
                await asyncio.sleep(min(FIRST_PAUSE_S * 2.0 ** min(refusals, 10), LONGEST_PAUSE_S))
                refusals += 1
                continue
            await self._woken.wait()

    async def _go_back(self, blockage: Blockage) -> None:
        """What was acknowledged may be lost with the broker; only a confirming consumer can tell."""
        published, confirmed = await self._cursors.read(PUBLISHED), await self._cursors.read(CONFIRMED)
        if self._acknowledged is None:
            self._acknowledged = published
        if self._custody.is_consumers and confirmed < published:
            self._acknowledged = min(self._acknowledged, confirmed)
            blockage.stuck(CONFIRMING, f"{self._custody.consumer} has confirmed only up to {confirmed}")

    async def _sweep(self, session: BrokerSession, blockage: Blockage) -> None:
        """Publish until nothing is left to publish."""
        window: deque[tuple[int, Awaitable[None]]] = deque()
        after = self._acknowledged or 0
        while True:
            if self._again_after is not None:
                after = self._acknowledged = self._again_after
                self._again_after = None
                window.clear()
            self._woken.clear()
            page = await self._log.read_chained(after, PAGE)
            is_last = len(page) < PAGE
            for chained in page:
                after = chained.row.seq
                window.append((after, session.publish(event_publication(self._topics, chained))))
                if len(window) >= IN_FLIGHT:
                    await self._settle(*window.popleft(), blockage)
            while is_last and window and not self._woken.is_set():
                await self._settle(*window.popleft(), blockage)
            if is_last and not (window or self._woken.is_set()):
                return

    async def _settle(self, seq: int, acknowledgement: Awaitable[None], blockage: Blockage) -> None:
        await acknowledgement
        blockage.free(PUBLISHING)
        self._acknowledged = seq
        if seq > await self._cursors.read(PUBLISHED):
            await self._advance(PUBLISHED, seq)
            if self._custody.is_consumers:
                blockage.stuck(CONFIRMING, f"{self._custody.consumer} has not confirmed event {seq}")

    async def _advance(self, cursor: str, seq: int) -> None:
        """A cursor that could not be written moves all the same: some events go out again after a start."""
        try:
            await self._cursors.advance(cursor, seq, self._clock.now().mono_ms)
        except (JournalBroken, JournalRefused) as error:
            _log.error("the cursor %s at %d waits for the disk: %s", cursor, seq, error)

    # What the far end says

    async def confirm(self, message: ConfirmMessage, blockage: Blockage) -> None:
        """Move `confirmed`, if the right consumer speaks of an event that this log has."""
        if message.consumer != self._custody.consumer:
            _log.warning("a confirmation by %s, expected %s", message.consumer, self._custody.consumer)
            return
        found = await self._log.read_chained(message.seq - 1, 1)
        row, head = (found[0].row, found[0].head) if found else (None, "")
        if row is None or (row.epoch, row.seq) != (message.epoch, message.seq):
            _log.warning("a confirmation of %d/%d, which is not here", message.epoch, message.seq)
        elif message.head not in (None, head):
            _log.error("the consumer has another event %d/%d than this log", message.epoch, message.seq)
        elif message.seq > await self._cursors.read(CONFIRMED):
            await self._advance(CONFIRMED, message.seq)
            blockage.free(CONFIRMING)
            if self._custody.is_consumers and message.seq < await self._cursors.read(PUBLISHED):
                blockage.stuck(CONFIRMING, f"{message.consumer} has confirmed only up to {message.seq}")

    async def replay(self, message: ReplayMessage) -> None:
        """Publish again from a number on; events that have not been published yet follow in their turn."""
        if not await self._log.read_chained(message.start - 1, 1):
            _log.warning("a replay from %d, which is not here yet", message.start)
            return
        self._again_after = message.start - 1
        self._woken.set()
