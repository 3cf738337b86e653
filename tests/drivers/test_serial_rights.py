"""Ports that this user may not open, and links that outlive their loop."""

import asyncio
import grp
import json
import os
import pwd
import subprocess
import sys
from pathlib import Path

from tests.drivers.adapter import Adapter

ROOT = Path(__file__).parents[2]
TRY_TO_OPEN = """
import asyncio, json, os, sys
from drivers.serial_link import SerialLink
from hal.errors import HalError
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[3]))
try:
    asyncio.run(SerialLink(sys.argv[1], 19200).open())
except HalError as error:
    print(json.dumps([type(error).__name__, str(error)]))
"""


def test_s5_a_forbidden_port_names_the_group_that_may_use_it(adapter: Adapter) -> None:
    device = Path(os.ttyname(adapter.slave))
    if os.geteuid() == 0:
        os.chown(device, -1, grp.getgrnam("dialout").gr_gid)
        device.chmod(0o660)
        nobody = pwd.getpwnam("nobody")
        kind, words = opened_by(device, nobody.pw_uid, nobody.pw_gid)
        next_step = "it belongs to group dialout: sudo usermod -aG dialout nobody, then log in again"
    else:
        device.chmod(0)
        kind, words = opened_by(device, os.geteuid(), os.getegid())
        group = grp.getgrgid(device.stat().st_gid).gr_name
        next_step = f"its rights are 0000 for group {group}: correct the rights of the device"
    assert kind == "PortForbidden"
    assert words == f"{device}: permission denied; {next_step}"


def test_nobody_is_told_to_join_a_group_that_would_not_help(adapter: Adapter) -> None:
    device = Path(os.ttyname(adapter.slave))
    device.chmod(0)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        _, words = opened_by(device, nobody.pw_uid, nobody.pw_gid)
    else:
        _, words = opened_by(device, os.geteuid(), os.getegid())
    assert "usermod" not in words
    assert "its rights are 0000" in words


def opened_by(device: Path, uid: int, gid: int) -> tuple[str, str]:
    """What another user is told who opens the port."""
    tried = subprocess.run(
        [sys.executable, "-c", TRY_TO_OPEN, str(device), str(gid), str(uid)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    kind, words = json.loads(tried.stdout)
    return kind, words


def test_a_link_that_was_left_open_closes_after_its_loop(adapter: Adapter) -> None:
    link = adapter.link()
    asyncio.run(link.open())
    link.close()
    assert not link.is_open
