"""The table of faults: numbers for ever, a next step each, and the page that shows it."""

import re

import pytest

from kiosk.domain.model.incident import IncidentKind
from kiosk.service.errors import FAULTS, Fault
from kiosk.service.incident_faults import INCIDENT_FAULTS
from tests.service.error_pages import PAGE, chapter, written

GIVEN_OUT = {
    "LW-B001": "board_mute",
    "LW-B002": "board_garbles",
    "LW-B003": "address_doubled",
    "LW-B004": "board_fault",
    "LW-B005": "board_unwatched",
    "LW-B006": "bank_lost",
    "LW-B007": "supply_weak",
    "LW-B008": "wrong_speed",
    "LW-B009": "wrong_address",
    "LW-C001": "door_jammed",
    "LW-C002": "door_left_open",
    "LW-C003": "unexplained_opening",
    "LW-C004": "drop_off_uncertain",
    "LW-C005": "pickup_in_doubt",
    "LW-C006": "foreign_parcel",
    "LW-C007": "unlock_not_sent",
    "LW-C008": "parcel_missing",
    "LW-C009": "parcel_disputed",
    "LW-C010": "parcel_damaged",
    "LW-C011": "compartment_left_out",
    "LW-C012": "parcel_overdue",
    "LW-C099": "unnamed",
    "LW-D001": "database_newer",
    "LW-D002": "database_damaged",
    "LW-D003": "data_not_writable",
    "LW-D004": "disk_full",
    "LW-D005": "database_gone",
    "LW-D006": "no_backup",
    "LW-D007": "disk_low",
    "LW-H001": "help_wanted",
    "LW-H002": "locked_in",
    "LW-K001": "bad_settings",
    "LW-K002": "already_running",
    "LW-K003": "address_taken",
    "LW-K004": "files_outside_simulation",
    "LW-K005": "key_unusable",
    "LW-K006": "not_set_up",
    "LW-K007": "not_started",
    "LW-K008": "not_running",
    "LW-K009": "clock_untrusted",
    "LW-K010": "screen_silent",
    "LW-K011": "version_differs",
    "LW-K012": "no_answer",
    "LW-K013": "not_allowed_to_ask",
    "LW-L001": "port_missing",
    "LW-L002": "port_busy",
    "LW-L003": "port_forbidden",
    "LW-L004": "line_lost",
    "LW-L005": "not_a_port",
    "LW-L006": "only_echo",
    "LW-M001": "channel_down",
    "LW-M002": "seal_broken",
    "LW-M003": "nobody_there",
    "LW-M004": "no_words",
    "LW-M005": "not_deliverable",
    "LW-M006": "nobody_to_tell",
    "LW-M007": "messages_failing",
    "LW-M008": "no_channel",
    "LW-M009": "channel_silent",
    "LW-M010": "message_undelivered",
    "LW-S001": "broker_away",
    "LW-S002": "broker_refuses",
    "LW-S003": "sync_blocked",
    "LW-S004": "sync_failing",
}
"""Numbers never change their meaning and are never used again: people search for them."""


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


def test_the_page_and_the_table_agree_both_ways() -> None:
    assert written() == chapter(), "python -m tests.service.error_pages writes it anew"


def test_every_number_that_a_document_names_is_one() -> None:
    known = {fault.number for fault in FAULTS}
    named = {
        (page.name, number)
        for page in PAGE.parents[1].rglob("*.md")
        for number in re.findall(r"LW-[A-Z]\d{3}", page.read_text(encoding="utf-8"))
    }
    assert not [where for where in named if where[1] not in known]


def test_every_kind_of_incident_has_a_number() -> None:
    assert {fault.key for fault in INCIDENT_FAULTS} == {kind.value for kind in IncidentKind}
