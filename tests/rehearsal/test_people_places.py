"""People with parcels that no compartment takes: couriers carry, residents collect, staff hand over."""

from pathlib import Path

from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.place import DESK, shelf_place
from kiosk.domain.model.vacancy import Vacancy
from sim.scenario.script import Mishap, Pickup, ResidentVisit, StaffVisit
from tests.rehearsal.acting import UNIT, Acting, acting, courier, load

STORED, UNCERTAIN = DeliveryState.STORED, DeliveryState.UNCERTAIN


def at_places(here: Acting) -> dict[str, list[str]]:
    """What truly lies where, by label."""
    places = here.stage.room.world.view().places
    return {place: [one.what for one in parcels] for place, parcels in places.items() if parcels}


async def test_a_parcel_that_fits_nowhere_lies_on_a_shelf_and_is_collected(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.FITS_NOWHERE)))
        (delivery,) = here.only_deliveries()
        assert (delivery.state, delivery.compartment) == (STORED, shelf_place("R-01"))
        assert at_places(here) == {"shelf R-01": ["for 412 by halvorn"]}
        assert len(here.vacancies(Vacancy.VERIFIED)) == 24
        await here.act(ResidentVisit(2, UNIT))
        assert here.deliveries() == []
        assert at_places(here) == {}
        assert len(here.place.memory.fetched) == 1
        assert "UnlockAuthorised" not in await here.kinds()


async def test_who_takes_it_from_the_shelf_without_a_word_leaves_a_code_until_staff_look(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.FITS_NOWHERE)))
        await here.act(ResidentVisit(2, UNIT, Pickup.SAYS_NOTHING))
        assert here.deliveries() == [STORED]
        assert at_places(here) == {}
        await here.act(StaffVisit(3, "1"))
        assert here.deliveries() == []
        kinds = await here.kinds()
        assert "DeliveryRemoved" in kinds
        assert "DeliveryCollected" not in kinds


async def test_what_needs_a_signature_is_at_the_desk_once_staff_say_so(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.NEEDS_SIGNATURE)))
        (delivery,) = here.only_deliveries()
        assert (delivery.state, delivery.compartment) == (UNCERTAIN, DESK)
        assert at_places(here) == {"desk": ["for 412 by halvorn"]}
        await here.act(StaffVisit(2, "1"))
        assert here.deliveries() == [STORED]
        assert here.incidents() == []
        await here.act(ResidentVisit(3, UNIT), StaffVisit(4, "2"))
        assert here.deliveries() == []
        assert at_places(here) == {}
        kinds = await here.kinds()
        assert kinds.index("HandedOver") < kinds.index("DeliveryCollected")


async def test_more_than_the_shelves_take_goes_to_the_desk(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(*(courier(n, load(Mishap.FITS_NOWHERE)) for n in range(9)))
        places = [delivery.compartment for delivery in here.only_deliveries()]
        assert len([place for place in places if place != DESK]) <= 8
        assert len(places) + len(here.place.memory.kept) == 9
        await here.act(StaffVisit(20, "1"))
        assert UNCERTAIN not in here.deliveries()
