"""The way of one process to the broker in memory: it ends when the process does, and not in order."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Sequence

from kiosk.ports import Arrival, Greeting, Publication
from kiosk.rehearsal.crash import Process
from kiosk.rehearsal.memory_broker import MemoryBroker, MemoryLink, MemorySession


class ProcessLink:
    """A new process is the same client to the broker, as in life."""

    def __init__(self, broker: MemoryBroker, process: Process) -> None:
        self._broker = broker
        self._link = MemoryLink(broker, "kiosk")
        self._process = process

    @contextlib.asynccontextmanager
    async def connected(self, greeting: Greeting) -> AsyncIterator["ProcessSession"]:
        """One connection; BrokerAway, BrokerRefused. A dead process leaves none in order."""
        self._process.demand_alive()
        async with self._link.connected(greeting) as session:
            try:
                yield ProcessSession(session, self._process)
            finally:
                if not self._process.is_alive:
                    self._broker.lose(session)


class ProcessSession:
    """One connection of one process."""

    def __init__(self, session: MemorySession, process: Process) -> None:
        self._session = session
        self._process = process

    def publish(self, publication: Publication) -> Awaitable[None]:
        """Queue it now, in order; await it for the broker's acknowledgement: BrokerAway, BrokerRefused."""
        self._process.demand_alive()
        return self._session.publish(publication)

    async def receive(self) -> Arrival:
        """The next message; BrokerAway when the connection has ended."""
        arrival = await self._session.receive()
        self._process.demand_alive()
        return arrival

    def waiting(self) -> Sequence[Arrival]:
        """Messages that have come and were not received; they are taken out."""
        self._process.demand_alive()
        return self._session.waiting()
