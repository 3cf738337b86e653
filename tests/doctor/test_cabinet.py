"""Doors, supplies and the ways out: each trouble has its line, its number and its next step."""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from config.broker_settings import BrokerSettings
from config.load import load
from config.mail import MailSettings
from config.settings import Settings
from kiosk.cli.places import simulation_config
from kiosk.doctor import cabinet, outside
from kiosk.doctor.findings import Finding
from kiosk.domain.inputs import SyncBlocked
from kiosk.reports.views import DoorView, doors_view, incidents_view
from kiosk.storage import empty_state
from kiosk.store.file_facts import FileFacts
from tests.domain.rig import Rig

FACTS = FileFacts(size=0, log_size=0, seq=10, published=4, messages_waiting=0, tries=0, put_off_why="")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The simulated cabinet: 24 doors on one supply."""
    return load(simulation_config(), tmp_path)


def doors(settings: Settings, **spoilt: Sequence[int]) -> list[DoorView]:
    """Every door vacant and well, but those of these numbers in a condition."""
    rows = doors_view(empty_state(settings))
    for row in rows:
        row["vacancy"] = "verified"
    for condition, numbers in spoilt.items():
        for number in numbers:
            rows[number] = rows[number] | {"condition": condition}
    return rows


def test_a_cabinet_without_trouble_is_two_lines(settings: Settings) -> None:
    rows = doors(settings)
    lines = [*cabinet.supplies(settings, rows), *cabinet.troubled_doors(rows, [])]
    assert [(one.subject, one.is_well) for one in lines] == [("supply main", True), ("doors", True)]


def test_one_jammed_door_is_a_lock_and_two_are_a_supply(settings: Settings) -> None:
    one, two = doors(settings, jammed=[3]), doors(settings, jammed=[3, 7])
    assert [line.fault for line in cabinet.supplies(settings, one)] == [""]
    (weak,) = cabinet.supplies(settings, two)
    assert weak.fault == "LW-B007"
    assert weak.text == f"doors {two[3]['label']}, {two[7]['label']} do not open"
    (line,) = cabinet.troubled_doors(one, [])
    assert (line.subject, line.fault) == (f"door {one[3]['label']}", "LW-C001")
    assert f"channel {one[3]['channel']}" in line.text


def test_a_door_that_nobody_knows_is_named(settings: Settings) -> None:
    rows = doors(settings)
    rows[5] = rows[5] | {"vacancy": "unknown"}
    (line,) = cabinet.troubled_doors(rows, [])
    assert (line.subject, line.fault) == (f"door {rows[5]['label']}", "LW-C004")


def test_incidents_are_told_at_their_door() -> None:
    rig = Rig().start()
    rig.sign_in_courier()
    door = rig.reserve("412")
    rig.jam()
    rows, incidents = doors_view(rig.state), incidents_view(rig.state)
    lines = list(cabinet.troubled_doors(rows, incidents))
    assert [one.fault for one in lines] == ["LW-C001"]
    assert lines[0].subject == f"door {rig.state.label_of(door)}"
    assert "since 20" in lines[0].text
    assert list(cabinet.other_incidents(incidents)) == []


def test_what_is_at_no_door_is_told_by_its_case() -> None:
    rig = Rig().start()
    rig.do(SyncBlocked("no answer"))
    incidents = incidents_view(rig.state)
    (line,) = cabinet.other_incidents(incidents)
    assert (line.subject, line.fault) == (f"case {incidents[0]['case']}", "LW-S003")


@pytest.fixture
def listening(free_port: int) -> Callable[[], socket.socket]:
    """A server that takes connections at the free port."""
    return lambda: socket.create_server(("127.0.0.1", free_port))


def test_a_broker_is_knocked_at(
    settings: Settings, free_port: int, listening: Callable[[], socket.socket]
) -> None:
    assert outside.broker(settings, FACTS).is_well
    given = with_table(settings, broker=BrokerSettings(host="127.0.0.1", port=free_port, tls=False))
    assert outside.broker(given, FACTS).fault == "LW-S001"
    with listening():
        assert outside.broker(given, FACTS).text == f"127.0.0.1:{free_port} answers; 6 events wait"
        behind = replace(FACTS, seq=99_999)
        assert outside.broker(given, behind).fault == "LW-S002"


def test_ways_to_residents(
    settings: Settings, free_port: int, listening: Callable[[], socket.socket]
) -> None:
    mail = MailSettings(host="127.0.0.1", port=free_port, security="none", sender="parcels@example.org")
    none, by_mail = (
        with_table(settings, file_channel=None),
        with_table(settings, file_channel=None, mail=mail),
    )
    assert faults(outside.messages(settings, FACTS)) == [""]
    assert faults(outside.messages(none, FACTS)) == ["LW-M008"]
    assert faults(outside.messages(by_mail, FACTS)) == ["LW-M009"]
    with listening():
        assert faults(outside.messages(by_mail, FACTS)) == [""]
        stuck = replace(FACTS, messages_waiting=3, tries=5, put_off_why="busy")
        assert faults(outside.messages(by_mail, stuck)) == ["", "LW-M001"]


def with_table(settings: Settings, **tables: object) -> Settings:
    return settings.model_copy(update=tables)


def faults(lines: Iterable[Finding]) -> list[str]:
    return [one.fault for one in lines]
