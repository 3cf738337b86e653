"""A broker in a hurry, written from the standards: its commands come with the word that it is there."""

import asyncio
import contextlib
import json
import struct
from collections.abc import AsyncIterator
from typing import Any

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PING, PONG = 1, 2, 3, 4, 8, 9, 12, 13


def packet(first: int, body: bytes) -> bytes:
    """Bytes of one packet."""
    length, size = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        size.append(digit | (0x80 if length else 0))
        if not length:
            return bytes([first]) + bytes(size) + body


async def read_packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Type with flags, and body."""
    first = (await reader.readexactly(1))[0]
    length, shift = 0, 0
    while True:
        digit = (await reader.readexactly(1))[0]
        length |= (digit & 0x7F) << shift
        shift += 7
        if digit < 0x80:
            return first, await reader.readexactly(length)


class HastyBroker:
    """Serves one client at a time; keeps what it publishes."""

    def __init__(self, port: int, *, is_v5: bool) -> None:
        self._port = port
        self._none = b"\x00" if is_v5 else b""
        """An empty list of properties, which only version 5 has."""
        self._waiting = b""
        self._heard: list[tuple[str, bytes]] = []

    def put(self, topic: str, content: dict[str, object]) -> None:
        """A command that waits for the client."""
        number = struct.pack(">H", len(self._waiting) + 1)
        name = struct.pack(">H", len(topic)) + topic.encode()
        body = name + number + self._none + json.dumps(content).encode()
        self._waiting += packet(PUBLISH << 4 | 2, body)

    def answers(self) -> list[dict[str, Any]]:
        """What the client answered, in order."""
        return [json.loads(payload) for topic, payload in self._heard if "/answer/" in topic]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Until the context is left."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        async with server:
            yield

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                first, body = await read_packet(reader)
                writer.write(self._reply(first, body))
        writer.close()

    def _reply(self, first: int, body: bytes) -> bytes:
        match first >> 4:
            case 1:
                return packet(CONNACK << 4, b"\x00\x00" + self._none) + self._waiting
            case 3:
                return packet(PUBACK << 4, self._take(body))
            case 8:
                granted = b"\x01" * body.count(TOPIC_START)
                return packet(SUBACK << 4, body[:2] + self._none + granted)
            case 12:
                return packet(PONG << 4, b"")
            case _:
                return b""

    def _take(self, body: bytes) -> bytes:
        end = 2 + struct.unpack(">H", body[:2])[0]
        topic, number, rest = body[2:end].decode(), body[end : end + 2], body[end + 2 :]
        if self._none:
            rest = rest[1 + rest[0] :]
        self._heard.append((topic, rest))
        return number


TOPIC_START = b"latchwork/v1/"
