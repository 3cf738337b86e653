"""The made-up world on a virtual loop: it ticks by itself, tells who watches, and gives people hands."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from kiosk.rehearsal.diary import Diary, HandDid, PlaceDid
from kiosk.rehearsal.virtual_clock import loop_ms
from sim.cabinet import Cabinet, DoorId
from sim.doors import Door, NotPossible, Parcel, Position
from sim.world import World

T = TypeVar("T")


class Room:
    """One world, touched only through `do`. Does not keep a file: it lives as long as its loop."""

    def __init__(self, cabinet: Cabinet, watch: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._watch = watch
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_ms: int | None = None
        self.world = World(cabinet, loop_ms())

    def do(self, act: Callable[[World], T]) -> T:
        """Touch the world now; whatever it raises comes out and the world goes on."""
        before = self.world.revision
        self.world.tick(loop_ms(self._loop))
        try:
            return act(self.world)
        finally:
            self._wind_up()
            if self.world.revision != before:
                self._watch()

    def now(self) -> World:
        """The world as it is at this instant, to look at."""
        if self.world.now_ms != loop_ms(self._loop):
            self.do(_look)
        return self.world

    def _wind_up(self) -> None:
        moment = self.world.next_moment()
        if moment == self._alarm_ms:
            return
        self.stop()
        if moment is not None:
            self._alarm_ms = moment
            self._alarm = self._loop.call_at(moment / 1000, self._ring)

    def _ring(self) -> None:
        self._alarm, self._alarm_ms = None, None
        self.do(_look)

    def stop(self) -> None:
        """Let time stand still."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm, self._alarm_ms = None, None


def _look(world: World) -> None:
    """Time passed; that is all."""


def _walk(world: World) -> list[DoorId]:
    plans = sorted(world.cabinet.doors.values(), key=lambda plan: (plan.column, plan.row))
    return [plan.id for plan in plans]


def _is_open(world: World, name: DoorId) -> bool:
    return world.door(name).position is not Position.CLOSED


def _lean(world: World, name: DoorId, *, is_held: bool) -> None:
    world.set_faults(name, replace(world.door(name).faults, held_shut=is_held))


class PersonsHands:
    """The hands of one person; the diary sees what they do."""

    def __init__(self, room: Room, person: str, diary: Diary) -> None:
        self._room = room
        self._person = person
        self._diary = diary

    def door_labelled(self, label: str) -> DoorId:
        """The door with this label; NotPossible."""
        plans = self._room.world.cabinet.doors.values()
        found = next((plan.id for plan in plans if plan.label == label), None)
        if found is None:
            raise NotPossible(f"there is no door with the label {label}")
        return found

    def doors(self) -> Sequence[DoorId]:
        """Every door, in walking order."""
        return _walk(self._room.world)

    def open_doors(self) -> Sequence[DoorId]:
        """Every door that is not shut, in walking order."""
        world = self._room.now()
        return [name for name in _walk(world) if _is_open(world, name)]

    def door(self, name: DoorId) -> Door:
        """How a door stands."""
        return self._room.now().door(name)

    def pull_door(self, name: DoorId) -> None:
        """Swing it wide open."""
        self._room.do(lambda world: world.pull_door(name))
        self._note("pull", name)

    def push_door(self, name: DoorId) -> None:
        """Push it shut."""
        self._room.do(lambda world: world.push_door(name))
        self._note("push", name)

    def hold_door(self, name: DoorId) -> None:
        """Lean on it."""
        self._room.do(lambda world: _lean(world, name, is_held=True))
        self._note("hold", name)

    def let_go(self, name: DoorId) -> None:
        """Stop leaning on it."""
        self._room.do(lambda world: _lean(world, name, is_held=False))
        self._note("let go", name)

    def use_key(self, name: DoorId) -> None:
        """Turn the mechanical key."""
        self._room.do(lambda world: world.use_key(name))
        self._note("key", name)

    def new_parcel(self, what: str) -> Parcel:
        """A parcel in the hand."""
        return self._room.world.new_parcel(what)

    def put_in(self, name: DoorId, parcel: Parcel) -> None:
        """Put a parcel behind an open door."""
        self._room.do(lambda world: world.put_in(name, parcel))
        self._note("put in", name, parcel.id)

    def take_out(self, name: DoorId, parcel_id: str | None = None) -> Parcel:
        """Take a parcel out."""
        parcel = self._room.do(lambda world: world.take_out(name, parcel_id))
        self._note("take out", name, parcel.id)
        return parcel

    def at_place(self, place: str) -> Sequence[Parcel]:
        """What lies on a shelf or at the desk."""
        return self._room.now().at_place(place)

    def put_at(self, place: str, parcel: Parcel) -> None:
        """Put a parcel on a shelf, or give it to the desk."""
        self._room.do(lambda world: world.put_at(place, parcel))
        self._diary.add(PlaceDid(loop_ms(), self._person, "put at", place, parcel.id))

    def take_from(self, place: str, parcel_id: str) -> Parcel:
        """Take a parcel from there."""
        parcel = self._room.do(lambda world: world.take_from(place, parcel_id))
        self._diary.add(PlaceDid(loop_ms(), self._person, "take from", place, parcel.id))
        return parcel

    def _note(self, verb: str, door: DoorId, parcel: str = "") -> None:
        self._diary.add(HandDid(loop_ms(), self._person, verb, door, parcel))
