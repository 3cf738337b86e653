"""S32: a second daemon on one folder ends with 75 and names the holder; a lock left behind blocks nobody."""

import os
import signal

import pytest

from tests.app.processes import Kiosk, Page

TAKEN = 75


def test_the_holder_is_named_and_goes_on(simulated: Kiosk) -> None:
    with simulated.daemon() as daemon:
        second = simulated.run_daemon()
        assert second.returncode == TAKEN
        assert f"{daemon.popen.pid}" in second.stderr
        assert str(simulated.folder) in second.stderr
        assert Page(simulated.page_port).kind == "home"
        assert daemon.stop() == 0


@pytest.mark.parametrize("left", ["killed", "of a process that lives", "garbage", "empty"])
def test_a_lock_file_left_behind_does_not_block_the_start(simulated: Kiosk, left: str) -> None:
    lock = simulated.folder / "kiosk.lock"
    with simulated.daemon() as daemon:
        daemon.stop(signal.SIGKILL)
    assert lock.exists()
    written = {"of a process that lives": str(os.getpid()), "garbage": "\x00nonsense", "empty": ""}
    if left in written:
        lock.write_text(written[left], encoding="utf-8")
    with simulated.daemon() as again:
        assert Page(simulated.page_port).kind == "home"
        assert again.stop() == 0
