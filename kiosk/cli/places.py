"""Which kiosk a command is about: its settings file, its base folder, and its data folder."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from config.settings import Settings
from kiosk.cli.show import note
from kiosk.data_folder import DataFolder

INSTALLED = Path("/etc/latchwork/kiosk.toml")
SIMULATED_BASE = Path("var")

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings file; the installed one, else the simulation's."),
]
BaseOption = Annotated[
    Path | None,
    typer.Option("--base", metavar="DIR", help="Where relative paths of the settings start."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


@dataclass(frozen=True, slots=True)
class Place:
    """One kiosk on this machine; every path of its settings is absolute."""

    config: Path
    base: Path
    settings: Settings

    @property
    def folder(self) -> DataFolder:
        """Database, keys and local socket."""
        return DataFolder(self.settings.kiosk.data_folder)


def simulation_config() -> Path:
    """The settings of the simulated cabinet that come with the program."""
    return Path(str(files("config") / "sim.toml"))


def chosen(config: Path | None, base: Path | None) -> tuple[Path, Path]:
    """The settings file and base folder that a command means, told on the error stream when not given."""
    if config is not None:
        return config, base or Path()
    if INSTALLED.exists():
        note(f"using {INSTALLED}")
        return INSTALLED, base or Path()
    found = base or SIMULATED_BASE
    note(f"using the simulation's settings, base folder {found}")
    return simulation_config(), found


def find_place(config: Path | None, base: Path | None) -> Place:
    """The kiosk that a command is about; BadSettings with every problem."""
    from config.load import load

    file, folder = chosen(config, base)
    return Place(file, folder, load(file, folder))
