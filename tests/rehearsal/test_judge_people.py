"""The judge of credentials, codes and secrets."""

import json
from dataclasses import replace
from typing import Any

import pytest

from kiosk.rehearsal.diary import Answered, Shown, Touched
from kiosk.rehearsal.judge import Record
from tests.rehearsal.judged import broken_in, lines_of, otherwise, record, rows_of, with_entries, with_row


def with_touch(told: Record, token: str, /, **changes: object) -> Record:
    """The touch with this token was another one."""

    return otherwise(told, lambda entry: isinstance(entry, Touched) and entry.intent == token, **changes)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("carrier", "halvorn signed in without its code"), ("resident", "digits that are not its code")],
)
def test_whoever_signs_in_has_typed_what_names_them(kind: str, said: str) -> None:
    told = record("ordinary")
    started = rows_of(told, "SessionStarted", kind=kind)[0]
    forged = with_touch(told, started.intent, code="other digits")
    assert broken_in(forged) == {2}
    assert said in lines_of(forged)


def test_no_door_that_may_hold_a_parcel_opens_for_somebody_locked_in() -> None:
    told = record("strangers and staff")
    unlock = rows_of(told, "UnlockAuthorised", purpose="rescue")[0]
    door = json.loads(unlock.body)["compartment"]
    added = rows_of(told, "CompartmentAdded", compartment=door)[0]
    forged = with_row(told, added, body={"vacancy": "occupied"})
    assert 2 in broken_in(forged)
    assert "for somebody locked in, and may hold a parcel" in lines_of(forged)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"actor": "resident:d1"}, "the log does not say so"),
        ({"body": {"reason": ""}}, "the log does not say so"),
        ({"body": {"compartment": "nowhere"}}, ""),
    ],
)
def test_an_opening_for_somebody_locked_in_says_who_and_why(change: dict[str, Any], said: str) -> None:
    told = record("strangers and staff")
    unlock = rows_of(told, "UnlockAuthorised", purpose="rescue")[0]
    forged = with_row(told, unlock, **change)
    assert 2 in broken_in(forged)
    assert said in lines_of(forged)


def test_no_door_opens_for_somebody_locked_in_whom_nobody_reported() -> None:
    told = record("strangers and staff")
    report = rows_of(told, "LockedInReported")[0]
    forged = with_touch(told, report.intent, action="help")
    assert 2 in broken_in(forged)
    assert "and nobody said so" in lines_of(forged)


def test_staff_sign_in_with_a_pin() -> None:
    told = record("forgetful")
    started = rows_of(told, "SessionStarted", kind="staff")[0]
    forged = with_touch(told, started.intent, action="help")
    assert broken_in(forged) == {2}
    assert "signed in without a PIN" in lines_of(forged)


def test_nobody_signs_in_without_a_touch() -> None:
    told = record("ordinary")
    started = rows_of(told, "SessionStarted", kind="carrier")[0]
    forged = with_touch(told, started.intent, intent="elsewhere")
    assert broken_in(forged) == {2}
    assert "nobody touched anything" in lines_of(forged)


def test_a_code_opens_no_other_persons_parcel() -> None:
    told = record("ordinary")
    own, other = rows_of(told, "DeliveryReserved")[:2]
    unlock = rows_of(told, "UnlockAuthorised", purpose="pickup")[0]
    body = {"compartment": "c2", "delivery": other.subject}
    forged = with_row(with_row(told, other, body={"compartment": "c2"}), unlock, body=body)
    assert own.subject != other.subject
    assert 2 in broken_in(forged)
    assert "with the code of unit:u412" in lines_of(forged)


def test_a_courier_opens_no_door_of_another_sign_in() -> None:
    told = record("two parcels")
    (reserved, *_), session = rows_of(told, "DeliveryReserved"), "another sign-in"
    forged = with_row(told, reserved, body={"session": session})
    assert broken_in(forged) == {2}
    assert f"with delivery {reserved.subject} of another sign-in inside" in lines_of(forged)


def test_a_compartment_is_given_out_to_one_only() -> None:
    told = record("two parcels")
    reserved = rows_of(told, "DeliveryReserved")[1]
    forged = with_row(told, reserved, body={"compartment": "c1", "recipient": "unit:u411"})
    assert 2 in broken_in(forged)
    assert "door 1 (c1) is given out while it holds" in lines_of(forged)


def test_an_unlock_for_nobody_is_named() -> None:
    told = record("ordinary")
    unlock = rows_of(told, "UnlockAuthorised", purpose="pickup")[0]
    forged = with_row(told, unlock, body={"session": "nobody's"})
    assert broken_in(forged) == {2}
    assert "opens for nobody" in lines_of(forged)


# Secrets


def test_a_code_in_an_event_breaks_the_sixth_promise() -> None:
    told = record("ordinary")
    code = min(told.codes)
    forged = with_row(told, rows_of(told, "SessionEnded")[0], body={"why": f"{code[:4]} {code[4:]}"})
    assert broken_in(forged) == {6}
    assert "SessionEnded, holds a code" in lines_of(forged)


@pytest.mark.parametrize("more", ["", "1234"])
def test_a_code_beside_the_log_breaks_the_sixth_promise(more: str) -> None:
    told = record("ordinary")
    forged = replace(told, texts=(*told.texts, f"code={min(told.codes)}{more}"))
    assert broken_in(forged) == {6}


def test_digits_of_an_id_are_no_code() -> None:
    told = record("ordinary")
    code = min(told.codes)
    forged = replace(told, texts=(f"019b8d2b-{code}", f"{code}-0000", f"1{code}", f"{code}9"))
    assert broken_in(forged) == set()


def test_a_code_on_a_page_breaks_the_sixth_promise() -> None:
    told = record("ordinary")
    page = next(entry for entry in told.entries if isinstance(entry, Shown) and entry.screen.unit)
    seen = replace(page, screen=replace(page.screen, unit=min(told.codes)))
    forged = with_entries(told, lambda entry: (seen,) if entry is page else (entry,))
    assert broken_in(forged) == {6}
    assert f"the page {page.screen.kind} that {page.person} saw holds a code" in lines_of(forged)


# Refusals


def with_answer(told: Record, refusal: str) -> Record:
    """The first live code was answered otherwise."""
    intent = rows_of(told, "SessionStarted", kind="resident")[0].intent

    return otherwise(
        told, lambda entry: isinstance(entry, Answered) and entry.intent == intent, refusal=refusal
    )


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("wrong_code", "was refused: wrong_code"),
        ("code_collected", "was refused: code_collected"),
        ("collect_only", "was refused: collect_only"),
        ("code_needs_more", "was asked for more digits after 0 guesses"),
        ("door_unreachable", "was refused as if nobody could see the door"),
        ("outcome_unknown", "was refused as outcome_unknown with a whole disk"),
    ],
)
def test_a_live_code_is_not_refused(refusal: str, said: str) -> None:
    forged = with_answer(record("ordinary"), refusal)
    assert broken_in(forged) == {7}
    assert said in lines_of(forged)


def test_a_live_code_leads_on() -> None:
    told = record("ordinary")
    started = rows_of(told, "SessionStarted", kind="resident")[0]
    forged = with_row(told, started, intent="another")
    assert {2, 7} <= broken_in(forged)
    assert "was refused: nothing happened" in lines_of(forged)
