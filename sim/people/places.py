"""Shelves and the desk in the made-up world: who carries what there, and what is found."""

import asyncio
import random

from sim.doors import NotPossible, Parcel
from sim.people.bundle import Bundle, Where
from sim.people.doorways import is_for, label_of
from sim.people.finger import Finger
from sim.people.kiosk import Hands
from sim.people.memory import Memory
from sim.people.seen import Seen, SeenPlace, SeenPlaced, offers
from sim.people.standing import Next
from sim.scenario.script import Mishap

DESK = "desk"
WALK_S = (15.0, 90.0)
"""To the room or the desk and back."""
CHANGES_MIND = 0.05
"""How many couriers find that it does not work."""
WALKS_OFF = 0.03
"""How many are gone before they have said that it is there."""
_NEEDS = {Mishap.NEEDS_SIGNATURE: "signature"}


def place_of(seen: SeenPlace) -> str:
    """The place in the world that a page means."""
    return DESK if seen.kind == DESK else f"shelf {seen.label}"


def _listed_at(one: SeenPlaced) -> str:
    return DESK if one.kind == DESK else f"shelf {one.place}"


def found_at(hands: Hands, place: str, unit: str) -> list[Parcel]:
    """Parcels for a unit that anybody sees there."""
    return [parcel for parcel in hands.at_place(place) if is_for(parcel, unit)]


class Porter:
    """The hands of one courier with parcels that no compartment takes."""

    def __init__(self, hands: Hands, finger: Finger, dice: random.Random, carrier: str) -> None:
        self._hands = hands
        self._finger = finger
        self._dice = dice
        self._carrier = carrier

    async def at_sizes(self, seen: Seen, bundle: Bundle) -> Next | None:
        """What no size takes leaves the page of sizes another way; none where a size will do."""
        if bundle.mishap is Mishap.FITS_NOWHERE and offers(seen, "fits_nowhere"):
            return await self._finger.touch("fits_nowhere", "too_large")
        if bundle.mishap in _NEEDS:
            return await self._finger.touch_any(seen, "needs_person")
        free = [one.size for one in seen.sizes if one.free]
        is_full = bundle.load.size not in free and offers(seen, "size", bundle.load.size)
        return await self._finger.touch("size", bundle.load.size) if is_full else None

    async def needs_person(self, bundle: Bundle | None) -> Next:
        """What the parcel needs."""
        need = _NEEDS.get(bundle.mishap) if bundle else None
        if need is None:
            return await self._finger.touch("back")
        return await self._finger.touch("fits_nowhere", need)

    async def choose(self, seen: Seen, bundle: Bundle | None) -> Next:
        """The building's first choice, or now and then another."""
        takers = [one.value for one in seen.offers if one.action == "outlet"]
        if bundle is None or not bundle.try_again() or not takers:
            return await self._finger.touch("back")
        is_plain = self._dice.random() > CHANGES_MIND
        return await self._finger.touch("outlet", takers[0] if is_plain else self._dice.choice(takers))

    async def carry(self, seen: Seen, bundle: Bundle | None) -> Next:
        """Walk there, leave it, come back and say so."""
        await asyncio.sleep(self._dice.uniform(*WALK_S))
        if seen.place is None or bundle is None:
            return await self._finger.touch("not_placed")
        place = place_of(seen.place)
        if bundle.where is Where.IN_HAND:
            if self._dice.random() < CHANGES_MIND:
                return await self._finger.touch("not_placed")
            self._hands.put_at(place, bundle.parcel)
            bundle.where = Where.INSIDE
            if self._dice.random() < WALKS_OFF:
                bundle.where = Where.BEHIND
                return Next.LEAVE
        return await self._finger.touch("placed")

    async def answer(self, seen: Seen) -> Next:
        """The truth, as any courier of the carrier knows it."""
        place = place_of(seen.place) if seen.place else DESK
        label = label_of(seen.unit, self._carrier)
        is_there = any(parcel.what == label for parcel in self._hands.at_place(place))
        return await self._finger.touch("inside_yes" if is_there else "inside_no")


class Warden:
    """What staff do about parcels on shelves and at the desk, from one look at the list."""

    def __init__(self, hands: Hands, finger: Finger, memory: Memory) -> None:
        self._hands = hands
        self._finger = finger
        self._memory = memory
        self._plan: tuple[str, str] = ("back", "")
        self._strays: dict[str, list[Parcel]] = {}
        """By place, what lies there and is on no list for it."""
        self.is_done = False

    async def at_list(self, seen: Seen) -> Next:
        """The first parcel that needs something, or back."""
        self._strays = {place: self._astray(place, seen) for place in map(_listed_at, seen.placed)}
        for one in seen.placed:
            if not one.is_on_the_way and (plan := self._plan_for(one, seen)):
                self._plan = plan
                return await self._finger.touch("placed_parcel", one.delivery)
        self.is_done = True
        return await self._finger.touch("back")

    def _plan_for(self, one: SeenPlaced, seen: Seen) -> tuple[str, str] | None:
        place = _listed_at(one)
        listed = sum((other.place, other.unit) == (one.place, one.unit) for other in seen.placed)
        present = len(found_at(self._hands, place, one.unit))
        if not present or (present < listed and not one.is_accepted):
            return "is_not_here", ""
        if not one.is_accepted or one.is_in_doubt:
            return "is_here", ""
        if place == DESK and one.unit in self._memory.asked_at_desk:
            return "hand_over", "document"
        return None

    async def at_parcel(self, seen: Seen) -> Next:
        """Do what was planned for it."""
        (action, value), self._plan = self._plan, ("back", "")
        if not offers(seen, action):
            return await self._finger.touch("back")
        if action == "hand_over":
            self._give(seen)
        if action == "is_not_here" and seen.place is not None:
            self._take_along(place_of(seen.place))
        return await self._finger.touch(action, value)

    def _astray(self, place: str, seen: Seen) -> list[Parcel]:
        units = [one.unit for one in seen.placed if _listed_at(one) == place]
        return [one for one in self._hands.at_place(place) if not any(is_for(one, unit) for unit in units)]

    def _take_along(self, place: str) -> None:
        """What lies where another parcel should be has the wrong unit on the list: staff see to it."""
        for parcel in self._strays.pop(place, []):
            if take_from(self._hands, place, parcel):
                self._memory.at_desk.append(parcel)

    def _give(self, seen: Seen) -> None:
        self._memory.asked_at_desk.discard(seen.unit)
        for parcel in found_at(self._hands, DESK, seen.unit)[:1]:
            take_from(self._hands, DESK, parcel)


def take_from(hands: Hands, place: str, parcel: Parcel) -> bool:
    """Take one parcel away; whether that was possible."""
    try:
        hands.take_from(place, parcel.id)
    except NotPossible:
        return False
    return True
