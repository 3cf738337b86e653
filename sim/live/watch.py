"""Looks at what others write, the daemon's belief and the phones, twice a second while somebody watches."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sim.cabinet import DoorId
from sim.live.belief import Belief, Quarrels, ask
from sim.live.changes import Changes
from sim.phones import Inboxes, Phones
from sim.sights import Sight

LOOK_S = 0.5


class Watch:
    """The last look at both. Run `run` beside it."""

    def __init__(self, socket: Path, phones: Phones | None, changes: Changes) -> None:
        self.belief = Belief()
        self.inboxes = Inboxes()
        self._socket = socket
        self._phones = phones
        self._changes = changes
        self._quarrels = Quarrels()
        self._viewers = 0
        self._is_watched = asyncio.Event()

    @property
    def has_phones(self) -> bool:
        """Whether the settings give this building phones at all."""
        return self._phones is not None

    def quarrels(self, now_ms: int, sights: Sequence[Sight]) -> dict[DoorId, tuple[str, int]]:
        """For each door that differs from what the daemon believes: how, and for how many milliseconds."""
        return self._quarrels.compare(sights, self.belief, now_ms)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Somebody has a page open."""
        self._viewers += 1
        self._is_watched.set()
        try:
            yield
        finally:
            self._viewers -= 1
            if not self._viewers:
                self._is_watched.clear()

    async def run(self) -> None:
        """Look for ever, when somebody watches."""
        while True:
            await self._is_watched.wait()
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Look once, now."""
        seen = (self.belief, self.inboxes)
        self.belief = await ask(self._socket)
        if self._phones is not None:
            self.inboxes = self._phones.look()
        if seen != (self.belief, self.inboxes):
            self._changes.tell()
