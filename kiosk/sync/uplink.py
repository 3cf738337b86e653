"""The kiosk at its broker: connects for ever, and says goodbye when asked to stop.

Nobody at the kiosk waits for any of it: parcels come and go whatever the broker does.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from kiosk.ports import BrokerAway, BrokerLink, BrokerRefused, BrokerSession, Greeting
from kiosk.service.clock import Clock
from kiosk.service.errors import BROKER_AWAY, BROKER_REFUSES
from kiosk.service.random_bytes import RandomBytes
from kiosk.sync.blockage import CONNECTION, Blockage
from kiosk.sync.downlink import Downlink
from kiosk.sync.messages import status_publication
from kiosk.sync.publisher import Publisher
from kiosk.sync.states import States
from kiosk.sync.topics import Topics

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
STEADY_S = 30.0
"""A connection that lasted so long was a good one: the next try comes soon."""
GOODBYE_S = 2.0
"""A stop waits so long for the last words."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Uplink:
    """Runs under the supervisor."""

    link: BrokerLink
    topics: Topics
    publisher: Publisher
    downlink: Downlink
    states: States
    blockage: Blockage
    clock: Clock
    draw: RandomBytes

    async def run(self) -> None:
        """Stay connected for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.blockage.run(), name="sync trouble")
            tasks.create_task(self._stay_connected(), name="broker")

    async def _stay_connected(self) -> None:
        loop, failures = asyncio.get_running_loop(), 0
        while True:
            started = loop.time()
            try:
                await self._one_connection()
            except* (BrokerAway, BrokerRefused) as lost:
                error = lost.exceptions[0]
                failures = 1 if loop.time() - started >= STEADY_S else failures + 1
                self.blockage.stuck(CONNECTION, str(error))
                fault = BROKER_AWAY if isinstance(error, BrokerAway) else BROKER_REFUSES
                _log.log(logging.WARNING if failures == 1 else logging.INFO, "%s", fault.line(str(error)))
            await asyncio.sleep(self._pause_s(failures))

    def _pause_s(self, failures: int) -> float:
        """Longer each time, and never quite the same: a whole fleet must not come back at one instant."""
        longest = min(FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE_S)
        return longest * (0.5 + int.from_bytes(self.draw(2)) / 0x20000)

    async def _one_connection(self) -> None:
        lost = status_publication(self.topics, "offline", "lost", None)
        async with self.link.connected(Greeting(self.topics.subscriptions, lost)) as session:
            self.blockage.free(CONNECTION)
            try:
                await self._work(session)
            except asyncio.CancelledError:
                await self._say_goodbye(session)
                raise

    async def _work(self, session: BrokerSession) -> None:
        """Everything that uses one connection; it ends when the connection does."""
        try:
            async with asyncio.TaskGroup() as tasks:
                commands = self.downlink.run(session, self.publisher, self.states, self.blockage)
                tasks.create_task(commands, name="commands")
                tasks.create_task(self._show(session), name="states")
                tasks.create_task(self.publisher.run(session, self.blockage), name="events")
        finally:
            self.downlink.keep(session.waiting())

    async def _show(self, session: BrokerSession) -> None:
        online = status_publication(self.topics, "online", "", self.clock.now().at_ms)
        try:
            await session.publish(online)
        except BrokerRefused as error:
            _log.warning("%s", BROKER_REFUSES.line(str(error)))
        await self.states.run(session)

    async def _say_goodbye(self, session: BrokerSession) -> None:
        with contextlib.suppress(BrokerAway, BrokerRefused, TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await self.downlink.last_words(session)
                at_ms = self.clock.now().at_ms
                await session.publish(status_publication(self.topics, "offline", "shutdown", at_ms))
