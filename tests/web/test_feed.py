"""The feed's own rules, on virtual time."""

import asyncio
from collections.abc import AsyncGenerator

from kiosk.domain.inputs import Fact
from kiosk.domain.model.ids import IntentId
from kiosk.domain.state import State
from kiosk.ports import Answer
from kiosk.web.live import QUIET_S, LiveFeed
from kiosk.web.seat import Seat
from tests.domain.rig import empty_state


class Quiet:
    """An inbox where nothing happens unless the test says so."""

    def __init__(self) -> None:
        self.state: State = empty_state()
        self.revision = 1
        self._change = asyncio.Condition()

    async def submit(self, fact: Fact, *, intent: IntentId | None = None) -> Answer:
        """Nothing is decided here."""
        raise NotImplementedError

    async def changed(self, after: int) -> int:
        """Wait for a revision that is newer."""
        async with self._change:
            await self._change.wait_for(lambda: self.revision > after)
            return self.revision

    async def change(self) -> None:
        """Something happens."""
        self.revision += 1
        async with self._change:
            self._change.notify_all()


async def test_a_quiet_feed_says_that_it_lives() -> None:
    loop = asyncio.get_running_loop()
    stream = LiveFeed(Quiet(), Seat(), "b1").stream("page")
    lines = [await anext(stream) for _ in range(2)]
    began = loop.time()
    assert await anext(stream) == ": still here\n\n"
    assert loop.time() - began == QUIET_S
    assert lines[1] == 'data: {"rev": 1, "boot": "b1"}\n\n'
    await stream.aclose()


async def test_a_change_of_hands_is_told_without_a_change_of_the_kiosk() -> None:
    seat = Seat()
    feed = LiveFeed(Quiet(), seat, "b1")
    stream = feed.stream("page")
    for _ in range(2):
        await anext(stream)
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(_next(stream))
        await asyncio.sleep(0.1)
        seat.take("page")
        feed.hurry()
    assert waiting.result() == 'data: {"rev": 2, "boot": "b1"}\n\n'
    await stream.aclose()


async def _next(stream: AsyncGenerator[str, None]) -> str:
    return await anext(stream)


async def test_many_changes_at_once_are_told_as_the_newest() -> None:
    inbox = Quiet()
    stream = LiveFeed(inbox, Seat(), "b1").stream("page")
    for _ in range(2):
        await anext(stream)
    for _ in range(5):
        await inbox.change()
    assert await anext(stream) == 'data: {"rev": 6, "boot": "b1"}\n\n'
    await stream.aclose()


async def test_every_stream_ends_at_a_stop_and_leaves_its_seat() -> None:
    seat = Seat()
    feed = LiveFeed(Quiet(), seat, "b1")
    seat.take("page")
    async with asyncio.TaskGroup() as tasks:
        ends = [tasks.create_task(_all_of(feed, "page")) for _ in range(3)]
        await asyncio.sleep(0.1)
        assert not seat.is_free_for("other")
        feed.stop()
    assert [len(end.result()) for end in ends] == [2, 2, 2]
    assert seat.is_free_for("other")


async def _all_of(feed: LiveFeed, page: str) -> list[str]:
    return [line async for line in feed.stream(page)]
