"""The place where people come to: whoever sets the stage implements it with a thin adapter."""

import asyncio
import random
from collections.abc import Iterator
from typing import Protocol

from sim.people.kiosk import Hands, Kiosk, Phone
from sim.people.memory import Memory


class Place(Protocol):
    """One kiosk, the phones of its building, and the queue before its one screen."""

    @property
    def turn(self) -> asyncio.Lock:
        """Held by whoever stands before the screen; people wait in line for it."""

    @property
    def memory(self) -> Memory:
        """What the people of this place remember; one for the whole play."""

    def kiosk(self, person: str) -> Kiosk:
        """The screen, for one person."""

    def hands(self, person: str) -> Hands:
        """The hands of one person."""

    def phone(self, resident_id: str) -> Phone:
        """The phone of one resident."""

    def press_test(self, bank: str) -> Iterator[int]:
        """The TEST button of a bank's board: each step fires the next lock; waiting is the caller's."""

    def dice(self, whose: str) -> random.Random:
        """Chance of one's own; the same name gives the same throws."""
