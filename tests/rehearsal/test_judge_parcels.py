"""The judge of vacancy, custody and doors."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk.rehearsal.diary import Answered, HandDid, LatchSaid, MessageArrived, Shown, Touched
from kiosk.rehearsal.judge import Record, judge
from tests.rehearsal.judged import broken_in, lines_of, otherwise, record, rows_of, with_entries, with_row


def pages(told: Record, change: Callable[[Shown], Shown]) -> Record:
    """People saw other pages."""
    return with_entries(told, lambda entry: (change(entry),) if isinstance(entry, Shown) else (entry,))


# Vacancy


def test_a_compartment_that_is_not_known_empty_is_not_given_out() -> None:
    told = record("ordinary")
    added = rows_of(told, "CompartmentAdded", compartment="c1")[0]
    forged = with_row(told, added, body={"vacancy": "unknown"})
    assert broken_in(forged) == {3}
    assert "door 1 (c1) is given out" in lines_of(forged)


def test_what_nobody_saw_end_is_not_empty() -> None:
    told = record("left in silence")
    collected = rows_of(told, "DeliveryCollected")[0]
    forged = with_row(told, collected, body={"fact": "left_open"})
    assert 3 in broken_in(forged)
    assert "and is unknown since left_open" in lines_of(forged)


def test_a_parcel_left_in_silence_is_excused_only_while_it_is_called_presumed() -> None:
    told = record("left in silence")
    assert judge(told).reached["given out with a parcel inside, excused"] > 2
    collected = rows_of(told, "DeliveryCollected")[0]
    forged = with_row(told, collected, body={"fact": "collected_confirmed"})
    assert 3 in broken_in(forged)
    assert "and no person had said so" in lines_of(forged)


def test_whoever_may_find_a_parcel_is_told_to_look_first() -> None:
    told = record("left in silence")
    forged = pages(told, lambda shown: replace(shown, screen=replace(shown.screen, look_first=False)))
    assert broken_in(forged) == {3}
    assert "is not told to look first at door" in lines_of(forged)


def test_a_parcel_put_in_in_full_sight_is_not_overlooked() -> None:
    told = record("ordinary")
    seen = (
        LatchSaid(30_000, "a", 1, is_hooked=False),
        HandDid(35_000, "somebody", "put in", "c1", "p99"),
        LatchSaid(45_000, "a", 1, is_hooked=True),
    )
    first = next(entry for entry in told.entries if entry.at_ms > 45_000)
    forged = with_entries(told, lambda entry: (*seen, entry) if entry is first else (entry,))
    assert {3, 4} & broken_in(forged)
    assert "with parcel p99 inside: it was put in" in lines_of(forged)


def test_no_size_is_called_full_while_a_door_of_it_is_free() -> None:
    def full(shown: Shown) -> Shown:
        sizes = tuple(replace(one, free=0) for one in shown.screen.sizes)
        return replace(shown, screen=replace(shown.screen, sizes=sizes))

    forged = pages(record("ordinary"), full)
    assert broken_in(forged) == {3}
    assert "size XL is called full while door" in lines_of(forged)


# Custody


def test_a_proof_stands_in_the_log() -> None:
    def other(shown: Shown) -> Shown:
        proofs = tuple(replace(one, proof="AAAAAA") for one in shown.screen.proofs)
        return replace(shown, screen=replace(shown.screen, proofs=proofs))

    forged = pages(record("ordinary"), other)
    assert broken_in(forged) == {4}
    assert "and the log does not have it stored" in lines_of(forged)


def test_a_code_on_a_phone_stands_in_the_log() -> None:
    arrived = MessageArrived(0, "r412-1", has_code=True, message="m", code="c")
    told = record("ordinary")
    forged = replace(told, entries=(arrived, *told.entries))
    assert broken_in(forged) == {4}
    assert "the log issued none with message m" in lines_of(forged)


def test_a_parcel_is_forgotten_when_nobody_said_that_it_is_gone() -> None:
    told = record("ordinary")
    outs = (one for one in told.entries if isinstance(one, HandDid) and one.verb == "take out")
    taken = next(one for one in outs if one.person.startswith("resident"))
    left_inside = with_entries(told, lambda entry: () if entry is taken else (entry,))
    assert broken_in(left_inside) == set()
    forged = otherwise(
        left_inside, lambda entry: getattr(entry, "action", "") == "got_everything", action="stay"
    )
    assert {4} <= broken_in(forged) <= {3, 4}
    assert f"is forgotten in door 1 ({taken.door})" in lines_of(forged)


def test_nothing_is_removed_without_a_word() -> None:
    told = record("forgetful")
    forged = otherwise(told, lambda entry: getattr(entry, "action", "") == "found_empty", action="stay")
    assert 4 in broken_in(forged)
    assert "was removed, and nobody said that it is gone" in lines_of(forged)


_NOT_HERE = ("not_deposited", "inside_no")


def test_nothing_is_cancelled_without_a_word() -> None:
    told = record("ordinary")
    forged = otherwise(told, lambda entry: getattr(entry, "action", "") in _NOT_HERE, action="stay")
    assert broken_in(forged) == {4}
    assert "was cancelled, and nobody said that it is not here" in lines_of(forged)


def test_what_was_done_is_not_told_as_undone() -> None:
    told = record("ordinary")
    intent = rows_of(told, "UnlockAuthorised", purpose="drop_off")[0].intent
    forged = otherwise(
        told,
        lambda entry: isinstance(entry, Answered) and entry.intent == intent,
        refusal="not_durable",
    )
    assert broken_in(forged) == {4}
    assert "was told that nothing was done, and the log has it" in lines_of(forged)


def test_a_stored_parcel_does_not_leave_unnoticed() -> None:
    told = record("two parcels")
    collected = rows_of(told, "DeliveryCollected")[-1]
    kept = with_row(told, collected, type="DeliveryKept", body={"why": "opened_briefly"})
    assert 4 in broken_in(kept)
    assert f"delivery {collected.subject} is stored in door" in lines_of(kept)


# Doors


@pytest.mark.parametrize(("is_hooked", "verb"), [(False, "opened"), (True, "closed")])
def test_a_move_in_the_log_needs_a_latch_that_said_so(is_hooked: bool, verb: str) -> None:
    told = record("ordinary")
    said = [one for one in told.entries if isinstance(one, LatchSaid) and one.is_hooked is is_hooked]
    forged = with_entries(told, lambda entry: () if entry is said[0] else (entry,))
    assert 12 in broken_in(forged)
    assert f"door 1 (c1) stands in the log as {verb}, and its latch never said so" in lines_of(forged)


def test_a_latch_that_is_free_for_long_stands_in_the_log() -> None:
    told = record("ordinary")
    moved = (LatchSaid(30_000, "a", 7, is_hooked=False), LatchSaid(50_000, "a", 7, is_hooked=True))
    first = next(entry for entry in told.entries if entry.at_ms > 50_000)
    forged = with_entries(told, lambda entry: (*moved, entry) if entry is first else (entry,))
    assert broken_in(forged) == {12}
    assert "door 7 (c7) has been open for 15 s in full sight" in lines_of(forged)


def test_nothing_is_stored_without_a_close() -> None:
    told = record("ordinary")
    forged = with_row(told, rows_of(told, "DoorClosed")[0], intent="elsewhere")
    assert broken_in(forged) == {12}
    assert "was stored without a close of its door" in lines_of(forged)


def test_nothing_is_stored_behind_a_door_that_stayed_shut() -> None:
    told = record("ordinary")
    forged = with_row(told, rows_of(told, "DoorOpened")[0], type="DoorClosed", body={"open_ms": 0})
    assert broken_in(forged) == {12}
    assert "was stored, and its door was never seen open" in lines_of(forged)


def test_nothing_is_settled_as_stored_without_a_word() -> None:
    told = record("ordinary")
    forged = with_row(told, rows_of(told, "DeliveryStored")[0], body={"settled_by": "staff:1"})
    assert broken_in(forged) == {12}
    assert "was settled as stored, and nobody said so" in lines_of(forged)


def test_a_short_opening_collects_nothing_in_silence() -> None:
    told = record("ordinary")
    collected = rows_of(told, "DeliveryCollected", fact="collected_silently")[0]
    closed = next(row for row in reversed(told.rows) if row.seq < collected.seq and row.type == "DoorClosed")
    forged = with_row(told, closed, body={"open_ms": 900})
    assert broken_in(forged) == {12}
    assert "was collected without a word after 900 ms" in lines_of(forged)


def test_touches_that_no_page_offered_excuse_nothing() -> None:
    told = record("ordinary")
    assert all(entry.intent for entry in told.entries if isinstance(entry, Touched) and entry.is_offered)
