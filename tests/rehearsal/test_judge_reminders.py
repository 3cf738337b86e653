"""The judge of reminders: none early, none at night, none by a clock that nobody believes, no silence."""

from dataclasses import replace

import pytest

from kiosk.ports import EventRow
from kiosk.rehearsal.judge import Record
from tests.rehearsal.judged import HOUR_S, broken_in, lines_of, record, rows_of, with_row, without_rows

HOUR_MS = round(HOUR_S * 1000)


def reminders() -> tuple[Record, list[EventRow]]:
    told = record("days")
    return told, rows_of(told, "RecipientReminded")


def test_a_story_of_days_has_reminders_and_an_overdue_parcel() -> None:
    told, rows = reminders()
    assert len(rows) == 6
    assert rows_of(told, "DeliveryFlagged", flag="overdue")


def test_a_reminder_that_comes_early_is_named() -> None:
    told, rows = reminders()
    forged = with_row(told, rows[0], mono_ms=rows[0].mono_ms - 6 * HOUR_MS)
    assert 9 in broken_in(forged)
    assert "was reminded of for time 1 23.0 h after its drop-off" in lines_of(forged)


def test_a_reminder_at_night_is_named() -> None:
    told, rows = reminders()
    forged = with_row(told, rows[0], at_ms=rows[0].at_ms + 14 * HOUR_MS)
    assert 9 in broken_in(forged)
    assert "was reminded of at 22:" in lines_of(forged)


def test_a_reminder_by_a_clock_that_nobody_believes_is_named() -> None:
    told, rows = reminders()
    assert "by a clock that is not trusted" in lines_of(with_row(told, rows[0], trusted=False))


@pytest.mark.parametrize("count", [0, 5])
def test_more_reminders_than_there_are_moments_are_named(count: int) -> None:
    told, rows = reminders()
    forged = with_row(told, rows[-1], body={"reminded": count})
    assert f"has {count} reminders behind it" in lines_of(forged)


def test_a_parcel_that_is_called_overdue_early_is_named() -> None:
    told = record("days")
    (row,) = rows_of(told, "DeliveryFlagged", flag="overdue")
    forged = with_row(told, row, mono_ms=row.mono_ms - HOUR_MS)
    assert "was called overdue 119.0 h after its drop-off" in lines_of(forged)


def test_a_parcel_that_waits_in_silence_is_named() -> None:
    told, rows = reminders()
    forged = without_rows(told, *rows)
    assert "waits for long, and nobody was reminded" in lines_of(forged)


def test_silence_counts_from_the_code_that_is_live() -> None:
    told, rows = reminders()
    silent = without_rows(told, *rows)
    assert "waits for long" in lines_of(silent)
    for row in rows_of(silent, "CodeIssued"):
        silent = with_row(silent, row, mono_ms=silent.end_ms - silent.boots[row.boot] - HOUR_MS)
    assert "waits for long" not in lines_of(silent)


def test_a_kiosk_in_another_zone_reminds_by_its_own_day() -> None:
    told, _ = reminders()
    assert "was reminded of at" in lines_of(replace(told, zone="Asia/Tokyo"))
