"""Turns at something only one may use at a time; whoever is urgent goes before all who are not."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from types import TracebackType


class _Turn(AbstractAsyncContextManager[None]):
    """One turn, had for as long as its context lasts."""

    def __init__(self, wait: Callable[[], Awaitable[None]], pass_on: Callable[[], None]) -> None:
        self._wait = wait
        self._pass_on = pass_on

    async def __aenter__(self) -> None:
        await self._wait()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pass_on()


class Turns:
    """A lock with two queues, each served in order of arrival."""

    def __init__(self) -> None:
        self._is_taken = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._patient: deque[asyncio.Future[None]] = deque()

    def take(self) -> AbstractAsyncContextManager[None]:
        """Have a turn when it comes."""
        return _Turn(partial(self._wait, self._patient, None), self._pass_on)

    def take_first(self, until: float) -> AbstractAsyncContextManager[None]:
        """Have the next turn; TimeoutError if it does not come by loop time `until`."""
        return _Turn(partial(self._wait, self._urgent, until), self._pass_on)

    async def _wait(self, queue: deque[asyncio.Future[None]], until: float | None) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        mine = asyncio.get_running_loop().create_future()
        queue.append(mine)
        has_turn = False
        try:
            async with asyncio.timeout_at(until):
                await mine
            has_turn = True
        finally:
            if not has_turn:
                self._give_up(queue, mine)

    def _give_up(self, queue: deque[asyncio.Future[None]], mine: asyncio.Future[None]) -> None:
        if mine in queue:
            queue.remove(mine)
        elif not mine.cancelled():
            self._pass_on()  # the turn came together with the reason to leave

    def _pass_on(self) -> None:
        for queue in (self._urgent, self._patient):
            while queue:
                waiting = queue.popleft()
                if not waiting.done():  # a waiter cancelled in this turn of the loop has not left yet
                    waiting.set_result(None)
                    return
        self._is_taken = False
