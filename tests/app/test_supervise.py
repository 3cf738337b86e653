"""The periphery crashes, is started again more slowly each time, and the core goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from kiosk.rehearsal.virtual_loop import run_virtually
from kiosk.supervise import STEADY_S, TROUBLE_AFTER, supervise


class Part:
    """Runs for a while, then crashes; remembers when it was started."""

    def __init__(self, runs_s: float = 0.0) -> None:
        self.starts: list[float] = []
        self.troubles: list[str] = []
        self._runs_s = runs_s

    async def run(self) -> None:
        self.starts.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self._runs_s)
        raise RuntimeError("broken")


def for_a_while(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await work()

    run_virtually(limited())


def test_crashing_part_is_started_again_more_slowly() -> None:
    part = Part()
    for_a_while(30, lambda: supervise("part", part.run))
    assert part.starts == [0, 1, 3, 7, 15]


def test_pause_is_never_longer_than_a_minute() -> None:
    part = Part()
    for_a_while(600, lambda: supervise("part", part.run))
    gaps = [later - earlier for earlier, later in zip(part.starts, part.starts[1:], strict=False)]
    assert max(gaps) == 60


def test_third_crash_in_a_row_is_told_once() -> None:
    part = Part()
    for_a_while(300, lambda: supervise("part", part.run, on_trouble=part.troubles.append))
    assert len(part.starts) > TROUBLE_AFTER
    assert part.troubles == ["part"]


def test_part_that_runs_again_is_told_when_it_has_run_for_long_enough() -> None:
    told: list[str] = []
    part = Part(runs_s=STEADY_S / 2)
    for_a_while(2 * STEADY_S, lambda: supervise("part", part.run, on_steady=told.append))
    assert told == []
    steady = Part(runs_s=10 * STEADY_S)
    for_a_while(STEADY_S - 1, lambda: supervise("part", steady.run, on_steady=told.append))
    assert told == []
    for_a_while(5 * STEADY_S, lambda: supervise("part", steady.run, on_steady=told.append))
    assert told == ["part"]


def test_part_that_ran_long_starts_afresh() -> None:
    part = Part(runs_s=STEADY_S)
    for_a_while(5 * STEADY_S, lambda: supervise("part", part.run, on_trouble=part.troubles.append))
    gaps = {later - earlier for earlier, later in zip(part.starts, part.starts[1:], strict=False)}
    assert gaps == {STEADY_S + 1}
    assert not part.troubles
