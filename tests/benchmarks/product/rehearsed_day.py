"""A program that plays standard kiosk-days in virtual time and prints the processor seconds that each took.

A day is 40 drop-offs and 40 pickups of the story that the rehearsal's own tests tell, with no faults.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from kiosk.rehearsal.stage import Stage, raised
from kiosk.rehearsal.virtual_loop import run_virtually
from tests.rehearsal.story import Courier, Edie, again, play

CYCLES_A_DAY = 40
BETWEEN_S = 300.0
DAY_S = 86_400.0
UNTIL_SEEN_S = 5.0
"""After the start every door is read first; before that nothing is free."""


async def _day(stage: Stage) -> float:
    start_s, until = time.process_time(), asyncio.get_running_loop().time() + DAY_S
    for _ in range(CYCLES_A_DAY):
        hands = stage.hands("courier")
        await again(stage, Courier(hands, hands.new_parcel("for 412")))
        await asyncio.sleep(BETWEEN_S)
        await again(stage, Edie(stage, stage.hands("edie")))
        await asyncio.sleep(BETWEEN_S)
    await asyncio.sleep(until - asyncio.get_running_loop().time())
    return time.process_time() - start_s


async def _days(folder: Path, count: int) -> list[float]:
    async with raised(play(folder)) as stage:
        await asyncio.sleep(UNTIL_SEEN_S)
        return [await _day(stage) for _ in range(count)]


def main(folder: str, count: str) -> None:
    """Play so many days one after the other in a new folder; one JSON list on standard output."""
    print(json.dumps(run_virtually(_days(Path(folder), int(count)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
