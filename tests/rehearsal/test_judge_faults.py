"""The judge of clocks, incidents, the log itself, and of the quiet after all."""

from dataclasses import replace

import pytest

from kiosk.rehearsal.diary import Shown, Touched
from kiosk.rehearsal.judge import Record, judge
from tests.rehearsal.judged import broken_in, lines_of, record, rows_of, with_entries, with_row, without_rows

# Clocks


def test_a_number_that_is_left_out_is_named() -> None:
    told = record("ordinary")
    gone = rows_of(told, "DoorClosed")[-1]
    forged = replace(told, rows=tuple(row for row in told.rows if row is not gone))
    assert 9 in broken_in(forged)
    assert f"follows {gone.seq - 1}" in lines_of(forged)


def test_time_does_not_run_back_within_a_boot() -> None:
    told = record("ordinary")
    row = rows_of(told, "SessionEnded")[0]
    forged = with_row(told, row, mono_ms=row.mono_ms - 60_000)
    assert 9 in broken_in(forged)
    assert f"event {row.seq} of boot-1" in lines_of(forged)


def test_boots_do_not_mix() -> None:
    told = record("kills")
    row = rows_of(told, "KioskStarted")[-1]
    boots = [one.boot for one in told.rows]
    forged = with_row(told, row, boot=boots[0])
    assert boots[0] != row.boot
    assert 9 in broken_in(forged)


@pytest.mark.parametrize("due", [None, 1])
def test_a_day_to_collect_by_is_the_promised_one(due: int | None) -> None:
    told = record("ordinary")
    forged = with_row(told, rows_of(told, "DeliveryStored")[0], body={"due_at_ms": due})
    assert broken_in(forged) == {9}


def test_a_clock_that_is_not_trusted_sets_no_day() -> None:
    told = record("ordinary")
    forged = with_row(told, rows_of(told, "DeliveryStored")[0], trusted=False)
    assert broken_in(forged) == {9}
    assert "by a clock that is not trusted" in lines_of(forged)


def test_a_sign_in_does_not_end_right_after_a_touch() -> None:
    told = record("ordinary")
    ended = rows_of(told, "SessionEnded", why="idle")[0]
    at_ms = ended.mono_ms + told.boots[ended.boot] - 10_000
    touched = Touched(at_ms, "somebody", "stay", is_offered=True)
    first = next(entry for entry in told.entries if entry.at_ms > at_ms)
    forged = with_entries(told, lambda entry: (touched, entry) if entry is first else (entry,))
    assert broken_in(forged) == {9}
    assert "ended as idle 10000 ms after a touch" in lines_of(forged)


def test_a_jam_is_not_called_early() -> None:
    told = record("doors")
    row = rows_of(told, "UnlockNotOpened")[0]
    before = next(one for one in reversed(told.rows) if one.seq < row.seq)
    same = [one for one in told.rows if one.intent == row.intent]
    forged = told
    for one in same:
        forged = with_row(forged, one, mono_ms=before.mono_ms + 1)
    assert 9 in broken_in(forged)
    assert "was called jammed" in lines_of(forged)


def test_a_door_is_not_called_left_open_early() -> None:
    told = record("forgetful")
    row = rows_of(told, "IncidentRaised", kind="door_left_open")[0]
    forged = with_row(told, row, mono_ms=row.mono_ms - 60_000)
    assert 9 in broken_in(forged)
    assert "was called left open after" in lines_of(forged)


# Incidents


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("wires", "bank_lost"),
        ("doors", "door_jammed"),
        ("forgetful", "door_left_open"),
        ("forgetful", "drop_off_uncertain"),
        ("strangers and staff", "unexplained_opening"),
    ],
)
def test_a_fault_without_its_incident_breaks_the_tenth_promise(name: str, kind: str) -> None:
    told = forged = record(name)
    for row in rows_of(told, "IncidentRaised", kind=kind):
        forged = with_row(forged, row, body={"kind": "foreign_parcel"})
    assert broken_in(forged) == {10}
    assert "incident" in lines_of(forged)


def test_a_page_names_the_banks_that_are_lost() -> None:
    def blind(entry: Shown) -> Shown:
        return replace(entry, screen=replace(entry.screen, lost_banks=()))

    told = record("wires")
    forged = with_entries(told, lambda entry: (blind(entry),) if isinstance(entry, Shown) else (entry,))
    assert broken_in(forged) == {10}
    assert "is not told of lost banks" in lines_of(forged)


def test_a_bank_that_is_away_is_missed() -> None:
    told = record("wires")
    gone = {row.intent for row in told.rows if row.type == "BankLost"}
    silent = [
        row
        for row in told.rows
        if row.type in ("BankLost", "BankAnswered") and (row.intent in gone or row.mono_ms > 40_000)
    ]
    assert 10 in broken_in(without_rows(told, *silent))
    assert "has been away for 90 s and is not lost" in lines_of(without_rows(told, *silent))


# The log, and who is told


def test_what_the_audit_finds_breaks_the_eleventh_promise() -> None:
    forged = replace(record("ordinary"), problems=("1:5: 1:5 was changed",))
    assert broken_in(forged) == {11}
    assert "1:5 was changed" in lines_of(forged)


def test_an_opening_by_staff_is_told() -> None:
    told = record("forgetful")
    rows = rows_of(told, "RecipientToldOfOpening")
    forged = without_rows(told, *rows)
    assert broken_in(forged) == {11}
    assert "is not told" in lines_of(forged)
    nobody = told
    for row in rows:
        nobody = with_row(nobody, row, body={"messages": []})
    assert broken_in(nobody) == {11}


def test_an_opening_by_key_is_told_half_a_minute_later() -> None:
    told = record("strangers and staff")
    rows = [row for row in rows_of(told, "RecipientToldOfOpening") if row.actor == "kiosk"]
    assert rows
    assert broken_in(without_rows(told, *rows)) == {11}
    assert "inside opened by itself, and unit:" in lines_of(without_rows(told, *rows))
    opening = next(row for row in reversed(rows_of(told, "OpeningUnexplained")) if row.seq < rows[0].seq)
    at_once = with_row(told, rows[0], mono_ms=opening.mono_ms + 20_000)
    assert "is told at once" in lines_of(at_once)


def test_a_door_that_opens_by_itself_is_in_question_until_staff_or_an_incident_answer() -> None:
    told = record("strangers and staff")
    asked = rows_of(told, "OpeningUnexplained")
    assert broken_in(without_rows(told, *asked)) >= {10}
    assert "is in question nowhere" in lines_of(without_rows(told, *asked))
    for row in rows_of(told, "OpeningAnswered"):
        assert row.actor.startswith("staff:")
    silent = without_rows(told, *rows_of(told, "IncidentRaised", kind="unexplained_opening"))
    assert "nobody said that it was them" in lines_of(silent)


# The quiet after all


def settled(told: Record) -> list[str]:
    return [str(one) for one in judge(told, is_quiet=True).broken]


def test_the_screen_is_at_home_and_every_door_shut() -> None:
    told = record("ordinary")
    assert settled(told) == []
    dark = settled(replace(told, last_page=None))
    assert "the screen shows nothing" in dark[0]
    assert told.last_page is not None
    lost = replace(told, last_page=replace(told.last_page, lost_banks=("a",)))
    assert "lost banks: a" in settled(lost)[0]


def test_a_sign_in_that_never_ends_and_a_bank_that_never_answers_are_named() -> None:
    told = record("ordinary")
    ended = rows_of(told, "SessionEnded")[-1]
    assert any("sign-in" in line and "is not over" in line for line in settled(without_rows(told, ended)))
    answered = rows_of(told, "BankAnswered", bank="b")
    silent = settled(without_rows(told, *answered))
    assert any("bank b has not answered since the start" in line for line in silent)
