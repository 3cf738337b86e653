"""The audit of the chain: any changed, removed, inserted or reordered row is named, and a cut-off end too."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.store.audit_report import BadHead, ProblemKind, Report
from kiosk.store.chain import GENESIS, row_hash
from kiosk.store.journal import SqliteJournal
from tests.domain.rig import digest
from tests.store.rig import Recorder, audit, by_hand, make_log, opened, rows_of

COLUMNS = (
    "epoch, seq, type, v, at_ms, mono_ms, boot, trusted, intent, actor, subject, body, private_mac, hash"
)
CHANGES = {
    "type": "'DoorClosed'", "v": "v + 1", "at_ms": "at_ms + 1", "mono_ms": "mono_ms - 1",
    "boot": "boot || 'x'", "trusted": "1 - trusted", "intent": "intent || 'x'", "actor": "actor || 'x'",
    "subject": "subject || 'x'",
    "body": "replace(body, '{', '{ ')", "private_mac": "coalesce(private_mac, '') || '0'",
    "hash": "zeroblob(32)", "epoch": "epoch + 1",
}  # fmt: skip


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    await make_log(tmp_path / "kiosk.db")
    return tmp_path / "kiosk.db"


def length(path: Path) -> int:
    (row,) = rows_of(path, "SELECT max(seq) FROM event")
    return int(str(row[0]))


def chain_problems(report: Report) -> list[tuple[ProblemKind, str]]:
    return [(problem.kind, problem.place) for problem in report.problems]


@pytest.fixture
def back(path: Path) -> Callable[[], None]:
    """Puts the file back as it was."""
    whole = path.read_bytes()

    def put_back() -> None:
        for companion in path.parent.glob("kiosk.db-*"):
            companion.unlink()
        path.write_bytes(whole)

    return put_back


def test_a_log_nobody_touched_is_whole_up_to_its_head(path: Path) -> None:
    report = audit(path)
    assert report.is_whole
    assert report.is_folded
    assert report.events == length(path)
    assert report.verified == report.head
    ((seq, digest),) = rows_of(path, "SELECT seq, lower(hex(hash)) FROM event ORDER BY seq DESC LIMIT 1")
    assert report.head == f"1:{seq}:{digest}"
    assert audit(path, head=report.head).is_whole


async def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    async with opened(tmp_path / "kiosk.db"):
        pass
    report = audit(tmp_path / "kiosk.db")
    assert report.is_whole
    assert report.events == 0


def test_every_changed_row_is_named(path: Path, back: Callable[[], None]) -> None:
    for seq in range(1, length(path) + 1):
        with by_hand(path) as connection:
            connection.execute("UPDATE event SET actor = actor || 'x' WHERE seq = ?", (seq,))
        report = audit(path, fold=False)
        assert chain_problems(report) == [(ProblemKind.CHANGED, f"1:{seq}")]
        assert report.verified.startswith(f"1:{seq - 1}:")
        back()


@pytest.mark.parametrize(("column", "value"), CHANGES.items(), ids=CHANGES.keys())
def test_a_change_of_any_column_is_named(path: Path, column: str, value: str) -> None:
    with by_hand(path) as connection:
        connection.execute(f"UPDATE event SET {column} = {value} WHERE seq = 12")  # noqa: S608 - own table
    places = [place for _, place in chain_problems(audit(path, fold=False))]
    assert [place.partition(":")[2] for place in places] == ["12"]


def test_every_removed_row_is_named(path: Path, back: Callable[[], None]) -> None:
    last, noted = length(path), audit(path).head
    for seq in range(1, last + 1):
        with by_hand(path) as connection:
            connection.execute("DELETE FROM event_private WHERE seq = ?", (seq,))
            connection.execute("DELETE FROM event WHERE seq = ?", (seq,))
        kind = ProblemKind.CUT_OFF if seq == last else ProblemKind.REMOVED
        assert chain_problems(audit(path, head=noted, fold=False)) == [(kind, f"1:{seq}")]
        back()


def renumber(connection: sqlite3.Connection, since: int, by: int) -> None:
    """Move every later row; away and back, because numbers are unique."""
    for step in (1_000_000, by - 1_000_000):
        for table in ("event", "event_private"):
            sql = f"UPDATE {table} SET seq = seq + ? WHERE seq >= ?"  # noqa: S608 - own tables
            connection.execute(sql, (step, since if step > 0 else 1_000_000))


@pytest.mark.parametrize("count", [1, 2])
def test_removed_rows_are_named_when_the_rest_was_renumbered(
    path: Path, back: Callable[[], None], count: int
) -> None:
    for seq in range(1, length(path) - count - 1):
        with by_hand(path) as connection:
            for table in ("event_private", "event"):
                sql = f"DELETE FROM {table} WHERE seq BETWEEN ? AND ?"  # noqa: S608 - own tables
                connection.execute(sql, (seq, seq + count - 1))
            renumber(connection, seq + count, -count)
        found = [one for one in chain_problems(audit(path, fold=False)) if one[0] is ProblemKind.REMOVED]
        assert found == [(ProblemKind.REMOVED, f"1:{seq}")]
        back()


def insert(connection: sqlite3.Connection, seq: int, *, is_chained: bool) -> None:
    """Put a copy of the row before in, chained to it or not."""
    copied = connection.execute(f"SELECT {COLUMNS} FROM event WHERE seq = ?", (seq - 1,)).fetchone()  # noqa: S608
    columns = (1, seq, *copied[2:11], '{"made":"up"}', None)
    digest = row_hash(copied[-1], columns) if is_chained else bytes(32)
    marks = ", ".join("?" * 14)
    connection.execute(f"INSERT INTO event ({COLUMNS}) VALUES ({marks})", (*columns, digest))  # noqa: S608


@pytest.mark.parametrize("is_chained", [False, True])
def test_an_inserted_row_is_named_when_the_rest_was_renumbered(
    path: Path, back: Callable[[], None], *, is_chained: bool
) -> None:
    for seq in range(2, length(path)):
        with by_hand(path) as connection:
            renumber(connection, seq, 1)
            insert(connection, seq, is_chained=is_chained)
        assert chain_problems(audit(path, fold=False)) == [(ProblemKind.INSERTED, f"1:{seq}")]
        back()


def test_a_row_put_before_the_first_is_named(path: Path) -> None:
    with by_hand(path) as connection:
        copied = connection.execute(f"SELECT {COLUMNS} FROM event WHERE seq = 1").fetchone()  # noqa: S608
        columns = (1, 0, *copied[2:13])
        marks = ", ".join("?" * 14)
        values = (*columns, row_hash(GENESIS, columns))
        connection.execute(f"INSERT INTO event ({COLUMNS}) VALUES ({marks})", values)  # noqa: S608
    assert (ProblemKind.INSERTED, "1:0") in chain_problems(audit(path, fold=False))


def test_a_row_added_at_the_end_without_its_hash_is_named(path: Path) -> None:
    seq = length(path) + 1
    with by_hand(path) as connection:
        insert(connection, seq, is_chained=False)
    assert chain_problems(audit(path, fold=False)) == [(ProblemKind.CHANGED, f"1:{seq}")]


def swap(connection: sqlite3.Connection, one: int, other: int) -> None:
    for before, after in ((one, -1), (other, one), (-1, other)):
        connection.execute("UPDATE event SET seq = ? WHERE seq = ?", (after, before))


@pytest.mark.parametrize("distance", [1, 2, 7])
def test_reordered_rows_are_named_both_and_nothing_else(
    path: Path, back: Callable[[], None], distance: int
) -> None:
    for seq in range(1, length(path) - distance):
        with by_hand(path) as connection:
            connection.execute("DELETE FROM event_private")
            swap(connection, seq, seq + distance)
        found = audit(path, fold=False)
        assert chain_problems(found) == [
            (ProblemKind.MOVED, f"1:{seq}"),
            (ProblemKind.MOVED, f"1:{seq + distance}"),
        ]
        assert f"it was written as 1:{seq + distance}" in found.problems[0].text
        back()


def test_a_row_rewritten_with_its_hash_breaks_the_row_after_it(path: Path) -> None:
    with by_hand(path) as connection:
        before = connection.execute("SELECT hash FROM event WHERE seq = 9").fetchone()[0]
        columns = connection.execute(f"SELECT {COLUMNS} FROM event WHERE seq = 10").fetchone()[:-1]  # noqa: S608
        forged = (*columns[:9], "staff:9", *columns[10:])
        connection.execute(
            "UPDATE event SET actor = 'staff:9', hash = ? WHERE seq = 10", (row_hash(before, forged),)
        )
    (problem,) = audit(path, fold=False).problems
    assert problem.place == "1:11"
    assert "or the row before it was" in problem.text


# The end


def cut_everything_after(path: Path, seq: int) -> None:
    """Remove the end of the log and all that tells of it."""
    with by_hand(path) as connection:
        for table in ("event_private", "event", "intent"):
            connection.execute(f"DELETE FROM {table} WHERE seq > ?", (seq,))  # noqa: S608 - own tables


async def test_a_cut_off_end_is_seen_by_an_answer_that_was_given(tmp_path: Path) -> None:
    path, kiosk = tmp_path / "kiosk.db", Recorder()
    kiosk.start()
    kiosk.present(digest("wrong"))
    async with opened(path) as database:
        last = (await kiosk.save(SqliteJournal(database)))[-1].seq
    with by_hand(path) as connection:
        connection.execute("DELETE FROM event WHERE seq = ?", (last,))
    (problem,) = audit(path, fold=False).problems
    assert (problem.kind, problem.place) == (ProblemKind.CUT_OFF, f"1:{last}")
    assert f"know {last}" in problem.text


def test_a_cut_off_end_is_seen_by_a_head_that_was_noted(path: Path) -> None:
    noted, last = audit(path).head, length(path)
    cut_everything_after(path, last - 5)
    assert audit(path, fold=False).is_whole
    (problem,) = audit(path, head=noted, fold=False).problems
    assert (problem.kind, problem.place) == (ProblemKind.CUT_OFF, f"1:{last - 4}")


def test_a_cut_off_end_is_seen_by_the_active_rows(path: Path) -> None:
    cut_everything_after(path, length(path) - 1)
    assert any(problem.kind is ProblemKind.ROWS for problem in audit(path).problems)


def test_another_log_than_the_noted_one_is_named(path: Path) -> None:
    noted = audit(path).head.split(":")
    other = f"{noted[0]}:{noted[1]}:{'0' * 64}"
    (problem,) = audit(path, head=other).problems
    assert problem.place == f"1:{noted[1]}"
    assert "not the row that was noted" in problem.text


@pytest.mark.parametrize("text", ["", "1:2", "a:b:c", "1:2:xyz", "1:2:3:4"])
def test_a_head_that_is_none_is_refused(path: Path, text: str) -> None:
    if text:
        with pytest.raises(BadHead, match="EPOCH:SEQ:HASH"):
            audit(path, head=text)
    else:
        assert audit(path, head=text).is_whole


def test_a_log_full_of_faults_is_told_in_bounded_words(path: Path) -> None:
    with by_hand(path) as connection:
        connection.execute("UPDATE event SET actor = 'nobody'")
    report = audit(path, fold=False)
    assert len(report.problems) == report.events
    assert report.verified.startswith("1:0:")


async def test_thousands_of_faults_are_counted_and_not_listed(tmp_path: Path) -> None:
    kiosk = Recorder()
    kiosk.start()
    async with opened(tmp_path / "kiosk.db") as database:
        journal = SqliteJournal(database)
        for _ in range(12):
            kiosk.deliver()
            kiosk.collect_oldest()
        await kiosk.save(journal)
    with by_hand(tmp_path / "kiosk.db") as connection:
        connection.execute("UPDATE event SET actor = 'nobody'")
    report = audit(tmp_path / "kiosk.db", fold=False)
    assert len(report.problems) == 100
    assert len(report.problems) + report.more_problems == report.events
