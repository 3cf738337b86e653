"""The journal: a decision is on disk whole or not at all, and a start finds what was there."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.changes import CredentialAdded
from kiosk.domain.events import SessionParked
from kiosk.domain.model.credential import Credential
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.ids import DeliveryId, IntentId, RecipientId, SessionId
from kiosk.domain.refusals import Refusal
from kiosk.domain.state import State
from kiosk.engine import Engine
from kiosk.ports import Answer, Decision, JournalRefused
from kiosk.store.database import open_database
from kiosk.store.journal import SqliteJournal
from kiosk.store.reader import LogReader, StoredFile
from tests.domain.rig import BANKS, digest, empty_state
from tests.store.rig import Recorder, audit, durable, make_log, opened, rows_of


async def load(path: Path) -> State:
    async with opened(path) as database:
        return (await SqliteJournal(database).load(empty_state())).state


def without_directory(state: State) -> State:
    return replace(durable(state), directory=empty_state().directory)


async def test_a_start_finds_what_was_active(tmp_path: Path) -> None:
    kiosk = await make_log(tmp_path / "kiosk.db", rounds=2)
    assert kiosk.state.deliveries
    assert kiosk.state.spent
    found = await load(tmp_path / "kiosk.db")
    assert without_directory(found) == without_directory(kiosk.state)


async def test_an_empty_database_gives_an_empty_kiosk(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db") as database:
        rows = await SqliteJournal(database).load(empty_state())
    assert (rows.epoch, rows.seq) == (1, 0)
    assert without_directory(rows.state) == empty_state()


async def test_numbers_have_no_gap_over_batches_and_starts(tmp_path: Path) -> None:
    await make_log(tmp_path / "kiosk.db")
    kiosk = Recorder()
    async with opened(tmp_path / "kiosk.db") as database:
        journal = SqliteJournal(database)
        rows = await journal.load(empty_state())
        kiosk.state = kiosk.before = rows.state
        decision = Decision(
            IntentId("again"), "kiosk", stamp_of("again"), (SessionParked(SessionId("s"), "restart"),)
        )
        written = await journal.commit([decision], rows.state, rows.state)
    assert [row.seq for row in written] == [rows.seq + 1]
    numbers = [seq for (seq,) in rows_of(tmp_path / "kiosk.db", "SELECT seq FROM event ORDER BY seq")]
    assert numbers == list(range(1, rows.seq + 2))
    assert audit(tmp_path / "kiosk.db", fold=False).is_whole


def stamp_of(intent: str) -> i.Stamp:
    stamp = Recorder()
    stamp.do(i.KioskStart("x"))
    return replace(stamp.waiting[0].stamp, intent=IntentId(intent))


async def test_what_was_written_is_told_with_its_head(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    async with opened(tmp_path / "kiosk.db") as database:
        written = await kiosk.save(SqliteJournal(database))
        head = await LogReader(database).head()
    assert [type(row.event).__name__ for row in written] == kiosk.events()
    assert head == f"1:{written[-1].seq}:{written[-1].head}"
    assert written[0].trusted


async def test_a_batch_whose_outcome_was_unknown_is_told_as_the_commit_would_have(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    async with opened(tmp_path / "kiosk.db") as database:
        journal = SqliteJournal(database)
        await kiosk.save(journal)
        kiosk.deliver()
        batch = list(kiosk.waiting)
        written = await kiosk.save(journal)
        assert await journal.recall(batch, written[-1].seq) == written


async def test_a_repeated_intent_gets_its_first_answer_after_a_restart_too(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    kiosk.present(digest("wrong"))
    refused = kiosk.waiting[-1]
    assert refused.refusal is Refusal.WRONG_CODE
    async with opened(tmp_path / "kiosk.db") as database:
        written = await kiosk.save(SqliteJournal(database))
    async with opened(tmp_path / "kiosk.db") as database:
        journal = SqliteJournal(database)
        assert await journal.answer_of(refused.intent) == Answer(Refusal.WRONG_CODE, written[-1].seq)
        assert await journal.answer_of(IntentId("i1")) == Answer(None, await journal.seq_of(IntentId("i1")))
        assert await journal.answer_of(IntentId("never")) is None
        assert await journal.seq_of(IntentId("never")) is None


async def test_an_intent_is_never_decided_twice(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    async with opened(tmp_path / "kiosk.db") as database:
        journal = SqliteJournal(database)
        first = kiosk.waiting[0]
        await kiosk.save(journal)
        before = await LogReader(database).head()
        with pytest.raises(JournalRefused, match="decided before"):
            await journal.commit([first], kiosk.state, kiosk.state)
        assert await LogReader(database).head() == before


def second_recipient(state: State) -> tuple[State, Delivery]:
    (delivery,) = state.deliveries.values()
    other = replace(delivery, id=DeliveryId("other"), recipient=RecipientId("unit:u102"))
    return replace(state, deliveries={**state.deliveries, other.id: other}), other


async def test_two_recipients_in_one_compartment_do_not_fit(tmp_path: Path) -> None:
    kiosk = await make_log(tmp_path / "kiosk.db")
    after, _ = second_recipient(kiosk.state)
    async with opened(tmp_path / "kiosk.db") as database:
        with pytest.raises(JournalRefused, match=r"holding\.compartment"):
            await SqliteJournal(database).commit([decision_of("i-x")], kiosk.state, after)
    assert durable(await load(tmp_path / "kiosk.db")).deliveries == kiosk.state.deliveries


def decision_of(intent: str, *changes: CredentialAdded) -> Decision:
    return Decision(IntentId(intent), "kiosk", stamp_of(intent), changes)


async def test_a_code_never_outlives_its_parcel(tmp_path: Path) -> None:
    """The live code and its sealed copy go when the delivery ends, or the batch is refused."""
    kiosk = await make_log(tmp_path / "kiosk.db")
    async with opened(tmp_path / "kiosk.db") as database:
        gone = replace(kiosk.state, deliveries={})
        with pytest.raises(JournalRefused, match="FOREIGN KEY"):
            await SqliteJournal(database).commit([decision_of("i-x")], kiosk.state, gone)
        stray = Credential(digest("a"), digest("b"), DeliveryId("nobody's"), RecipientId("unit:u1"))
        with pytest.raises(JournalRefused, match="FOREIGN KEY"):
            await SqliteJournal(database).commit(
                [decision_of("i-y", CredentialAdded(stray, b"sealed"))], kiosk.state, kiosk.state
            )
    assert durable(await load(tmp_path / "kiosk.db")).credentials == kiosk.state.credentials


async def test_only_the_culprit_of_a_batch_need_be_refused(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    async with opened(tmp_path / "kiosk.db") as database:
        journal = SqliteJournal(database)
        batch = [kiosk.waiting[0], kiosk.waiting[0], *kiosk.waiting[1:]]
        with pytest.raises(JournalRefused):
            await journal.commit(batch, kiosk.before, kiosk.state)
        assert (await journal.load(empty_state())).seq == 0
        await kiosk.save(journal)
        assert (await journal.load(empty_state())).seq == len(kiosk.events())


async def test_a_compartment_may_be_emptied_and_given_out_again_in_one_batch(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    (first, second) = ("412", "101")
    delivery = kiosk.deliver(first)
    async with opened(tmp_path / "kiosk.db") as database:
        journal = SqliteJournal(database)
        await kiosk.save(journal)
        kiosk.collect_oldest()
        again = replace(delivery, id=DeliveryId("next"), recipient=RecipientId(f"unit:u{second}"))
        kiosk.state = replace(kiosk.state, deliveries={again.id: again})
        await kiosk.save(journal)
        rows = await journal.load(empty_state())
    assert list(rows.state.deliveries.values()) == [again]


async def test_the_engine_drives_the_journal_on_threads_of_its_own(tmp_path: Path) -> None:
    def stamping(_fact: i.Fact, intent: IntentId | None, _state: State) -> i.Stamp:
        assert intent is not None
        return stamp_of(intent)

    with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as reader:
        async with open_database(tmp_path / "kiosk.db", writer=writer, reader=reader) as database:
            journal = SqliteJournal(database)
            rows = await journal.load(empty_state())
            engine = Engine(replace(rows.state, directory=empty_state().directory), journal, stamping)
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(engine.run())
                await engine.submit(i.KioskStart("x"), intent=IntentId("start"))
                for bank in BANKS:
                    await engine.submit(i.BankSeen(bank, {}), intent=IntentId(f"seen {bank}"))
                await engine.drain()
                running.cancel()
            assert await journal.seq_of(IntentId("start")) == len(empty_state().layout.compartments) + 1
            found = await journal.load(empty_state())
    assert dict(found.state.compartments) == dict(engine.state.compartments)


async def test_rows_of_what_ended_are_gone(tmp_path: Path) -> None:
    """State tables hold what is active, so a start costs the same after ten years."""
    await make_log(tmp_path / "kiosk.db", rounds=3)
    path = tmp_path / "kiosk.db"
    assert rows_of(path, "SELECT count(*) FROM delivery") == [(1,)]
    assert rows_of(path, "SELECT count(*) FROM holding") == [(1,)]
    assert rows_of(path, "SELECT count(*) FROM session") == [(0,)]
    assert rows_of(path, "SELECT count(*) FROM credential") == [(1,)]
    assert rows_of(path, "SELECT count(*) FROM spent_code") == [(3,)]


async def test_a_stored_file_can_be_read_while_the_daemon_has_it_open(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    async with opened(tmp_path / "kiosk.db") as database:
        await kiosk.save(SqliteJournal(database))
        with StoredFile(tmp_path / "kiosk.db") as stored:
            assert stored.load(empty_state()).seq == len(kiosk.events())
