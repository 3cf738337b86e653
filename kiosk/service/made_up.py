"""What exists in the simulation only: how a made-up world marks its folders, and a clock that it sets."""

from collections.abc import Callable
from pathlib import Path

MARKER = "SIMULATION"
"""The file by which the simulated world says that a folder, or all folders in it, are its own."""


class NotASimulation(Exception):
    """The settings ask for something of a simulated world where none is."""


def demand_simulation(folder: Path, key: str) -> None:
    """NotASimulation unless a simulated world has marked the folder, or the one above it."""
    if not any((place / MARKER).is_file() for place in (folder, folder.parent)):
        what = key.partition(".")[0]
        raise NotASimulation(f"{key}: {folder}: no file {MARKER}, [{what}] exists in the simulation only")


def file_clock(file: Path) -> Callable[[], int]:
    """How many milliseconds the made-up clock is ahead of the machine's, as its file says now."""
    demand_simulation(file.parent, "file_clock.file")

    def ahead_ms() -> int:
        try:
            return int(file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    return ahead_ms
