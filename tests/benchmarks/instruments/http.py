"""A bare HTTP/1.1 client on one kept connection, so that little of what is measured is the client."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.benchmarks.instruments.child import Child

PATIENCE_S = 60.0
LOOK_EVERY_S = 0.002


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Wire:
    """One connection; requests follow one another, and the last cookie is sent along as a browser would."""

    address: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    cookie: str = ""

    @classmethod
    async def open(cls, address: str) -> "Wire":
        """Connect to HOST:PORT."""
        host, _, port = address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        return cls(address, reader, writer)

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()

    def send(self, request: bytes) -> None:
        """Hand a request to the kernel."""
        self.writer.write(request)

    async def reply(self) -> Reply:
        """The whole next answer."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(_header(line) for line in head[1:] if line)
        self.cookie = headers.get("set-cookie", self.cookie).partition(";")[0]
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return Reply(int(head[0].split()[1]), headers, body)

    async def get(self, path: str) -> Reply:
        """A page."""
        self.send(f"GET {path} HTTP/1.1\r\nHost: {self.address}\r\n{self._cookie_line}\r\n".encode())
        return await self.reply()

    def form(self, path: str, fields: dict[str, str]) -> bytes:
        """A form post as the page of this origin would send it."""
        body = urlencode(fields).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.address}\r\nOrigin: http://{self.address}\r\n{self._cookie_line}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    @property
    def _cookie_line(self) -> str:
        return f"Cookie: {self.cookie}\r\n" if self.cookie else ""


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Wire]:
    """A connection to HOST:PORT for the length of the block."""
    wire = await Wire.open(address)
    try:
        yield wire
    finally:
        await wire.close()


async def page_answers(address: str) -> bool:
    """Whether the page comes with status 200."""
    try:
        async with connected(address) as wire:
            return (await wire.get("/")).status == 200
    except (ConnectionError, asyncio.IncompleteReadError):
        return False


async def until_it_answers(address: str, child: Child) -> None:
    """Ask for the page again and again; ChildFailed when the program ends, TimeoutError in the end."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if await page_answers(address):
                return
            child.fail_if_ended()
            await asyncio.sleep(LOOK_EVERY_S)
