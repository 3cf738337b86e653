"""Fixtures of every folder whose tests start real processes."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.cli.places import simulation_config
from kiosk.data_folder import DataFolder
from kiosk.keys import open_keys
from tests.app.processes import Kiosk
from tests.store.rig import make_log


@pytest.fixture
def simulated(tmp_path: Path, new_port: Callable[[], int]) -> Iterator[Kiosk]:
    """A folder as the simulated world would have marked it; no world runs unless the test starts one."""
    base = tmp_path / "var"
    (base / "sim").mkdir(parents=True)
    (base / "sim" / "SIMULATION").touch()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind("")
        yield Kiosk(base, simulation_config(), new_port(), new_port(), ready)


@pytest.fixture
def used(simulated: Kiosk) -> Kiosk:
    """A kiosk that has a past: parcels came and went, and one is there."""
    folder = DataFolder(simulated.folder)
    open_keys(folder)
    asyncio.run(make_log(folder.database, rounds=3))
    return simulated
