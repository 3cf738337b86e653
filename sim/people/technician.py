"""A technician: presses the TEST button of a board, and pushes shut what it opened."""

import asyncio

from sim.people.doorways import shut
from sim.people.place import Place
from sim.scenario.script import TechnicianVisit

BETWEEN_LOCKS_S = 0.75
"""The board fires one lock after the other, each for half a second."""
WAITS_S = 3600.0


async def press_and_tidy(visit: TechnicianVisit, place: Place) -> None:
    """Wait until nobody is before the kiosk, press TEST, and tidy up."""
    hands = place.hands(f"technician {visit.at_s:g}")
    try:
        async with asyncio.timeout(WAITS_S):
            await place.turn.acquire()
    except TimeoutError:
        return
    try:
        before = set(hands.open_doors())
        for _ in place.press_test(visit.bank):
            await asyncio.sleep(BETWEEN_LOCKS_S)
        for door in hands.open_doors():
            if door not in before:
                await asyncio.sleep(1)
                shut(hands, door)
    finally:
        place.turn.release()
