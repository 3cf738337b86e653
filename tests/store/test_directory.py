"""The directory on disk: replaced whole or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.model.directory import CarrierCode, Directory, Resident, Staff, Unit, UnitMode
from kiosk.domain.model.ids import CarrierCodeId, CarrierId, ResidentId, StaffId, UnitId
from kiosk.ports import JournalRefused
from kiosk.store.directory_store import SqliteDirectory
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import digest, empty_state
from tests.store.rig import make_log, opened

PEOPLE = empty_state().directory
HASHES = {StaffId("7"): "$argon2id$one"}


async def test_a_directory_comes_back_as_it_was(tmp_path: Path) -> None:
    moved = Resident(
        ResidentId("r9"),
        UnitId("u101"),
        "Ada Ö",
        "es",
        "ada@example.org",
        is_accessible=True,
        moved_out_at_ms=5,
    )
    separate = Unit(UnitId("u9"), "9 B", UnitMode.SEPARATE)
    wanted = replace(
        PEOPLE,
        residents={**PEOPLE.residents, moved.id: moved},
        units={**PEOPLE.units, separate.id: separate},
    )
    async with opened(tmp_path / "kiosk.db") as database:
        await SqliteDirectory(database).replace_directory(wanted, HASHES)
    async with opened(tmp_path / "kiosk.db") as database:
        assert await SqliteDirectory(database).read_directory() == wanted
        assert (await SqliteJournal(database).load(empty_state())).state.directory == wanted


async def test_a_new_database_knows_nobody(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        assert await SqliteDirectory(database).read_directory() == Directory()


async def test_a_new_snapshot_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    fewer = Directory(units={UnitId("u1"): Unit(UnitId("u1"), "1")}, staff=PEOPLE.staff)
    async with opened(tmp_path / "kiosk.db") as database:
        directory = SqliteDirectory(database)
        await directory.replace_directory(PEOPLE, HASHES)
        await directory.replace_directory(fewer, {})
        assert await directory.read_directory() == fewer


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(
            replace(PEOPLE, staff={StaffId(n): Staff(StaffId(n), "1", "Jo") for n in "78"}),
            id="one account twice",
        ),
        pytest.param(replace(PEOPLE, units={}), id="residents without a unit"),
        pytest.param(replace(PEOPLE, carriers={}), id="codes without a carrier"),
        pytest.param(
            replace(
                PEOPLE,
                carrier_codes={
                    digest(n): CarrierCode(CarrierCodeId(n), CarrierId("swift"), digest("same")) for n in "12"
                },
            ),
            id="one code twice",
        ),
    ],
)
async def test_a_snapshot_that_contradicts_itself_changes_nothing(tmp_path: Path, wrong: Directory) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        directory = SqliteDirectory(database)
        await directory.replace_directory(PEOPLE, HASHES)
        with pytest.raises(JournalRefused):
            await directory.replace_directory(wrong, {})
        assert await directory.read_directory() == PEOPLE
        assert await directory.staff_hash("1") == (StaffId("7"), "$argon2id$one")


async def test_staff_keep_their_pin_until_they_get_another(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        directory = SqliteDirectory(database)
        await directory.replace_directory(PEOPLE, HASHES)
        await directory.replace_directory(PEOPLE, {})
        assert await directory.staff_hash("1") == (StaffId("7"), "$argon2id$one")
        await directory.replace_directory(PEOPLE, {StaffId("7"): "$argon2id$two"})
        assert await directory.staff_hash("1") == (StaffId("7"), "$argon2id$two")


async def test_nobody_has_a_pin_without_a_hash_or_an_account(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        directory = SqliteDirectory(database)
        await directory.replace_directory(PEOPLE, {})
        assert await directory.staff_hash("1") is None
        assert await directory.staff_hash("2") is None


async def test_a_unit_may_leave_the_directory_while_its_parcel_waits(tmp_path: Path) -> None:
    kiosk = await make_log(tmp_path / "kiosk.db")
    async with opened(tmp_path / "kiosk.db") as database:
        await SqliteDirectory(database).replace_directory(PEOPLE, HASHES)
        await SqliteDirectory(database).replace_directory(Directory(), {})
        found = await SqliteJournal(database).load(empty_state())
    assert found.state.deliveries == kiosk.state.deliveries
