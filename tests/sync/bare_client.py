"""A second MQTT client, written from the standard (MQTT 3.1.1); it shares nothing with the one under test."""

import asyncio
import contextlib
import json
import ssl
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK = 1, 2, 3, 4, 8, 9
WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it came."""

    topic: str
    payload: bytes
    is_retained: bool

    @property
    def json(self) -> dict[str, Any]:
        """The payload as the object that it is."""
        content: dict[str, Any] = json.loads(self.payload)
        return content

    @property
    def last(self) -> str:
        """The last part of the topic."""
        return self.topic.rsplit("/", 1)[1]


def _text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


class BareClient:
    """Subscribes, publishes and reads, at QoS 1."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._number = 0
        self.heard: list[Heard] = []
        """Everything so far, also what was waited for."""
        self._taken = 0
        self._acknowledged: set[int] = set()
        self._bell = asyncio.Event()

    def _send(self, kind: int, flags: int, body: bytes) -> None:
        length, size = len(body), bytearray()
        while True:
            length, digit = divmod(length, 128)
            size.append(digit | (0x80 if length else 0))
            if not length:
                break
        self._writer.write(bytes([kind << 4 | flags]) + bytes(size) + body)

    async def _packet(self) -> tuple[int, int, bytes]:
        first = (await self._reader.readexactly(1))[0]
        length, shift = 0, 0
        while True:
            digit = (await self._reader.readexactly(1))[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if digit < 0x80:
                break
        return first >> 4, first & 15, await self._reader.readexactly(length)

    async def open(self, client: str) -> None:
        """CONNECT with a clean session; the answer must be yes."""
        self._send(CONNECT, 0, _text("MQTT") + bytes([4, 2]) + struct.pack(">H", 0) + _text(client))
        kind, _, body = await self._packet()
        assert (kind, body[1]) == (CONNACK, 0)

    async def subscribe(self, topic: str) -> None:
        """Return when the broker has agreed."""
        number = self._next()
        self._send(SUBSCRIBE, 2, struct.pack(">H", number) + _text(topic) + b"\x01")
        await self._until(lambda: number in self._acknowledged)

    async def publish(self, topic: str, payload: object, *, is_retained: bool = False) -> None:
        """Return when the broker has it. What is not bytes goes as JSON."""
        number = self._next()
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self._send(PUBLISH, 2 | is_retained, _text(topic) + struct.pack(">H", number) + raw)
        await self._until(lambda: number in self._acknowledged)

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def run(self) -> None:
        """Read until the connection ends."""
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                kind, flags, body = await self._packet()
                if kind == PUBLISH:
                    self._take(flags, body)
                elif kind in (PUBACK, SUBACK):
                    self._acknowledged.add(struct.unpack(">H", body[:2])[0])
                self._bell.set()

    def _take(self, flags: int, body: bytes) -> None:
        end = 2 + struct.unpack(">H", body[:2])[0]
        topic, rest = body[2:end].decode(), body[end:]
        if flags & 6:
            self._send(PUBACK, 0, rest[:2])
            rest = rest[2:]
        self.heard.append(Heard(topic, rest, bool(flags & 1)))

    async def _until(self, condition: Any) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not condition():
                self._bell.clear()
                await self._bell.wait()

    async def next(self) -> Heard:
        """The next message that nobody has waited for yet."""
        await self._until(lambda: len(self.heard) > self._taken)
        self._taken += 1
        return self.heard[self._taken - 1]

    async def next_at(self, ending: str) -> Heard:
        """The next message whose topic ends so; those before it are passed over."""
        while not (heard := await self.next()).topic.endswith(ending):
            pass
        return heard

    async def until_count(self, count: int, under: str) -> list[Heard]:
        """So many messages whose topic holds this, from the first on."""
        await self._until(lambda: len(self.under(under)) >= count)
        return self.under(under)

    def under(self, part: str) -> list[Heard]:
        """Every message so far whose topic holds this."""
        return [heard for heard in self.heard if part in heard.topic]


@contextlib.asynccontextmanager
async def bare_client(
    port: int, *topics: str, client: str = "bare", tls: ssl.SSLContext | None = None
) -> AsyncIterator[BareClient]:
    """Connected and subscribed, until the context is left."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
    bare = BareClient(reader, writer)
    await bare.open(client)
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(bare.run())
        try:
            for topic in topics:
                await bare.subscribe(topic)
            yield bare
        finally:
            reading.cancel()
            writer.close()
