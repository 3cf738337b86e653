"""A broker in memory for the rehearsal: topics, retained messages, lasting sessions, wills, and its failures.

Does not simulate: bytes, certificates and passwords, QoS 0 and 2, messages that come out of order, limits of
size or number, expiry of messages and sessions.
"""

import asyncio
import contextlib
import enum
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from kiosk.ports import Arrival, BrokerAway, BrokerRefused, Greeting, Publication

ANSWER_S = 10.0
"""How long a client waits for an acknowledgement."""


def is_under(topic: str, pattern: str) -> bool:
    """Whether a subscription matches a topic; `+` is one level, `#` is all the rest."""
    levels, wanted = topic.split("/"), pattern.split("/")
    for position, level in enumerate(wanted):
        if level == "#":
            return True
        if position >= len(levels) or level not in ("+", levels[position]):
            return False
    return len(levels) == len(wanted)


class Met(enum.Enum):
    """What of a broker in trouble its clients have met."""

    AWAY = enum.auto()
    """A connection ended, or none was made."""
    SILENT = enum.auto()
    """A connection or a publish got no answer."""
    UNTOLD = enum.auto()
    """A publish arrived, and its acknowledgement did not."""
    REFUSED = enum.auto()


def _nobody_asks(*_: object) -> None:
    """Nobody follows."""


@dataclass(slots=True)
class _Known:
    """What the broker keeps of a client, also while it is away."""

    subscriptions: tuple[str, ...] = ()
    queued: deque[Arrival] = field(default_factory=deque)
    session: "MemorySession | None" = None


class MemoryBroker:
    """One broker. Everything it took in is in `taken`, oldest first; tests and the judge read it there."""

    def __init__(self) -> None:
        self.taken: list[Publication] = []
        self.retained: dict[str, Publication] = {}
        self.refused: tuple[str, ...] = ()
        """Patterns of topics that nobody may publish to."""
        self.is_up = True
        self.is_silent = False
        """Whether it takes nothing and answers nothing although connections stand: a half-open line."""
        self.is_stalled = False
        """Whether it makes connections and delivers, and neither takes nor acknowledges a publish."""
        self.is_untold = False
        """Whether what it takes reaches it, and its acknowledgements reach nobody."""
        self.met: Counter[Met] = Counter()
        """How often somebody met its troubles."""
        self.on_taken: Callable[[Publication], None] = _nobody_asks
        """Called with everything that it takes: a subscriber on its own machine, whose line never fails."""
        self.before_publish: Callable[[Publication], None] = _nobody_asks
        """Called when a client publishes, before that arrives; a trouble that begins there meets it."""
        self._known: dict[str, _Known] = {}

    # For whoever plays the far end

    def publish(self, publication: Publication) -> None:
        """Somebody else publishes."""
        self._take(publication)

    def go_away(self) -> None:
        """Every connection ends, and none is made until it comes back; wills are spoken."""
        self.is_up = False
        for known in tuple(self._known.values()):
            if known.session is not None:
                self.met[Met.AWAY] += 1
                self._lose(known, known.session)

    def come_back(self, *, has_forgotten: bool = False) -> None:
        """Connections are made again; one that has forgotten keeps no session and nothing retained."""
        self.is_up = True
        if has_forgotten:
            self._known.clear()
            self.retained.clear()

    @property
    def unanswered(self) -> int:
        """Publishes that wait for an acknowledgement which a silent broker does not give."""
        sessions = [known.session for known in self._known.values() if known.session is not None]
        return sum(session.unanswered for session in sessions)

    # For its connections

    def connect(self, client: str, greeting: Greeting) -> "MemorySession":
        """A new connection; one of the same client that stands ends, as brokers do it."""
        if not self.is_up or self.is_silent:
            self.met[Met.SILENT if self.is_up else Met.AWAY] += 1
            raise BrokerAway("the broker is away")
        known = self._known.setdefault(client, _Known())
        if known.session is not None:
            self._lose(known, known.session)
        session = MemorySession(self, greeting.will)
        known.session, known.subscriptions = session, greeting.subscriptions
        while known.queued:
            session.put(known.queued.popleft())
        for kept in self.retained.values():
            if any(is_under(kept.topic, pattern) for pattern in greeting.subscriptions):
                session.put(Arrival(kept.topic, kept.payload, is_retained=True))
        return session

    def disconnect(self, session: "MemorySession") -> None:
        """In order: the will is not spoken, the session lasts."""
        for known in self._known.values():
            if known.session is session:
                known.session = None
        session.end("the connection was closed")

    def lose(self, session: "MemorySession") -> None:
        """Not in order: the will is spoken."""
        for known in self._known.values():
            if known.session is session:
                self._lose(known, session)

    def take(self, publication: Publication) -> str:
        """A client publishes; why it is refused, if it is."""
        if any(is_under(publication.topic, pattern) for pattern in self.refused):
            self.met[Met.REFUSED] += 1
            return f"not authorised to publish to {publication.topic}"
        self._take(publication)
        return ""

    def _take(self, publication: Publication) -> None:
        self.taken.append(publication)
        self.on_taken(publication)
        if publication.is_retained:
            if publication.payload:
                self.retained[publication.topic] = publication
            else:
                self.retained.pop(publication.topic, None)
        arrival = Arrival(publication.topic, publication.payload, publication.is_retained)
        for known in self._known.values():
            if any(is_under(publication.topic, pattern) for pattern in known.subscriptions):
                if known.session is not None:
                    known.session.put(arrival)
                else:
                    known.queued.append(arrival)

    def _lose(self, known: _Known, session: "MemorySession") -> None:
        known.session = None
        session.end("the broker closed the connection")
        self._take(session.will)


class MemorySession:
    """One connection to the broker in memory."""

    def __init__(self, broker: MemoryBroker, will: Publication) -> None:
        self.will = will
        self._broker = broker
        self._arrived: deque[Arrival] = deque()
        self._bell = asyncio.Event()
        self._ended = ""
        self._unanswered: list[asyncio.Future[None]] = []

    @property
    def unanswered(self) -> int:
        """Publishes that wait."""
        return sum(not waiting.done() for waiting in self._unanswered)

    def put(self, arrival: Arrival) -> None:
        """The broker delivers."""
        self._arrived.append(arrival)
        self._bell.set()

    def end(self, why: str) -> None:
        """Nothing goes through any more."""
        self._ended = self._ended or why
        self._bell.set()
        for waiting in self._unanswered:
            _fail(waiting, BrokerAway(self._ended))
        self._unanswered.clear()

    def publish(self, publication: Publication) -> Awaitable[None]:
        """Queue it now, in order; await it for the broker's acknowledgement: BrokerAway, BrokerRefused."""
        loop, broker = asyncio.get_running_loop(), self._broker
        acknowledged: asyncio.Future[None] = loop.create_future()
        broker.before_publish(publication)
        if self._ended:
            _fail(acknowledged, BrokerAway(self._ended))
        elif broker.is_silent or broker.is_stalled:
            self._wait_in_vain(acknowledged, Met.SILENT)
        elif why := broker.take(publication):
            _fail(acknowledged, BrokerRefused(why))
        elif broker.is_untold:
            self._wait_in_vain(acknowledged, Met.UNTOLD)
        else:
            loop.call_soon(_acknowledge, acknowledged)
        return acknowledged

    def _wait_in_vain(self, acknowledged: "asyncio.Future[None]", met: Met) -> None:
        self._broker.met[met] += 1
        self._unanswered.append(acknowledged)
        acknowledged.get_loop().call_later(ANSWER_S, _fail, acknowledged, BrokerAway("no acknowledgement"))

    async def receive(self) -> Arrival:
        """The next message, from the moment of connecting on; BrokerAway when the connection has ended."""
        while not self._arrived:
            if self._ended:
                raise BrokerAway(self._ended)
            self._bell.clear()
            await self._bell.wait()
        return self._arrived.popleft()

    def waiting(self) -> Sequence[Arrival]:
        """Messages that have come and were not received; they are taken out."""
        found = tuple(self._arrived)
        self._arrived.clear()
        return found


class MemoryLink:
    """The way of one client to a broker in memory."""

    def __init__(self, broker: MemoryBroker, client: str) -> None:
        self._broker = broker
        self._client = client

    @contextlib.asynccontextmanager
    async def connected(self, greeting: Greeting) -> AsyncIterator[MemorySession]:
        """One connection; BrokerAway, BrokerRefused. Left in order, the broker does not speak our will."""
        session = self._broker.connect(self._client, greeting)
        leave = self._broker.lose
        try:
            yield session
            leave = self._broker.disconnect
        except asyncio.CancelledError:
            leave = self._broker.disconnect
            raise
        finally:
            leave(session)


def _acknowledge(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)


def _fail(waiting: "asyncio.Future[None]", error: BrokerAway | BrokerRefused) -> None:
    if not waiting.done():
        waiting.set_exception(error)
        waiting.exception()
