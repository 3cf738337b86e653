"""What the doctor sees of the machine: rights, keys, disk, clock, version."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from config.load import load
from config.settings import Settings
from kiosk.cli.places import simulation_config
from kiosk.data_folder import DataFolder
from kiosk.doctor import machine
from kiosk.keys import open_keys
from kiosk.version import VERSION


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder with keys and something in the place of a database."""
    made = DataFolder(tmp_path / "kiosk")
    open_keys(made)
    made.database.write_bytes(b"x")
    return made


def clocked(base: Path, trust: str) -> Settings:
    settings = load(simulation_config(), base)
    fields = settings.model_dump()
    fields["kiosk"]["clock_trust"] = trust
    return Settings.model_validate(fields)


def test_a_folder_of_one_owner_is_well(folder: DataFolder) -> None:
    (line,) = machine.data_folder(folder)
    assert line.is_well


def test_a_file_of_somebody_else_is_named_with_the_cure(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Path.stat

    def stat(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = list(plain(path, follow_symlinks=follow_symlinks))
        if path == folder.database:
            found[4] += 4242
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", stat)
    (line,) = machine.data_folder(folder)
    assert line.fault == "LW-D003"
    assert "kiosk.db" in line.text
    assert line.next_step.startswith("sudo chown -R ")


def test_a_folder_that_is_not_there_yet_is_well(tmp_path: Path) -> None:
    (line,) = machine.data_folder(DataFolder(tmp_path / "none"))
    assert line.is_well
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("free", "flag", "number"),
    [(0, 0, "LW-D004"), (100 * 2**20, 0, "LW-D007"), (2**30, os.ST_RDONLY, "LW-D003"), (2**30, 0, "")],
)
def test_room_on_the_disk(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, free: int, flag: int, number: str
) -> None:
    found = SimpleNamespace(f_bavail=free // 4096, f_frsize=4096, f_blocks=2**20, f_flag=flag)
    monkeypatch.setattr(os, "statvfs", lambda _path: found)
    assert machine.disk(folder).fault == number


def remove(folder: DataFolder) -> None:
    (folder.keys / "receipt.key").unlink()


def expose(folder: DataFolder) -> None:
    (folder.keys / "receipt.key").chmod(0o644)


def cut(folder: DataFolder) -> None:
    (folder.keys / "receipt.key").write_bytes(b"short")


def open_up(folder: DataFolder) -> None:
    folder.keys.chmod(0o755)


@pytest.mark.parametrize("spoil", [remove, expose, cut, open_up])
def test_keys_that_are_gone_exposed_or_damaged_are_red(
    folder: DataFolder, spoil: Callable[[DataFolder], None]
) -> None:
    assert machine.keys(folder).is_well
    spoil(folder)
    assert machine.keys(folder).fault == "LW-K005"


def test_the_clock_is_believed_as_the_settings_say(tmp_path: Path) -> None:
    touched = tmp_path / "synchronised"
    settings = clocked(tmp_path, f"file:{touched}")
    assert machine.clock(settings, None).fault == "LW-K009"
    touched.touch()
    assert machine.clock(settings, None).is_well
    assert machine.clock(settings, False).fault == "LW-K009"
    assert machine.clock(clocked(tmp_path, "assume"), True).is_well


def test_a_daemon_of_another_version_is_red() -> None:
    assert machine.program(None).is_well
    assert machine.program(VERSION).is_well
    assert machine.program("0.0.9").fault == "LW-K011"
