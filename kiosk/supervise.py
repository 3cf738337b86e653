"""Keeps the periphery alive: a part that crashes is started again, more slowly each time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
_log = logging.getLogger(__name__)


async def supervise(name: str, factory: Callable[[], Awaitable[None]]) -> None:
    """Run a part for ever; the core never hears of its crashes."""
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            await factory()
        except Exception:  # the only broad one: the periphery may fail in any way and must not end the core
            _log.exception("%s crashed; it starts again in %g s", name, pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
