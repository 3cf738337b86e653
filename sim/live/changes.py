"""How one part tells others, on one loop, that there is something new to see."""

import asyncio


class Changes:
    """A number that grows, and a way to wait until it has."""

    def __init__(self) -> None:
        self._number = 0
        self._grown = asyncio.Event()

    @property
    def number(self) -> int:
        """How many changes there were."""
        return self._number

    def tell(self) -> None:
        """Something changed; whoever waits wakes up."""
        self._number += 1
        self._grown.set()
        self._grown = asyncio.Event()

    async def after(self, number: int) -> int:
        """Wait until there were more changes than `number`; returns how many."""
        while self._number <= number:
            await self._grown.wait()
        return self._number
