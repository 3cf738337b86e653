"""The settings files that come with the product load, and say what their comments and the README promise."""

import itertools
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from config.load import layout_of, load
from config.settings import (
    CompartmentSettings,
    KerongSettings,
    KioskSettings,
    PanelSettings,
    Settings,
)
from kiosk.domain.allocation import ACCESSIBLE_FROM_MM, ACCESSIBLE_TO_MM
from kiosk.domain.model.compartment import SizeClass
from kiosk.service.clock_trust import ClockTrust, TrustSource
from tests.config.toml import EXAMPLE, SIM, example, leaves, written

PHONES = Path("sim/phones")
ONLY_WHERE_WIRED_OTHERWISE = "compartment.closed_bit"
"""Shown behind a comment sign: who copies it and changes the board's own would turn one door round."""


@pytest.fixture
def sim(tmp_path: Path) -> Settings:
    return load(SIM, tmp_path)


@pytest.mark.parametrize("path", [EXAMPLE, SIM], ids=lambda path: path.name)
def test_every_file_that_comes_with_the_product_loads(path: Path, tmp_path: Path) -> None:
    assert load(path, tmp_path).kiosk.name == "Maple Court"


def test_the_example_is_for_a_real_kiosk(tmp_path: Path) -> None:
    settings = load(EXAMPLE, tmp_path)
    assert settings.file_channel is None
    assert not settings.kiosk.new_compartments_are_empty
    assert settings.kiosk.clock_trust == ClockTrust(TrustSource.KERNEL)
    assert settings.kiosk.data_folder.is_absolute()
    assert settings.bank[0].port.startswith("/dev/")


def test_the_example_shows_every_key_that_a_real_kiosk_has() -> None:
    shown = {re.sub(r"\[\d+\]", "", written(place)) for place in leaves(example())}
    assert keys_of_a_file() - shown == {ONLY_WHERE_WIRED_OTHERWISE}
    assert re.search(r"^# closed_bit = 0 ", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)


def keys_of_a_file() -> set[str]:
    """Every key of the models, without the table inside a table."""
    models: dict[str, type[BaseModel]] = {
        "kiosk": KioskSettings,
        "kiosk.panel": PanelSettings,
        "bank": KerongSettings,
        "compartment": CompartmentSettings,
    }
    found = {f"{table}.{name}" for table, model in models.items() for name in model.model_fields}
    return (found | {"config_version"}) - {"kiosk.panel"}


def test_the_simulated_kiosk_lives_in_its_base_folder_alone(sim: Settings, tmp_path: Path) -> None:
    assert sim.kiosk.data_folder == tmp_path / "kiosk"
    assert {bank.port for bank in sim.bank} == {str(tmp_path / "sim/lockers")}
    assert sim.file_channel
    assert sim.file_channel.folder == tmp_path / PHONES
    assert sim.kiosk.clock_trust == ClockTrust(TrustSource.ASSUME)
    assert sim.kiosk.new_compartments_are_empty


def test_the_simulated_cabinet_has_24_doors_of_four_sizes_on_two_boards(sim: Settings) -> None:
    assert [place.label for place in sim.compartment] == [str(number) for number in range(1, 25)]
    assert {place.size for place in sim.compartment} == set(SizeClass) == set(sim.size)
    wired = {
        bank.id: [place.channel for place in sim.compartment if place.bank == bank.id] for bank in sim.bank
    }
    assert wired == {"a": list(range(1, 13)), "b": list(range(1, 13))}
    assert [(bank.id, bank.address, bank.dialect) for bank in sim.bank] == [
        ("a", 0, "cu48"),
        ("b", 1, "cu48"),
    ]


def test_labels_of_the_simulated_cabinet_follow_the_columns_downwards(sim: Settings) -> None:
    by_label = sorted(sim.compartment, key=lambda place: int(place.label))
    assert by_label == sorted(by_label, key=lambda place: (place.column, place.row))
    for column in (1, 2, 3, 4):
        heights = [place.opening_height_mm for place in by_label if place.column == column]
        assert heights == sorted(heights, reverse=True)
        assert all(150 <= height <= 1800 for height in heights)


def test_rows_of_the_simulated_cabinet_have_no_gap_but_the_screen(sim: Settings) -> None:
    layout = layout_of(sim)
    for column in (1, 2, 3, 4):
        rows = {place.row for place in layout.compartments.values() if place.column == column}
        rows |= {layout.screen_row} if column == layout.screen_column else set()
        assert rows == set(range(1, len(rows) + 1))


def test_every_size_but_the_smallest_reach_is_within_seated_reach_somewhere(sim: Settings) -> None:
    reached = {
        place.size
        for place in sim.compartment
        if ACCESSIBLE_FROM_MM <= place.opening_height_mm <= ACCESSIBLE_TO_MM
    }
    assert reached == set(SizeClass)


def test_a_larger_size_holds_whatever_a_smaller_one_holds(sim: Settings) -> None:
    rooms = [sim.size[size] for size in SizeClass]
    for smaller, larger in itertools.pairwise(rooms):
        assert (smaller.width_mm, smaller.depth_mm) == (larger.width_mm, larger.depth_mm)
        assert smaller.height_mm < larger.height_mm
