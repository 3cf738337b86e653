"""What a proof is worth: valid, changed, of another kiosk, garbled; and what is said beside."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.proofs.texts import Garbled, ParcelProof, read_proof
from kiosk.proofs.verdicts import UNTRUSTED, KnownKey, NoKey, Verdict, judge, key_in
from tests.proofs.samples import AT, CODE, KEY, OTHER_KEY, PARCEL, UNIT, texts

KNOWN = KnownKey(KEY.public_key, "lobby")
SIGNED = texts()


def test_what_is_written_is_read_back() -> None:
    assert read_proof(f" {SIGNED.first}\r\n").proof == PARCEL
    visit = read_proof(SIGNED.visit).proof
    assert (visit.kiosk, visit.seq, visit.at) == ("lobby", 440, AT)


def test_a_valid_proof_says_which_parcel_where_and_when() -> None:
    (found,) = judge([SIGNED.first], KNOWN)
    assert found.verdict is Verdict.VALID
    assert found.why == (
        "parcel of halvorn-express behind door 17/b, kiosk lobby, 2026-11-28 10:02:11 UTC, event 1/431"
    )
    assert found.remarks == ()


def test_a_clock_that_was_not_trusted_is_told() -> None:
    found = judge([texts(is_trusted=False).first, texts(is_trusted=False).visit], KNOWN)
    assert [one.verdict for one in found] == [Verdict.VALID] * 2
    assert all(UNTRUSTED in one.remarks for one in found)


@pytest.mark.parametrize(
    "changed",
    [
        SIGNED.first.replace(":431:", ":432:"),
        SIGNED.first.replace("halvorn-express", "swift"),
        SIGNED.visit.replace(":2:", ":3:"),
        texts(OTHER_KEY).first,
        f"{SIGNED.first.partition('.')[0]}.{SIGNED.second.partition('.')[2]}",
    ],
)
def test_what_was_changed_or_signed_by_another_is_not_valid(changed: str) -> None:
    (found,) = judge([changed], KNOWN)
    assert found.verdict is Verdict.WRONG_SIGNATURE


def test_a_proof_of_another_kiosk_is_told_by_name() -> None:
    (found,) = judge([texts(kiosk="garden").first], KNOWN)
    assert found.verdict is Verdict.OTHER_KIOSK
    assert "garden" in found.why
    assert "lobby" in found.why


def test_a_bare_key_is_of_any_kiosk() -> None:
    (found,) = judge([texts(kiosk="garden").first], KnownKey(KEY.public_key))
    assert found.verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "expected LW1"),
        ("https://example.org/x.y", "expected LW1: or LW1S:"),
        (SIGNED.first[:-1], "102 characters"),
        (SIGNED.first.replace(":1:halvorn", ":halvorn"), "8 fields after LW1, expected 9"),
        (SIGNED.first.replace("20261128T", "20261328T"), "is no time"),
        (SIGNED.first.replace("0123abcd", "0123abcx"), "was a character lost?"),
        (SIGNED.first.lower(), "expected LW1: or LW1S:"),
    ],
)
def test_a_garbled_text_says_what_was_expected(text: str, expected: str) -> None:
    (found,) = judge([text], KNOWN)
    assert found.verdict is Verdict.GARBLED
    assert expected in found.why


@given(st.text(max_size=60))
def test_no_text_does_more_than_being_garbled(text: str) -> None:
    for candidate in (text, f"LW1:{text}", f"{SIGNED.first[:40]}{text}"):
        with pytest.raises(Garbled):
            read_proof(candidate)


@given(st.text(min_size=1, max_size=6), st.text(max_size=20))
def test_any_label_comes_back_as_it_was(door: str, carrier: str) -> None:
    made = ParcelProof("lobby", 1, 2, door, AT, True, carrier, PARCEL.mark, PARCEL.head)
    assert read_proof(KEY.signed(made.line())).proof == made


def test_unit_and_code_say_whom_it_is_for() -> None:
    (right,) = judge([SIGNED.first], KNOWN, unit="412", code=CODE.lower())
    (wrong,) = judge([SIGNED.first], KNOWN, unit="413", code=CODE)
    assert right.remarks == (f"it is for unit {UNIT} with the code {CODE}",)
    assert wrong.remarks == (f"it is not for unit 413 with the code {CODE}",)


def test_a_visit_is_held_against_its_parcels() -> None:
    whole = judge([SIGNED.first, SIGNED.second, SIGNED.visit], KNOWN)
    part = judge([SIGNED.first, SIGNED.visit], KNOWN)
    assert whole[-1].remarks == ("it covers the parcels given with it (2)",)
    assert part[-1].remarks == ("it does not cover the parcels given with it (1)",)


def test_a_key_comes_bare_or_in_json() -> None:
    told = {"kiosk": "lobby", "public_key": KEY.public, "version": "0.1.0"}
    assert key_in(f"{KEY.public}\n").key == KEY.public_key
    for text in (json.dumps(told), json.dumps({"specversion": "1.0", "data": told})):
        found = key_in(text)
        assert (found.key, found.kiosk) == (KEY.public_key, "lobby")


@pytest.mark.parametrize("text", ["", "abc", "{", '{"public_key": null}', KEY.public[:-1], '{"data": 3}'])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoKey, match="expected"):
        key_in(text)
