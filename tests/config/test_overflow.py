"""Where parcels go that no compartment takes: what the settings may say, and what check-config answers."""

from pathlib import Path

import pytest

from config.load import BadSettings, building_of, load
from kiosk.domain.model.place import Outlet, Overflow, Shelf
from tests.config.toml import Raw, dump, example

ROOM = {"name": "Package room", "shelf": [{"label": "R-01", "capacity": 2}, {"label": "R-02"}]}
DESK = {"name": "Front desk", "hours": "8 to 18"}


def written(folder: Path, overflow: Raw | None) -> Path:
    raw = {key: value for key, value in example().items() if key != "overflow"}
    path = folder / "kiosk.toml"
    path.write_text(dump({**raw, **({"overflow": overflow} if overflow is not None else {})}), "utf-8")
    return path


def test_a_building_says_its_places_and_their_order(tmp_path: Path) -> None:
    path = written(tmp_path, {"order": ["desk", "room", "carrier"], "room": ROOM, "desk": DESK})
    found = building_of(load(path, tmp_path)).overflow
    assert found == Overflow(
        order=(Outlet.DESK, Outlet.ROOM, Outlet.CARRIER),
        shelves=(Shelf("R-01", 2), Shelf("R-02")),
        room="Package room",
        desk="Front desk",
        desk_hours="8 to 18",
    )


def test_without_the_table_the_carrier_keeps_what_fits_nowhere(tmp_path: Path) -> None:
    found = building_of(load(written(tmp_path, None), tmp_path)).overflow
    assert found == Overflow(order=(Outlet.CARRIER,))
    assert not found.has_places


@pytest.mark.parametrize(
    ("overflow", "said"),
    [
        ({"order": ["room", "carrier"]}, "overflow.order: room is in the order"),
        ({"order": ["room", "carrier"], "room": {"name": "Room"}}, "expected at least one table"),
        ({"order": ["desk", "carrier"]}, "overflow.order: desk is in the order"),
        ({"order": ["desk"], "desk": DESK}, "overflow.order: expected carrier as the last"),
        ({"order": ["carrier", "desk"], "desk": DESK}, "overflow.order: expected carrier as the last"),
        ({"order": ["carrier", "carrier"]}, "overflow.order: expected each once, carrier"),
        ({"order": ["roof", "carrier"]}, "overflow.order"),
        (
            {"room": {"name": "Room", "shelf": [{"label": "R-1"}, {"label": "r-1"}]}},
            "overflow.room.shelf[1].label: label r-1 is used by overflow.room.shelf[0] already",
        ),
        (
            {"room": {"name": "Room", "shelf": [{"label": "1"}]}},
            "overflow.room.shelf[0].label: label 1 is used by a compartment already",
        ),
        ({"room": {"name": "Room", "shelf": [{"label": "R:1"}]}}, "overflow.room.shelf[0].label"),
        ({"room": {"name": "Room", "shelf": [{"label": "R1", "capacity": 0}]}}, "expected at least 1"),
    ],
)
def test_what_does_not_go_together_is_said_with_its_place(tmp_path: Path, overflow: Raw, said: str) -> None:
    with pytest.raises(BadSettings) as refused:
        load(written(tmp_path, overflow), tmp_path)
    assert any(said in problem for problem in refused.value.problems), refused.value.problems
