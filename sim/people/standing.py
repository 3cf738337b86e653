"""Standing before the screen: waiting in line, one page after the other, and what to do when it is dark.

Nobody stays for ever: the line, a page that does not change, a dark screen and the whole stay are bounded.
"""

import asyncio
import enum
from dataclasses import dataclass
from typing import Protocol

from sim.people.doorways import shut
from sim.people.kiosk import Hands, Kiosk, ScreenDark
from sim.people.place import Place
from sim.people.seen import Seen

STEPS_AT_MOST = 2000
DARK_AT_MOST = 4
"""So often a person waits for the screen to come back."""
A_MOMENT_S = 10.0
SHUTS_A_DOOR = 0.5
"""How many people push a door shut that stands open next to them."""
_ASKS_FOR_A_MOMENT = ("not_durable", "outcome_unknown", "stopping")


class Next(enum.Enum):
    """What a person does after a page."""

    LOOK = enum.auto()
    """Look at the screen again."""
    WAIT = enum.auto()
    """Wait for another page."""
    LEAVE = enum.auto()
    """Walk away."""


class End(enum.Enum):
    """How a stay before the screen ended."""

    LEFT = enum.auto()
    QUEUE = enum.auto()
    """The line was too long."""
    DARK = enum.auto()
    """The kiosk was down, and stayed so."""


class Person(Protocol):
    """Somebody before the screen."""

    @property
    def kiosk(self) -> Kiosk:
        """What they look at."""

    def arrive(self) -> None:
        """The screen is theirs."""

    async def react(self, seen: Seen) -> Next:
        """Do what the page asks; ScreenDark."""

    async def tire(self, seen: Seen) -> Next:
        """Nothing has changed for as long as patience lasts; ScreenDark."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a person waits for what, in seconds."""

    queue_s: float = 900.0
    stay_s: float = 900.0
    """In all."""
    page_s: float = 20.0
    dark_s: float = 60.0


async def stand(place: Place, patience: Patience, *people: Person) -> End:
    """Wait in line, then stand before the screen, several people at once where there are several."""
    try:
        async with asyncio.timeout(patience.queue_s):
            await place.turn.acquire()
    except TimeoutError:
        return End.QUEUE
    try:
        if len(people) == 1:
            return await _before_screen(people[0], patience)
        async with asyncio.TaskGroup() as together:
            stays = [together.create_task(_before_screen(person, patience)) for person in people]
        return stays[0].result()
    finally:
        place.turn.release()


async def _before_screen(person: Person, patience: Patience) -> End:
    time = asyncio.get_running_loop().time
    over_s, darkened = time() + patience.stay_s, 0
    person.arrive()
    for _ in range(STEPS_AT_MOST):
        if time() >= over_s:
            return End.LEFT
        try:
            if await _take_in(person, patience) is Next.LEAVE:
                return End.LEFT
        except ScreenDark:
            darkened += 1
            if darkened > DARK_AT_MOST or not await person.kiosk.changed(round(patience.dark_s * 1000)):
                return End.DARK
    return End.LEFT


async def _take_in(person: Person, patience: Patience) -> Next:
    """One page."""
    kiosk = person.kiosk
    seen = kiosk.seen()
    if seen.notice in _ASKS_FOR_A_MOMENT:
        await asyncio.sleep(A_MOMENT_S)
        seen = kiosk.seen()
    then = await person.react(seen)
    if then is Next.WAIT and not await kiosk.changed(round(patience.page_s * 1000)):
        return await person.tire(kiosk.seen())
    return then


def tidy_up(place: Place, name: str, hands: Hands) -> None:
    """Push doors shut that stand open, as people do, or pass them by as others do."""
    left_open = hands.open_doors()
    if left_open:
        dice = place.dice(f"{name} tidies up")
        for door in left_open:
            if dice.random() < SHUTS_A_DOOR:
                shut(hands, door)
