"""People of a script on the stage, one after the other, and what is left of it in custody."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.model.compartment import CompartmentStatus
from kiosk.domain.model.delivery import Delivery, DeliveryState
from kiosk.domain.model.ids import CompartmentId
from kiosk.domain.model.vacancy import Vacancy
from kiosk.domain.state import State
from kiosk.ports import EventRow
from kiosk.rehearsal.diary import Shown
from kiosk.rehearsal.place import StagePlace
from kiosk.rehearsal.stage import Stage, raised, state_of
from sim.doors import Parcel
from sim.people.cast import play_visit
from sim.scenario.script import CourierVisit, Load, Mishap, Visit
from tests.rehearsal.story import play

CALM_S = 300.0
"""Longer than any page stays, and any door is waited for."""
UNIT = "412"


@dataclass(slots=True)
class Acting:
    """A stage with people."""

    stage: Stage
    place: StagePlace

    async def act(self, *visits: Visit) -> None:
        """Let one after the other come, with a calm time after each."""
        for visit in visits:
            await play_visit(visit, self.place)
            await asyncio.sleep(CALM_S)

    async def together(self, *visits: Visit) -> None:
        """Let all of them come at once."""
        async with asyncio.TaskGroup() as crowd:
            for visit in visits:
                crowd.create_task(play_visit(visit, self.place))
        await asyncio.sleep(CALM_S)

    @property
    def state(self) -> State:
        """What the kiosk believes."""
        state = state_of(self.stage)
        assert state is not None
        return state

    def deliveries(self) -> Sequence[DeliveryState]:
        """The states of everything that is in hand, in custody or uncertain."""
        return [delivery.state for delivery in self.only_deliveries()]

    def only_deliveries(self) -> Sequence[Delivery]:
        """Every active delivery, oldest first."""
        return sorted(self.state.deliveries.values(), key=lambda one: one.id)

    def vacancies(self, vacancy: Vacancy) -> Sequence[CompartmentId]:
        """Every compartment with this vacancy."""
        found: Sequence[tuple[CompartmentId, CompartmentStatus]] = list(self.state.compartments.items())
        return [name for name, status in found if status.vacancy is vacancy]

    def parcels(self) -> Sequence[Parcel]:
        """Everything behind doors, as it is."""
        return [parcel for sight in self.stage.room.world.view().doors for parcel in sight.door.parcels]

    def is_empty(self) -> bool:
        """Whether nothing is behind any door, and the kiosk believes so."""
        return not self.parcels() and not self.deliveries()

    def open_labels(self) -> Sequence[str]:
        """The labels of the doors that stand open, as it is."""
        return [sight.plan.label for sight in self.stage.room.world.view().doors if not sight.door.is_latched]

    def incidents(self) -> Sequence[str]:
        """The kinds of the incidents that are open."""
        return sorted(incident.kind.value for incident in self.state.incidents.values())

    async def kinds(self) -> Sequence[str]:
        """The kinds of all events so far."""
        return [row.type for row in await self.rows()]

    async def rows(self) -> Sequence[EventRow]:
        """The whole log."""
        return await self.stage.rows()

    def shown(self, person: str) -> Sequence[str]:
        """Kinds of the pages that people whose name begins so have seen."""
        return [
            entry.screen.kind.value
            for entry in self.stage.diary.entries
            if isinstance(entry, Shown) and entry.person.startswith(person)
        ]


@asynccontextmanager
async def acting(folder: Path, seed: int = 1) -> AsyncIterator[Acting]:
    """The standard kiosk with the people of the sample building before it."""
    async with raised(play(folder, seed)) as stage:
        await asyncio.sleep(10)
        yield Acting(stage, StagePlace(stage))


def courier(at_s: float, *loads: Load, carrier: str = "halvorn") -> CourierVisit:
    """A courier with parcels."""
    return CourierVisit(at_s, carrier, loads)


def load(mishap: Mishap = Mishap.NONE, unit: str = UNIT, size: str = "M") -> Load:
    """One parcel."""
    return Load(unit, size, mishap)
