"""A courier's hands at an open door: the parcel goes in, or what happens instead."""

import asyncio
from dataclasses import dataclass

from sim.cabinet import DoorId
from sim.people.bundle import Bundle, Where
from sim.people.doorways import inside, is_for, label_of, open_wide, put, shut, take
from sim.people.finger import Finger
from sim.people.kiosk import Hands
from sim.people.memory import Memory
from sim.people.seen import Seen, offers
from sim.people.standing import Next
from sim.scenario.script import Mishap

LOOKS_S = 2.0


@dataclass(slots=True)
class Deposit:
    """The hands of one courier, and what the carrier's people remember."""

    hands: Hands
    finger: Finger
    memory: Memory
    carrier: str
    open_s: float

    async def at_open_door(self, seen: Seen, bundle: Bundle | None) -> Next:
        """The page asks to put something in: this parcel, or one that was left here before."""
        door = self.hands.door_labelled(seen.door)
        if bundle is None:
            return await self._earlier(seen, door)
        if bundle.where is not Where.IN_HAND:
            shut(self.hands, door)
            return Next.WAIT
        return await self._with(bundle, seen, door)

    async def _earlier(self, seen: Seen, door: DoorId) -> Next:
        """A door that was left open with another parcel: is it there?"""
        await asyncio.sleep(LOOKS_S)
        label = label_of(seen.unit, self.carrier)
        if any(parcel.what == label for parcel in inside(self.hands, door)):
            shut(self.hands, door)
            return Next.WAIT
        return await self._say_not_here(seen, door)

    async def _say_not_here(self, seen: Seen, door: DoorId) -> Next:
        said = await self.finger.touch_any(seen, "not_deposited")
        shut(self.hands, door)
        return said or Next.WAIT

    async def _say_something_inside(self, seen: Seen, door: DoorId) -> Next:
        """Another door opens for the parcel, if there is one; this one is shut."""
        said = await self.finger.touch_any(seen, "something_inside", "not_deposited")
        shut(self.hands, door)
        return said or Next.WAIT

    async def _with(self, bundle: Bundle, seen: Seen, door: DoorId) -> Next:
        unit = bundle.unit
        was_left = self.memory.is_left(self.carrier, door, unit)
        bundle.door = door
        if not open_wide(self.hands, door):
            return await self._no_way_in(bundle, seen, door)
        found = inside(self.hands, door)
        if found and was_left and all(is_for(parcel, bundle.load.unit) for parcel in found):
            shut(self.hands, door)
            return Next.WAIT
        self._remember(bundle, is_inside=False)
        if bundle.is_added and all(is_for(parcel, bundle.load.unit) for parcel in found):
            return await self._put(bundle, door)
        if seen.notice == "nothing_larger":
            bundle.where = Where.KEPT
            return await self._say_not_here(seen, door)
        if found:
            bundle.try_again()
            return await self._say_something_inside(seen, door)
        if bundle.has(Mishap.TOO_LARGE) and offers(seen, "does_not_fit"):
            return await self._ask_for_larger(seen, door)
        return await self._put(bundle, door)

    async def _ask_for_larger(self, seen: Seen, door: DoorId) -> Next:
        await self.finger.touch("does_not_fit")
        is_another = self.finger.kiosk.seen().door != seen.door
        return self._shut_and_look(door) if is_another else Next.LOOK

    def _shut_and_look(self, door: DoorId) -> Next:
        """A door that is not at hand any more is shut before the next one opens."""
        shut(self.hands, door)
        return Next.LOOK

    async def _no_way_in(self, bundle: Bundle, seen: Seen, door: DoorId) -> Next:
        """The page says that it is open, and it is not."""
        await asyncio.sleep(LOOKS_S)
        if self.finger.kiosk.seen() != seen:
            return Next.LOOK
        bundle.try_again()
        return await self._say_not_here(seen, door)

    async def _put(self, bundle: Bundle, door: DoorId) -> Next:
        """Whatever comes of it, it takes its time."""
        mishap, bundle.mishap = bundle.mishap, Mishap.NONE
        if mishap in (Mishap.CLOSES_EMPTY, Mishap.WALKS_OFF_EMPTY):
            bundle.where = Where.KEPT
        else:
            put(self.hands, self.memory, door, bundle.parcel)
            bundle.where = Where.INSIDE
            self._remember(bundle, is_inside=True)
        await asyncio.sleep(self.open_s)
        return await self._after(mishap, bundle, door)

    async def _after(self, mishap: Mishap, bundle: Bundle, door: DoorId) -> Next:
        match mishap:
            case Mishap.WALKS_OFF_OPEN | Mishap.WALKS_OFF_EMPTY:
                self._is_settled(bundle)
                return Next.LEAVE
            case Mishap.LEAVES_DOOR_FOR_LATER:
                return await self.finger.touch("next")
            case Mishap.TAKES_BACK:
                self._take_back(bundle, door)
                await self.finger.touch("not_deposited")
                return self._shut_and_look(door)
            case Mishap.CANCELS_INSIDE:
                self._is_settled(bundle)
                await self.finger.touch("not_deposited")
                return self._shut_and_look(door)
            case _:
                shut(self.hands, door)
                return Next.WAIT

    def _take_back(self, bundle: Bundle, door: DoorId) -> None:
        if take(self.hands, self.memory, door, bundle.parcel):
            bundle.where = Where.KEPT
            self._remember(bundle, is_inside=False)

    @staticmethod
    def _is_settled(bundle: Bundle) -> None:
        if bundle.where is Where.INSIDE:
            bundle.where = Where.BEHIND

    def _remember(self, bundle: Bundle, *, is_inside: bool) -> None:
        if bundle.door is not None:
            self.memory.note_drop(self.carrier, bundle.door, bundle.unit, is_inside=is_inside)
