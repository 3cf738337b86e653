"""What a made-up person meets: a screen, doors and a phone. Whoever sets the stage implements these."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.cabinet import DoorId
from sim.doors import Door, Parcel
from sim.people.seen import Seen


class ScreenDark(Exception):
    """There is nothing to see or to touch: the kiosk is down, or went down under the finger."""


class Kiosk(Protocol):
    """The screen, for one person in front of it."""

    def is_up(self) -> bool:
        """Whether the screen shows anything."""

    def seen(self) -> Seen:
        """What the screen shows now; ScreenDark."""

    async def touch(self, action: str, value: str = "", account: str = "") -> None:
        """Touch something, with what was typed before; ScreenDark, and nobody knows what came of it.

        Nothing happens where the page of the moment does not offer it, or the same page was touched already.
        """

    async def changed(self, patience_ms: int) -> bool:
        """Wait for a page other than the one this person saw last.

        False when patience ran out or the kiosk went down. At a kiosk that is down: wait until it is up.
        """


class Hands(Protocol):
    """The doors of the cabinet. `sim.doors.NotPossible` says what a hand cannot do."""

    def door_labelled(self, label: str) -> DoorId:
        """The door with this label on it."""

    def doors(self) -> Sequence[DoorId]:
        """Every door there is, in walking order."""

    def open_doors(self) -> Sequence[DoorId]:
        """Every door that anybody sees is not shut, in walking order."""

    def door(self, name: DoorId) -> Door:
        """What anybody sees who stands before it: how it stands, and what is inside if it is open."""

    def pull_door(self, name: DoorId) -> None:
        """Swing a door wide open; it must be ajar or its latch free."""

    def push_door(self, name: DoorId) -> None:
        """Push a door shut, or press a shut one."""

    def hold_door(self, name: DoorId) -> None:
        """Lean on a shut door: freed, it does not spring open."""

    def let_go(self, name: DoorId) -> None:
        """Stop leaning on a door."""

    def use_key(self, name: DoorId) -> None:
        """Turn the mechanical key."""

    def new_parcel(self, what: str) -> Parcel:
        """A parcel in the hand: `what` says for whom and by whom."""

    def put_in(self, name: DoorId, parcel: Parcel) -> None:
        """Put a parcel behind an open door."""

    def take_out(self, name: DoorId, parcel_id: str | None = None) -> Parcel:
        """Take out the parcel named, or the one put in last."""

    def at_place(self, place: str) -> Sequence[Parcel]:
        """What anybody sees on a shelf (`shelf R-12`) or at the `desk`."""

    def put_at(self, place: str, parcel: Parcel) -> None:
        """Put a parcel on a shelf, or give it to the desk."""

    def take_from(self, place: str, parcel_id: str) -> Parcel:
        """Take a parcel from a shelf, or get it from the desk."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message on a phone, as it is read."""

    id: str
    at_ms: int
    """When it arrived, in milliseconds of the stage."""
    subject: str
    text: str


class Phone(Protocol):
    """One resident's phone."""

    def messages(self) -> Sequence[Message]:
        """Everything it got, oldest first."""
