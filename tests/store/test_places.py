"""Parcels on shelves and at the desk on disk: the rows, what the log folds to, and codes that end."""

from pathlib import Path

from kiosk.domain import inputs as i
from kiosk.domain import place_touches as t
from kiosk.domain.frozen import replace
from kiosk.domain.model.delivery import DeliveryState
from kiosk.domain.model.ids import DeliveryId
from kiosk.domain.model.place import DESK, Identified, Outlet, OverflowWhy
from kiosk.store.journal import SqliteJournal
from tests.domain.place_rig import OVERFLOW, SHELF
from tests.store.rig import Recorder, audit, durable, opened, rows_of, with_directory


def started() -> Recorder:
    """A kiosk in a building with shelves and a desk."""
    kiosk = Recorder()
    kiosk.state = replace(kiosk.state, building=replace(kiosk.state.building, overflow=OVERFLOW))
    kiosk.before = kiosk.state
    kiosk.start()
    return kiosk


def bring(kiosk: Recorder, outlet: Outlet) -> DeliveryId:
    """A courier brings one parcel and says that it is there."""
    kiosk.sign_in_courier()
    kiosk.do(i.ChooseUnit("412"))
    kiosk.do(t.FitsNowhere(OverflowWhy.TOO_LARGE))
    kiosk.do(t.ChooseOutlet(outlet))
    kiosk.do(t.Placed())
    delivery = kiosk.state.visit.delivery
    assert delivery
    kiosk.do(i.Finish())
    kiosk.do(i.GoBack())
    return delivery


def at_parcel(kiosk: Recorder, delivery: DeliveryId) -> None:
    """Staff turn to it."""
    kiosk.sign_in_staff()
    kiosk.do(t.ShowPlaces())
    kiosk.do(t.ChoosePlaced(delivery))


async def test_the_log_folds_to_the_rows_and_a_restart_finds_every_parcel(tmp_path: Path) -> None:
    path, kiosk = tmp_path / "kiosk.db", started()
    shelved, handed = bring(kiosk, Outlet.ROOM), bring(kiosk, Outlet.DESK)
    kiosk.deliver("101")
    async with opened(path) as database:
        journal = SqliteJournal(database)
        await kiosk.save(journal)
        found = (await journal.load(started().before)).state
        assert durable(with_directory(found)) == durable(kiosk.state)
        places = {key: (one.compartment, one.state) for key, one in found.deliveries.items()}
        assert places[shelved] == (SHELF, DeliveryState.STORED)
        assert places[handed] == (DESK, DeliveryState.UNCERTAIN)
    assert audit(path).is_whole
    assert len(rows_of(path, "SELECT 1 FROM holding")) == 1
    assert len(rows_of(path, "SELECT 1 FROM delivery WHERE compartment IS NULL")) == 2


async def test_moving_and_handing_over_leave_nothing_but_spent_codes(tmp_path: Path) -> None:
    path, kiosk = tmp_path / "kiosk.db", started()
    shelved, handed = bring(kiosk, Outlet.ROOM), bring(kiosk, Outlet.DESK)
    async with opened(path) as database:
        journal = SqliteJournal(database)
        await kiosk.save(journal)
        at_parcel(kiosk, shelved)
        kiosk.do(t.BringTo(Outlet.DESK))
        kiosk.do(t.ChoosePlaced(handed))
        kiosk.do(t.SayWhetherHere(is_here=True))
        await kiosk.save(journal)
        for delivery in (shelved, handed):
            kiosk.do(t.ChoosePlaced(delivery))
            kiosk.do(t.HandOver(Identified.CODE))
        await kiosk.save(journal)
        assert durable(with_directory((await journal.load(started().before)).state)) == durable(kiosk.state)
    assert not kiosk.state.deliveries
    assert audit(path).is_whole
    assert not rows_of(path, "SELECT 1 FROM credential UNION ALL SELECT 1 FROM delivery")
    assert {why for (why,) in rows_of(path, "SELECT why FROM spent_code")} == {"collected"}


async def test_a_parcel_that_the_carrier_keeps_is_an_event_whose_unit_can_be_forgotten(
    tmp_path: Path,
) -> None:
    path, kiosk = tmp_path / "kiosk.db", started()
    kiosk.sign_in_courier()
    kiosk.do(i.ChooseUnit("412"))
    kiosk.do(t.FitsNowhere(OverflowWhy.TOO_LARGE))
    kiosk.do(t.ChooseOutlet(Outlet.CARRIER))
    async with opened(path) as database:
        await kiosk.save(SqliteJournal(database))
    ((body, mac),) = rows_of(path, "SELECT body, private_mac FROM event WHERE type = 'DropOffRefused'")
    assert '"why":"too_large"' in str(body)
    assert "unit_label" not in str(body)
    assert mac
    assert audit(path).is_whole
