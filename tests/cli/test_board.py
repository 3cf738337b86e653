"""The bench tool against emulated boards on a real pty: free on a bench, answerable on a kiosk's own port."""

import fcntl
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.app.processes import KIOSK, Kiosk, run, started
from tests.drivers.emulator import Emulator


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Emulator]:
    """Board 1 on a port that belongs to nobody, locks 1 to 4 closed."""
    with Emulator(tmp_path / "bench", "--boards", "1", "--locked", "1,2,3,4") as boards:
        yield boards


@pytest.fixture
def cabinet(used: Kiosk) -> Iterator[Emulator]:
    """Boards on the port of a kiosk that has a past."""
    with Emulator(used.base / "sim" / "lockers", "--boards", "0,1") as boards:
        yield boards


def board(port: Path | str, *arguments: str, address: int = 1) -> subprocess.CompletedProcess[str]:
    options = ["--dialect", "cu48", "--port", str(port), "--address", str(address)]
    return run([*KIOSK, "board", *arguments, *options])


def on_kiosk(kiosk: Kiosk, boards: Emulator, *arguments: str) -> subprocess.CompletedProcess[str]:
    return kiosk.kiosk("board", *arguments, "--port", str(boards.link), "--address", "0")


# On a bench


def test_status_tells_every_channel(bench: Emulator) -> None:
    told = board(bench.link)
    assert told.returncode == 0, told.stderr
    assert told.stdout == f"board 1 on {bench.link}: closed 1-4; open 5-48\n"


def test_status_for_a_program(bench: Emulator) -> None:
    told = board(bench.link, "status", "--json")
    answer = json.loads(told.stdout)
    assert (answer["port"], answer["dialect"], answer["address"]) == (str(bench.link), "cu48", 1)
    assert [row["channel"] for row in answer["doors"] if row["door"] == "closed"] == [1, 2, 3, 4]
    assert len(answer["doors"]) == 48


@pytest.mark.parametrize("is_gateway", [False, True], ids=["pty", "gateway"])
def test_a_cu16_is_read_and_unlocked(tmp_path: Path, free_port: int, is_gateway: bool) -> None:
    port = f"socket://127.0.0.1:{free_port}" if is_gateway else str(tmp_path / "bench")
    here = ["--dialect", "cu16", "--port", port, "--address", "2"]
    with Emulator(port, "--boards", "2", "--locked", "1,16", dialect="cu16") as small:
        told = run([*KIOSK, "board", *here])
        assert told.stdout == f"board 2 on {port}: closed 1, 16; open 2-15\n", told.stderr
        assert run([*KIOSK, "board", "unlock", "16", *here]).returncode == 0
        assert run([*KIOSK, "board", "unlock", "17", *here]).returncode == 2
        assert small.unlocks() == ["unlock board 2 lock 16"]


def test_polarity_can_be_tried(bench: Emulator) -> None:
    assert "closed 5-48; open 1-4" in board(bench.link, "--closed-bit", "0").stdout


def test_unlock_is_one_pulse_and_tells_what_the_door_did(bench: Emulator) -> None:
    told = board(bench.link, "unlock", "3", "--json")
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert (answer["channel"], answer["before"], answer["after"]) == (3, "closed", "open")
    assert bench.unlocks() == ["unlock board 1 lock 3"]


def test_a_pulse_that_moves_nothing_is_a_failure_with_advice(tmp_path: Path) -> None:
    with Emulator(tmp_path / "bench", "--boards", "1", "--open-delay-ms", "550") as weak:
        told = board(weak.link, "unlock", "3")
        assert told.returncode == 1
        assert "pulse sent to lock 3, but it reads closed after 3 s; look at its plug" in told.stderr
        assert weak.unlocks() == ["unlock board 1 lock 3"]


def test_watch_tells_every_change_and_waits_for_a_board_that_went_away(
    bench: Emulator, tmp_path: Path
) -> None:
    options = ["--port", str(bench.link), "--address", "1", "--json"]
    errors = tmp_path / "watch.txt"
    with started([*KIOSK, "board", "watch", *options], errors) as watch:
        lines = watch.popen.stdout
        assert lines is not None
        first = [json.loads(lines.readline()) for _ in range(48)]
        assert [row["channel"] for row in first if row["door"] == "closed"] == [1, 2, 3, 4]
        bench.order("open 2")
        assert json.loads(lines.readline()) == {"channel": 2, "door": "open"}
        bench.stop()
        bench.start()
        bench.order("open 4")
        back = [json.loads(lines.readline()) for _ in range(2)]
        assert {"channel": 4, "door": "open"} in back
        assert watch.stop(signal.SIGINT) == 130
    assert "the device" in watch.said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["unlock"], 2, "unlock needs a channel"),
        (["status", "3"], 2, "unlock needs a channel"),
        (["unlock", "49"], 2, "channel 49, expected 1 to 48"),
        (["dance"], 2, "dance"),
        (["--baud", "1234"], 2, "baud"),
    ],
)
def test_a_wrong_command_is_told_and_moves_nothing(
    bench: Emulator, arguments: list[str], code: int, words: str
) -> None:
    told = board(bench.link, *arguments)
    assert told.returncode == code
    assert words in told.stderr
    assert "Traceback" not in told.stderr
    assert bench.unlocks() == []


def test_a_board_that_does_not_answer_is_69_and_says_what_to_look_at(bench: Emulator) -> None:
    told = board(bench.link, address=7)
    assert told.returncode == 69
    assert "board 7: status asked, answer expected within 200 ms" in told.stderr
    assert "check the board's power, its wires and its address" in told.stderr


def test_a_port_that_is_missing_is_69(tmp_path: Path) -> None:
    told = board(tmp_path / "nothing")
    assert told.returncode == 69
    assert told.stderr.count("\n") == 1
    assert "no such port" in told.stderr


def test_a_port_that_somebody_holds_is_69(bench: Emulator) -> None:
    holder = os.open(bench.link, os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    told = board(bench.link, "unlock", "3")
    os.close(holder)
    assert told.returncode == 69
    assert "held by another process, expected this one alone" in told.stderr
    assert bench.unlocks() == []


# On the port of a kiosk


def channels(kiosk: Kiosk, *, is_occupied: bool) -> list[int]:
    """Channels of board 0 whose compartments hold a parcel, or do not."""
    held = {row["compartment"] for row in listed(kiosk, "deliveries")}
    doors = [row for row in listed(kiosk, "doors") if row["bank"] == "a"]
    return [cast(int, row["channel"]) for row in doors if (row["compartment"] in held) == is_occupied]


def listed(kiosk: Kiosk, *command: str) -> list[dict[str, object]]:
    answered = kiosk.kiosk(*command, "--json")
    assert answered.returncode == 0, answered.stderr
    rows: list[dict[str, object]] = json.loads(answered.stdout)
    return rows


def test_a_running_daemon_keeps_the_bench_tool_out(used: Kiosk, cabinet: Emulator) -> None:
    with used.daemon():
        for arguments in (["status"], ["unlock", "3", "--reason", "try"]):
            told = on_kiosk(used, cabinet, *arguments)
            assert told.returncode == 75
            assert f"this port belongs to the kiosk in {used.folder}" in told.stderr
    assert cabinet.unlocks() == []


def test_without_a_daemon_looking_is_free(used: Kiosk, cabinet: Emulator) -> None:
    told = on_kiosk(used, cabinet)
    assert told.returncode == 0, told.stderr
    assert "closed 1-48; open none" in told.stdout


@pytest.mark.parametrize("reason", [[], ["--reason", "  "]], ids=["none", "empty"])
def test_an_unlock_needs_a_reason(used: Kiosk, cabinet: Emulator, reason: list[str]) -> None:
    told = on_kiosk(used, cabinet, "unlock", "3", *reason)
    assert told.returncode == 2
    assert "say why with --reason TEXT" in told.stderr
    assert cabinet.unlocks() == []


def test_an_unlock_is_in_the_log_before_the_pulse(used: Kiosk, cabinet: Emulator) -> None:
    channel = channels(used, is_occupied=False)[0]
    told = on_kiosk(used, cabinet, "unlock", str(channel), "--reason", "new strike fitted")
    assert told.returncode == 0, told.stderr
    assert cabinet.unlocks() == [f"unlock board 0 lock {channel}"]
    (written,) = listed(used, "events", "--type", "BenchUnlocked")
    assert written["actor"] == "command:bench"
    assert "new strike fitted" in json.dumps(written)
    assert used.kiosk("audit", "verify").returncode == 0


def test_an_occupied_door_stays_shut(used: Kiosk, cabinet: Emulator) -> None:
    (channel,) = channels(used, is_occupied=True)
    told = on_kiosk(used, cabinet, "unlock", str(channel), "--reason", "curious")
    assert told.returncode == 1
    assert "stays shut: it holds or may hold a parcel; staff can open it at the kiosk" in told.stderr
    assert cabinet.unlocks() == []


def test_a_channel_that_the_log_cannot_name_stays_shut(used: Kiosk, cabinet: Emulator) -> None:
    told = on_kiosk(used, cabinet, "unlock", "48", "--reason", "spare lock")
    assert told.returncode == 1
    assert "channel 48 of this board is no compartment of the kiosk" in told.stderr
    assert cabinet.unlocks() == []


def test_another_name_for_the_port_is_the_same_port(used: Kiosk, cabinet: Emulator, tmp_path: Path) -> None:
    alias = tmp_path / "by-path"
    alias.symlink_to(cabinet.link)
    told = used.kiosk("board", "unlock", "3", "--port", str(alias), "--address", "0")
    assert told.returncode == 2
    assert "--reason" in told.stderr
