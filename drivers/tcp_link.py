"""A serial server over TCP (`socket://host:port`): the same bytes, through a socket of the event loop."""

import asyncio
from urllib.parse import urlsplit

from drivers.arrivals import Arrivals
from hal.errors import LinkLost, WiringError

OPEN_WITHIN_S = 3.0


class TcpLink:
    """One connection to a gateway. The gateway sets the speed; nothing keeps a second master off the bus."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._host, self._port = _address(url)
        self._stream: _Stream | None = None

    @property
    def name(self) -> str:
        """The address as it stands in the settings."""
        return self._url

    @property
    def is_open(self) -> bool:
        """Whether the connection stands."""
        return self._stream is not None and self._stream.arrivals.lost is None

    async def open(self) -> None:
        """Connect; nothing if the connection stands."""
        if self.is_open:
            return
        self.close()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(OPEN_WITHIN_S):
                _, self._stream = await loop.create_connection(
                    lambda: _Stream(self._url), self._host, self._port
                )
        except TimeoutError:
            raise LinkLost(
                f"{self._url}: no answer in {OPEN_WITHIN_S:g} s; is the gateway powered?"
            ) from None
        except OSError as error:
            raise LinkLost(f"{self._url}: cannot connect ({error.strerror or error})") from error

    def close(self) -> None:
        """Disconnect; a receive in progress ends with LinkLost."""
        if self._stream is not None:
            self._stream.end()
            self._stream = None

    async def send(self, frame: bytes) -> None:
        """Hand every byte to the socket."""
        self._connected().write(frame)

    async def receive(self, until: float) -> bytes:
        """What has arrived, waiting until loop time `until` for the first byte."""
        return await self._connected().arrivals.take(until)

    def discard(self) -> int:
        """Throw away what has arrived."""
        return self._stream.arrivals.clear() if self._stream is not None else 0

    def _connected(self) -> "_Stream":
        if self._stream is None:
            raise LinkLost(f"{self._url}: not connected")
        return self._stream


class _Stream(asyncio.Protocol):
    def __init__(self, url: str) -> None:
        self.arrivals = Arrivals()
        self._url = url
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, chunk: bytes) -> None:
        self.arrivals.put(chunk)

    def connection_lost(self, exc: Exception | None) -> None:
        self.arrivals.end(LinkLost(f"{self._url}: the gateway hung up; it is tried again by itself"))

    def write(self, frame: bytes) -> None:
        if self._transport is None or self.arrivals.lost is not None:
            raise LinkLost(str(self.arrivals.lost or f"{self._url}: not connected"))
        self._transport.write(frame)

    def end(self) -> None:
        self.arrivals.end(LinkLost(f"{self._url}: closed"))
        if self._transport is not None:
            self._transport.abort()


def _address(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise WiringError(f"{url}: expected socket://HOST:PORT")
    return host, port
