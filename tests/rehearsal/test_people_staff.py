"""Staff, technicians and strangers: what they do to doors, and what the kiosk makes of it."""

from pathlib import Path

import pytest

from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.place import DESK
from kiosk.domain.model.vacancy import Vacancy
from sim.scenario.script import (
    Mischief,
    Mishap,
    Pickup,
    ResidentVisit,
    StaffVisit,
    StaffWork,
    StrangerVisit,
    TechnicianVisit,
)
from tests.rehearsal.acting import UNIT, acting, courier, load

STORED = DeliveryState.STORED


async def test_staff_settle_what_walked_off(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.WALKS_OFF_OPEN)))
        await here.act(StaffVisit(2, "1", StaffWork.CLOSE_DOORS), StaffVisit(3, "1"))
        assert here.deliveries() == [STORED]
        assert len(here.parcels()) == 1
        await here.act(ResidentVisit(4, UNIT))
        assert here.is_empty()


async def test_staff_find_nothing_behind_the_door_of_somebody_who_took_the_parcel_along(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.WALKS_OFF_EMPTY)))
        await here.act(StaffVisit(2, "1", StaffWork.CLOSE_DOORS), StaffVisit(3, "2"))
        assert here.deliveries() == []
        assert len(here.vacancies(Vacancy.VERIFIED)) == 24
        assert here.incidents() == []


async def test_a_parcel_that_was_cancelled_inside_is_asked_about_and_is_nothing_for_staff(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.CANCELS_INSIDE)), StaffVisit(2, "1"))
        assert here.place.memory.at_desk == []
        assert here.deliveries() == [STORED]
        assert len(here.vacancies(Vacancy.VERIFIED)) == 23


async def test_a_parcel_that_staff_give_back_is_gone(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()), StaffVisit(2, "1", StaffWork.GIVE_BACK))
        assert here.is_empty()
        assert len(here.vacancies(Vacancy.VERIFIED)) == 24
        assert (await here.kinds()).count("DeliveryRemoved") == 1
        assert here.incidents() == []


async def test_a_parcel_that_staff_bring_to_the_desk_stays_in_custody_there(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()), StaffVisit(2, "1", StaffWork.TO_DESK))
        (delivery,) = here.only_deliveries()
        assert (delivery.state, delivery.compartment) == (STORED, DESK)
        assert here.parcels() == []
        assert len(here.vacancies(Vacancy.VERIFIED)) == 24


async def test_a_parcel_that_staff_carry_to_another_door_is_collected_there(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()))
        (before,) = here.only_deliveries()
        await here.act(StaffVisit(2, "1", StaffWork.MOVE))
        (after,) = here.only_deliveries()
        assert (after.state, after.is_in_doubt) == (STORED, False)
        assert after.compartment != before.compartment
        assert len(here.parcels()) == 1
        await here.act(ResidentVisit(3, UNIT))
        assert here.is_empty()


async def test_a_parcel_moved_by_key_is_found_by_staff(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()), StaffVisit(2, "1", StaffWork.KEY_MOVE))
        assert len(here.parcels()) == 1
        (delivery,) = here.only_deliveries()
        assert (delivery.state, delivery.is_in_doubt) == (STORED, True)
        assert len(here.vacancies(Vacancy.UNKNOWN)) == 1
        assert here.incidents().count("unexplained_opening") == 2
        await here.act(StaffVisit(3, "1"))
        assert here.is_empty()
        assert len(here.place.memory.at_desk) == 1
        assert len(here.vacancies(Vacancy.VERIFIED)) == 24


async def test_the_test_button_leaves_stored_parcels_stored_and_in_doubt(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()))
        bank = here.state.place(here.only_deliveries()[0].compartment).bank
        await here.act(TechnicianVisit(2, bank))
        (delivery,) = here.only_deliveries()
        assert (delivery.state, delivery.is_in_doubt) == (STORED, True)
        assert here.open_labels() == []
        assert len(here.state.credentials) == len(here.parcels()) == 1
        await here.act(StaffVisit(3, "1"))
        assert here.deliveries() == [STORED]
        assert not here.only_deliveries()[0].is_in_doubt
        assert here.vacancies(Vacancy.UNKNOWN) == []


async def test_guesses_open_nothing_and_shut_nobody_out(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load()))
        await here.together(StrangerVisit(2, 240, Mischief.GUESSES), ResidentVisit(3, UNIT))
        kinds = await here.kinds()
        assert kinds.count("CodeRefused") == 10
        assert kinds.count("DeliveryCollected") == 1
        assert here.parcels() == []


async def test_who_says_that_somebody_is_locked_in_opens_large_doors_but_none_with_a_parcel(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(size="L"), load(unit="301", size="XL")))
        kept = {here.state.label_of(one.compartment) for one in here.only_deliveries()}
        large = {one.label for one in here.state.layout.large}
        await here.act(StrangerVisit(2, 120, Mischief.SAYS_LOCKED_IN))
        assert kept < large
        assert set(here.open_labels()) == large - kept
        assert here.deliveries() == [STORED, STORED]
        kinds = await here.kinds()
        assert kinds.count("LockedInReported") == 1
        await here.act(StaffVisit(3, "1", StaffWork.CLOSE_DOORS), StaffVisit(4, "1"))
        assert here.open_labels() == []
        assert here.vacancies(Vacancy.UNKNOWN) == []


@pytest.mark.parametrize("mischief", [Mischief.PULLS_DOORS, Mischief.TOUCHES_ANYTHING])
@pytest.mark.parametrize("seed", range(3))
async def test_mischief_takes_no_parcel_out_of_custody(tmp_path: Path, mischief: Mischief, seed: int) -> None:
    async with acting(tmp_path, seed) as here:
        await here.act(courier(1, load(), load(unit="301")))
        await here.act(StrangerVisit(2, 240, mischief))
        assert here.deliveries() == [STORED, STORED]
        await here.act(ResidentVisit(3, UNIT), ResidentVisit(4, "301", Pickup.SAYS_NOTHING))
        assert here.is_empty()
