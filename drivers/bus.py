"""One serial bus: one exchange at a time, quiet between exchanges, and an unlock goes before every question.

It knows no frames. It is shared by every board on its port, so that no two of them ever talk at once.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from drivers.echo import EchoFilter
from drivers.turns import Turns
from hal.byte_link import ByteLink
from hal.errors import BadFrame, HalError, NoReply, NotSent, OnlyEcho

BITS_A_CHARACTER = 10
QUIET_CHARACTERS = 3.5
QUIET_EXTRA_S = 0.001
"""Two boards with no gap between their exchanges were seen to drown each other; this much was enough."""
DRAIN_S = 0.05
DRAIN_AT_MOST_S = 1.0
"""At connect the line must be silent for the first; one that babbles for the second is taken as it is."""
IN_VAIN = 3
"""So many questions without any answer, and the next who joins opens the port anew: it may be hanging."""
HEX_SHOWN = 24

Reply = TypeVar("Reply")
_log = logging.getLogger(__name__)


class Bus:
    """Users join it, ask and tell; the port is open while somebody has joined.

    `pause_s` is the least quiet between two exchanges, for a gateway that needs more than a wire does.
    """

    def __init__(self, link: ByteLink, *, baud: int, pause_s: float = 0.0) -> None:
        self._link = link
        self._character_s = BITS_A_CHARACTER / baud
        self._quiet_s = max(QUIET_CHARACTERS * self._character_s + QUIET_EXTRA_S, pause_s)
        self._turns = Turns()
        self._users: set[str] = set()
        self._free_at = 0.0
        self._in_vain = 0
        self._opened_at = 0.0
        self._has_echo = False

    @property
    def name(self) -> str:
        """The port."""
        return self._link.name

    @property
    def opened_at(self) -> float:
        """Loop time at which the port was opened last; before that it may have been anybody's."""
        return self._opened_at

    @property
    def has_echo(self) -> bool:
        """Whether our own bytes have come back."""
        return self._has_echo

    async def join(self, user: str) -> None:
        """Open the port unless it is open, and drain what was left on the line."""
        self._users.add(user)
        try:
            async with self._turns.take():
                await self._open()
        except HalError:
            self.leave(user)
            raise

    def leave(self, user: str) -> None:
        """Go; the last one closes the port. Safe to call twice."""
        self._users.discard(user)
        if not self._users:
            self._link.close()

    async def ask(
        self,
        request: bytes,
        read: Callable[[bytes], Sequence[Reply]],
        *,
        within_s: float,
        listen_on_s: float = 0.0,
    ) -> list[Reply]:
        """Send a question; every answer that `read` found, at least one. NoReply, BadFrame, LinkLost.

        `read` gets bytes as they come and keeps what is unfinished. After the first answer the bus listens on
        for a while if told to: a second board with the same address would answer then.
        """
        async with self._turns.take(), self._exchange():
            await self._link.send(request)
            until = self._now() + self._wire_s(request) + within_s
            return await self._answers(EchoFilter(request), read, until=until, listen_on_s=listen_on_s)

    async def tell(self, order: bytes, *, not_after: float) -> None:
        """Send an order that nobody answers, before every waiting question; returns when its last bit left.

        NotSent when the first byte could not leave by loop time `not_after`, or the port is not open.
        """
        try:
            async with self._turns.take_first(not_after), self._exchange():
                self._refuse_if_late(not_after)
                await self._link.send(order)
                wire_s = self._wire_s(order)
                self._free_at = self._now() + wire_s + self._quiet_s
                await asyncio.sleep(wire_s)
        except TimeoutError:
            raise NotSent(f"{self.name}: the line was not free in time") from None

    def _refuse_if_late(self, not_after: float) -> None:
        if not self._link.is_open:
            raise NotSent(f"{self.name}: not open")
        if (late_s := self._now() - not_after) > 0:
            raise NotSent(f"{self.name}: {late_s * 1000:.0f} ms too late")

    @asynccontextmanager
    async def _exchange(self) -> AsyncIterator[None]:
        """Quiet before and after; what arrived before is not looked at."""
        if (wait_s := self._free_at - self._now()) > 0:
            await asyncio.sleep(wait_s)
        self._link.discard()
        try:
            yield
        finally:
            self._free_at = max(self._free_at, self._now() + self._quiet_s)

    async def _answers(
        self,
        echo: EchoFilter,
        read: Callable[[bytes], Sequence[Reply]],
        *,
        until: float,
        listen_on_s: float,
    ) -> list[Reply]:
        heard = bytearray()
        found: list[Reply] = []
        while chunk := await self._link.receive(until):
            heard += chunk
            had_none = not found
            found += read(echo.feed(chunk))
            if found and had_none:
                until = self._now() + listen_on_s
            if self._now() >= until:
                break
        self._note_echo(echo)
        self._in_vain = 0 if found else self._in_vain + 1
        if not found:
            raise self._nothing_found(bytes(heard), echo)
        return found

    def _nothing_found(self, heard: bytes, echo: EchoFilter) -> HalError:
        if not heard:
            return NoReply(f"{self.name}: no reply; check the board's power, its wires and its address")
        if echo.was_heard and len(heard) <= echo.size:
            return OnlyEcho(
                f"{self.name}: no reply but our own bytes; the adapter echoes, and no board answers"
            )
        shown = f"{heard[:HEX_SHOWN].hex(' ')}{' ...' if len(heard) > HEX_SHOWN else ''}"
        return BadFrame(f"{self.name}: {len(heard)} bytes and no frame in them: {shown}")

    def _note_echo(self, echo: EchoFilter) -> None:
        if echo.was_heard and not self._has_echo:
            self._has_echo = True
            _log.warning("%s: the adapter echoes; our own bytes are taken out of what arrives", self.name)

    async def _open(self) -> None:
        if self._link.is_open and self._in_vain >= IN_VAIN:
            self._link.close()
        if self._link.is_open:
            return
        await self._link.open()
        self._opened_at = self._now()
        self._in_vain = 0
        await self._drain()

    async def _drain(self) -> None:
        gives_up = self._now() + DRAIN_AT_MOST_S
        while await self._link.receive(self._now() + DRAIN_S):
            if self._now() >= gives_up:
                return

    def _wire_s(self, frame: bytes) -> float:
        return len(frame) * self._character_s

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
