"""One parcel for 412: a courier brings it, Edie Wexcombe fetches it. Both try again where the kiosk died."""

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path

from config.sample import sample_carrier_code
from kiosk.rehearsal.cabinets import with_broker
from kiosk.rehearsal.stage import Play, Stage, standard_settings
from sim.cabinet import DoorId
from sim.doors import Parcel, Position
from sim.people.kiosk import Hands, Kiosk, ScreenDark
from sim.people.seen import Seen

PATIENCE_MS = 30_000
OPEN_S = 20
STEPS = 40
EDIE = "r412-1"


class GaveUp(Exception):
    """Nothing that a person can do here leads on; the message says what was seen last."""


def play(folder: Path, seed: int = 1, *, is_polled: bool = False) -> Play:
    """The standard kiosk in a folder."""
    return Play(standard_settings(folder), folder, seed, is_polled=is_polled)


def play_with_broker(folder: Path, seed: int = 1) -> Play:
    """The same, and there is a broker to tell."""
    return Play(with_broker(standard_settings(folder)), folder, seed)


async def again(stage: Stage, person: "Courier | Edie") -> None:
    """Let a person come back as often as the kiosk dies under their fingers."""
    for _ in range(5):
        try:
            await visit(stage.kiosk(type(person).__name__), person)
        except ScreenDark:
            await stage.keeper.up()
            await asyncio.sleep(5)
        else:
            return
    raise GaveUp("five visits, and the kiosk died in each")


async def visit(kiosk: Kiosk, person: "Courier | Edie") -> None:
    """React to one page after the other; ScreenDark when the kiosk goes down meanwhile."""
    for _ in range(STEPS):
        seen = kiosk.seen()
        if seen.kind == "home" and person.is_done():
            return
        if not await person.react(kiosk, seen):
            await kiosk.changed(PATIENCE_MS)
    raise GaveUp(kiosk.seen().kind)


@dataclass
class Courier:
    """Brings one parcel, and answers what the kiosk asks about a door that it lost sight of."""

    hands: Hands
    parcel: Parcel
    door: DoorId | None = None
    proofs: list[str] = field(default_factory=list)
    is_asked_nothing: bool = False

    def is_done(self) -> bool:
        """The kiosk says that it has the parcel, or has no question about it any more."""
        return self.is_asked_nothing

    async def react(self, kiosk: Kiosk, seen: Seen) -> bool:
        """Do what the page asks; False where there is nothing to do but wait."""
        self.proofs += [one.proof for one in seen.proofs]
        match seen.kind:
            case "home":
                await kiosk.touch("deliver")
            case "carrier_code":
                await kiosk.touch("carrier_code", sample_carrier_code("halvorn"))
            case "question":
                return await self._answer(kiosk, seen)
            case "unit" if self.door is None:
                await kiosk.touch("unit", "412")
            case "size":
                await kiosk.touch("size", "M")
            case "put_in":
                return await self._put_in(seen)
            case "unit" | "stored" | "proof":
                self.is_asked_nothing = True
                await kiosk.touch("finish")
            case _:
                return False
        return True

    async def _answer(self, kiosk: Kiosk, seen: Seen) -> bool:
        """A door that stands open is shut first, for the kiosk takes no answer about it before."""
        asked = self.hands.door_labelled(seen.door)
        if self.hands.door(asked).position is not Position.CLOSED:
            self.hands.push_door(asked)
            return False
        await kiosk.touch("inside_yes" if self.door else "inside_no")
        return True

    async def _put_in(self, seen: Seen) -> bool:
        if self.door is None:
            self.door = self.hands.door_labelled(seen.door)
            self.hands.pull_door(self.door)
            self.hands.put_in(self.door, self.parcel)
            await asyncio.sleep(OPEN_S)
        if self.hands.door(self.door).position is not Position.CLOSED:
            self.hands.push_door(self.door)
        return False


@dataclass
class Edie:
    """Fetches her parcel with the newest code on her phone."""

    stage: Stage
    hands: Hands
    door: DoorId | None = None
    parcel: Parcel | None = None

    def is_done(self) -> bool:
        """She has it; a door that she left open in the dark she shuts now."""
        if self.door and self.hands.door(self.door).position is not Position.CLOSED:
            self.hands.push_door(self.door)
        return self.parcel is not None

    async def react(self, kiosk: Kiosk, seen: Seen) -> bool:
        """Do what the page asks; False where there is nothing to do but wait."""
        match seen.kind:
            case "home":
                await kiosk.touch("pick_up")
            case "code":
                await kiosk.touch("code", self._code())
            case "take_out":
                await self._take_out(seen)
                return False
            case "got_everything":
                await kiosk.touch("got_everything" if self.parcel else "still_inside")
            case _:
                return False
        return True

    async def _take_out(self, seen: Seen) -> None:
        self.door = self.hands.door_labelled(seen.door)
        if self.hands.door(self.door).position is Position.AJAR:
            self.hands.pull_door(self.door)
        if self.hands.door(self.door).parcels and self.parcel is None:
            self.parcel = self.hands.take_out(self.door)
        await asyncio.sleep(OPEN_S)
        if self.hands.door(self.door).position is not Position.CLOSED:
            self.hands.push_door(self.door)

    def _code(self) -> str:
        texts = [message.text for message in self.stage.phone(EDIE).messages()]
        found = [re.search(r"(\d{4}) (\d{4})", text) for text in texts]
        codes = [match[1] + match[2] for match in found if match]
        if not codes:
            raise GaveUp("no code on the phone")
        return codes[-1]


async def tell(stage: Stage) -> tuple[Courier, Edie]:
    """The whole story, whatever happens to the kiosk meanwhile."""
    hands = stage.hands("courier")
    courier = Courier(hands, hands.new_parcel("for 412 by halvorn"))
    edie = Edie(stage, stage.hands("edie"))
    await asyncio.sleep(5)
    await again(stage, courier)
    await asyncio.sleep(300)
    await again(stage, edie)
    await asyncio.sleep(300)
    return courier, edie
