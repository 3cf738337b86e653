"""Somebody with no business here: guesses codes, pulls doors, touches anything. Takes nothing."""

import asyncio
import contextlib

from sim.doors import NotPossible
from sim.people.doorways import press
from sim.people.finger import Finger
from sim.people.place import Place
from sim.people.seen import Seen, SeenOffer, offers
from sim.people.standing import Next, Patience, stand
from sim.scenario.script import Mischief, StrangerVisit

TYPES_EIGHT_S, TYPES_TWELVE_S = 1.0, 5.0
"""As fast as fingers type, and as fast as the kiosk takes long codes."""
PULLS_S = 1.0
ALARMS_S = 30.0
PRESSES = 0.3
"""How many of the doors are pressed as well."""
GARBAGE = ("", "0", "9999", "abc", "12345678", "لوحة")
_NUMBERS = {"carrier_code": 6, "staff_pin": 8}


async def make_mischief(visit: StrangerVisit, place: Place) -> None:
    """As long as it lasts."""
    name = f"stranger {visit.at_s:g}"
    patience = Patience(stay_s=visit.lasts_s, page_s=visit.lasts_s, dark_s=20)
    match visit.mischief:
        case Mischief.PULLS_DOORS:
            await _pull_doors(name, visit.lasts_s, place)
        case Mischief.GUESSES:
            await stand(place, patience, Guesser(name, place))
        case Mischief.TOUCHES_ANYTHING:
            await stand(place, patience, Toucher(name, place))
        case Mischief.SAYS_LOCKED_IN:
            await stand(place, patience, FalseAlarm(name, place))


async def _pull_doors(name: str, lasts_s: float, place: Place) -> None:
    hands, dice = place.hands(name), place.dice(name)
    doors = hands.doors()
    for number in range(round(lasts_s / PULLS_S)):
        door = doors[number % len(doors)]
        with contextlib.suppress(NotPossible):
            hands.pull_door(door)
        if dice.random() < PRESSES:
            press(hands, door)
        await asyncio.sleep(PULLS_S)


class Idler:
    """Stands before the screen with time to kill; what each does there is its own."""

    def __init__(self, name: str, place: Place) -> None:
        self.kiosk = place.kiosk(name)
        self._dice = place.dice(name)
        self._hands = place.hands(name)
        self._finger = Finger(self.kiosk, self._dice)

    def arrive(self) -> None:
        """Nothing catches the eye."""

    async def tire(self, seen: Seen) -> Next:
        """Boring."""
        return Next.LEAVE


class Guesser(Idler):
    """Types codes, one after the other."""

    async def react(self, seen: Seen) -> Next:
        """To the code page, and then a code; whoever opens a door so walks off."""
        if seen.kind == "home":
            return await self._finger.touch("pick_up")
        if seen.kind == "take_out":
            return Next.LEAVE
        if seen.kind != "code":
            return await self._finger.step_past(seen, self._hands)
        await asyncio.sleep(TYPES_EIGHT_S if seen.digits <= 8 else TYPES_TWELVE_S)
        await self.kiosk.touch("code", "".join(str(self._dice.randrange(10)) for _ in range(seen.digits)))
        return Next.LOOK


class FalseAlarm(Idler):
    """Says that somebody is locked in, and looks on."""

    async def react(self, seen: Seen) -> Next:
        """By help to the page that opens doors, and there once more every half minute."""
        if seen.kind == "locked_in":
            await self._finger.touch("open_large")
            await asyncio.sleep(ALARMS_S)
            return Next.LOOK
        if offers(seen, "locked_in"):
            return await self._finger.touch("locked_in")
        if seen.kind == "home":
            return await self._finger.touch("help")
        return await self._finger.step_past(seen, self._hands)


class Toucher(Idler):
    """Touches anything."""

    async def react(self, seen: Seen) -> Next:
        """One touch of anything, with any value where one is typed."""
        offer = self._dice.choice(seen.offers)
        return await self._finger.touch(offer.action, self._value(seen, offer), account="1")

    def _value(self, seen: Seen, offer: SeenOffer) -> str:
        if offer.value:
            return offer.value
        if self._dice.random() < 0.2:
            return self._dice.choice(GARBAGE)
        if offer.action == "unit" and seen.unit_labels:
            return self._dice.choice(seen.unit_labels)
        count = _NUMBERS.get(offer.action, seen.digits)
        return "".join(str(self._dice.randrange(10)) for _ in range(count))
