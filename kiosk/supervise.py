"""Keeps the periphery alive: a part that crashes is started again, more slowly each time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
TROUBLE_AFTER = 3
"""Crashes in a row that staff should hear of."""
STEADY_S = 600.0
"""A part that ran for so long is taken for healthy again."""

_log = logging.getLogger(__name__)


async def supervise(
    name: str,
    factory: Callable[[], Awaitable[None]],
    *,
    on_trouble: Callable[[str], None] | None = None,
    on_steady: Callable[[str], None] | None = None,
) -> None:
    """Run a part for ever; the core never hears of its crashes, but of many in a row, and of their end."""
    loop = asyncio.get_running_loop()
    crashes = 0
    while True:
        started = loop.time()
        steady = loop.call_later(STEADY_S, on_steady, name) if on_steady else None
        try:
            await factory()
        except Exception:  # the only broad one: the periphery may fail in any way and must not end the core
            crashes = 1 if loop.time() - started >= STEADY_S else crashes + 1
            _log.exception("%s crashed (%d in a row)", name, crashes)
        else:
            crashes = 0
        finally:
            if steady:
                steady.cancel()
        if crashes == TROUBLE_AFTER:
            _log.error("%s has crashed %d times in a row; it is tried on, but needs a person", name, crashes)
            if on_trouble:
                on_trouble(name)
        await asyncio.sleep(_pause_s(crashes))


def _pause_s(crashes: int) -> float:
    return min(FIRST_PAUSE_S * 2.0 ** max(0, crashes - 1), LONGEST_PAUSE_S)
