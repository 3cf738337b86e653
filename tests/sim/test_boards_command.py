"""`python -m sim board`: boards on a pty in a process of their own, from first line to last signal."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drivers.emulator import ROOT, Emulator

ALL_LOCKED_1_TO_4 = "02 00 00 65 0f 00 00 00 00 00 03 79"


def talk(port: Path, request: str, count: int) -> str:
    """Bytes to a port and what comes back, by plain file calls."""
    descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(descriptor, bytes.fromhex(request))
        got = b""
        while len(got) < count and select.select([descriptor], [], [], 5)[0]:
            got += os.read(descriptor, count - len(got))
        return got.hex(" ")
    finally:
        os.close(descriptor)


def test_it_says_where_it_is_and_answers_there(tmp_path: Path) -> None:
    port = tmp_path / "lockers"
    with Emulator(port, "--boards", "0,1", "--locked", "1,2,3,4") as boards:
        assert boards.lines == [f"cu48 boards 0,1 on {port}"]
        assert talk(port, "02 00 00 50 03 55", 12) == ALL_LOCKED_1_TO_4
        assert talk(port, "02 01 00 50 03 56", 12)[3:5] == "01"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_by_a_signal_and_removes_its_link(tmp_path: Path, how: signal.Signals) -> None:
    port = tmp_path / "lockers"
    boards = Emulator(port, "--boards", "0")
    boards.start()
    assert port.is_symlink()
    assert boards.stop(how) == 0
    assert not port.is_symlink()


def test_a_link_left_behind_by_a_crash_is_replaced(tmp_path: Path) -> None:
    port = tmp_path / "lockers"
    port.symlink_to("/dev/pts/9999")
    with Emulator(port, "--boards", "0", "--locked", "1,2,3,4"):
        assert talk(port, "02 00 00 50 03 55", 12) == ALL_LOCKED_1_TO_4


def test_orders_move_doors_and_set_faults(tmp_path: Path) -> None:
    port = tmp_path / "lockers"
    with Emulator(port, "--boards", "0,1", "--locked", "none") as boards:
        for order in ("close 1", "close 0/2", "close 0/3", "close 0/4", "open 1/1", "fault mute 1"):
            boards.order(order)
        boards.order("dance")
        boards.wait_for("sim board: 'dance', expected close N, open N or fault NAME")
        boards.order("close 49")
        boards.wait_for("sim board: lock 49, expected 1 to 48")
        boards.order("close 7/1")
        boards.wait_for("sim board: board 7, expected one of 0, 1")
        boards.order("fault fire")
        boards.wait_for("sim board: fault fire, expected one of echo,")
        descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY)
        os.write(descriptor, bytes.fromhex("02 00 00 50 03 55"))
        boards.wait_for("kiosk: status asked of board 0")
        os.close(descriptor)
        assert talk(port, "02 00 00 50 03 55", 12) == ALL_LOCKED_1_TO_4
        assert talk(port, "02 01 00 50 03 56", 12) == "02 01 00 65 00 00 00 00 00 00 03 6b"


def test_an_unlocked_door_stays_open_until_somebody_closes_it(tmp_path: Path) -> None:
    port = tmp_path / "lockers"
    with Emulator(port, "--boards", "0", "--locked", "1,2,3,4,5", "--open-delay-ms", "40") as boards:
        talk(port, "02 00 04 51 03 5a", 0)
        assert boards.wait_for("kiosk: unlock") == "kiosk: unlock board 0 lock 5"
        answers = (talk(port, "02 00 00 50 03 55", 12) for _ in range(200))
        assert ALL_LOCKED_1_TO_4 in answers, "lock 5 never opened"
        assert {talk(port, "02 00 00 50 03 55", 12) for _ in range(5)} == {ALL_LOCKED_1_TO_4}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["board"], "the following arguments are required"),
        (["board", "cu99", "--link", "p", "--boards", "0"], "invalid choice: 'cu99'"),
        (["board", "cu48", "--link", "p", "--boards", "0,12"], "'0,12', expected addresses 0 to 9"),
        (["board", "cu48", "--link", "p", "--boards", "1,1"], "'1,1', expected each address once"),
        (["board", "cu48", "--link", "p", "--boards", "x"], "'x', expected addresses 0 to 9"),
        (["board", "cu48", "--link", "p", "--boards", "0", "--locked", "0"], "'0', expected all, none or"),
        (
            ["board", "cu16", "--link", "p", "--boards", "0", "--locked", "17"],
            "expected all, none or locks 1",
        ),
        (["board", "cu16", "--link", "socket://192.0.2.1:4001", "--boards", "0"], "of this machine only"),
        (["board", "cu16", "--link", "socket://localhost", "--boards", "0"], "expected"),
        (["board", "cu48", "--link", "p", "--boards", "0", "--pulse-ms", "0"], "expected milliseconds 1"),
        (["paint"], "'paint' is no command, expected board or serve"),
        ([], "'nothing' is no command"),
    ],
)
def test_bad_arguments_get_one_line_and_2(tmp_path: Path, arguments: list[str], words: str) -> None:
    tried = subprocess.run(
        [sys.executable, "-m", "sim", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert tried.returncode == 2
    assert words in tried.stderr
    assert tried.stderr.count("\n") == 1
    assert not tried.stdout


def test_something_in_the_way_of_the_link_is_left_alone(tmp_path: Path) -> None:
    port = tmp_path / "lockers"
    port.write_text("precious")
    tried = subprocess.run(
        [sys.executable, "-m", "sim", "board", "cu48", "--link", str(port), "--boards", "0"],
        capture_output=True, text=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert tried.returncode == 69
    assert "is in the way and no link" in tried.stderr
    assert port.read_text() == "precious"


def test_help_tells_what_can_be_typed() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "sim", "board", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "close N" in shown.stdout
    assert "fault NAME" in shown.stdout
