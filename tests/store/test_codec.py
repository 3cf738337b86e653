"""Events as bytes: what was written once is read for ever, and nothing personal stands in the open body."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import events as e
from kiosk.domain.model.ids import BankId, CompartmentId, SessionId, UnlockId
from kiosk.domain.model.session import SessionKind
from kiosk.domain.model.unlock import UnlockPurpose
from kiosk.store.codec import UnreadableEvent, decode, encode

GOLDEN = Path(__file__).parents[1] / "data" / "events"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.json") if not path.stem.endswith(".private"))


def golden(name: str) -> tuple[str, str | None]:
    """The open and the personal body as they were first written, byte for byte."""
    private = GOLDEN / f"{name}.private.json"
    open_body = (GOLDEN / f"{name}.json").read_text(encoding="utf-8").removesuffix("\n")
    return open_body, private.read_text(encoding="utf-8").removesuffix("\n") if private.exists() else None


def test_every_event_and_version_has_a_golden_body() -> None:
    wanted = {f"{name}.{v}" for name, kind in e.EVENT_TYPES.items() for v in range(1, kind.V + 1)}
    assert wanted == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_golden_bodies_are_read_and_written_again_byte_for_byte(name: str) -> None:
    kind, _, v = name.partition(".")
    body, private = golden(name)
    event = decode(kind, int(v), body, private=private)
    assert type(event).__name__ == kind
    if int(v) == event.V:
        again = encode(event)
        assert (again.type, again.v, again.body, again.private) == (kind, int(v), body, private)


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_body_fills_every_field(name: str) -> None:
    kind, _, v = name.partition(".")
    body, private = golden(name)
    event = decode(kind, int(v), body, private=private)
    text = body + (private or "")
    missing = [field.name for field in dataclasses.fields(event) if f'"{field.name}":' not in text]
    assert int(v) < event.V or not missing


def test_a_field_without_a_value_is_left_out() -> None:
    opened = e.DoorOpened(CompartmentId("c1"), None)
    assert encode(opened).body == '{"compartment":"c1"}'
    assert decode("DoorOpened", 1, '{"compartment":"c1"}') == opened
    event = e.UnlockAuthorised(CompartmentId("c1"), UnlockId("u"), UnlockPurpose.BENCH, 1, None, None, 9)
    assert decode("UnlockAuthorised", 1, encode(event).body) == event


def test_personal_fields_are_only_in_the_personal_body() -> None:
    body, private = golden("DeliveryReserved.1")
    event = decode("DeliveryReserved", 1, body, private=private)
    assert isinstance(event, e.DeliveryReserved)
    assert event.unit_label == "412"
    assert "unit_label" not in body


def test_an_event_whose_personal_part_was_removed_is_still_read() -> None:
    event = decode("DeliveryReserved", 1, golden("DeliveryReserved.1")[0])
    assert isinstance(event, e.DeliveryReserved)
    assert event.unit_label == ""


def test_an_older_version_is_lifted_step_by_step() -> None:
    steps = {
        ("SessionParked", -1): lambda body: {"session": body["who"], "because": "old"},
        ("SessionParked", 0): lambda body: {"session": body["session"], "why": body["because"]},
    }
    event = decode("SessionParked", -1, '{"who":"s1"}', upcasters=steps)
    assert event == e.SessionParked(SessionId("s1"), "old")


@pytest.mark.parametrize(
    ("kind", "v", "body"),
    [
        pytest.param("DoorBlewUp", 1, "{}", id="unknown name"),
        pytest.param("DoorOpened", 2, '{"compartment":"c1"}', id="newer version"),
        pytest.param("DoorOpened", 0, '{"compartment":"c1"}', id="older version that nobody can lift"),
        pytest.param("DoorOpened", 1, "{}", id="a field is missing"),
        pytest.param("DoorOpened", 1, '{"compartment":"c1","colour":"red"}', id="a field is unknown"),
        pytest.param("DoorOpened", 1, '{"compartment":7}', id="a field is of another type"),
        pytest.param("DoorClosed", 1, '{"compartment":"c1","open_ms":true}', id="a truth is no number"),
        pytest.param("CompartmentAdded", 1, '{"compartment":"c1","vacancy":"maybe"}', id="unknown word"),
        pytest.param("CodeIssued", 1, '{"delivery":"d","messages":5}', id="not a list"),
        pytest.param("DoorOpened", 1, "[]", id="not an object"),
        pytest.param("DoorOpened", 1, "{", id="not JSON"),
    ],
)
def test_what_is_not_an_event_is_named(kind: str, v: int, body: str) -> None:
    with pytest.raises(UnreadableEvent, match=kind):
        decode(kind, v, body)


@given(st.text(), st.text())
def test_any_text_comes_back_as_it_was(bank: str, fault: str) -> None:
    event = e.BankLost(BankId(bank), fault)
    assert decode("BankLost", 1, encode(event).body) == event


def test_enums_stand_as_their_value() -> None:
    started = e.SessionStarted(SessionId("s"), SessionKind.STAFF)
    assert encode(started).body == '{"session":"s","kind":"staff"}'
