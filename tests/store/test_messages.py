"""Messages wait on disk with their parcel's code until a channel has taken them."""

from pathlib import Path

from kiosk.domain import inputs as i
from kiosk.domain.limits import DAY_MS
from kiosk.domain.rules.custody import PARCEL_WAITING
from kiosk.store.database import Database
from kiosk.store.journal import SqliteJournal
from kiosk.store.message_queue import SqliteMessages
from tests.domain.rig import START_MS
from tests.store.rig import Recorder, opened, rows_of

LATE = START_MS + DAY_MS


async def two_parcels(database: Database) -> Recorder:
    kiosk = Recorder()
    kiosk.start()
    kiosk.deliver("412")
    kiosk.wait(60)
    kiosk.deliver("101")
    await kiosk.save(SqliteJournal(database))
    return kiosk


async def test_messages_come_oldest_first_with_the_sealed_code_of_their_parcel(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk = await two_parcels(database)
        waiting = await SqliteMessages(database).waiting(10)
    assert [one.message for one in waiting] == kiosk.messages()
    assert all(one.sealed and one.sealed.startswith(b"code-") for one in waiting)
    assert waiting[0].sealed != waiting[1].sealed
    assert [one.tries for one in waiting] == [0, 0]


async def test_messages_survive_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk = await two_parcels(database)
    async with opened(tmp_path / "kiosk.db") as database:
        waiting = await SqliteMessages(database).waiting(10)
    assert [one.message for one in waiting] == kiosk.messages()


async def test_a_limit_is_kept(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk = await two_parcels(database)
        assert [one.message for one in await SqliteMessages(database).waiting(1)] == kiosk.messages()[:1]


async def test_a_message_is_handed_over_once(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk = await two_parcels(database)
        queue = SqliteMessages(database)
        first, second = kiosk.messages()
        await queue.handed_over(first.id, LATE)
        await queue.handed_over(first.id, LATE + 5)
        assert [one.message for one in await queue.waiting(10)] == [second]
    known = rows_of(tmp_path / "kiosk.db", "SELECT handed_over_at_ms FROM message ORDER BY due_at_ms")
    assert known == [(LATE,), (None,)]


async def test_new_messages_come_before_those_that_were_put_off(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk = await two_parcels(database)
        queue = SqliteMessages(database)
        first, second = kiosk.messages()
        await queue.put_off(first.id, 5, "no network")
        again = await queue.waiting(10)
        assert [(one.message.id, one.tries) for one in again] == [(second.id, 0), (first.id, 1)]


OUTCOMES = "SELECT dropped_at_ms IS NOT NULL, put_off_why FROM message ORDER BY due_at_ms"


async def test_the_message_of_a_parcel_that_was_collected_is_dropped_and_says_why(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk = await two_parcels(database)
        kiosk.collect_oldest()
        await kiosk.save(SqliteJournal(database))
        waiting = await SqliteMessages(database).waiting(10)
    assert [one.message for one in waiting] == kiosk.messages()[1:]
    known = rows_of(tmp_path / "kiosk.db", OUTCOMES)
    assert known == [(1, "the code ended before the message left"), (0, "")]


async def test_what_is_dropped_waits_no_more_unless_it_had_left(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk = await two_parcels(database)
        queue = SqliteMessages(database)
        first, second = kiosk.messages()
        await queue.dropped(first.id, LATE, "nobody waits for it")
        await queue.handed_over(second.id, LATE)
        await queue.dropped(second.id, LATE, "too late")
        assert not await queue.waiting(10)
    assert rows_of(tmp_path / "kiosk.db", OUTCOMES) == [(1, "nobody waits for it"), (0, "")]


async def test_a_parcel_that_was_moved_is_told_of_once_and_behind_its_last_door(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        kiosk = Recorder()
        kiosk.start()
        kiosk.sign_in_courier()
        kiosk.drop_off()
        kiosk.wait(61)
        assert len(kiosk.messages()) == 1
        kiosk.do(i.Reopen())
        kiosk.pulse()
        kiosk.open(kiosk.last_unlock().compartment)
        kiosk.do(i.DoesNotFit())
        larger = kiosk.pulse()
        kiosk.open(larger)
        kiosk.close(larger)
        kiosk.do(i.Finish())
        await kiosk.save(SqliteJournal(database))
        waiting = [one.message for one in await SqliteMessages(database).waiting(10)]
    told = [one.door for one in waiting if one.kind == PARCEL_WAITING]
    assert told == [kiosk.state.place(larger).label]
