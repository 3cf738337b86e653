"""S29: many boards on one port, and the daemon holds it by exactly one descriptor, after a loss too."""

import contextlib
from pathlib import Path

from tests.app.processes import Kiosk, until
from tests.drivers.emulator import Emulator


def descriptors(process: int) -> list[str]:
    """The terminals that a process holds, one entry a descriptor; deleted ones included."""
    found = []
    for entry in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(entry.readlink()))
    return [target for target in found if target.startswith("/dev/pts/")]


def seen(kiosk: Kiosk) -> set[object]:
    rows = kiosk.ask("/doors")
    assert isinstance(rows, list)
    return {row["door"] for row in rows}


def test_two_boards_share_one_descriptor(used: Kiosk) -> None:
    port = used.base / "sim" / "lockers"
    with Emulator(port, "--boards", "0,1") as boards, used.daemon() as daemon:
        until(lambda: seen(used) == {"closed"}, "every door is seen")
        assert descriptors(daemon.popen.pid) == [str(port.readlink())]
        boards.stop()
        until(lambda: seen(used) == {"unknown"}, "the boards are lost")
        assert descriptors(daemon.popen.pid) == []
        boards.start()
        until(lambda: seen(used) == {"closed"}, "every door is seen again")
        assert descriptors(daemon.popen.pid) == [str(port.readlink())]
