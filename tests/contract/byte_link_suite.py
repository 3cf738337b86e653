"""What every byte link promises, whatever is under it. A far end that says back what it hears is enough."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hal.byte_link import ByteLink
from hal.errors import LinkLost

LONG_S = 5.0


class FarEnd:
    """A link whose far end echoes, and a way to take that end away and bring it back."""

    def __init__(
        self, link: ByteLink, *, take_away: Callable[[], None], bring_back: Callable[[], Awaitable[None]]
    ) -> None:
        self.link = link
        self.take_away = take_away
        self.bring_back = bring_back


async def heard(link: ByteLink, count: int) -> bytes:
    """So many bytes, however they were cut."""
    until = asyncio.get_running_loop().time() + LONG_S
    got = b""
    while len(got) < count:
        chunk = await link.receive(until)
        assert chunk, f"only {got!r} came"
        got += chunk
    return got


class ByteLinkContract:
    """Subclasses give `far_end`."""

    async def test_it_is_closed_until_it_is_opened(self, far_end: FarEnd) -> None:
        assert not far_end.link.is_open
        with pytest.raises(LinkLost):
            await far_end.link.send(b"x")
        with pytest.raises(LinkLost):
            await far_end.link.receive(asyncio.get_running_loop().time() + LONG_S)
        assert far_end.link.discard() == 0

    async def test_bytes_go_there_and_back_unchanged(self, far_end: FarEnd) -> None:
        await far_end.link.open()
        every_byte = bytes(range(256))
        await far_end.link.send(every_byte)
        assert await heard(far_end.link, 256) == every_byte
        far_end.link.close()

    async def test_silence_is_no_bytes_at_the_time_given(self, far_end: FarEnd) -> None:
        await far_end.link.open()
        until = asyncio.get_running_loop().time() + 0.02
        assert await far_end.link.receive(until) == b""
        assert asyncio.get_running_loop().time() >= until - 0.001
        far_end.link.close()

    async def test_what_was_discarded_never_comes(self, far_end: FarEnd) -> None:
        await far_end.link.open()
        await far_end.link.send(b"old")
        assert await heard(far_end.link, 1)
        far_end.link.discard()
        await far_end.link.send(b"new")
        assert (await heard(far_end.link, 3)).endswith(b"new")
        far_end.link.close()

    async def test_it_opens_and_closes_as_often_as_you_like(self, far_end: FarEnd) -> None:
        for _ in range(3):
            await far_end.link.open()
            await far_end.link.open()
            assert far_end.link.is_open
            far_end.link.close()
            far_end.link.close()
            assert not far_end.link.is_open

    async def test_closing_ends_a_receive_in_progress(self, far_end: FarEnd) -> None:
        await far_end.link.open()
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, far_end.link.close)
        with pytest.raises(LinkLost):
            await far_end.link.receive(loop.time() + LONG_S)

    async def test_a_far_end_that_goes_away_ends_a_receive_in_progress(self, far_end: FarEnd) -> None:
        await far_end.link.open()
        await far_end.link.send(b"x")
        assert await heard(far_end.link, 1) == b"x"
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, far_end.take_away)
        with pytest.raises(LinkLost, match=far_end.link.name):
            await far_end.link.receive(loop.time() + LONG_S)
        assert not far_end.link.is_open

    async def test_it_works_again_when_the_far_end_is_back(self, far_end: FarEnd) -> None:
        await far_end.link.open()
        far_end.take_away()
        far_end.link.close()
        with pytest.raises(LinkLost):
            await far_end.link.open()
        await far_end.bring_back()
        await far_end.link.open()
        await far_end.link.send(b"again")
        assert await heard(far_end.link, 5) == b"again"
        far_end.link.close()
