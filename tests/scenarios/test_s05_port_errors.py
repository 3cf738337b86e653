"""S5: whatever the system says of a port, the kiosk runs on; a lack of rights is told with its cure."""

import asyncio
import errno
import grp
import os
from dataclasses import replace
from pathlib import Path

import pytest
import serial

from drivers.serial_link import SerialLink
from kiosk.app import running
from kiosk.domain.inputs import ChooseFlow, Flow
from kiosk.door_watch import FORBIDDEN_RETRY_S
from kiosk.reports.views import banks_view
from kiosk.service.board_faults import LINE_LOST, PORT_BUSY, PORT_FORBIDDEN, PORT_MISSING
from kiosk.service.fault import Fault
from tests.app.test_life import outside, settings_on


class Port:
    """What the system does with every try to open a serial port."""

    def __init__(self) -> None:
        self.number = 0
        self.tries = 0

    def __call__(self, port: str, baud: int, *, timeout: float, exclusive: bool) -> serial.Serial:
        self.tries += 1
        raise OSError(self.number, os.strerror(self.number), port)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Port:
    made = Port()
    monkeypatch.setattr(serial, "Serial", made)
    return made


async def seen_after(base: Path, seconds: float) -> str:
    """What the kiosk says of bank a after so long, while its page works."""
    given = replace(outside(), links=SerialLink)
    async with running(settings_on(base), given) as parts:
        await asyncio.sleep(seconds)
        assert (await parts.engine.submit(ChooseFlow(Flow.PICK_UP))).refusal is None
        return banks_view(parts.engine.state)["a"]


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (errno.ENOENT, PORT_MISSING),
        (errno.EIO, LINE_LOST),
        (errno.ENXIO, LINE_LOST),
        (errno.EBADF, LINE_LOST),
        (errno.EBUSY, PORT_BUSY),
    ],
)
async def test_what_may_pass_is_tried_again_and_again(
    tmp_path: Path, port: Port, number: int, fault: Fault
) -> None:
    port.number = number
    said = await seen_after(tmp_path, 300)
    assert said.startswith(f"lost: {fault.number} ")
    assert port.tries > 300
    assert "Errno" not in said


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
async def test_a_lack_of_rights_names_the_group_that_has_them(
    tmp_path: Path, port: Port, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    device = tmp_path / "sim" / "lockers"
    device.parent.mkdir()
    device.touch()
    device.chmod(0o660)
    group = grp.getgrgid(device.stat().st_gid).gr_name
    port.number = number
    said = await seen_after(tmp_path, 300)
    joining = f"it belongs to group {group}: sudo usermod -aG {group}"
    correcting = f"its rights are 0660 for group {group}: correct the rights"  # never join the superuser's
    assert f"permission denied; {correcting if device.stat().st_gid == 0 else joining}" in said
    assert port.tries <= 2 * (300 / FORBIDDEN_RETRY_S + 1)
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert any(group in line and PORT_FORBIDDEN.number in line for line in errors)
