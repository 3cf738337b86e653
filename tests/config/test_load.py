"""Reading settings: every problem at once, each by its place; paths made whole."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from config.load import LARGEST_BYTES, BadSettings, building_of, layout_of, limits_of, load
from config.settings import KioskSettings, Settings, listen_address
from kiosk.domain.model.compartment import SizeClass
from kiosk.domain.model.ids import CompartmentId
from kiosk.service.clock_trust import ClockTrust, TrustSource
from tests.config.toml import Place, Raw, changed, dump, example, leaves, tables, without, written

BASE = Path("/srv/kiosk")


class File:
    """A settings file that a test writes and loads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, raw: Raw | str | bytes) -> Settings:
        """Load a file of this content."""
        content = dump(raw) if isinstance(raw, dict) else raw
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load(self.path, BASE)

    def verdict(self, raw: Raw) -> list[str]:
        """What is wrong with this content, if anything."""
        try:
            self.load(raw)
        except BadSettings as refused:
            return refused.problems
        return []

    def problems(self, raw: Raw | str | bytes) -> list[str]:
        """What is wrong with this content."""
        with pytest.raises(BadSettings) as refused:
            self.load(raw)
        assert all("\n" not in problem for problem in refused.value.problems)
        return refused.value.problems


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path / "kiosk.toml")


# Each value of the example


@pytest.mark.parametrize("place", list(leaves(example())), ids=written)
def test_a_wrong_value_anywhere_is_named_by_its_place(file: File, place: Place) -> None:
    problems = file.problems(changed(example(), place, {"something": "else"}))
    assert [problem for problem in problems if problem.startswith(f"{written(place)}: ")]


@pytest.mark.parametrize("place", [one for one in leaves(example()) if type(one[-1]) is str], ids=written)
def test_a_value_left_out_is_a_default_or_named_as_missing(file: File, place: Place) -> None:
    problems = file.verdict(without(example(), place))
    assert all("missing" in problem or "is not in the settings" in problem for problem in problems)
    assert not problems or problems[0].startswith(f"{written(place)}: ")


@pytest.mark.parametrize(
    "place", [one for one in tables(example()) if one not in {("supply",), ("size",)}], ids=written
)
def test_an_unknown_key_in_any_table_is_named(file: File, place: Place) -> None:
    key = (*place, "colour")
    assert any(
        problem.startswith(f"{written(key)}: ") and "unknown key" in problem
        for problem in file.problems(changed(example(), key, "red"))
    )


@pytest.mark.parametrize(
    ("place", "meant"),
    [
        (("kiosk", "languges"), "languages"),
        (("kiosk", "clock"), "clock_trust"),
        (("kiosk", "panel", "width"), "width_px"),
        (("bank", 0, "adress"), "address"),
        (("compartment", 2, "opening_height"), "opening_height_mm"),
        (("supply", "main", "gap"), "gap_ms"),
        (("compartments",), "compartment"),
    ],
)
def test_a_misspelt_key_is_answered_with_the_nearest_one(file: File, place: Place, meant: str) -> None:
    (problem,) = file.problems(changed(example(), place, 1))
    assert problem.startswith(written(place))
    assert problem.endswith(f"did you mean {meant}?")


WRONG: list[tuple[Place, Any, str]] = [
    (
        ("kiosk", "site"),
        "Maple Court",
        'kiosk.site: "Maple Court", expected small letters, digits and hyphens',
    ),
    (("kiosk", "name"), "", 'kiosk.name: "", expected at least 1 character'),
    (("kiosk", "name"), "a\nb", "expected one line"),
    (("kiosk", "languages"), ["en", "fr"], "kiosk.languages[1]: \"fr\", expected 'en', 'es', 'zh' or 'ar'"),
    (("kiosk", "languages"), ["en", "en"], "expected each once, en is there more than once"),
    (("kiosk", "languages"), [], "kiosk.languages: [], expected at least 1"),
    (("kiosk", "languages"), "en", 'kiosk.languages: "en", expected a list'),
    (("kiosk", "timezone"), "Mars/Olympus", "expected a time zone of this machine"),
    (("kiosk", "timezone"), "../../etc/passwd", "expected a time zone of this machine"),
    (("kiosk", "listen"), "0.0.0.0:8080", "expected an address of this machine only"),
    (("kiosk", "listen"), "192.0.2.7:8080", "expected an address of this machine only"),
    (("kiosk", "listen"), "127.0.0.1", "expected an address and a port"),
    (("kiosk", "listen"), "127.0.0.1:0", "expected a port from 1 to 65535"),
    (("kiosk", "listen"), "127.0.0.1:65536", "expected a port from 1 to 65535"),
    (("kiosk", "listen"), "127.0.0.1:http", "expected a port from 1 to 65535"),
    (("kiosk", "data_folder"), "", "expected a path written out"),
    (("kiosk", "data_folder"), "~/kiosk", "expected a path written out, without ~"),
    (("kiosk", "pickup_days"), 0, "kiosk.pickup_days: 0, expected at least 1"),
    (("kiosk", "pickup_days"), 31, "kiosk.pickup_days: 31, expected at most 30"),
    (("kiosk", "pickup_days"), 5.5, "expected a whole number"),
    (("kiosk", "pickup_days"), "5", 'kiosk.pickup_days: "5", expected a whole number'),
    (("kiosk", "new_compartments_are_empty"), "yes", "expected true or false"),
    (("kiosk", "new_compartments_are_empty"), 1, "expected true or false"),
    (("kiosk", "clock_trust"), "ntp", "expected 'kernel', 'rtc', 'assume' or 'file:PATH'"),
    (("kiosk", "clock_trust"), "file:", "expected 'kernel', 'rtc', 'assume' or 'file:PATH'"),
    (("kiosk", "clock_trust"), "file:~/clock", "expected a path written out"),
    (("kiosk", "panel", "px_per_mm"), 0.5, "kiosk.panel.px_per_mm: 0.5, expected at least 1"),
    (("kiosk", "panel", "px_per_mm"), 50, "expected at most 20"),
    (("bank", 0, "address"), 10, "bank[0].address: bank a: 10, expected at most 9"),
    (("bank", 0, "baud"), 9601, "bank[0].baud: bank a: 9601, expected 9600, 19200, 57600 or 115200"),
    (("bank", 0, "driver"), "acme", "bank[0].driver: bank a: \"acme\", expected 'kerong'"),
    (("bank", 0, "port"), "", "bank[0].port: bank a: "),
    (("bank", 0, "port"), "tcp://192.0.2.7:4001", "expected a device or socket://HOST:PORT"),
    (("bank", 0, "port"), "socket://192.0.2.7", "expected a device or socket://HOST:PORT"),
    (("bank", 0, "closed_bit"), 2, "expected 0 or 1"),
    (("bank",), [], "bank: [], expected at least 1"),
    (("compartment",), [], "compartment: [], expected at least 1"),
    (("compartment", 1, "channel"), 0, "compartment[1].channel: compartment c2: 0, expected at least 1"),
    (("compartment", 1, "size"), "XXL", "expected 'S', 'M', 'L' or 'XL'"),
    (("compartment", 1, "lock"), "magnet", "expected 'solenoid' or 'motor'"),
    (("compartment", 1, "label"), "much too long", "expected at most 6 characters"),
    (("compartment", 1, "opening_height_mm"), 9000, "expected at most 3000"),
    (("supply", "main", "gap_ms"), -1, "supply.main.gap_ms: -1, expected at least 0"),
    (
        ("size", "XXL"),
        {"width_mm": 400, "height_mm": 400, "depth_mm": 400},
        "size.XXL: \"XXL\", expected 'S'",
    ),
    (("file_channel",), {}, "file_channel.folder: missing"),
]


@pytest.mark.parametrize(("place", "value", "said"), WRONG)
def test_a_value_out_of_bounds_is_answered_with_what_was_expected(
    file: File, place: Place, value: object, said: str
) -> None:
    (problem,) = file.problems(changed(example(), place, value))
    assert said in problem


# What must be true together


def second_bank(**other: object) -> Raw:
    raw = example()
    raw["bank"].append({**raw["bank"][0], "id": "b", "address": 1, **other})
    return raw


TOGETHER: list[tuple[Raw, str]] = [
    (
        changed(example(), ("compartment", 3, "channel"), 49),
        "compartment[3].channel: compartment c4: channel 49, expected 1 to 48 (bank a is a cu48)",
    ),
    (
        changed(example(), ("compartment", 3, "channel"), 1),
        "compartment[3].channel: compartment c4: channel 1 of bank a is used by compartment c1 already",
    ),
    (
        changed(example(), ("compartment", 3, "id"), "c1"),
        "compartment[3].id: compartment[3]: id c1 is used by compartment[0] already",
    ),
    (
        changed(example(), ("compartment", 3, "label"), "2"),
        "compartment[3].label: compartment c4: label 2 is used by compartment c2 already",
    ),
    (
        changed(changed(example(), ("compartment", 0, "label"), "a1"), ("compartment", 3, "label"), "A1"),
        "compartment[3].label: compartment c4: label A1 is used by compartment c1 already",
    ),
    (
        changed(changed(example(), ("compartment", 3, "column"), 1), ("compartment", 3, "row"), 3),
        "compartment[3].row: compartment c4: column 1 row 3 is used by compartment c3 already",
    ),
    (
        changed(example(), ("compartment", 3, "row"), 1),
        "compartment[3].row: compartment c4: column 2 row 1 is the place of the screen",
    ),
    (
        changed(example(), ("compartment", 3, "bank"), "z"),
        "compartment[3].bank: compartment c4: bank z is not in the settings, expected a",
    ),
    (
        changed(example(), ("compartment", 3, "supply"), "spare"),
        "compartment[3].supply: compartment c4: supply spare is not in the settings, expected main",
    ),
    (
        changed(example(), ("compartment", 3, "size"), "L"),
        "compartment[3].size: compartment c4: size L is not in the settings, expected M or S or XL",
    ),
    (second_bank(id="a"), "bank[1].id: bank[1]: id a is used by bank[0] already"),
    (
        changed(changed(second_bank(address=0), ("bank", 0, "port"), "x"), ("bank", 1, "port"), "./x"),
        "bank[1].address: bank b: address 0 on port x is used by bank a already",
    ),
    (second_bank(baud=9600), "bank[1].baud: bank b: 9600, expected 19200 as bank a has on the same port"),
]


@pytest.mark.parametrize(("raw", "problem"), TOGETHER, ids=[problem.split(":")[0] for _, problem in TOGETHER])
def test_what_does_not_fit_together_is_named_with_both_sides(file: File, raw: Raw, problem: str) -> None:
    assert file.problems(raw) == [problem]


def test_two_boards_on_one_port_with_two_addresses_fit(file: File) -> None:
    assert len(file.load(second_bank()).bank) == 2


def test_problems_of_values_and_of_the_whole_come_at_once(file: File) -> None:
    raw = changed(example(), ("kiosk", "pickup_days"), 0)
    raw = changed(raw, ("compartment", 2, "opening_height_mm"), -1)
    raw = changed(raw, ("compartment", 3, "channel"), 1)
    places = [problem.split(":")[0] for problem in file.problems(raw)]
    assert places == ["kiosk.pickup_days", "compartment[2].opening_height_mm", "compartment[3].channel"]


def test_a_board_that_cannot_be_read_does_not_make_its_compartments_wrong(file: File) -> None:
    problems = file.problems(changed(example(), ("bank", 0, "address"), 99))
    assert [problem.split(":")[0] for problem in problems] == ["bank[0].address"]


def test_settings_made_in_code_are_checked_together_too(file: File) -> None:
    settings = file.load(example())
    with pytest.raises(ValueError, match="channel 1 of bank a is used by compartment c1 already"):
        Settings(
            config_version=1,
            kiosk=settings.kiosk,
            bank=settings.bank,
            compartment=(
                *settings.compartment,
                settings.compartment[0].model_copy(update={"id": "c9", "label": "9", "row": 9}),
            ),
            size=settings.size,
        )


# The file itself


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"nowhere\.toml: no such file or directory"):
        load(tmp_path / "nowhere.toml", BASE)


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="is a directory"):
        load(tmp_path, BASE)


def test_a_file_that_cannot_be_read_is_named_with_the_reason() -> None:
    with pytest.raises(BadSettings, match="/proc/self/mem: input/output error"):
        load(Path("/proc/self/mem"), BASE)


def test_a_file_far_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "picture.raw"
    path.touch()
    os.truncate(path, 100 * LARGEST_BYTES)
    with pytest.raises(BadSettings, match="larger than 4 MiB"):
        load(path, BASE)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"config_version = 1\n[kiosk\n", "not TOML: .*line 2", id="an open bracket"),
        pytest.param(b"a = 1\na = 2\n", "not TOML: .*line 2", id="a key twice"),
        pytest.param(b"a = 1\nb = '\xff'\n", "line 2 is not UTF-8", id="bytes that are no text"),
        pytest.param(b"a = " + b"[" * 5000, "not TOML", id="brackets without end"),
        pytest.param(b"\x00" * 100, "not TOML", id="zeros, as a power cut leaves them"),
    ],
)
def test_a_file_that_is_no_toml_is_answered_with_the_line(file: File, content: bytes, said: str) -> None:
    (problem,) = file.problems(content)
    assert problem.startswith(f"{file.path}: ")
    assert re.search(said, problem)


def test_an_empty_file_is_told_everything_it_needs(file: File) -> None:
    places = [problem.split(":")[0] for problem in file.problems("")]
    assert places == ["config_version", "kiosk", "bank", "compartment", "size"]


def test_a_byte_order_mark_of_an_editor_is_no_problem(file: File) -> None:
    assert file.load(b"\xef\xbb\xbf" + dump(example()).encode()).config_version == 1


@pytest.mark.parametrize("version", [0, 2, True, "1", 1.0])
def test_a_file_of_another_version_gets_that_one_answer(file: File, version: object) -> None:
    raw = {**example(), "config_version": version, "key_of_the_future": 1}
    (problem,) = file.problems(raw)
    assert problem.startswith("config_version: ")
    assert "expected 1" in problem


@pytest.mark.parametrize("key", ["kiosk", "bank", "compartment", "supply", "size", "file_channel"])
@pytest.mark.parametrize("value", [3, "text", True, [1], [[]], {"x": {"y": 1}}])
def test_nonsense_in_place_of_a_table_is_named_and_never_a_crash(file: File, key: str, value: object) -> None:
    assert any(problem.startswith(key) for problem in file.problems({**example(), key: value}))


# Paths


def test_relative_paths_start_at_the_base_folder(file: File) -> None:
    raw = changed(example(), ("kiosk", "data_folder"), "kiosk")
    raw = changed(raw, ("kiosk", "clock_trust"), "file:sim/clock")
    raw = changed(raw, ("bank", 0, "port"), "sim/lockers")
    settings = file.load({**raw, "file_channel": {"folder": "sim/phones"}})
    assert settings.kiosk.data_folder == BASE / "kiosk"
    assert settings.kiosk.clock_trust == ClockTrust(TrustSource.FILE, BASE / "sim/clock")
    assert settings.bank[0].port == str(BASE / "sim/lockers")
    assert settings.file_channel
    assert settings.file_channel.folder == BASE / "sim/phones"


@pytest.mark.parametrize(
    "port", ["socket://192.0.2.7:4001", "socket://[2001:db8::7]:4001", "socket://gateway:1"]
)
def test_whole_paths_and_addresses_stay_as_they_are(file: File, port: str) -> None:
    settings = file.load(changed(example(), ("bank", 0, "port"), port))
    assert settings.bank[0].port == port
    assert settings.kiosk.data_folder == Path("/var/lib/latchwork")


def test_a_relative_base_is_that_of_the_command(
    file: File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.load(changed(example(), ("kiosk", "data_folder"), "kiosk"))
    monkeypatch.chdir(tmp_path)
    assert load(file.path, Path("var")).kiosk.data_folder == tmp_path / "var" / "kiosk"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("127.0.0.2:1", ("127.0.0.2", 1)),
        ("localhost:8080", ("127.0.0.1", 8080)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_addresses_of_this_machine(text: str, address: tuple[str, int]) -> None:
    assert listen_address(text) == address


# What the core gets


def test_the_layout_holds_every_compartment_as_written(file: File) -> None:
    layout = layout_of(file.load(changed(example(), ("compartment", 0, "lock"), "motor")))
    place = layout.compartments[CompartmentId("c1")]
    assert (place.label, place.bank, place.channel, place.size, place.pulse_ms) == (
        "1",
        "a",
        1,
        SizeClass.M,
        1000,
    )
    assert layout.compartments[CompartmentId("c2")].pulse_ms == 500
    assert layout.compartments[CompartmentId("c3")].has_inside_release
    assert layout.sizes[SizeClass.XL].height_mm == 705
    assert (layout.screen_column, layout.screen_row) == (2, 1)


def test_the_building_and_its_numbers_are_those_of_the_file(file: File) -> None:
    settings = file.load(changed(example(), ("kiosk", "pickup_days"), 7))
    building = building_of(settings)
    assert (building.name, building.kiosk) == ("Maple Court", "lobby")
    assert building.languages == ("en", "es", "zh", "ar")
    assert not building.new_compartments_are_empty
    assert limits_of(settings).pickup_days == 7


def test_every_setting_of_the_kiosk_has_a_sentence_for_people() -> None:
    assert all(field.description for field in KioskSettings.model_fields.values())
