"""The table of faults: numbers for ever, a next step each, and the page that shows it."""

import re
from pathlib import Path

import pytest

from kiosk.service.errors import FAULTS, Fault

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"
GIVEN_OUT = {
    "LW-K001": "bad_settings",
    "LW-K002": "already_running",
    "LW-K003": "address_taken",
    "LW-K004": "files_outside_simulation",
    "LW-K005": "key_unusable",
    "LW-K006": "not_set_up",
    "LW-K007": "not_started",
    "LW-D001": "database_newer",
    "LW-D002": "database_damaged",
    "LW-D003": "data_not_writable",
    "LW-D004": "disk_full",
    "LW-D005": "database_gone",
    "LW-L001": "port_missing",
    "LW-L002": "port_busy",
    "LW-L003": "port_forbidden",
    "LW-L004": "line_lost",
    "LW-L005": "not_a_port",
    "LW-L006": "only_echo",
    "LW-B001": "board_mute",
    "LW-B002": "board_garbles",
    "LW-B003": "address_doubled",
    "LW-B004": "board_fault",
    "LW-B005": "board_unwatched",
    "LW-M001": "channel_down",
    "LW-M002": "seal_broken",
    "LW-M003": "nobody_there",
    "LW-M004": "no_words",
    "LW-M005": "not_deliverable",
    "LW-S001": "broker_away",
    "LW-S002": "broker_refuses",
}
"""Numbers never change their meaning and are never used again: people search for them."""


def row(fault: Fault) -> str:
    return f"| {fault.number} | {fault.cause} | {fault.next_step} | {fault.severity} |"


def test_numbers_mean_what_they_always_meant() -> None:
    assert {fault.number: fault.key for fault in FAULTS} == GIVEN_OUT


def test_no_key_is_used_twice() -> None:
    assert len({fault.key for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.number)
def test_every_fault_has_a_number_a_cause_and_a_next_step(fault: Fault) -> None:
    assert re.fullmatch(r"LW-[A-Z]\d{3}", fault.number)
    assert re.fullmatch(r"[a-z_]+", fault.key)
    assert len(fault.cause) > 10
    assert len(fault.next_step) > 10
    assert "\n" not in fault.cause + fault.next_step


def test_a_line_says_the_number_what_exactly_and_what_to_do() -> None:
    fault = next(one for one in FAULTS if one.key == "port_busy")
    assert fault.line("/dev/ttyUSB0 is open elsewhere") == (
        "LW-L002 /dev/ttyUSB0 is open elsewhere; stop that program; it is tried again by itself"
    )


def test_the_page_shows_the_table_as_it_is() -> None:
    shown = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| LW-")]
    assert shown == [row(fault) for fault in FAULTS]
