"""A scenario's scene: the whole application over emulated boards in virtual time, polled as in life."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from config.sample import sample_carrier_code, sample_staff_pin
from config.settings import Settings
from kiosk.domain.model.compartment import DoorState
from kiosk.domain.model.ids import BankId, CompartmentId
from kiosk.domain.state import State
from kiosk.rehearsal.at_kiosk import AtKiosk
from kiosk.rehearsal.diary import CoilOn
from kiosk.rehearsal.room import PersonsHands
from kiosk.rehearsal.stage import Play, Stage, raised, standard_settings, state_of
from sim.cabinet import DoorId
from sim.doors import Position
from sim.faults import DoorFaults

UP_S = 10.0
"""From the start until every door was seen and the supplies may be used."""
OPENS_S = 1.5
QUIET_S = 2.5
"""No supply is used for so long after a port was opened."""
UNIT, RESIDENT = "412", "r412-1"


@dataclass(slots=True)
class Scene:
    """The kiosk with one person before it, who does what a test says."""

    stage: Stage
    kiosk: AtKiosk
    hands: PersonsHands

    # What the kiosk believes

    @property
    def state(self) -> State:
        """Everything."""
        state = state_of(self.stage)
        assert state is not None
        return state

    @property
    def page(self) -> str:
        """The kind of the page on the screen."""
        return self.kiosk.seen().kind.value

    def door(self, place: str) -> DoorState:
        """One door."""
        return self.state.door(CompartmentId(place))

    def doors(self, bank: str) -> set[DoorState]:
        """All that is said of the doors of a bank."""
        return {self.state.door(place.id) for place in self.state.layout.of_bank(BankId(bank))}

    def incidents(self) -> Sequence[str]:
        """The kinds of open incidents."""
        return sorted(one.kind.value for one in self.state.incidents.values())

    async def kinds(self) -> Sequence[str]:
        """The kinds of all events so far."""
        return [row.type for row in await self.stage.rows()]

    # What really happened

    def pulses(self) -> Sequence[CoilOn]:
        """Every coil that was energised so far."""
        return [entry for entry in self.stage.diary.entries if isinstance(entry, CoilOn)]

    def pulsed(self) -> Sequence[str]:
        """The doors of those coils."""
        places = self.stage.play.settings.compartment
        by_wire = {(place.bank, place.channel): place.id for place in places}
        return [by_wire[pulse.bank, pulse.channel] for pulse in self.pulses()]

    def break_door(self, place: str, faults: DoorFaults) -> None:
        """Something is wrong with a door, or nothing any more."""
        self.stage.room.do(lambda world: world.set_faults(DoorId(place), faults))

    # What the person does

    async def choose_unit(self) -> None:
        """A courier with a parcel for 412, up to the choice of its size."""
        await self.kiosk.touch("deliver")
        await self.kiosk.touch("carrier_code", sample_carrier_code("halvorn"))
        await self.kiosk.touch("unit", UNIT)

    async def choose_size(self, size: str = "M") -> str:
        """The size, and with it the door that is now to open."""
        await self.kiosk.touch("size", size)
        place = self.state.visit.compartment
        assert place is not None, self.page
        return place

    async def begin_drop_off(self) -> str:
        """A courier up to the moment when the lock has had time to open."""
        await self.choose_unit()
        place = await self.choose_size()
        await asyncio.sleep(OPENS_S)
        return place

    async def finish_drop_off(self, place: str) -> None:
        """Put a parcel in, shut the door, and go."""
        door = DoorId(place)
        if self.hands.door(door).position is Position.AJAR:
            self.hands.pull_door(door)
        self.hands.put_in(door, self.hands.new_parcel("for 412"))
        await asyncio.sleep(5)
        self.hands.push_door(door)
        await asyncio.sleep(2)
        for _ in range(2):
            await self.kiosk.touch("finish")

    async def drop_off(self) -> str:
        """A whole drop-off; where the parcel is."""
        place = await self.begin_drop_off()
        await self.finish_drop_off(place)
        assert self.page == "home"
        return place

    async def begin_pickup(self) -> None:
        """A resident up to the moment when the lock has had time to open."""
        await asyncio.sleep(90)
        texts = [message.text for message in self.stage.phone(RESIDENT).messages()]
        codes = [found[1] + found[2] for text in texts if (found := re.search(r"(\d{4}) (\d{4})", text))]
        await self.kiosk.touch("pick_up")
        await self.kiosk.touch("code", codes[-1])
        await asyncio.sleep(OPENS_S)

    async def staff_sign_in(self) -> None:
        """Staff, up to the list of doors to look at."""
        await self.kiosk.touch("staff")
        await self.kiosk.touch("staff_pin", sample_staff_pin("1"), account="1")


@asynccontextmanager
async def scene(folder: Path, settings: Settings | None = None) -> AsyncIterator[Scene]:
    """The standard kiosk or another one, up, with every door seen."""
    made = Play(settings or standard_settings(folder), folder, seed=1, is_polled=True)
    async with raised(made) as stage:
        await asyncio.sleep(UP_S)
        yield Scene(stage, stage.kiosk("somebody"), stage.hands("somebody"))


def wired(folder: Path, ports: dict[str, str], *, dialect: str = "cu48") -> Settings:
    """The standard kiosk with its doors dealt out in turn to these banks, each on the port that it names."""
    before = standard_settings(folder)
    names = list(ports)
    banks = [
        before.bank[0].model_copy(
            update={
                "id": name,
                "port": ports[name],
                "address": list(ports.values())[:at].count(ports[name]),
                "dialect": dialect,
            }
        )
        for at, name in enumerate(names)
    ]
    places = [
        place.model_copy(update={"bank": names[at % len(names)], "channel": at // len(names) + 1})
        for at, place in enumerate(before.compartment)
    ]
    return before.model_copy(update={"bank": tuple(banks), "compartment": tuple(places)})
