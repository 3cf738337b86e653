"""What is around the cabinet: the wall clock, the phones, and the servers that the kiosk talks to."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from config.settings import Settings
from sim.doors import NotPossible
from sim.live.relay import Passage, Relay
from sim.phones import MARKER, MARKER_TEXT, Phones

Address = tuple[str, int]
SERVERS = ("broker", "mail")


class RelayImpossible(Exception):
    """The settings have no such server on this machine, so the world cannot stand before it."""


class Surroundings:
    """Everything outside the cabinet that can go wrong; all of it is right again at each start."""

    def __init__(
        self,
        settings: Settings,
        phones: Phones | None,
        servers: Mapping[str, Address],
        tell: Callable[[], None],
    ) -> None:
        self.clock_ahead_ms = 0
        self.phones = phones
        self.is_named = {"broker": settings.broker is not None, "mail": settings.mail is not None}
        """Which servers the settings have at all."""
        self.relays = {name: Relay(_here(name, settings), there, tell) for name, there in servers.items()}
        self._clock_file = settings.file_clock.file if settings.file_clock else None
        self._tell = tell

    @property
    def has_clock(self) -> bool:
        """Whether the settings let the world set the clock."""
        return self._clock_file is not None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The marks are made and the servers can be reached, until the context is left; OSError."""
        if self.phones:
            self.phones.mark()
        if self._clock_file:
            self._clock_file.parent.mkdir(parents=True, exist_ok=True)
            (self._clock_file.parent / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
            self.set_clock(0)
        async with AsyncExitStack() as stack:
            for relay in self.relays.values():
                await stack.enter_async_context(relay.running())
            yield

    # ------------------------------------------------------------ what can be done to them
    def set_clock(self, ahead_ms: int) -> None:
        """Make the wall clock jump: so much ahead of the machine's, or behind it."""
        if self._clock_file is None:
            raise NotPossible("the settings have no [file_clock], so the clock is the machine's own")
        fresh = self._clock_file.with_name(self._clock_file.name + ".new")
        fresh.write_text(f"{ahead_ms}\n", encoding="ascii")
        fresh.replace(self._clock_file)
        self.clock_ahead_ms = ahead_ms
        self._tell()

    def set_reach(self, *, in_reach: bool) -> None:
        """Let messages through to the phones, or not."""
        if self.phones is None:
            raise NotPossible("the settings have no [file_channel], so there are no phones here")
        self.phones.set_reach(in_reach=in_reach)
        self._tell()

    def set_passage(self, server: str, passage: Passage) -> None:
        """Let the line to a server be so."""
        relay = self.relays.get(server)
        if relay is None:
            raise NotPossible(self.why_not(server))
        relay.set(passage)

    def why_not(self, server: str) -> str:
        """Why the line to a server cannot be switched here."""
        if not self.is_named[server]:
            return f"the settings have no [{server}]"
        return f"started without --{server} HOST:PORT, so the daemon talks to it directly"

    def mend(self) -> None:
        """Everything as it should be."""
        if self.has_clock and self.clock_ahead_ms:
            self.set_clock(0)
        if self.phones:
            self.set_reach(in_reach=True)
        for relay in self.relays.values():
            relay.set(Passage.OPEN)


def _here(name: str, settings: Settings) -> Address:
    match name:
        case "broker" if settings.broker:
            here = (settings.broker.host, settings.broker.port)
        case "mail" if settings.mail:
            here = (settings.mail.host, settings.mail.port_in_use)
        case _:
            raise RelayImpossible(f"--{name}: the settings have no [{name}]")
    if here[0] not in ("127.0.0.1", "localhost", "::1"):
        raise RelayImpossible(
            f"--{name}: [{name}] host is {here[0]}, expected 127.0.0.1: the world stands before it there"
        )
    return here
