"""People as a whole: they tidy up, they end, and the same seed tells the same story."""

import asyncio
import string
from pathlib import Path

import pytest

from kiosk.domain.model.delivery import DeliveryState
from kiosk.notify.messages import read_templates
from kiosk.rehearsal.virtual_loop import run_virtually
from sim.people.announcements import announced
from sim.people.cast import play_visit
from sim.people.kiosk import Message
from sim.scenario.script import (
    Mischief,
    Mishap,
    Pickup,
    ResidentVisit,
    StaffVisit,
    StaffWork,
    StrangerVisit,
    TechnicianVisit,
    Visit,
)
from tests.rehearsal.acting import CALM_S, UNIT, acting, courier, load

A_DAY: tuple[Visit, ...] = (
    courier(
        1, *(load(mishap, unit) for mishap, unit in zip(Mishap, ("412", "301", "305") * 4, strict=False))
    ),
    ResidentVisit(2, UNIT, Pickup.COMES_BACK, together=2),
    StrangerVisit(3, 120, Mischief.TOUCHES_ANYTHING),
    courier(4, load(unit="104"), load(Mishap.LEANS_ON_DOOR), carrier="brindle"),
    ResidentVisit(5, "301", Pickup.SAYS_NOTHING, code_shared=True),
    StrangerVisit(6, 120, Mischief.GUESSES),
    TechnicianVisit(7, "a"),
    StaffVisit(8, "1", StaffWork.KEY_MOVE),
    ResidentVisit(9, "305", Pickup.LEAVES_BOTH),
    StaffVisit(10, "2", StaffWork.CLOSE_DOORS),
    StaffVisit(11, "2"),
)


async def head_of(folder: Path, seed: int) -> str:
    """The hash of everything that came of a day on which all of them come at once."""
    async with acting(folder, seed) as here:
        await here.together(*A_DAY)
        return await here.stage.head()


def test_the_same_seed_makes_people_do_the_same(tmp_path: Path) -> None:
    first, again, other = (
        run_virtually(head_of(tmp_path / name, seed)) for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("seed", range(4))
async def test_no_parcel_gets_lost_between_people_and_doors(tmp_path: Path, seed: int) -> None:
    async with acting(tmp_path, seed) as here:
        await here.together(*A_DAY)
        await here.act(StaffVisit(12, "1", StaffWork.CLOSE_DOORS), StaffVisit(13, "2"), StaffVisit(14, "2"))
        memory = here.place.memory
        brought = sum(len(visit.loads) for visit in (A_DAY[0], A_DAY[3]) if hasattr(visit, "loads"))
        at_places = [one for there in here.stage.room.world.view().places.values() for one in there]
        found = [*here.parcels(), *at_places, *memory.kept, *memory.fetched, *memory.at_desk]
        assert len(found) == len(set(found)) == brought
        assert here.open_labels() == []
        assert here.stage.kiosk("somebody").seen().kind == "home"
        assert set(here.deliveries()) <= {DeliveryState.STORED}


async def test_everybody_goes_home_from_a_kiosk_that_is_gone(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()))
        here.stage.keeper.down_ms = 400_000_000
        here.stage.keeper.kill("the plug is pulled", is_power_cut=True)
        async with asyncio.timeout(300_000), asyncio.TaskGroup() as crowd:
            for visit in A_DAY:
                crowd.create_task(play_visit(visit, here.place))
        here.stage.keeper.down_ms = 0
        await here.stage.keeper.up()


async def test_some_people_shut_a_door_that_stands_open(tmp_path: Path) -> None:
    shut = 0
    for seed in range(6):
        async with acting(tmp_path / str(seed), seed) as here:
            await here.act(courier(1, load(Mishap.WALKS_OFF_OPEN)))
            await asyncio.sleep(CALM_S)
            await here.act(courier(2, load(), carrier="brindle"))
            shut += here.open_labels() == []
    assert 0 < shut < 6


@pytest.mark.parametrize("language", ["en", "es", "zh", "ar"])
@pytest.mark.parametrize("around", ["{}", "\u2066{}\u2069"])
def test_a_message_is_read_in_any_language(language: str, around: str) -> None:
    values = {"building": "Alder Court", "door": "7", "code": "1234 5678", "more": "9012", "days": "5"}
    values |= {"help": "555 0100 200"}
    template = string.Template(read_templates()[language, "parcel_waiting"])
    written = template.substitute({name: around.format(value) for name, value in values.items()})

    class OnePhone:
        def messages(self) -> tuple[Message, ...]:
            return (Message("m1", 0, "", written.partition("\n")[2]),)

    (found,) = announced(OnePhone())
    assert (found.door, found.digits(8), found.digits(12)) == ("7", "12345678", "123456789012")
