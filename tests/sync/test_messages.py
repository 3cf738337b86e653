"""What an event says when it leaves: an incident carries the number of its fault."""

import json

import pytest

from kiosk.ports import ChainedRow, EventRow
from kiosk.sync.messages import event_publication
from kiosk.sync.topics import Topics


def published(kind: str, body: dict[str, object]) -> dict[str, object]:
    row = EventRow(
        epoch=1,
        seq=42,
        type=kind,
        v=2,
        at_ms=0,
        mono_ms=0,
        boot="b",
        trusted=True,
        intent="i",
        actor="kiosk",
        subject="s",
        body=json.dumps(body),
    )
    found = json.loads(event_publication(Topics("court", "lobby"), ChainedRow(row, "9f")).payload)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("kind", "fault"), [("door_jammed", "LW-C001"), ("sync_blocked", "LW-S003"), ("bank_lost", "LW-B006")]
)
def test_an_incident_carries_its_number(kind: str, fault: str) -> None:
    event = published("IncidentRaised", {"incident": "n", "kind": kind, "severity": "task"})
    assert event["fault"] == fault


def test_other_events_carry_none() -> None:
    assert "fault" not in published("DoorOpened", {"compartment": "c1"})
