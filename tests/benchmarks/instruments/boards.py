"""CU48 boards on a pty as a measuring instrument: answers by the book, notes when each frame arrived.

Frozen like the floors and used by both sides. Does not simulate: latches, springs, noise, supplies.
"""

import asyncio
import os
import time
import tty
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

STX, ETX = 0x02, 0x03
GET_STATUS, UNLOCK, STATUS = 0x50, 0x51, 0x65
REQUEST_BYTES, REPLY_BYTES, LOCKS = 6, 12, 48
BITS_A_BYTE = 10
"""8N1: one start bit, eight bits, one stop bit."""


def wire_s(count: int, baud: int) -> float:
    """How long bytes take on the wire."""
    return count * BITS_A_BYTE / baud


def transaction_s(baud: int) -> float:
    """One board's status request and answer, and the silence of 3.5 characters and 1 ms after it."""
    return wire_s(REQUEST_BYTES + REPLY_BYTES, baud) + 3.5 * BITS_A_BYTE / baud + 0.001


def request(address: int, lock: int, command: int) -> bytes:
    """A request of six bytes; `lock` counts from 0."""
    frame = bytes((STX, address, lock, command, ETX))
    return frame + bytes((sum(frame) & 0xFF,))


def status_reply(address: int, closed: int) -> bytes:
    """The answer of a board: one bit a lock, 1 means locked."""
    frame = bytes((STX, address, 0, STATUS)) + closed.to_bytes(6, "little") + bytes((ETX,))
    return frame + bytes((sum(frame) & 0xFF,))


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An unlock request that arrived; `lock` counts from 0, `at` is `time.perf_counter()`."""

    address: int
    lock: int
    at: float


class Boards:
    """Boards on one bus. With `baud`, answers take as long as the bytes would."""

    def __init__(self, master: int, addresses: Iterable[int], baud: int | None) -> None:
        self._master = master
        self._baud = baud
        self._closed = dict.fromkeys(addresses, (1 << LOCKS) - 1)
        self._bytes = bytearray()
        self._busy_until = 0.0
        self._waiting: list[tuple[int, asyncio.Future[float]]] = []
        self.polls: Counter[int] = Counter()
        self.unlocks: asyncio.Queue[Unlocked] = asyncio.Queue()
        self.collisions = 0
        """Frames that began while the wire was taken."""

    def pull_open(self, address: int, lock: int) -> None:
        """A door opens."""
        self._closed[address] &= ~(1 << lock)

    def push_shut(self, address: int, lock: int) -> None:
        """A door closes."""
        self._closed[address] |= 1 << lock

    async def next_poll(self, address: int) -> float:
        """When the next status request for a board has arrived."""
        seen: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((address, seen))
        return await seen

    def arrived(self) -> None:
        """Read what the other end wrote."""
        now = time.perf_counter()
        self._bytes += os.read(self._master, 4096)
        while (start := self._bytes.find(STX)) >= 0 and len(self._bytes) - start >= REQUEST_BYTES:
            frame = bytes(self._bytes[start : start + REQUEST_BYTES])
            is_whole = frame[4] == ETX and sum(frame[:5]) & 0xFF == frame[5]
            del self._bytes[: start + (REQUEST_BYTES if is_whole else 1)]
            if is_whole:
                self._take(frame, now)

    def _take(self, frame: bytes, now: float) -> None:
        _, address, lock, command, _, _ = frame
        if address not in self._closed:
            return
        self._occupy(now, REQUEST_BYTES)
        if command == UNLOCK:
            self.unlocks.put_nowait(Unlocked(address, lock, now))
        elif command == GET_STATUS:
            self.polls[address] += 1
            self._tell(address, now)
            self._occupy(None, REPLY_BYTES)
            self._answer(status_reply(address, self._closed[address]))

    def _occupy(self, start: float | None, count: int) -> None:
        if self._baud is None:
            return
        if start is not None:
            self.collisions += start < self._busy_until
            self._busy_until = max(start, self._busy_until)
        self._busy_until += wire_s(count, self._baud)

    def _answer(self, reply: bytes) -> None:
        if self._baud is None:
            os.write(self._master, reply)
        else:
            delay = max(0.0, self._busy_until - time.perf_counter())
            asyncio.get_running_loop().call_later(delay, os.write, self._master, reply)

    def _tell(self, address: int, now: float) -> None:
        told = [one for one in self._waiting if one[0] == address]
        self._waiting = [one for one in self._waiting if one[0] != address]
        for _, seen in told:
            if not seen.done():
                seen.set_result(now)


@asynccontextmanager
async def open_boards(
    link: Path, addresses: Iterable[int], *, baud: int | None = None
) -> AsyncIterator[Boards]:
    """Boards behind a pty whose other end is found at `link`."""
    master, slave = os.openpty()
    tty.setraw(slave)
    _point(link, os.ttyname(slave))
    boards = Boards(master, addresses, baud)
    loop = asyncio.get_running_loop()
    loop.add_reader(master, boards.arrived)
    try:
        yield boards
    finally:
        loop.remove_reader(master)
        _unlink(link)
        os.close(master)
        os.close(slave)


def _point(link: Path, target: str) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _unlink(link: Path) -> None:
    link.unlink(missing_ok=True)
