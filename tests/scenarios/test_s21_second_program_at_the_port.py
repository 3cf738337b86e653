"""S21: a second program at the port is refused as busy, and told to go through the daemon."""

import errno

import pytest
import serial

from tests.app.processes import KIOSK, Kiosk, run, until
from tests.app.test_start import bank_states
from tests.drivers.emulator import Emulator


def test_the_port_is_held_and_the_bench_tool_names_the_way(simulated: Kiosk) -> None:
    lockers = simulated.base / "sim" / "lockers"
    with Emulator(lockers, "--boards", "0,1") as boards, simulated.daemon() as daemon:
        until(lambda: set(bank_states(simulated).values()) == {"up"}, "the daemon has the port")
        with pytest.raises(serial.SerialException) as refused:
            serial.Serial(str(lockers), exclusive=True)
        assert refused.value.errno in (errno.EBUSY, errno.EWOULDBLOCK)
        board = ["--dialect", "cu48", "--port", str(lockers), "--address", "0"]
        free = run([*KIOSK, "board", "unlock", "3", *board])
        assert free.returncode == 69, free.stderr
        assert "held by another process" in free.stderr
        claimed = simulated.kiosk("board", "unlock", "3", *board)
        assert claimed.returncode == 75, claimed.stderr
        assert f"process {daemon.popen.pid} runs; open doors at the kiosk, or stop it first" in claimed.stderr
        assert boards.unlocks() == []
        assert daemon.stop() == 0
