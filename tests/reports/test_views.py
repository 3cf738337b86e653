"""Rows for the local interface and the command line: they say what is believed, and nothing personal."""

import json

from kiosk.domain import inputs as i
from kiosk.domain.model.ids import BankId
from kiosk.ports import EventRow
from kiosk.reports.views import (
    banks_view,
    deliveries_view,
    doors_view,
    event_view,
    incidents_view,
)
from tests.domain.rig import BANKS, Rig


def test_door_rows_stand_in_walking_order_and_say_what_is_inside() -> None:
    rig = Rig().start()
    delivery = rig.deliver("412")
    rows = doors_view(rig.state)
    assert [(row["column"], row["row"]) for row in rows] == sorted(
        (row["column"], row["row"]) for row in rows
    )
    full = next(row for row in rows if row["compartment"] == delivery.compartment)
    assert full["vacancy"] == "occupied"
    assert (full["units"], full["door"]) == (["412"], "closed")
    assert full["deliveries"] == [{"id": delivery.id, "state": "stored"}]
    assert sum(bool(row["deliveries"]) for row in rows) == 1


def test_door_that_nobody_has_seen_is_unknown() -> None:
    rig = Rig()
    rig.do(i.KioskStart("test"))
    assert {row["door"] for row in doors_view(rig.state)} == {"unknown"}


def test_delivery_row_tells_state_place_and_times() -> None:
    rig = Rig().start()
    delivery = rig.deliver("412")
    (row,) = deliveries_view(rig.state)
    assert (row["id"], row["state"], row["unit"], row["carrier"]) == (delivery.id, "stored", "412", "swift")
    assert row["stored_at"] is not None
    assert row["stored_at"] > row["reserved_at"]
    assert (row["proof"], row["has_code"], row["flags"]) == ("ABC234", True, [])


def test_no_row_holds_a_name_or_a_digest() -> None:
    rig = Rig().start()
    delivery = rig.deliver("412")
    text = json.dumps([doors_view(rig.state), deliveries_view(rig.state), incidents_view(rig.state)])
    assert "Mara" not in text
    assert rig.code_of(delivery).hex() not in text


def test_lost_bank_says_why_and_raises_a_row() -> None:
    rig = Rig().start()
    rig.do(i.BankGone(BankId("a"), "port is missing"))
    assert banks_view(rig.state) == {"a": "lost: port is missing", "b": "up"}
    (row,) = incidents_view(rig.state)
    assert (row["kind"], row["bank"], row["compartment"], row["label"]) == ("bank_lost", "a", None, None)


def test_an_incident_has_the_number_and_the_next_step_of_its_kind() -> None:
    rig = Rig().start()
    rig.do(i.BankGone(BankId("a"), "LW-L002 held by another process"))
    (row,) = incidents_view(rig.state)
    assert (row["fault"], row["next_step"]) == ("LW-B006", "`kiosk doctor` names the reason and what to try")


def test_bank_that_has_not_answered_is_not_called_lost() -> None:
    rig = Rig()
    rig.do(i.KioskStart("test"))
    assert banks_view(rig.state) == dict.fromkeys(BANKS, "not yet")


def test_event_row_carries_its_body_as_an_object() -> None:
    row = EventRow(
        epoch=1,
        seq=7,
        type="DoorOpened",
        v=1,
        at_ms=0,
        mono_ms=5,
        boot="b",
        trusted=True,
        intent="i1",
        actor="kiosk",
        subject="c1",
        body='{"compartment":"c1","unlock":null}',
    )
    view = event_view(row)
    assert (view["seq"], view["at"], view["subject"]) == (7, "1970-01-01T00:00:00.000Z", "c1")
    assert view["body"] == {"compartment": "c1", "unlock": None}
