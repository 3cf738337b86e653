"""The stage as the place where made-up people come to."""

import asyncio
from collections.abc import Iterator
from random import Random

from kiosk.rehearsal.at_kiosk import AtKiosk
from kiosk.rehearsal.phones import PersonsPhone
from kiosk.rehearsal.room import PersonsHands
from kiosk.rehearsal.stage import Stage
from sim.people.memory import Memory


class StagePlace:
    """One stage, the queue before its screen, and what its people remember."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.turn = asyncio.Lock()
        """Held by whoever stands before the screen."""
        self.memory = Memory()

    def kiosk(self, person: str) -> AtKiosk:
        """The screen, for one person."""
        return self._stage.kiosk(person)

    def hands(self, person: str) -> PersonsHands:
        """The hands of one person."""
        return self._stage.hands(person)

    def phone(self, resident_id: str) -> PersonsPhone:
        """The phone of one resident."""
        return self._stage.phone(resident_id)

    def press_test(self, bank: str) -> Iterator[int]:
        """The TEST button of a bank's board."""
        return self._stage.wires.press_test(bank)

    def dice(self, whose: str) -> Random:
        """Chance of one's own."""
        return self._stage.play.dice(f"people/{whose}")
