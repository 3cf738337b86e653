"""The judge of what reaches the broker: forged messages, lost ones, and those that come out of turn."""

import json
from dataclasses import replace

from kiosk.rehearsal.diary import BrokerTook, Entry
from kiosk.rehearsal.judge import Record, Standing, judge
from tests.rehearsal.judged import broken_in, lines_of, record, rows_of, verdict, with_entries, with_row


def is_event(entry: Entry, seq: int | None = None) -> bool:
    if not isinstance(entry, BrokerTook) or "/event/" not in entry.topic:
        return False
    return seq is None or json.loads(entry.payload)["seq"] == seq


def forged(told: Record, seq: int, /, **content: object) -> Record:
    """A record in which one event says something else at the broker."""

    def change(entry: Entry) -> tuple[Entry, ...]:
        if isinstance(entry, BrokerTook) and is_event(entry, seq):
            return (replace(entry, payload=json.dumps(json.loads(entry.payload) | content).encode()),)
        return (entry,)

    return with_entries(told, change)


def test_an_event_that_never_came_is_named() -> None:
    told = record("ordinary")
    gone = with_entries(told, lambda entry: () if is_event(entry, 20) else (entry,))
    assert broken_in(gone) == {5}
    assert "event 21 reached the broker, and 20 had not" in lines_of(gone)


def test_the_last_events_may_not_stay_away() -> None:
    told = record("ordinary")
    end = len(told.rows)
    gone = with_entries(told, lambda entry: () if is_event(entry, end) else (entry,))
    late = replace(gone, end_ms=told.end_ms + 3_600_000)
    assert broken_in(late) == {5}
    assert f"event {end}, {told.rows[-1].type}, never reached the broker" in lines_of(late)


def test_events_come_in_order() -> None:
    told = record("ordinary")
    first, second = (next(one for one in told.entries if is_event(one, seq)) for seq in (30, 31))
    swapped = with_entries(
        told, lambda entry: (second,) if entry is first else (first,) if entry is second else (entry,)
    )
    assert broken_in(swapped) == {5}


def test_an_event_that_comes_twice_breaks_nothing() -> None:
    told = record("ordinary")
    twice = with_entries(told, lambda entry: (entry, entry) if is_event(entry, 30) else (entry,))
    assert not broken_in(twice)
    assert judge(twice).reached["event sent again"] == judge(told).reached.get("event sent again", 0) + 1


def test_what_is_not_in_the_log_is_no_event() -> None:
    told = record("ordinary")
    assert broken_in(forged(told, 30, seq=10_000)) == {5}
    assert "event 10000 reached the broker, and the log does not have it" in lines_of(
        forged(told, 30, seq=10_000)
    )


def test_an_event_says_at_the_broker_what_it_says_in_the_log() -> None:
    told = record("ordinary")
    assert "another body" in lines_of(forged(told, 30, data={}))
    assert "actor is 'somebody' at the broker" in lines_of(forged(told, 30, actor="somebody"))
    assert "its id is 'x'" in lines_of(forged(told, 30, id="x"))
    assert broken_in(forged(told, 30, type="Nothing")) == {5}


def test_an_event_is_on_disk_before_the_broker_has_it() -> None:
    told = record("ordinary")
    last = next(one for one in told.entries if is_event(one, 30))
    early = with_entries(told, lambda entry: () if entry is last else (entry,))
    early = replace(early, entries=(last, *early.entries))
    assert "event 30 was published before it was on disk" in lines_of(early)


def test_a_code_in_a_message_to_the_broker_is_found() -> None:
    told = record("ordinary")
    code = min(told.codes)

    def change(entry: Entry) -> tuple[Entry, ...]:
        if isinstance(entry, BrokerTook) and entry.topic.endswith("/state/doors"):
            return (replace(entry, payload=json.dumps({"open": code}).encode()),)
        return (entry,)

    assert broken_in(with_entries(told, change)) == {6}


def test_a_kiosk_without_a_broker_promises_nothing_of_it() -> None:
    assert judge(replace(record("ordinary"), has_broker=False)).promise(5).standing is Standing.UNTRIED


def test_staff_hear_of_a_broker_that_is_away() -> None:
    told = record("brokers")
    alarm = rows_of(told, "IncidentRaised", kind="sync_blocked")[0]
    other = with_row(told, alarm, body={"kind": "door_jammed", "compartment": "c1"})
    assert "the broker has been away for 315 s and there is no incident" in lines_of(other)
    assert 10 in broken_in(other)


def test_where_the_broker_fails_events_are_sent_again() -> None:
    told = verdict("brokers")
    assert told.promise(5).standing is Standing.HELD
    assert told.reached["event sent again"] > 3
