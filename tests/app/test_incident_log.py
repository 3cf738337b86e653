"""Every incident is a line of the log, with its number, its door and what to do."""

import logging

import pytest

from kiosk.domain.events import IncidentRaised
from kiosk.domain.model.ids import BankId, IncidentId
from kiosk.domain.model.incident import IncidentKind, Severity
from kiosk.incident_log import IncidentLog
from kiosk.ports import Written
from tests.domain.rig import Rig


def said(caplog: pytest.LogCaptureFixture, event: IncidentRaised, rig: Rig) -> list[tuple[int, str]]:
    row = Written(1, 2, event, "00" * 32, at_ms=0, trusted=True)
    with caplog.at_level(logging.DEBUG, "kiosk.incident_log"):
        IncidentLog(lambda: rig.state).take([row])
    return [(record.levelno, record.getMessage()) for record in caplog.records]


def test_a_door_is_named_as_it_is_printed(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig().start()
    place = next(iter(rig.state.layout.compartments.values()))
    event = IncidentRaised(IncidentId("n"), IncidentKind.DOOR_JAMMED, Severity.TASK, compartment=place.id)
    ((level, line),) = said(caplog, event, rig)
    assert level == logging.WARNING
    assert line.startswith(
        f"LW-C001 door {place.label}: a door did not open after three pulses; push the door"
    )


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ALARM, "ERROR"), (Severity.TASK, "WARNING"), (Severity.NOTICE, "INFO")]
)
def test_urgency_is_the_level(caplog: pytest.LogCaptureFixture, severity: Severity, level: str) -> None:
    event = IncidentRaised(IncidentId("n"), IncidentKind.SYNC_BLOCKED, severity)
    assert [number for number, _ in said(caplog, event, Rig().start())] == [getattr(logging, level)]


def test_a_lost_bank_is_left_to_the_watch_of_its_doors(caplog: pytest.LogCaptureFixture) -> None:
    event = IncidentRaised(IncidentId("n"), IncidentKind.BANK_LOST, Severity.ALARM, bank=BankId("a"))
    assert said(caplog, event, Rig().start()) == []
