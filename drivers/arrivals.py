"""Bytes that have arrived and were not received yet; every byte link keeps some."""

import asyncio

from hal.errors import LinkLost

MOST_BYTES = 65_536
"""A line that babbles while nobody reads loses its oldest bytes; no frame is nearly as long."""


class Arrivals:
    """Arrived bytes, or the error that ended them. One reader at a time."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._lost: LinkLost | None = None
        self._waiting: asyncio.Future[None] | None = None

    @property
    def lost(self) -> LinkLost | None:
        """Why nothing more will come."""
        return self._lost

    def put(self, chunk: bytes) -> None:
        """Bytes came in."""
        self._bytes += chunk
        del self._bytes[:-MOST_BYTES]
        self._wake()

    def end(self, lost: LinkLost) -> None:
        """Nothing more will come; the first reason stays."""
        self._lost = self._lost or lost
        self._wake()

    async def take(self, until: float) -> bytes:
        """Everything there is, waiting for the first byte until loop time `until`; LinkLost after the end."""
        if not self._bytes and self._lost is None:
            await self._first_byte(until)
        if self._bytes:
            return self._drained()
        if self._lost is not None:
            raise LinkLost(str(self._lost))
        return b""

    def clear(self) -> int:
        """Throw away what is there; how many bytes that was."""
        return len(self._drained())

    def _drained(self) -> bytes:
        chunk = bytes(self._bytes)
        self._bytes.clear()
        return chunk

    async def _first_byte(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = loop.call_at(until, self._wake)
        try:
            await self._waiting
        finally:
            timer.cancel()
            self._waiting = None

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
