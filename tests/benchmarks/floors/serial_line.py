"""Floor: one exchange with a board. pyserial opens, the loop reads the descriptor, nothing else.

Frozen: a change here changes what every past figure meant.
"""

import asyncio
import os
import time
from collections.abc import Sequence

import serial

_REPLY = 12
_WITHIN_S = 1.0
_STX, _ETX, _GET_STATUS = 0x02, 0x03, 0x50


def frame(address: int, lock: int, command: int) -> bytes:
    """Six bytes to a board; `lock` counts from 0."""
    start = bytes((_STX, address, lock, command, _ETX))
    return start + bytes((sum(start) & 0xFF,))


class SerialLine:
    """A serial port; one exchange at a time."""

    def __init__(self, port: str, baud: int) -> None:
        self._port = serial.Serial(port, baud, timeout=0, exclusive=True)
        self._gap_s = 35 / baud + 0.001
        self._turn = asyncio.Lock()
        self._reply = bytearray()
        self._whole: asyncio.Future[bytes] | None = None
        asyncio.get_running_loop().add_reader(self._port.fileno(), self._arrived)

    def close(self) -> None:
        """Give the port back."""
        asyncio.get_running_loop().remove_reader(self._port.fileno())
        self._port.close()

    def _arrived(self) -> None:
        self._reply += os.read(self._port.fileno(), 4096)
        if self._whole and not self._whole.done() and len(self._reply) >= _REPLY:
            self._whole.set_result(bytes(self._reply[:_REPLY]))

    async def status(self, address: int) -> bytes:
        """Ask one board; the bus is free again after the silence."""
        async with self._turn:
            reply = await self.exchange(address)
            await asyncio.sleep(self._gap_s)
        return reply

    async def exchange(self, address: int) -> bytes:
        """Ask one board, without turn and silence; TimeoutError when it says nothing."""
        self._reply.clear()
        self._whole = asyncio.get_running_loop().create_future()
        os.write(self._port.fileno(), frame(address, 0, _GET_STATUS))
        async with asyncio.timeout(_WITHIN_S):
            reply = await self._whole
        if sum(reply[:-1]) & 0xFF != reply[-1]:
            raise ValueError(f"bad sum in {reply.hex(' ')}")
        return reply

    async def send(self, request: bytes, wire_s: float) -> None:
        """Send a frame that has no answer."""
        async with self._turn:
            os.write(self._port.fileno(), request)
            await asyncio.sleep(wire_s + self._gap_s)


async def timed_exchanges(line: SerialLine, address: int, *, count: int, pause_s: float) -> Sequence[float]:
    """Milliseconds of each exchange, with a pause between two."""
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        await line.exchange(address)
        taken.append((time.perf_counter() - start) * 1000)
        await asyncio.sleep(pause_s)
    return taken
