"""The bare client on a loop and a thread of its own, for tests that wait for processes."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from tests.sync.bare_client import BareClient, Heard, bare_client


class Reader:
    """Reads until its context is left."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.client: BareClient | None = None

    def publish(self, topic: str, payload: object) -> None:
        """Return when the broker has it."""
        assert self.client is not None
        asyncio.run_coroutine_threadsafe(self.client.publish(topic, payload), self._loop).result(20)

    def under(self, part: str) -> list[Heard]:
        """Every message so far whose topic holds this."""
        return self.client.under(part) if self.client else []


@contextlib.contextmanager
def reading(port: int, topic: str) -> Iterator[Reader]:
    """A reader, subscribed."""
    loop = asyncio.new_event_loop()
    reader, is_ready = Reader(loop), threading.Event()
    is_over = asyncio.Event()

    async def read() -> None:
        async with bare_client(port, topic, client="reader") as reader.client:
            is_ready.set()
            await is_over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(read()), name="reader")
    thread.start()
    try:
        assert is_ready.wait(10)
        yield reader
    finally:
        loop.call_soon_threadsafe(is_over.set)
        thread.join(10)
        loop.close()
