"""Floor: the leanest honest program that opens a door on a code, to measure the product against.

HTTP by hand, a keyed digest, one WAL FULL transaction in a database thread, then the frame; boards are polled
twice a second. Frozen: a change here changes what every past figure meant.

Run: python -m tests.benchmarks.floors.bare_kiosk DATABASE PORT BAUD BOARDS HOST:PORT
"""

import asyncio
import contextlib
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.floors.ledger import Door, Ledger
from tests.benchmarks.floors.serial_line import SerialLine, frame

_POLL_S = 0.5
_UNLOCK = 0x51
_PAGE = b"<!doctype html><title>kiosk</title><form method=post action=/act><input name=code></form>"


class BareKiosk:
    """One serial line, one ledger on one thread."""

    def __init__(self, ledger: Ledger, line: SerialLine, baud: int) -> None:
        self._ledger = ledger
        self._line = line
        self._unlock_s = 60 / baud
        self._thread = ThreadPoolExecutor(max_workers=1)

    async def open(self, digits: str) -> bool:
        """Commit first, then move."""
        at_ms = time.perf_counter_ns() // 1_000_000
        loop = asyncio.get_running_loop()
        door: Door | None = await loop.run_in_executor(self._thread, self._ledger.authorise, digits, at_ms)
        if door is None:
            return False
        await self._line.send(frame(door.board, door.lock, _UNLOCK), self._unlock_s)
        return True

    async def watch(self, boards: int) -> None:
        """Read every board, again and again."""
        while True:
            for board in range(boards):
                with contextlib.suppress(TimeoutError):
                    await self._line.status(board)
            await asyncio.sleep(_POLL_S)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one browser until it goes away."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                body = await reader.readexactly(_length(head))
                writer.write(await self._answer(head, body))

    async def _answer(self, head: bytes, body: bytes) -> bytes:
        if not head.startswith(b"post"):
            return _reply(b"200 OK", _PAGE)
        is_open = await self.open(body.rpartition(b"=")[2].decode("ascii", "replace"))
        return _reply(b"303 See Other\r\nLocation: /" if is_open else b"403 Forbidden", b"")

    def close(self) -> None:
        """Let the last transaction end."""
        self._thread.shutdown()
        self._ledger.close()
        self._line.close()


def _length(head: bytes) -> int:
    _, found, rest = head.partition(b"content-length:")
    return int(rest.partition(b"\r")[0]) if found else 0


def _reply(status: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


async def run(database: Path, port: str, baud: int, *, boards: int, listen: str) -> None:
    """Serve and watch until SIGTERM."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    kiosk = BareKiosk(Ledger(database), SerialLine(port, baud), baud)
    host, _, number = listen.rpartition(":")
    server = await asyncio.start_server(kiosk.serve, host, int(number))
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(kiosk.watch(boards))
        await stopped.wait()
        watching.cancel()
    server.close()
    kiosk.close()


if __name__ == "__main__":
    asyncio.run(
        run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), boards=int(sys.argv[4]), listen=sys.argv[5])
    )
