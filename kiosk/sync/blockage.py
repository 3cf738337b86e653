"""Whether events leave. When they have not for a while staff are told, once, and again when they do."""

import asyncio
import contextlib

from kiosk.domain.inputs import SyncBlocked, SyncResumed
from kiosk.domain.model.incident import IncidentKind
from kiosk.ports import Inbox

CONNECTION, PUBLISHING, CONFIRMING = "connection", "publishing", "confirming"
"""What can keep events here."""
TELL_AGAIN_S = 5.0
"""What staff must know is said again so often where it could not be written down."""


class Blockage:
    """Its parts say what is stuck and what is free again; a kiosk not yet connected is stuck."""

    def __init__(self, inbox: Inbox, *, after_s: float) -> None:
        self._inbox = inbox
        self._after_s = after_s
        self._causes = {CONNECTION: "not connected since the start"}
        self._since = asyncio.get_running_loop().time()
        self._moved = asyncio.Event()

    @property
    def why(self) -> str:
        """What is stuck now; empty when nothing is."""
        return "; ".join(self._causes.values())

    def stuck(self, cause: str, why: str) -> None:
        """Something keeps events here."""
        if not self._causes:
            self._since = asyncio.get_running_loop().time()
        self._causes[cause] = why
        self._moved.set()

    def free(self, cause: str) -> None:
        """This no longer keeps events here."""
        if self._causes.pop(cause, None) is not None:
            self._moved.set()

    async def run(self) -> None:
        """Tell staff for ever."""
        kinds = {incident.kind for incident in self._inbox.state.incidents.values()}
        is_told = IncidentKind.SYNC_BLOCKED in kinds
        while True:
            self._moved.clear()
            if is_told and not self._causes:
                is_told = not await self._tell(SyncResumed())
            elif not is_told and self._causes and self._left_s <= 0:
                is_told = await self._tell(SyncBlocked(self.why))
            else:
                await self._wait(None if is_told or not self._causes else self._left_s)

    @property
    def _left_s(self) -> float:
        return self._since + self._after_s - asyncio.get_running_loop().time()

    async def _wait(self, within_s: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._moved.wait()

    async def _tell(self, fact: SyncBlocked | SyncResumed) -> bool:
        answer = await self._inbox.submit(fact)
        if answer.refusal is not None:
            await asyncio.sleep(TELL_AGAIN_S)
        return answer.refusal is None
