"""What becomes of a parcel when its resident behaves as residents do."""

from pathlib import Path

import pytest

from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.incident import IncidentKind
from kiosk.domain.model.vacancy import Vacancy
from sim.scenario.script import Mischief, Pickup, ResidentVisit, StaffVisit, StaffWork, StrangerVisit
from tests.rehearsal.acting import UNIT, Acting, acting, courier, load

STORED, COLLECTING = DeliveryState.STORED, DeliveryState.COLLECTING


async def fetched(here: Acting, pickup: Pickup, parcels: int = 1) -> None:
    """Parcels are brought, and fetched in this manner."""
    await here.act(courier(1, *(load() for _ in range(parcels))))
    await here.act(ResidentVisit(2, UNIT, pickup))


@pytest.mark.parametrize(
    ("pickup", "vacancy"),
    [
        (Pickup.ANSWERS, Vacancy.VERIFIED),
        (Pickup.MISTYPES, Vacancy.VERIFIED),
        (Pickup.COMES_BACK, Vacancy.VERIFIED),
        (Pickup.SAYS_NOTHING, Vacancy.PRESUMED),
    ],
)
async def test_a_parcel_that_was_taken_is_collected(tmp_path: Path, pickup: Pickup, vacancy: Vacancy) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, pickup)
        assert here.is_empty()
        assert len(here.place.memory.fetched) == 1
        expected = 24 if vacancy is Vacancy.VERIFIED else 1
        assert len(here.vacancies(vacancy)) == expected
        assert (await here.kinds()).count("DeliveryCollected") == 1


async def test_a_wrong_digit_is_refused_and_counted(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, Pickup.MISTYPES)
        assert (await here.kinds()).count("CodeRefused") == 1


async def test_a_look_back_opens_the_door_twice(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, Pickup.COMES_BACK)
        assert (await here.kinds()).count("UnlockAuthorised") == 3


async def test_a_parcel_left_for_later_stays_stored_and_its_code_live(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, Pickup.LEAVES_PARCEL)
        assert here.deliveries() == [STORED]
        assert len(here.state.credentials) == len(here.parcels()) == 1
        assert here.incidents() == []
        await here.act(ResidentVisit(3, UNIT))
        assert here.is_empty()


async def test_a_parcel_that_is_not_theirs_stays_and_staff_find_out_whose_it_is(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, Pickup.NOT_MINE)
        assert here.deliveries() == [STORED]
        assert not here.state.credentials
        assert len(here.parcels()) == 1
        assert IncidentKind.PARCEL_DISPUTED in here.incidents()
        await here.act(StaffVisit(3, "1"))
        assert here.incidents() == []
        assert len(here.state.credentials) == 1
        await here.act(ResidentVisit(4, UNIT))
        assert here.is_empty()


@pytest.mark.parametrize(("pickup", "left"), [(Pickup.DAMAGED_TAKEN, 0), (Pickup.DAMAGED_LEFT, 1)])
async def test_a_damaged_parcel_is_on_record_and_staff_see_to_it(
    tmp_path: Path, pickup: Pickup, left: int
) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, pickup)
        assert len(here.deliveries()) == len(here.parcels()) == left
        assert here.incidents() == [IncidentKind.PARCEL_DAMAGED]
        assert (await here.kinds()).count("DamageReported") == 1
        await here.act(StaffVisit(3, "1"))
        assert here.incidents() == []


async def test_who_is_frightened_asks_for_staff_and_takes_the_parcel_all_the_same(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, Pickup.ASKS_HELP)
        assert here.is_empty()
        assert here.incidents() == [IncidentKind.HELP_WANTED]
        await here.act(StaffVisit(3, "1"))
        assert here.incidents() == []


async def test_no_sensor_sees_a_parcel_that_was_left_in_silence(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, Pickup.LEAVES_PARCEL_SILENTLY)
        assert here.deliveries() == []
        assert len(here.vacancies(Vacancy.PRESUMED)) == len(here.parcels()) == 1


@pytest.mark.parametrize("pickup", [Pickup.LEAVES_DOOR, Pickup.LEAVES_BOTH, Pickup.ONLY_LOOKS])
async def test_a_pickup_door_left_open_stays_collecting_with_its_code_live(
    tmp_path: Path, pickup: Pickup
) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, pickup)
        (delivery,) = here.only_deliveries()
        assert delivery.state is COLLECTING
        assert len(here.vacancies(Vacancy.OCCUPIED)) == len(here.state.credentials) == 1
        assert "door_left_open" in here.incidents()
        await here.act(StaffVisit(3, "1", StaffWork.CLOSE_DOORS))
        (delivery,) = here.only_deliveries()
        assert (delivery.state, delivery.is_in_doubt) == (STORED, True)
        assert here.vacancies(Vacancy.PRESUMED) == []
        await here.act(StaffVisit(4, "1", StaffWork.SETTLE))
        assert here.deliveries() == [STORED] * len(here.parcels())
        assert len(here.parcels()) + len(here.place.memory.fetched) == 1
        assert not any(one.is_in_doubt for one in here.only_deliveries())


async def test_one_code_opens_all_doors_of_the_unit(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, Pickup.ANSWERS, parcels=3)
        assert here.is_empty()
        assert len(here.place.memory.fetched) == 3
        assert (await here.kinds()).count("SessionStarted") == 2


async def test_several_parcels_are_collected_behind_doors_of_their_own_without_a_word(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await fetched(here, Pickup.SAYS_NOTHING, parcels=2)
        assert here.deliveries() == []
        assert here.parcels() == []


async def test_several_people_of_a_unit_at_once_collect_once(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(), load()), ResidentVisit(2, UNIT, together=3))
        assert here.is_empty()
        assert (await here.kinds()).count("DeliveryCollected") == 2


async def test_a_code_that_was_passed_on_is_used_up_when_the_unaware_come(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()), ResidentVisit(2, UNIT, code_shared=True))
        assert (await here.kinds()).count("DeliveryCollected") == 1
        assert here.parcels() == []
        assert "code" in here.shown(f"resident {UNIT} 2 unaware")
        assert here.stage.kiosk("somebody").seen().kind == "home"


async def test_nobody_comes_where_no_phone_announces_anything(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(ResidentVisit(1, UNIT))
        assert here.shown("resident") == []
        await here.act(courier(2, load()), ResidentVisit(3, UNIT), ResidentVisit(4, UNIT))
        assert here.shown(f"resident {UNIT} 4") == []


async def test_all_twelve_digits_are_typed_while_somebody_guesses(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()), StrangerVisit(2, 60, Mischief.GUESSES))
        await here.act(ResidentVisit(3, UNIT))
        assert here.is_empty()


async def test_residents_and_couriers_wait_in_line(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(), load(unit="301")))
        await here.together(
            courier(2, load(unit="305")),
            ResidentVisit(3, UNIT),
            ResidentVisit(4, "301"),
            courier(5, load(unit="104"), carrier="brindle"),
        )
        assert here.deliveries() == [STORED, STORED]
        assert len(here.place.memory.fetched) == len(here.parcels()) == 2


async def test_a_resident_comes_again_when_the_kiosk_was_down(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()))
        here.stage.keeper.down_ms = 600_000
        here.stage.keeper.kill("the plug is pulled", is_power_cut=True)
        await here.act(ResidentVisit(2, UNIT))
        assert len(here.place.memory.fetched) == 1
        assert here.deliveries() == []
