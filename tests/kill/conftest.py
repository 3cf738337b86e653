"""Where the acts begin: an empty cabinet, and one with a parcel whose code is on a phone."""

from pathlib import Path

import pytest

from config.load import load
from kiosk.cli.seed import seed
from tests.kill.people import deliver
from tests.kill.scene import Folder, quick_settings


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A cabinet without parcels, in the sample building."""
    base = tmp_path_factory.mktemp("empty") / "var"
    base.mkdir()
    config = base / "settings.toml"
    config.write_text(quick_settings(), "utf-8")
    seed(load(config, base))
    return Folder(base)


@pytest.fixture(scope="module")
def stored(empty: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The same after one drop-off."""
    base: Path = tmp_path_factory.mktemp("stored") / "var"
    with empty.scene(base) as scene, scene.daemon() as daemon:
        deliver(scene)
        assert daemon.stop() == 0
    return Folder(base)
