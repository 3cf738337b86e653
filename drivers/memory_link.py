"""A byte link without a device: a peer in memory answers, by the loop's timers, the same way every time."""

import asyncio
from collections.abc import Callable, Iterable

from drivers.arrivals import Arrivals
from hal.errors import LinkLost, PortMissing

Peer = Callable[[bytes], Iterable[tuple[float, bytes]]]
"""What is at the far end: takes bytes at once, and gives what comes back with the seconds it takes."""


class MemoryLink:
    """A port whose far end is a function. It can be unplugged and plugged again, into another peer too.

    Does not simulate: the time the kiosk's own bytes take (the peer's answer includes it), a full buffer.
    """

    def __init__(self, name: str, peer: Peer | None) -> None:
        self._name = name
        self._peer = peer
        self._arrivals: Arrivals | None = None

    @property
    def name(self) -> str:
        """The port's name."""
        return self._name

    @property
    def is_open(self) -> bool:
        """Whether bytes can be sent now."""
        return self._arrivals is not None and self._arrivals.lost is None

    async def open(self) -> None:
        """Open; nothing if it is open, PortMissing while it is unplugged."""
        if self._peer is None:
            raise PortMissing(
                f"{self._name}: no such port; plug the adapter in, or correct the port in the settings"
            )
        if not self.is_open:
            self._arrivals = Arrivals()

    def close(self) -> None:
        """Close; a receive in progress ends with LinkLost."""
        self._end("closed")

    async def send(self, frame: bytes) -> None:
        """Hand every byte to the peer."""
        if self._peer is None or self._arrivals is None or self._arrivals.lost is not None:
            lost = self._arrivals.lost if self._arrivals is not None else None
            raise LinkLost(str(lost or f"{self._name}: not open"))
        loop = asyncio.get_running_loop()
        for after_s, chunk in self._peer(frame):
            loop.call_later(after_s, self._arrivals.put, chunk)

    async def receive(self, until: float) -> bytes:
        """What has arrived, waiting until loop time `until` for the first byte."""
        if self._arrivals is None:
            raise LinkLost(f"{self._name}: not open")
        return await self._arrivals.take(until)

    def discard(self) -> int:
        """Throw away what has arrived."""
        return self._arrivals.clear() if self._arrivals is not None else 0

    def arrive(self, chunk: bytes) -> None:
        """Bytes that nobody asked for."""
        if self._arrivals is not None:
            self._arrivals.put(chunk)

    def unplug(self) -> None:
        """Take the port away, under whoever has it open."""
        self._peer = None
        self._end("the device was unplugged; it is tried again by itself")

    def plug(self, peer: Peer) -> None:
        """Bring the port back with something at its far end."""
        self._peer = peer

    def _end(self, why: str) -> None:
        if self._arrivals is not None:
            self._arrivals.end(LinkLost(f"{self._name}: {why}"))
