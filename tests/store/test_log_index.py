"""The log by subject and by intent: the same answers before, while and after rows enter the tables."""

from pathlib import Path

import pytest

from kiosk.domain import inputs as i
from kiosk.domain.limits import HOUR_MS
from kiosk.domain.model.ids import IntentId
from kiosk.domain.refusals import Refusal
from kiosk.ports import Answer, JournalRefused
from kiosk.store.audit_report import ProblemKind
from kiosk.store.database import Database
from kiosk.store.journal import UPKEEP_EVENTS, SqliteJournal
from kiosk.store.log_index import INDEX_EVENTS
from kiosk.store.reader import LogReader
from tests.domain.rig import digest, empty_state
from tests.store.rig import Recorder, audit, by_hand, opened, rows_of


async def work(database: Database, kiosk: Recorder, rounds: int) -> SqliteJournal:
    """Parcels that come and go, one an hour, and a wrong code each time."""
    journal = SqliteJournal(database)
    if not kiosk.changes:
        kiosk.start()
    for _ in range(rounds):
        kiosk.deliver()
        kiosk.collect_oldest()
        kiosk.present(digest("wrong"))
        kiosk.do(i.GoBack())
        kiosk.mono_ms += HOUR_MS
        await kiosk.save(journal)
    return journal


def indexed(path: Path) -> int:
    ((seq,),) = rows_of(path, "SELECT value FROM meta WHERE key = 'indexed'")
    return int(str(seq))


async def by_subject(database: Database) -> dict[str, list[int]]:
    """What the index and the end of the log say, page after page."""
    reader, found = LogReader(database), {}
    for number in range(1, 9):
        subject, seqs = f"c{number}", list[int]()
        while page := await reader.events_of(subject, seqs[-1] if seqs else 0, 7):
            seqs += [row.seq for row in page]
        found[subject] = seqs
    return found


async def by_reading(database: Database) -> dict[str, list[int]]:
    """The same by reading the whole log."""
    found: dict[str, list[int]] = {f"c{number}": [] for number in range(1, 9)}
    seen = 0
    while page := await LogReader(database).read_events(seen, 500):
        seen = page[-1].seq
        for row in page:
            if row.subject in found:
                found[row.subject].append(row.seq)
    return found


async def test_a_history_is_whole_wherever_the_index_ends(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        journal = await work(database, kiosk, 45)
        assert indexed(path) == 0
        assert await by_subject(database) == await by_reading(database)
        await journal.idle()
        assert indexed(path) >= INDEX_EVENTS
        assert await by_subject(database) == await by_reading(database)
        await work(database, kiosk, 3)
        assert await by_subject(database) == await by_reading(database)
    assert audit(path).is_whole


async def test_a_few_events_are_not_worth_a_commit(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        journal = await work(database, Recorder(), 3)
        await journal.idle()
    assert indexed(path) == 0


async def test_intents_keep_their_answer_when_they_enter_the_table(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder(is_trusted=False)
        journal = await work(database, kiosk, 45)
        intents = [str(intent) for (intent,) in rows_of(path, "SELECT DISTINCT intent FROM event")]
        before = {intent: await journal.answer_of(IntentId(intent)) for intent in intents}
        assert {answer.refusal for answer in before.values() if answer} == {None, Refusal.WRONG_CODE}
        await journal.idle()
        assert rows_of(path, "SELECT count(*) FROM intent") == [(len(intents),)]
        assert {one: await journal.answer_of(IntentId(one)) for one in intents} == before
    async with opened(path) as database:
        journal = SqliteJournal(database)
        assert {one: await journal.answer_of(IntentId(one)) for one in intents} == before


async def test_an_intent_is_refused_the_second_time_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder(is_trusted=False)
        kiosk.start()
        first = kiosk.waiting[0]
        journal = await work(database, kiosk, 45)
        await journal.idle()
        assert indexed(path) >= UPKEEP_EVENTS
        await work(database, kiosk, 1)
        kiosk.deliver("101")
        last = kiosk.waiting[-1]
        await kiosk.save(journal)
        for decision in (first, last):
            with pytest.raises(JournalRefused, match="decided before"):
                await journal.commit([decision], kiosk.state, kiosk.state)
        kiosk.do(i.KioskStart("again"))
        (twice,) = kiosk.waiting
        with pytest.raises(JournalRefused, match="decided before"):
            await journal.commit([twice, twice], kiosk.before, kiosk.state)
        await kiosk.save(journal)


async def test_an_answer_that_this_program_does_not_know_is_still_an_answer(tmp_path: Path) -> None:
    """The touch is not decided again."""
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        await database.commit(
            lambda connection: connection.execute(
                "INSERT INTO intent VALUES ('x', 7, 'of_tomorrow')"
            ).fetchall()
        )
        assert await SqliteJournal(database).answer_of(IntentId("x")) == Answer(Refusal.NOT_NOW, 7)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DELETE FROM event_subject WHERE seq = 20", "lacks"),
        ("UPDATE event_subject SET subject = 'c9' WHERE seq = 20", "has c9 at 20"),
        ("INSERT INTO event_subject VALUES ('c1', 99999)", "has c1 at 99999"),
    ],
)
async def test_an_index_that_differs_from_the_log_is_named(tmp_path: Path, sql: str, words: str) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        journal = await work(database, Recorder(), 45)
        await journal.idle()
    with by_hand(path) as connection:
        connection.execute(sql)
    problems = [problem for problem in audit(path).problems if problem.kind is ProblemKind.STRUCTURE]
    assert any(words in problem.text for problem in problems), problems


async def test_a_start_finds_the_newest_intents_too(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    async with opened(path) as database:
        kiosk = Recorder()
        kiosk.start()
        intent = kiosk.waiting[-1].intent
        await kiosk.save(SqliteJournal(database))
    async with opened(path) as database:
        journal = SqliteJournal(database)
        rows = await journal.load(empty_state())
        assert await journal.seq_of(intent) == rows.seq
