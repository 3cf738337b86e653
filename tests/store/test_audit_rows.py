"""The audit besides the chain: personal parts, the active rows that the log denies, and the file itself."""

from pathlib import Path

import pytest

from kiosk.store.audit_report import Problem, ProblemKind
from tests.store.rig import audit, by_hand, make_log, rows_of


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    await make_log(tmp_path / "kiosk.db")
    return tmp_path / "kiosk.db"


# Personal parts


def test_a_changed_personal_part_is_named(path: Path) -> None:
    ((seq, *_),) = rows_of(path, "SELECT min(seq) FROM event_private")
    with by_hand(path) as connection:
        connection.execute('UPDATE event_private SET body = \'{"unit_label":"999"}\' WHERE seq = ?', (seq,))
    (problem,) = audit(path).problems
    assert problem == Problem(ProblemKind.PRIVATE, f"1:{seq}", f"the personal part of 1:{seq} was changed")


def test_a_personal_part_of_nothing_is_named(path: Path) -> None:
    with by_hand(path) as connection:
        connection.execute("INSERT INTO event_private (epoch, seq, salt, body) VALUES (1, 1, x'00', '{}')")
    (problem,) = audit(path).problems
    assert "belongs to no event" in problem.text


def test_removed_personal_parts_leave_the_chain_whole(path: Path) -> None:
    with by_hand(path) as connection:
        connection.execute("DELETE FROM event_private")
    report = audit(path)
    assert report.is_whole
    assert report.private_removed == 2


# Active rows


@pytest.mark.parametrize(
    ("sql", "place", "words"),
    [
        ("UPDATE delivery SET state = 'uncertain'", "delivery i", "uncertain in the table, stored in"),
        ("UPDATE compartment SET vacancy = 'verified'", "compartment c", "verified in the table, occ"),
        ("UPDATE compartment SET uses = 77 WHERE id = 'c8'", "compartment c8", "77 in the table, 0 in"),
        ("DELETE FROM credential; DELETE FROM delivery", "delivery i", "in the log, but not in the table"),
        ("UPDATE compartment SET may_stand_open = 1", "compartment c", "True in the table, False in"),
        ("DELETE FROM compartment WHERE id = 'c8'", "compartment c8", "in the log, but not in the table"),
        ("UPDATE holding SET recipient = 'unit:u9'", "holding c", "disagree about unit:u9"),
        ("INSERT INTO bucket VALUES ('code', 1, 'b', 2)", "bucket code", "in the table, but not in the log"),
        (
            "INSERT INTO incident VALUES ('x', 'bank_lost', 'task', 5, 'a', NULL, NULL, NULL, NULL, NULL)",
            "incident x",
            "not",
        ),
        ("INSERT INTO session VALUES ('s', 'staff', 'a', 'parked', 5, '', '', '', '')", "session s", "not"),
        ("UPDATE delivery SET size = 'XS'", "tables", "a row cannot be read"),
    ],
)  # fmt: skip
def test_a_row_that_the_log_denies_is_named(path: Path, sql: str, place: str, words: str) -> None:
    with by_hand(path) as connection:
        connection.executescript(sql)
    problems = [problem for problem in audit(path).problems if problem.kind is ProblemKind.ROWS]
    assert any(problem.place.startswith(place) and words in problem.text for problem in problems), problems


def test_an_event_that_cannot_be_folded_is_named(path: Path) -> None:
    with by_hand(path) as connection:
        connection.execute("UPDATE event SET body = '{}' WHERE seq = 3")
    problems = audit(path).problems
    assert (ProblemKind.ROWS, "1:3") in [(problem.kind, problem.place) for problem in problems]


# The file


def test_damage_of_the_file_is_named(path: Path) -> None:
    """An index that does not hold what it should is nothing that the chain could see."""
    with by_hand(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'IS NULL', 'IS NOT NULL')")
    assert any(problem.kind is ProblemKind.STRUCTURE for problem in audit(path).problems)


def test_a_row_that_points_to_nothing_is_named(path: Path) -> None:
    with by_hand(path) as connection:
        connection.execute("UPDATE credential SET delivery = 'nobody'")
    (problem,) = audit(path).problems
    assert (problem.kind, problem.place) == (ProblemKind.STRUCTURE, "credential")


def test_an_audit_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    audit(path)
    assert path.read_bytes() == before
