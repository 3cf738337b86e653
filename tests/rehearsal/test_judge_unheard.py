"""The judge of messages: whose parcel waits has heard of it, or staff know that they have not."""

from kiosk.rehearsal.diary import MessageArrived
from tests.rehearsal.judged import (
    broken_in,
    lines_of,
    record,
    rows_of,
    verdict,
    with_entries,
    without_rows,
)


def test_phones_that_are_silent_for_hours_are_an_incident_that_ends_by_itself() -> None:
    told = record("silent phones")
    raised = rows_of(told, "IncidentRaised", kind="message_undelivered")
    settled = rows_of(told, "IncidentSettled", by="messages")
    assert len(raised) == len(settled) >= 2
    assert not verdict("silent phones").broken


def test_a_parcel_that_nobody_has_heard_of_is_named() -> None:
    told = record("days")
    deaf = with_entries(told, lambda entry: () if isinstance(entry, MessageArrived) else (entry,))
    assert 10 in broken_in(deaf)
    assert "nobody has heard of delivery" in lines_of(deaf)


def test_an_incident_that_stays_though_its_message_arrived_is_named() -> None:
    told = record("silent phones")
    forged = without_rows(told, *rows_of(told, "IncidentSettled", by="messages"))
    assert 10 in broken_in(forged)
    assert "has arrived, and staff are told that it has not" in lines_of(forged)
