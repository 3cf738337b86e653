"""Tables and lines for people: nothing is cut, nothing is left over, and identities are short."""

import os
import pty

import pytest

from kiosk.cli.event_line import event_line
from kiosk.cli.show import is_unit, show_table
from kiosk.reports.views import EventView

IDENTITY = "01a22202-8d62-7c1e-8d0d-9d4411fe73e8"
LONG = "somebody.with.a.long.name@a-long-domain.example.org"


def row(**body: object) -> EventView:
    return EventView(
        epoch=1,
        seq=39,
        type="DeliveryStored",
        v=1,
        at="2026-11-28T11:55:25.227Z",
        trusted=False,
        intent=IDENTITY,
        actor="kiosk",
        subject=f"{IDENTITY}.1",
        body=body,
    )


def test_a_table_in_a_file_has_every_column_and_no_blanks_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_table(("Unit", "Name", "Remark"), [("4", "王小明", None), ("412", "Ana", "")], nothing="none")
    assert capsys.readouterr().out == "Unit  Name    Remark\n4     王小明\n412   Ana\n"


def test_an_empty_table_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(("Unit",), [], nothing="Nobody is here.")
    assert capsys.readouterr().out == "Nobody is here.\n"


def test_at_a_screen_no_cell_is_cut_and_empty_columns_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8", closefd=False) as screen:
        monkeypatch.setattr("sys.stdout", screen)
        show_table(("Unit", "Contact", "Remark"), [("412", LONG, "")], nothing="none")
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    os.close(theirs)
    assert "Remark" not in shown
    assert "".join(line[6:].strip() for line in shown.splitlines()[1:]) == LONG


def test_an_event_is_one_line_with_short_identities_and_readable_instants() -> None:
    line = event_line(row(proof="ABC234", due_at_ms=1_796_298_925_227, boot="b", messages=[f"{IDENTITY}.3"]))
    assert line == (
        "     39  2026-11-28 11:55:25?  DeliveryStored          ~fe73e8.1     kiosk  "
        "proof=ABC234 due_at=2026-12-03T11:55:25Z messages=~fe73e8.3"
    )


def test_a_unit_is_found_however_it_is_typed() -> None:
    assert is_unit(" ph2 ", "PH2")
    assert not is_unit("41", "412")
