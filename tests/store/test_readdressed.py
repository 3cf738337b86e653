"""A parcel that was given to another unit: row, holding, credential and log agree on whose it is."""

from pathlib import Path

from kiosk.domain import inputs as i
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import empty_state
from tests.store.rig import Recorder, audit, opened, rows_of


async def put_right(path: Path) -> Recorder:
    """A parcel for 101 whose code is out, given to 412 with a code of its own; each touch is a commit."""
    kiosk = Recorder().start()
    assert isinstance(kiosk, Recorder)
    async with opened(path) as database:
        journal = SqliteJournal(database)
        kiosk.sign_in_courier()
        kiosk.drop_off("101")
        kiosk.do(i.NextParcel())
        await kiosk.save(journal)
        for touch in (i.ShowParcels(), i.ChooseParcel(0), i.WrongUnit(), i.ChooseUnit("412"), i.NextParcel()):
            kiosk.do(touch)
            await kiosk.save(journal)
    return kiosk


async def test_the_new_recipient_is_on_disk_with_everything_that_names_one(tmp_path: Path) -> None:
    kiosk = await put_right(tmp_path / "kiosk.db")
    assert rows_of(tmp_path / "kiosk.db", "SELECT unit, recipient FROM delivery") == [("u412", "unit:u412")]
    assert rows_of(tmp_path / "kiosk.db", "SELECT recipient FROM holding") == [("unit:u412",)]
    assert rows_of(tmp_path / "kiosk.db", "SELECT recipient FROM credential") == [("unit:u412",)]
    assert audit(tmp_path / "kiosk.db").is_whole
    async with opened(tmp_path / "kiosk.db") as database:
        found = (await SqliteJournal(database).load(empty_state())).state
    assert dict(found.deliveries) == dict(kiosk.state.deliveries)


async def test_the_unit_stands_in_the_personal_part_alone(tmp_path: Path) -> None:
    await put_right(tmp_path / "kiosk.db")
    ((body, private),) = rows_of(
        tmp_path / "kiosk.db",
        "SELECT event.body, event_private.body FROM event JOIN event_private USING (epoch, seq)"
        " WHERE event.type = 'DeliveryReaddressed'",
    )
    assert "unit_label" not in str(body)
    assert private == '{"unit_label":"412"}'
