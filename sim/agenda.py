"""What is going to happen by itself, in order of time and then in order of planning."""

import heapq
from collections.abc import Callable


class Agenda:
    """Planned happenings; nothing on it can be taken off, so each looks whether it still applies."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, int, Callable[[], None]]] = []
        self._planned = 0

    @property
    def next_ms(self) -> int | None:
        """When the next thing is due."""
        return self._entries[0][0] if self._entries else None

    def plan(self, at_ms: int, happen: Callable[[], None]) -> None:
        """Let something happen at a moment."""
        self._planned += 1
        heapq.heappush(self._entries, (at_ms, self._planned, happen))

    def pop_due(self, now_ms: int) -> tuple[int, Callable[[], None]] | None:
        """The earliest thing that is due, taken off, with its moment."""
        if not self._entries or self._entries[0][0] > now_ms:
            return None
        at_ms, _, happen = heapq.heappop(self._entries)
        return at_ms, happen
