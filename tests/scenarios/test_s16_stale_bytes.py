"""S16: bytes that somebody left unread in a real port are not the answer to the first question."""

import os
import select
from pathlib import Path

from drivers.kerong.frames import GetStatus
from tests.app.processes import KIOSK, Kiosk, run, until
from tests.drivers.emulator import Emulator


def leave_an_answer_unread(port: Path) -> None:
    """Ask, wait until the answer is there, and go without reading it."""
    descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(descriptor, GetStatus(0).to_bytes())
        assert select.select([descriptor], [], [], 5)[0]
    finally:
        os.close(descriptor)


def test_the_bench_tool_reads_the_doors_as_they_are(tmp_path: Path) -> None:
    port = tmp_path / "lockers"
    with Emulator(port, "--boards", "0") as boards:
        leave_an_answer_unread(port)
        boards.order("open 7")
        told = run([*KIOSK, "board", "--port", str(port), "--address", "0"])
        assert "open 7\n" in told.stdout, told.stderr


def test_the_daemon_reads_the_doors_as_they_are(used: Kiosk) -> None:
    port = used.base / "sim" / "lockers"

    def row() -> dict[str, object]:
        rows = used.ask("/doors")
        assert isinstance(rows, list)
        return next(one for one in rows if (one["bank"], one["channel"]) == ("a", 7))

    with Emulator(port, "--boards", "0,1") as boards:
        leave_an_answer_unread(port)
        boards.order("open 0/7")
        with used.daemon():
            until(lambda: row()["door"] != "unknown", "the doors are seen")
            assert row()["door"] == "open"
