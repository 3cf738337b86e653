"""Somebody is forgotten: messages and what the log keeps apart about them go; the chain stays whole."""

from pathlib import Path

from kiosk.domain import inputs as i
from kiosk.domain.census import forget_person, recipients_forgotten
from kiosk.domain.frozen import replace
from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import ResidentId
from kiosk.store.directory_store import SqliteDirectory
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import START_MS, empty_state
from tests.store.rig import Recorder, audit, opened, rows_of

WHO = ResidentId("r412")
PRIVATE = "SELECT body FROM event_private ORDER BY seq"
MESSAGES = "SELECT resident, count(*) FROM message GROUP BY resident ORDER BY resident"


async def two_units_with_a_past(path: Path) -> Recorder:
    """A parcel for 412 and one for 101, both collected."""
    kiosk = Recorder()
    async with opened(path) as database:
        await SqliteDirectory(database).replace_directory(empty_state().directory, {})
        kiosk.start()
        for unit in ("412", "101"):
            kiosk.deliver(unit)
            kiosk.collect_oldest()
        await kiosk.save(SqliteJournal(database))
    return kiosk


async def forget(path: Path, kiosk: Recorder, before: Directory) -> None:
    gone = replace(before.residents[WHO], moved_out_at_ms=START_MS)
    after = forget_person(before, gone)
    kiosk.do(
        i.ChangeDirectory(
            after, "forgotten", changed=1, forgotten=(WHO,), recipients=recipients_forgotten(after, gone)
        )
    )
    async with opened(path) as database:
        journal = SqliteJournal(database)
        await journal.load(empty_state())
        await kiosk.save(journal)


async def test_messages_and_personal_parts_go_and_the_log_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    kiosk = await two_units_with_a_past(path)
    assert rows_of(path, PRIVATE) == [('{"unit_label":"412"}',), ('{"unit_label":"101"}',)]
    head = audit(path).head
    await forget(path, kiosk, kiosk.state.directory)
    assert rows_of(path, PRIVATE) == [('{"unit_label":"101"}',)]
    assert [row[0] for row in rows_of(path, MESSAGES)] == ["r101"]
    assert rows_of(path, "SELECT name, contact FROM resident WHERE id = 'r412'") == [("", "")]
    report = audit(path, head=head)
    assert (report.is_whole, report.private_removed) == (True, 1)
    assert audit(path, head=head).head != head


async def test_nothing_of_the_unit_goes_while_somebody_else_of_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    kiosk = await two_units_with_a_past(path)
    known = kiosk.state.directory
    other = replace(known.residents[WHO], id=ResidentId("r412-2"), name="Ben")
    with_both = Directory(
        known.units,
        {**known.residents, other.id: other},
        known.carriers,
        known.carrier_codes,
        known.staff,
    )
    await forget(path, kiosk, with_both)
    assert len(rows_of(path, PRIVATE)) == 2
    assert [row[0] for row in rows_of(path, MESSAGES)] == ["r101"]
    assert audit(path).is_whole
