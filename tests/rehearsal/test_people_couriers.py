"""What becomes of a parcel when its courier does something else than the page says."""

import asyncio
from pathlib import Path

import pytest

from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.vacancy import Vacancy
from kiosk.rehearsal.crash import Boundary
from sim.people.cast import play_visit
from sim.scenario.script import Mishap, StaffVisit, StaffWork
from tests.rehearsal.acting import acting, courier, load

STORED, UNCERTAIN = DeliveryState.STORED, DeliveryState.UNCERTAIN


@pytest.mark.parametrize(
    "mishap", [Mishap.NONE, Mishap.TYPES_WRONG_UNIT, Mishap.PRESSES_TWICE, Mishap.LEANS_ON_DOOR]
)
async def test_a_parcel_is_stored_in_the_end(tmp_path: Path, mishap: Mishap) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(mishap)))
        assert here.deliveries() == [STORED]
        assert [parcel.what for parcel in here.parcels()] == ["for 412 by halvorn"]
        assert here.place.memory.kept == []
        assert here.incidents() == []


async def test_a_wrong_unit_is_refused_and_the_right_one_typed(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.TYPES_WRONG_UNIT)))
        assert here.shown("courier").count("unit") >= 2


async def test_leaning_on_the_door_takes_one_more_opening(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.LEANS_ON_DOOR)))
        kinds = await here.kinds()
        assert kinds.count("UnlockAuthorised") > 1
        assert kinds.count("DeliveryReserved") == 1


async def test_a_parcel_that_is_too_large_goes_into_a_larger_one(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.TOO_LARGE, size="S")))
        (delivery,) = here.only_deliveries()
        assert (delivery.state, delivery.size) == (STORED, "M")
        assert len(here.vacancies(Vacancy.PRESUMED)) == 1
        assert here.open_labels() == []


async def test_nothing_is_larger_than_the_largest(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.TOO_LARGE, size="XL")))
        assert here.deliveries() == []
        assert len(here.place.memory.kept) == 1


async def test_a_parcel_that_was_taken_back_leaves_a_compartment_that_is_presumed_empty(
    tmp_path: Path,
) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.TAKES_BACK)))
        assert here.deliveries() == []
        assert here.vacancies(Vacancy.UNKNOWN) == []
        assert len(here.vacancies(Vacancy.PRESUMED)) == 1
        assert here.parcels() == []


async def test_a_parcel_that_is_inside_although_it_was_cancelled_is_stored(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.CANCELS_INSIDE)))
        assert here.deliveries() == [STORED]
        assert len(here.parcels()) == 1


async def test_a_courier_who_closes_an_empty_door_is_believed(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.CLOSES_EMPTY)))
        assert here.deliveries() == [STORED]
        assert here.parcels() == []
        assert len(here.place.memory.kept) == 1


@pytest.mark.parametrize("mishap", [Mishap.WALKS_OFF_OPEN, Mishap.WALKS_OFF_EMPTY])
async def test_a_door_left_open_is_an_incident_and_its_delivery_uncertain(
    tmp_path: Path, mishap: Mishap
) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(mishap)))
        assert len(here.open_labels()) == 1
        assert "door_left_open" in here.incidents()
        assert here.deliveries() == [UNCERTAIN]
        assert "CodeIssued" not in await here.kinds()
        assert here.stage.kiosk("somebody").seen().kind == "home"
        await here.act(StaffVisit(2, "1", StaffWork.CLOSE_DOORS))
        assert here.open_labels() == []
        assert here.deliveries() == [UNCERTAIN]


@pytest.mark.parametrize(
    ("mishap", "then"), [(Mishap.WALKS_OFF_OPEN, [STORED, STORED]), (Mishap.WALKS_OFF_EMPTY, [STORED])]
)
async def test_the_next_courier_of_the_carrier_is_asked_and_says_the_truth(
    tmp_path: Path, mishap: Mishap, then: list[DeliveryState]
) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(mishap)), courier(2, load(unit="301")))
        assert "question" in here.shown("courier halvorn 2")
        assert here.deliveries() == then
        assert len(here.parcels()) == len(then)


async def test_another_carrier_is_not_asked(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.WALKS_OFF_OPEN)), courier(2, load(), carrier="brindle"))
        assert "question" not in here.shown("courier brindle 2")
        assert sorted(here.deliveries()) == [STORED, UNCERTAIN]


async def test_a_courier_who_walks_off_before_the_door_opens_leaves_it_unsettled(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.WALKS_OFF_BEFORE_OPEN)))
        assert here.deliveries() == [UNCERTAIN]
        assert "door_left_open" in here.incidents()
        await here.act(courier(2, load(unit="301")))
        assert here.deliveries() == [STORED]
        assert len(here.parcels()) == 1


async def test_whoever_walks_off_comes_back_with_the_rest(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        await here.act(courier(1, load(Mishap.WALKS_OFF_OPEN), load(unit="301"), load(unit="305")))
        assert here.deliveries() == [STORED] * 3
        assert len(here.parcels()) == 3


async def test_many_parcels_of_one_courier_are_stored_one_after_another(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        units = ["412", "301", "305", "412", "102", "104"]
        await here.act(courier(1, *(load(unit=unit, size="S") for unit in units)))
        assert here.deliveries() == [STORED] * 6
        kinds = await here.kinds()
        assert kinds.count("SessionStarted") == kinds.count("SessionEnded") == 1


@pytest.mark.parametrize("boundary", list(Boundary))
async def test_a_kiosk_that_dies_under_a_couriers_fingers_forgets_no_parcel(
    tmp_path: Path, boundary: Boundary
) -> None:
    async with acting(tmp_path) as here:
        passed: list[Boundary] = []

        def dies(at: Boundary) -> bool:
            passed.append(at)
            return at is boundary and passed.count(at) == 3

        here.stage.keeper.passing = dies
        await here.act(courier(1, load(), load(unit="301")))
        in_custody = [one for one in here.deliveries() if one in (STORED, UNCERTAIN)]
        assert len(here.parcels()) + len(here.place.memory.kept) == 2
        assert len(in_custody) >= len(here.parcels())
        assert UNCERTAIN not in in_custody


async def test_a_kiosk_that_stays_down_sends_the_courier_home_with_the_parcel(tmp_path: Path) -> None:
    async with acting(tmp_path) as here:
        here.stage.keeper.down_ms = 50_000_000
        here.stage.keeper.kill("the plug is pulled", is_power_cut=True)
        await play_visit(courier(1, load()), here.place)
        assert [parcel.what for parcel in here.place.memory.kept] == ["for 412 by halvorn"]
        here.stage.keeper.down_ms = 0
        await asyncio.sleep(60_000)
