"""Types of boards in the settings: their locks, which may share a port, and contacts that are turned."""

from pathlib import Path

import pytest

from config.load import BadSettings, load
from config.settings import Settings
from tests.config.toml import Raw, changed, dump, example

A_CU16 = changed(example(), ("bank", 0, "dialect"), "cu16")


def loaded(folder: Path, raw: Raw) -> Settings:
    path = folder / "kiosk.toml"
    path.write_text(dump(raw), encoding="utf-8")
    return load(path, folder)


def with_second_bank(raw: Raw, **other: object) -> Raw:
    return changed(raw, ("bank",), [raw["bank"][0], {**raw["bank"][0], "id": "b", "address": 1, **other}])


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            changed(A_CU16, ("compartment", 3, "channel"), 17),
            "compartment[3].channel: compartment c4: channel 17, expected 1 to 16 (bank a is a cu16)",
        ),
        (
            with_second_bank(example(), dialect="cu16"),
            "bank[1].dialect: bank b: cu16, expected cu48 as bank a is on the same port",
        ),
    ],
    ids=["a channel too many", "two types on one port"],
)
def test_what_does_not_fit_is_told(tmp_path: Path, raw: Raw, said: str) -> None:
    with pytest.raises(BadSettings) as refused:
        loaded(tmp_path, raw)
    assert refused.value.problems == [said]


def test_two_types_on_two_ports_are_fine(tmp_path: Path) -> None:
    settings = loaded(tmp_path, with_second_bank(A_CU16, dialect="cu48", port="socket://192.0.2.7:4001"))
    assert [bank.dialect for bank in settings.bank] == ["cu16", "cu48"]


@pytest.mark.parametrize(("of_board", "turned"), [(1, {2}), (0, set())])
def test_a_contact_is_turned_where_it_differs_from_its_board(
    tmp_path: Path, of_board: int, turned: set[int]
) -> None:
    raw = changed(example(), ("bank", 0, "closed_bit"), of_board)
    settings = loaded(tmp_path, changed(raw, ("compartment", 1, "closed_bit"), 0))
    assert settings.turned_channels(settings.bank[0]) == turned
