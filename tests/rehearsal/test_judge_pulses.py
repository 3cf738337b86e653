"""The judge of coils: every way in which a pulse can be wrong is named, with its door."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from kiosk.rehearsal.diary import CoilOn, Committed, Crashed, Entry
from kiosk.rehearsal.judge import Record
from tests.rehearsal.judged import broken_in, lines_of, record, rows_of, with_entries, with_row, without_rows


def first_pulse(told: Record) -> CoilOn:
    return next(entry for entry in told.entries if isinstance(entry, CoilOn))


def with_pulses(told: Record, *pulses: Entry) -> Record:
    """Others in the place of the first pulse of the diary."""
    first = first_pulse(told)
    return with_entries(told, lambda entry: pulses if entry is first else (entry,))


def test_a_pulse_without_an_authorisation_breaks_the_first_promise() -> None:
    told = record("ordinary")
    forged = without_rows(told, rows_of(told, "UnlockAuthorised")[0])
    assert broken_in(forged) == {1}
    assert "door 1 (c1) was energised without any authorisation" in lines_of(forged)


def test_a_pulse_before_its_authorisation_is_on_disk_breaks_the_first_promise() -> None:
    told, first = record("ordinary"), first_pulse(record("ordinary"))
    seq = rows_of(told, "UnlockAuthorised")[0].seq

    def swapped(entry: Entry) -> Iterable[Entry]:
        if entry is first:
            return ()
        return (first, entry) if isinstance(entry, Committed) and entry.seq == seq else (entry,)

    forged = with_entries(told, swapped)
    assert broken_in(forged) == {1}
    assert "before its authorisation was on disk" in lines_of(forged)


def test_an_authorisation_that_names_nobody_breaks_the_first_promise() -> None:
    told = record("ordinary")
    forged = with_row(told, rows_of(told, "UnlockAuthorised")[0], actor="")
    assert 1 in broken_in(forged)
    assert "does not say who and why" in lines_of(forged)


@pytest.mark.parametrize(
    ("later_ms", "said"),
    [
        (300, "a second time for one authorisation"),
        (300, "was energised -200 ms after the last pulse on its supply ended"),
        (1000, "was energised 500 ms after the last pulse of the same coil ended"),
    ],
)
def test_a_pulse_too_many_breaks_the_eighth_promise(later_ms: int, said: str) -> None:
    told = record("ordinary")
    first = first_pulse(told)
    forged = with_pulses(told, first, replace(first, at_ms=first.at_ms + later_ms))
    assert broken_in(forged) == {8}
    assert said in lines_of(forged)


def test_the_button_on_the_board_is_not_the_kiosk() -> None:
    told = record("ordinary")
    first = first_pulse(told)
    pressed = replace(first, at_ms=first.at_ms + 300, is_test=True)
    assert broken_in(with_pulses(told, first, pressed)) == set()


def test_a_pulse_after_the_deadline_breaks_the_eighth_promise() -> None:
    told = record("ordinary")
    row = rows_of(told, "UnlockAuthorised")[0]
    forged = with_row(told, row, body={"deadline_mono_ms": row.mono_ms - 1})
    assert broken_in(forged) == {8}
    assert "after the deadline" in lines_of(forged)


def test_a_pulse_for_a_process_that_had_ended_breaks_the_eighth_promise() -> None:
    told = record("ordinary")
    first = first_pulse(told)
    forged = with_pulses(told, Crashed(first.at_ms, "here"), first)
    assert 8 in broken_in(forged)
    assert "for an authorisation of a process that had ended" in lines_of(forged)


def test_a_coil_that_stays_on_breaks_the_eighth_promise() -> None:
    told = record("ordinary")
    first, *others = told.pulses
    stuck = replace(first, end_ms=first.start_ms + 900)
    forged = replace(told, pulses=(stuck, *others))
    assert broken_in(forged) == {8}
    assert "door 1 (c1) was on for 900 ms" in lines_of(forged)


@pytest.mark.parametrize(
    ("attempt", "said"), [(3, "gets pulse 3 unasked"), (4, "gets pulse 4"), (2, "its second pulse")]
)
def test_a_pulse_of_its_own_accord_breaks_the_eighth_promise(attempt: int, said: str) -> None:
    told = record("doors")
    row = rows_of(told, "UnlockAuthorised", attempt=2)[0]
    if attempt == 2:
        before = next(one for one in reversed(told.rows) if one.seq < row.seq)
        forged = with_row(told, row, mono_ms=max(before.mono_ms, row.mono_ms - 1000))
    else:
        forged = with_row(told, row, body={"attempt": attempt})
    assert 8 in broken_in(forged)
    assert said in lines_of(forged)


def test_a_pulse_right_after_the_start_breaks_the_eighth_promise() -> None:
    told = record("ordinary")
    first = first_pulse(told)
    forged = with_entries(
        told, lambda entry: (replace(entry, at_ms=first.at_ms - 500),) if _is_start(entry) else (entry,)
    )
    assert 8 in broken_in(forged)
    assert "500 ms after the start" in lines_of(forged)


def _is_start(entry: Entry) -> bool:
    return type(entry).__name__ == "Started"
